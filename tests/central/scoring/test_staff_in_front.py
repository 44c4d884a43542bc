"""Visits that may have been one of the staff."""

from typing import get_args

import pytest

from central.records.day import day_of
from central.reports.catalogues import catalogue
from central.reports.language import speaking
from central.reports.wording import encounter_remarks, why
from central.statistics.desk_day import score_day
from protocol.measurements import MayBeStaff
from tests.central.judged import PROMPT, verdict
from tests.worlds.desk_facts import NO_SMILE, OFFSET_S, STANDARD, measured, visit

EVERY_REASON = pytest.mark.parametrize("why_so", get_args(MayBeStaff))


@EVERY_REASON
def test_a_wait_that_would_fail_cannot_be_told_and_says_why(why_so: MayBeStaff) -> None:
    waits = verdict(visit(wait_s=25.0, may_be_staff=why_so), "respond.within_s")
    assert verdict(visit(wait_s=25.0), "respond.within_s").outcome == "fail"
    assert waits.outcome == "indeterminate"
    assert waits.reason.startswith("the customer left without being attended to, but ")
    with speaking(catalogue("de")):
        assert not set(why(waits).split()) & {"the", "staff", "person"}


@EVERY_REASON
def test_the_page_says_it_beside_the_numbers(why_so: MayBeStaff) -> None:
    (remark,) = encounter_remarks(visit(PROMPT, may_be_staff=why_so))
    assert "may be" in remark


def test_whoever_was_attended_to_passes_as_ever() -> None:
    assert verdict(visit(PROMPT, may_be_staff="came_back"), "respond.within_s").outcome == "pass"


def test_no_other_clause_fails_either() -> None:
    seen = visit(PROMPT, smile=NO_SMILE, may_be_staff="went_behind")
    assert verdict(seen, "smile.hold_s").outcome == "indeterminate"


def test_a_day_counts_no_such_wait() -> None:
    waits = [visit(wait_s=25.0, at_s=100.0), visit(wait_s=20.0, at_s=200.0, may_be_staff="in_front")]
    day = score_day(
        [measured(each, number) for number, each in enumerate(waits, 1)], STANDARD, day_of(OFFSET_S, "UTC")
    )
    assert day.waiting.censored == 1
    assert len(day.encounters) == 2
