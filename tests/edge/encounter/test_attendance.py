"""From when to when the desk was staffed."""

from itertools import pairwise

import pytest

from edge.encounter.attendance import AttendanceMeter
from edge.host.host_now import HostNow
from protocol.measurements import Attendance as Stretch

Span = tuple[float, float]


def stretches(
    *present: Span, until: float = 300.0, unseen: tuple[Span, ...] = (), step_s: float = 1.0
) -> list[Stretch]:
    """What is told of a host who is there in some spans of seconds."""

    def within(spans: tuple[Span, ...], t_s: float) -> bool:
        return any(start <= t_s < end for start, end in spans)

    attendance = AttendanceMeter()
    told: list[Stretch] = []
    for index in range(round(until / step_s) + 1):
        t_s = index * step_s
        observed = not within(unseen, t_s)
        told += attendance.step(
            t_s, HostNow(t_s, observed=observed, present=within(present, t_s) if observed else None)
        )
    return [*told, *attendance.finish(until)]


def spans(told: list[Stretch]) -> list[tuple[float, float, bool]]:
    return [(each.start_s, each.end_s, each.staffed) for each in told]


def test_a_host_who_stays_is_one_stretch() -> None:
    assert spans(stretches((0, 400))) == [(0.0, 300.0, True)]


def test_a_host_who_leaves_and_returns_makes_three_stretches_with_the_true_times() -> None:
    assert spans(stretches((0, 100), (200, 400))) == [
        (0.0, 100.0, True),
        (100.0, 200.0, False),
        (200.0, 300.0, True),
    ]


def test_a_short_absence_divides_nothing() -> None:
    assert spans(stretches((0, 100), (120, 400))) == [(0.0, 300.0, True)]


def test_somebody_who_passes_behind_an_empty_desk_does_not_staff_it() -> None:
    assert spans(stretches((100, 102))) == [(0.0, 300.0, False)]


def test_stretches_follow_one_another_without_holes_where_all_was_seen() -> None:
    told = stretches((0, 50), (90, 91), (130, 170), (171, 260))
    assert all(one.end_s == next_.start_s for one, next_ in pairwise(told))
    assert all(one.staffed is not next_.staffed for one, next_ in pairwise(told))
    assert all(each.coverage == pytest.approx(1.0) for each in told)


def test_a_blink_of_the_camera_lowers_the_coverage() -> None:
    told = stretches((0, 400), unseen=((100, 120),))
    assert spans(told) == [(0.0, 300.0, True)]
    assert told[0].coverage == pytest.approx(279 / 300)


def test_what_was_not_seen_belongs_to_no_stretch() -> None:
    assert spans(stretches((0, 400), unseen=((100, 200),))) == [(0.0, 99.0, True), (200.0, 300.0, True)]


def test_without_a_staff_camera_nothing_is_said() -> None:
    assert stretches(unseen=((0, 400),)) == []


def test_a_long_stretch_is_told_every_quarter_of_an_hour() -> None:
    told = stretches((0, 4000), until=3600.0)
    assert spans(told) == [
        (0.0, 900.0, True),
        (900.0, 1800.0, True),
        (1800.0, 2700.0, True),
        (2700.0, 3600.0, True),
    ]


def test_an_absence_across_the_quarter_of_an_hour_is_told_from_when_it_began() -> None:
    told = stretches((0, 880), until=1200.0)
    assert spans(told) == [(0.0, 880.0, True), (880.0, 1200.0, False)]
