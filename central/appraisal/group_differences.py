"""What parts groups of desks, places, hours and views in one showroom, and what of it their circumstances explain: never traits of people; pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from central.appraisal.appraised_work import CIRCUMSTANCES, JudgedWork
from central.appraisal.proportions import Counts, Difference, difference, within_strata
from central.statistics.share import SMALL_SAMPLE, ShareOf, share_of

GroupKind = Literal["desk", "place", "part_of_day", "nearness", "host_visible"]
KINDS: tuple[GroupKind, ...] = ("desk", "place", "part_of_day", "nearness", "host_visible")
"""``place``: where a desk stood. ``nearness``: whether its camera places customers in metres on the floor, or in a part of the picture.
``host_visible``: whether the camera saw the host for most of the visit. The last two are of where the camera hangs."""

GroupFinding = Literal["none", "explained", "stays", "hidden_before"]
"""``none``: no difference can be told. ``explained``: one that is gone within like circumstances. ``stays``: one that is there within them, too.
``hidden_before``: one that is seen within like circumstances only."""

FEWEST_IN_GROUP = 3
"""People on duty in a group, and in the rest: with fewer, its figure would be somebody's (`central.showrooms.profiles.TEAM_OF`)."""


@dataclass(frozen=True, slots=True)
class GroupedWork:
    """A visit or call with the groups that it belongs to."""

    work: JudgedWork
    groups: Mapping[GroupKind, str]
    person: str | None
    """Who was on duty, only to be counted; None where nobody had signed in."""


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """One clause in one group, beside all the rest of the showroom."""

    kind: GroupKind
    group: str
    clause: str
    inside: ShareOf
    rest: ShareOf
    crude: Difference
    within: Difference | None
    """Among visits and calls of like circumstances; None where both sides have none in common."""
    finding: GroupFinding
    explained_by: str | None
    """The circumstance that by itself takes most off the difference, where it is explained."""


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """All comparisons of a showroom in a period."""

    differences: tuple[GroupDifference, ...]
    compared: int
    too_few: int
    """Comparisons that were not made because one side had fewer than `SMALL_SAMPLE` decided cases."""
    of_persons: tuple[tuple[GroupKind, str], ...]
    """Groups that are not shown because fewer than `FEWEST_IN_GROUP` people make them, or the rest."""

    @property
    def by_chance(self) -> float:
        """How many of the comparisons stand out by chance alone, of intervals that each miss in 5 of 100."""
        return self.compared / 20


def fairness_report(work: Sequence[GroupedWork]) -> FairnessReport:
    """Compare each group with the rest of the showroom, clause by clause; the order in which the work is given does not matter."""
    found: list[GroupDifference] = []
    too_few = 0
    of_persons: list[tuple[GroupKind, str]] = []
    for kind, group, inside, rest in _sides(work):
        if not (_enough_people(inside) and _enough_people(rest)):
            of_persons.append((kind, group))
            continue
        for clause in sorted({clause for each in inside for clause in each.work.outcomes}):
            one = _compared(kind, group, clause, inside, rest)
            if one is None:
                too_few += 1
            else:
                found.append(one)
    return FairnessReport(tuple(found), len(found), too_few, tuple(of_persons))


def _sides(
    work: Sequence[GroupedWork],
) -> Iterator[tuple[GroupKind, str, list[GroupedWork], list[GroupedWork]]]:
    for kind in KINDS:
        named = [each for each in work if kind in each.groups]
        groups = sorted({each.groups[kind] for each in named})
        # Of two, one is the rest of the other: to show both would say the same twice.
        for group in groups[: 1 if len(groups) == 2 else None] if len(groups) > 1 else ():
            yield (
                kind,
                group,
                [each for each in named if each.groups[kind] == group],
                [each for each in named if each.groups[kind] != group],
            )


def _enough_people(side: Iterable[GroupedWork]) -> bool:
    """Whether a figure is nobody's: many were on duty, or nobody ever signed in."""
    people = {each.person for each in side if each.person is not None}
    return not people or len(people) >= FEWEST_IN_GROUP


def _compared(
    kind: GroupKind, group: str, clause: str, inside: Sequence[GroupedWork], rest: Sequence[GroupedWork]
) -> GroupDifference | None:
    both = _counts(inside, clause, _all), _counts(rest, clause, _all)
    first, second = (Counts(*side.get("", (0, 0))) for side in both)
    if min(first.whole, second.whole) < SMALL_SAMPLE:
        return None
    crude = difference(first, second)
    within = _within(inside, rest, clause, lambda work: work.stratum)
    finding = _finding(crude, within)
    shares = share_of(*first), share_of(*second)
    assert shares[0] is not None and shares[1] is not None  # noqa: S101, PT018  Neither is of no case.
    explained_by = _explained_by(inside, rest, clause, crude) if finding == "explained" else None
    return GroupDifference(kind, group, clause, shares[0], shares[1], crude, within, finding, explained_by)


def _finding(crude: Difference, within: Difference | None) -> GroupFinding:
    inner = 0 if within is None else within.sign
    if crude.sign:
        # Where nothing is alike, nothing is explained either.
        return "stays" if within is None or inner == crude.sign else "explained"
    return "hidden_before" if inner else "none"


def _explained_by(
    inside: Sequence[GroupedWork], rest: Sequence[GroupedWork], clause: str, crude: Difference
) -> str | None:
    left: dict[str, float] = {}
    for number, name in enumerate(CIRCUMSTANCES):
        alone = _within(inside, rest, clause, lambda work, number=number: work.stratum[number])  # type: ignore[misc]
        if alone is not None:
            left[name] = abs(alone.value)
    best = min(left, key=lambda name: (left[name], name), default=None)
    return best if best is not None and left[best] < abs(crude.value) else None


def _within(
    inside: Sequence[GroupedWork],
    rest: Sequence[GroupedWork],
    clause: str,
    stratum: Callable[[JudgedWork], str],
) -> Difference | None:
    first, second = _counts(inside, clause, stratum), _counts(rest, clause, stratum)
    shared = sorted(set(first) & set(second))
    return within_strata((Counts(*first[each]), Counts(*second[each])) for each in shared)


def _all(_work: JudgedWork) -> str:
    return ""


def _counts(
    side: Sequence[GroupedWork], clause: str, stratum: Callable[[JudgedWork], str]
) -> dict[str, tuple[int, int]]:
    """Met and decided in each stratum."""
    letters: dict[str, Counter[str]] = defaultdict(Counter)
    for each in side:
        letter = each.work.outcomes.get(clause)
        if letter in {"p", "f"}:
            letters[stratum(each.work)][letter] += 1
    return {name: (found["p"], found.total()) for name, found in letters.items()}
