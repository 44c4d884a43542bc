"""What of a day could not be measured."""

from hypothesis import given
from hypothesis import strategies as st

from central.records.day import day_of
from central.statistics.day_coverage import coverage_of, union_s
from tests.worlds.desk_facts import OFFSET_S, gap, measured, staffed

DAY = day_of(OFFSET_S, "UTC")
STRETCH = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(lambda pair: (min(pair), max(pair)))


def test_gaps_of_one_part_are_counted_once_where_they_overlap() -> None:
    items = [
        measured(staffed(0, 1000), 1),
        measured(gap(100, 300), 2),
        measured(gap(200, 400), 3),
        measured(gap(150, 250, what="phone 1"), 4),
    ]
    coverage = coverage_of(items, DAY)
    assert coverage is not None
    assert {part.what: part.missing_s for part in coverage.parts} == {"camera staff": 300.0, "phone 1": 100.0}
    assert {part.what: part.share for part in coverage.parts} == {"camera staff": 0.7, "phone 1": 0.9}


def test_every_gap_keeps_its_reason_and_its_measurement() -> None:
    coverage = coverage_of([measured(gap(100, 300, reason="no frame came"), 7)], DAY)
    assert coverage is not None
    (seen,) = coverage.gaps
    assert (seen.reason, seen.measurement.endswith("/7")) == ("no frame came", True)


def test_a_gap_over_midnight_counts_for_both_days_as_far_as_it_lies_in_them() -> None:
    until_midnight_s = DAY.end_s - OFFSET_S
    items = [measured(gap(until_midnight_s - 60, until_midnight_s + 30), 1)]
    today, tomorrow = coverage_of(items, DAY), coverage_of(items, day_of(DAY.end_s, "UTC"))
    assert today is not None
    assert tomorrow is not None
    assert (today.parts[0].missing_s, tomorrow.parts[0].missing_s) == (60.0, 30.0)


def test_a_day_on_which_nothing_was_measured_has_no_coverage() -> None:
    assert coverage_of([], DAY) is None


@given(st.lists(STRETCH))
def test_a_union_is_as_long_as_the_seconds_in_it(stretches: list[tuple[int, int]]) -> None:
    seconds = {second for start, end in stretches for second in range(start, end)}
    assert union_s(stretches) == len(seconds)
