"""The picture of a day."""

from central.records.day import day_of
from central.reports.strip import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Strip, draw
from central.statistics.desk_day import DeskDay, score_day
from tests.worlds.desk_facts import OFFSET_S, STANDARD, gap, measured, reaction, staffed, visit


def a_day(*waits_s: float) -> DeskDay:
    visits = [
        visit(reaction("turned", wait_s, 600.0 * number), at_s=600.0 * number)
        for number, wait_s in enumerate(waits_s, start=1)
    ]
    items = [measured(seen, number) for number, seen in enumerate(visits, start=1)]
    items += [measured(staffed(0.0, 7200.0), 98), measured(gap(900.0, 1200.0), 99)]
    return score_day(items, STANDARD, day_of(OFFSET_S, "UTC"))


def drawn(*waits_s: float) -> Strip:
    strip = draw(a_day(*waits_s))
    assert strip is not None
    return strip


def test_every_visit_has_its_mark_within_the_picture() -> None:
    strip = drawn(1.0, 4.0, 90.0)
    assert len(strip.marks) == 3
    for mark in strip.marks:
        assert LEFT <= mark.x <= WIDTH - RIGHT
        assert TOP <= mark.y <= HEIGHT - BOTTOM
    assert strip.beyond


def test_a_wait_over_the_limit_stands_above_the_line() -> None:
    strip = drawn(1.0, 9.0, 3.0)
    assert [mark.y < strip.limit_y for mark in strip.marks] == [False, True, False]
    assert [mark.outcome for mark in strip.marks] == ["pass", "fail", "pass"]


def test_hours_are_full_ones_of_the_desks_place() -> None:
    assert [hour.label for hour in drawn(1.0, 1.0, 1.0).hours] == ["14:00", "15:00", "16:00", "17:00"]


def test_too_few_visits_make_no_picture() -> None:
    assert draw(a_day(1.0, 2.0)) is None
