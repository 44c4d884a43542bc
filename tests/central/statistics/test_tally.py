"""Verdicts counted clause by clause."""

import pytest

from central.scoring.verdict import Verdict
from central.statistics.tally import tally
from protocol.standard import Limits


def verdict(clause: str, outcome: str, measurement: str = "desk-1/b/1") -> Verdict:
    return Verdict(clause, outcome, "", Limits(), measurements=(measurement,))  # type: ignore[arg-type]


def test_clauses_are_counted_in_the_order_of_the_standard() -> None:
    counted = tally(
        [verdict("phone.rings", "pass"), verdict("smile.teeth", "fail"), verdict("smile.teeth", "pass")]
    )
    assert [each.clause for each in counted] == ["smile.teeth", "phone.rings"]
    assert (counted[0].count("pass"), counted[0].count("fail")) == (1, 1)


def test_what_cannot_be_told_counts_for_neither_side() -> None:
    (counted,) = tally([verdict("smile.teeth", "indeterminate"), verdict("smile.teeth", "pass")])
    assert counted.passed is not None
    assert (counted.passed.part, counted.passed.whole) == (1, 1)


def test_every_count_leads_back_to_its_measurements() -> None:
    (counted,) = tally(
        [verdict("smile.teeth", "fail", "desk-1/b/7"), verdict("smile.teeth", "fail", "desk-1/b/9")]
    )
    assert counted.measurements["fail"] == ("desk-1/b/7", "desk-1/b/9")


def test_a_verdict_on_a_clause_that_the_standard_lacks_is_never_dropped_in_silence() -> None:
    with pytest.raises(ValueError, match="not in"):
        tally([verdict("smile.sparkle", "pass")])
