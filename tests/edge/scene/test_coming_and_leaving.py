"""A customer comes near when they cross the approach distance, and has gone when they cross the leaving one."""

import pytest

from edge.settings.desk_toml import Camera
from protocol.standard import Near
from tests.worlds.people import AT_EYE_HEIGHT, ON_THE_DESK, UNKNOWN
from tests.worlds.walkers import Sight, Walk, film

# From 5.5 m to 1.8 m at 1.2 m/s, six seconds at the desk, and back.
VISIT = Walk([(1.0, 0.2, 5.5), (4.08, 0.2, 1.8), (10.0, 0.2, 1.8), (13.5, 0.2, 6.0)])
CROSSES_3_M_S = 1.0 + 2.5 / 1.2
CROSSES_BACK_S = 10.0 + 1.7 / 1.2
LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))

BAD_SIGHT = [
    pytest.param(Sight(), id="as usual"),
    pytest.param(Sight(rate_hz=3.0), id="3 Hz"),
    pytest.param(Sight(rate_hz=15.0), id="15 Hz"),
    pytest.param(Sight(dropped=0.3, seed=3), id="three in ten detections missing"),
    pytest.param(Sight(jitter_px=6.0), id="trembling keypoints"),
    pytest.param(Sight(irregular=0.9, dropped=0.15), id="irregular"),
]


@pytest.mark.parametrize("seen", BAD_SIGHT)
def test_near_and_gone_are_when_the_lines_were_crossed_not_when_that_was_known(seen: Sight) -> None:
    said = film([VISIT], 14.0, seen).only()
    near = next(track.near_since_s for _, track in said if track.near)
    gone = next(track.gone_since_s for _, track in said if track.gone_since_s is not None)
    assert near == pytest.approx(CROSSES_3_M_S, abs=0.3)
    assert gone == pytest.approx(CROSSES_BACK_S, abs=0.35)


def test_the_distance_is_followed_with_an_error_that_covers_it() -> None:
    for t_s, track in film([VISIT], 14.0).only():
        who = VISIT.at(t_s)
        if who is None or not track.visible or track.distance_m is None:
            continue
        assert abs(track.distance_m.value - (who.x_m**2 + who.y_m**2) ** 0.5) < max(
            0.35, 3 * track.distance_m.se
        )


def test_the_speed_of_somebody_approaching_is_known() -> None:
    walking = [track for t_s, track in film([VISIT], 14.0).only() if 2.5 < t_s < 3.8]
    assert all(
        track.speed_m_s is not None and track.speed_m_s.value == pytest.approx(1.2, abs=0.4)
        for track in walking
    )


def test_somebody_who_stays_far_off_is_never_near() -> None:
    said = film([Walk([(0.0, -1.5, 5.0), (8.0, 1.5, 5.0)])], 8.0).only()
    assert not any(track.near for _, track in said)


def test_somebody_who_sways_on_the_approach_line_comes_near_once() -> None:
    sway = Walk(
        [(0.0, 0.0, 4.5), (1.5, 0.0, 2.95), *((2.0 + 0.8 * n, 0.0, 2.9 + 0.3 * (n % 2)) for n in range(12))]
    )
    said = film([sway], 11.0).only()
    assert len({track.near_since_s for _, track in said if track.near}) == 1
    assert not any(track.gone_since_s for _, track in said)


def test_somebody_who_is_there_already_when_the_camera_starts_is_near_since_then() -> None:
    said = film([Walk([(-5.0, 0.0, 2.0), (20.0, 0.0, 2.0)])], 4.0).only()
    assert said[-1][1].near_since_s == pytest.approx(0.0)


def test_somebody_who_walks_out_of_the_picture_has_gone_when_they_had_left_it() -> None:
    sideways = Walk([(0.0, 0.0, 2.0), (4.0, 0.0, 2.0), (6.5, 3.0, 2.0)])
    film_ = film([sideways], 12.0)
    ended = [track for moment in film_.moments for track in moment.ended]
    assert [track.id for track in ended] == [film_.last().id]
    # Half the picture is 1.3 m wide at 2 m: left wholly 1.3 to 1.6 m aside.
    assert ended[0].gone_since_s == pytest.approx(4.0 + 1.45 / 1.2, abs=0.4)
    assert not ended[0].near


def test_somebody_who_comes_in_close_by_across_the_pictures_edge_was_near_a_little_before_they_were_found() -> (
    None
):
    aside = Walk([(1.0, -2.4, 2.0), (3.0, 0.0, 2.0), (6.0, 0.0, 2.0)])
    track = film([aside], 6.0, declared=ON_THE_DESK).only()[-1][1]
    assert track.near_since_s is not None
    assert track.near_since_s <= track.first_seen_s
    assert track.first_seen_s - track.near_since_s <= 0.5


def test_where_no_geometry_is_declared_face_and_body_tell_near_from_far() -> None:
    said = film([VISIT], 14.0, camera=AT_EYE_HEIGHT, declared=UNKNOWN).only()
    near = next(track.near_since_s for _, track in said if track.near)
    assert near == pytest.approx(CROSSES_3_M_S, abs=0.5)


def zoned(**zones: object) -> Camera:
    return Camera.model_validate(ON_THE_DESK.model_dump() | zones)


def test_a_polygon_in_the_picture_stands_for_the_distance() -> None:
    across = Walk([(0.0, 1.5, 4.0), (5.0, -1.5, 4.0)])
    track = film([across], 5.0, declared=zoned(near_zone=LEFT_HALF)).last()
    assert track.near
    assert track.near_since_s == pytest.approx(2.5, abs=0.2)


def test_the_leaving_zone_keeps_those_who_step_a_little_out_of_the_near_one() -> None:
    zones = zoned(near_zone=LEFT_HALF, leave_zone=((0.0, 0.0), (0.7, 0.0), (0.7, 1.0), (0.0, 1.0)))
    out = Walk(
        [
            (0.0, -1.0, 4.0),
            (2.0, -1.0, 4.0),
            (3.0, 0.4, 4.0),
            (5.0, 0.4, 4.0),
            (6.0, 1.6, 4.0),
            (9.0, 1.6, 4.0),
        ]
    )
    said = film([out], 9.0, declared=zones).only()
    assert all(track.near for t_s, track in said if 1.0 < t_s < 5.0)
    assert said[-1][1].gone_since_s == pytest.approx(5.56, abs=0.25)


def test_in_a_zone_that_is_the_whole_picture_everyone_in_view_is_near() -> None:
    everywhere = zoned(near_zone=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
    close = Walk([(0.5, 0.0, 1.0), (6.0, 0.0, 1.0)])  # Feet below the picture.
    track = film([close], 5.0, declared=everywhere).last()
    assert track.near
    assert track.near_since_s == pytest.approx(0.5, abs=0.2)


def test_other_standards_draw_the_lines_elsewhere() -> None:
    said = film([VISIT], 14.0, near=Near(approach_m=2.0, leave_m=2.5)).only()
    near = next(track.near_since_s for _, track in said if track.near)
    assert near == pytest.approx(1.0 + 3.5 / 1.2, abs=0.35)
