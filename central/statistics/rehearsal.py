"""What past visits and calls would have come to under another standard: pure, by the same verdicts that score a day."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

from central.records.measured import Measured
from central.scoring.scored import score_call, score_encounter
from central.scoring.verdict import Verdict
from central.statistics.share import ShareOf, share_of
from protocol.measurements import Call, Encounter
from protocol.standard import CLAUSES, Standard

Kept = Literal["kept", "failed", "open"]
"""What a visit or call came to: ``failed`` by any clause, ``kept`` where none failed and one was met, ``open`` where none could be told."""


@dataclass(frozen=True, slots=True)
class PastWork:
    """What one desk measured."""

    device: str
    label: str
    """What people call the desk."""
    visits_and_calls: tuple[Measured[Encounter | Call], ...]
    exempt_at: Callable[[float], Collection[str]]
    """The clauses by which whoever was on duty at a Unix time is not judged."""


@dataclass(frozen=True, slots=True)
class BothShares:
    """A share of the same visits and calls under two standards."""

    before: ShareOf | None
    after: ShareOf | None

    @property
    def moved(self) -> float | None:
        """By how much the share moves, 0.07 for seven points up; None where one of them has no cases."""
        if self.before is None or self.after is None:
            return None
        return self.after.share - self.before.share


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Past work, judged twice."""

    judged: int
    """Visits and calls that were judged."""
    whole: BothShares
    """Of visits and calls that keep to the standard, among those of which it can be told."""
    clauses: tuple[tuple[str, BothShares], ...]
    """Clause by clause, in the standard's order: met among met and not met."""
    desks: tuple[tuple[PastWork, BothShares], ...]
    """Desk by desk as for `whole`, those that move most first."""


@dataclass(slots=True)
class _Count:
    part: int = 0
    whole: int = 0

    def add(self, *, part: bool) -> None:
        self.part += part
        self.whole += 1


@dataclass(slots=True)
class _Under:
    """What came out under one standard."""

    standard: Standard
    whole: _Count = field(default_factory=_Count)
    clauses: dict[str, _Count] = field(default_factory=dict)
    desks: dict[str, _Count] = field(default_factory=dict)

    def take(self, work: PastWork, item: Measured[Encounter | Call]) -> None:
        verdicts = judged_anew(item, self.standard, work.exempt_at(item.wall_s))
        for each in verdicts:
            if each.outcome in {"pass", "fail"}:
                self.clauses.setdefault(each.clause, _Count()).add(part=each.outcome == "pass")
        outcome = kept(verdicts)
        if outcome != "open":
            self.whole.add(part=outcome == "kept")
            self.desks.setdefault(work.device, _Count()).add(part=outcome == "kept")


def kept(verdicts: Iterable[Verdict]) -> Kept:
    """What a visit or a call came to by all of its verdicts."""
    outcomes = {each.outcome for each in verdicts}
    if "fail" in outcomes:
        return "failed"
    return "kept" if "pass" in outcomes else "open"


def rehearse(past: Iterable[PastWork], before: Standard, after: Standard) -> Rehearsal:
    """Judge past work under two standards.

    Args:
        past: What was measured, by desk; each desk once.
        before: The standard it is compared with.
        after: The standard that is rehearsed.
    """
    first, second = _Under(before), _Under(after)
    works = tuple(past)
    for work in works:
        for item in work.visits_and_calls:
            first.take(work, item)
            second.take(work, item)
    desks = [
        (work, _both(first.desks.get(work.device), second.desks.get(work.device)))
        for work in works
        if work.visits_and_calls
    ]
    return Rehearsal(
        judged=sum(len(work.visits_and_calls) for work in works),
        whole=_both(first.whole, second.whole),
        clauses=tuple(
            (clause, _both(first.clauses.get(clause), second.clauses.get(clause)))
            for clause in CLAUSES
            if clause in first.clauses or clause in second.clauses
        ),
        desks=tuple(sorted(desks, key=lambda each: -abs(each[1].moved or 0.0))),
    )


def judged_anew(
    item: Measured[Encounter | Call], standard: Standard, exempt: Collection[str]
) -> tuple[Verdict, ...]:
    """The verdicts on a visit or a call, whichever it is; nothing is said of ``exempt`` clauses."""
    if isinstance(item.data, Encounter):
        return score_encounter(
            Measured(item.id, item.wall_s, item.synced, item.data), standard, exempt
        ).verdicts
    return score_call(Measured(item.id, item.wall_s, item.synced, item.data), standard, exempt).verdicts


def _both(before: _Count | None, after: _Count | None) -> BothShares:
    return BothShares(_share(before), _share(after))


def _share(count: _Count | None) -> ShareOf | None:
    return None if count is None else share_of(count.part, count.whole)
