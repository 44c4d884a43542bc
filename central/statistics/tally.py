"""The verdicts of many measurements on one clause, counted, each count with the measurements behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from central.scoring.verdict import Outcome, Verdict
from central.statistics.share import ShareOf, share_of
from protocol.standard import CLAUSES, Limits


@dataclass(frozen=True, slots=True)
class Tally:
    """One clause over a day."""

    clause: str
    limits: Limits
    measurements: dict[Outcome, tuple[str, ...]]
    """For every outcome the measurements that had it: the way back from a count to what was seen."""
    passed: ShareOf | None
    """Pass among pass and fail; None where neither occurred. Indeterminate counts for neither side."""

    def count(self, outcome: Outcome) -> int:
        """How many verdicts had this outcome."""
        return len(self.measurements[outcome])


def tally(verdicts: Iterable[Verdict]) -> tuple[Tally, ...]:
    """Count verdicts clause by clause, in the order in which clauses are shown."""
    by_clause: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_clause.setdefault(verdict.clause, []).append(verdict)
    order = tuple(CLAUSES)
    return tuple(_tally(by_clause[clause]) for clause in sorted(by_clause, key=order.index))


def _tally(verdicts: list[Verdict]) -> Tally:
    measurements: dict[Outcome, tuple[str, ...]] = {
        outcome: tuple(
            measurement
            for verdict in verdicts
            if verdict.outcome == outcome
            for measurement in verdict.measurements
        )
        for outcome in get_args(Outcome)
    }
    passed, failed = len(measurements["pass"]), len(measurements["fail"])
    return Tally(verdicts[0].clause, verdicts[0].limits, measurements, share_of(passed, passed + failed))
