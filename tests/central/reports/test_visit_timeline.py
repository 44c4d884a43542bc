"""The picture of one visit stands by its moments."""

import pytest

from central.reports.visit_timeline import LEFT, RIGHT, WIDTH, VisitTimeline, draw_visit
from central.scoring.scored import score_encounter
from protocol.measurements import Encounter
from tests.worlds.desk_facts import STANDARD, measured, posture, reaction, smile, visit


def drawn(encounter: Encounter) -> VisitTimeline:
    scored = score_encounter(measured(encounter), STANDARD)  # type: ignore[arg-type]
    return draw_visit(encounter, scored.wait, scored.response.outcome, scored.response.limits.max)


FULL = visit(reaction("turned", 1.0), reaction("smiled", 2.5), smile=smile(), posture=posture())


def test_a_row_stands_for_each_thing_that_was_seen_and_for_no_other() -> None:
    assert [row.name for row in drawn(FULL).rows] == ["customer", "wait", "reactions", "smile", "work"]
    assert [row.name for row in drawn(visit()).rows] == ["customer", "wait", "reactions"]


def test_moments_come_in_order_of_time_after_coming_near() -> None:
    moments = drawn(FULL).moments
    assert [moment.after_s for moment in moments] == sorted(moment.after_s for moment in moments)
    assert (moments[0].after_s, moments[0].label) == (0.0, "the customer came near")
    by_label = {moment.label: moment.after_s for moment in moments}
    assert by_label["the host turned to the customer"] == pytest.approx(1.0)
    assert by_label["the customer left"] == pytest.approx(25.0)
    assert by_label["work was taken up again"] == pytest.approx(30.0)


def test_the_wait_is_coloured_by_its_verdict_and_ends_at_the_reaction() -> None:
    picture = drawn(FULL)
    (wait,) = picture.rows[1].stretches
    assert wait.kind == "pass"
    assert wait.x + wait.width == pytest.approx(picture.rows[2].points[0].x)
    (missed,) = drawn(visit()).rows[1].stretches
    assert missed.kind == "fail"


def test_everything_stands_within_the_picture() -> None:
    before = visit(reaction("turned", -4.0), reaction("smiled", 20.0), smile=smile(offset_s=None))
    for encounter in (FULL, visit(), before):
        picture = drawn(encounter)
        places = [x for x, _ in picture.ticks]
        places += [point.x for row in picture.rows for point in row.points]
        places += [
            edge for row in picture.rows for bar in row.stretches for edge in (bar.x, bar.x + bar.width)
        ]
        assert min(places) >= LEFT
        assert max(places) <= WIDTH - RIGHT + 0.01
        assert len(picture.ticks) <= 9
        assert max(row.y for row in picture.rows) < picture.height


def test_a_limit_beyond_the_visit_is_not_drawn() -> None:
    assert drawn(FULL).limit_x is not None
    short = visit(reaction("turned", 0.5), left_s=103.0, last_seen_s=103.0, end_s=103.0)
    assert drawn(short).limit_x is None
