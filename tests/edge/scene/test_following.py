"""People keep who they are while they are followed: past each other, behind things, at bad sight."""

import pytest

from edge.observation import Box, CameraBack, CameraLost, FrameSeen, Person
from edge.scene.scene import Scene
from tests.worlds.people import ON_THE_DESK
from tests.worlds.walkers import NEAR, Film, Sight, Walk, film, people_at

STANDING = Walk([(0.0, 0.4, 2.6), (30.0, 0.4, 2.6)])
TABLE_FOOT = Person(Box(0.51, 0.62, 0.63, 0.77), score=0.22, foot=(0.57, 0.77))


def most_at_once(shown: Film) -> int:
    return max(sum(track.visible for track in moment.customers) for moment in shown.moments)


@pytest.mark.parametrize(
    "seen",
    [
        Sight(),
        Sight(rate_hz=3.0),
        Sight(rate_hz=15.0),
        Sight(dropped=0.3, seed=5),
        Sight(jitter_px=6.0),
        Sight(irregular=0.9, dropped=0.15),
    ],
    ids=["as usual", "3 Hz", "15 Hz", "missing detections", "trembling", "irregular"],
)
def test_two_people_who_pass_each_other_stay_two(seen: Sight) -> None:
    right = Walk([(0.0, -1.5, 3.4), (4.0, 1.5, 3.4)])
    left = Walk([(0.0, 1.4, 4.4), (4.0, -1.4, 4.4)], stature_m=1.82)
    shown = film([right, left], 4.0, seen)
    said = shown.customers()
    assert len(said) == 2
    for track_said in said.values():
        places = [track.place for _, track in track_said if track.visible and track.place is not None]
        assert abs(places[-1].x_m - places[0].x_m) > 1.5  # Nobody turned back where they met.


def test_somebody_hidden_for_three_seconds_is_the_same_when_they_come_to_light() -> None:
    behind = Walk(STANDING.way, hidden=[(4.0, 7.0)])
    shown = film([behind], 10.0)
    said = shown.only()
    assert any(not track.visible for _, track in said)
    assert all(track.stands and track.near for t_s, track in said if t_s > 3.0)


def test_somebody_who_walked_on_while_hidden_is_found_again_where_they_must_have_got_to() -> None:
    behind = Walk([(0.0, -1.4, 3.5), (3.5, 1.4, 3.5)], hidden=[(1.4, 2.2)])
    assert len(film([behind], 3.5).customers()) == 1


def test_somebody_gone_for_long_is_given_up_and_somebody_who_comes_later_is_new() -> None:
    shown = film([Walk(STANDING.way, hidden=[(4.0, 12.0)])], 15.0)
    assert len(shown.customers()) == 2
    (ended,) = [track for moment in shown.moments for track in moment.ended]
    assert ended.last_seen_s == pytest.approx(4.0, abs=0.2)
    assert ended.gone_since_s is None  # Lost, not seen leaving.


def test_a_newcomer_is_not_taken_for_somebody_who_vanished_elsewhere() -> None:
    vanished = Walk([(0.0, -1.2, 4.0), (3.0, -1.2, 4.0)])
    newcomer = Walk([(3.5, 1.2, 4.0), (8.0, 1.2, 4.0)])
    assert len(film([vanished, newcomer], 8.0).customers()) == 2


def test_somebody_before_another_hides_them_and_both_remain() -> None:
    behind = Walk([(0.0, 0.2, 3.6), (9.0, 0.2, 3.6)], hidden=[(3.2, 5.8)], stature_m=1.6)
    before = Walk([(1.0, 1.4, 2.8), (3.0, 0.25, 2.8), (6.0, 0.25, 2.8), (8.0, -1.2, 2.8)], stature_m=1.8)
    shown = film([behind, before], 9.0)
    assert len(shown.customers()) == 2
    assert most_at_once(shown) == 2


def test_three_people_in_a_group_are_three() -> None:
    walks = [Walk([(0.0, x_m, 5.0), (3.0, x_m, 2.8), (9.0, x_m, 2.8)]) for x_m in (-0.8, 0.0, 0.8)]
    shown = film(walks, 9.0, Sight(dropped=0.2))
    assert len(shown.customers()) == 3
    assert most_at_once(shown) == 3


def test_a_table_that_looks_a_little_like_somebody_is_no_customer() -> None:
    scene = Scene((ON_THE_DESK,), NEAR)
    for number in range(100):
        assert scene.observe(FrameSeen(number / 7.5, "front", (TABLE_FOOT,))).customers == ()


def test_a_table_does_not_take_over_from_somebody_who_left() -> None:
    leaving = Walk([(0.0, 0.3, 2.5), (5.0, 0.3, 2.5), (8.0, 3.2, 2.5)])
    scene = Scene((ON_THE_DESK,), NEAR)
    shown = Film()
    for number in range(110):
        t_s = number / 7.5
        people = people_at(t_s, [leaving], ON_THE_DESK, ON_THE_DESK, number, 2.0)
        shown.moments.append(scene.observe(FrameSeen(t_s, "front", (*people, TABLE_FOOT))))
    assert shown.last().last_seen_s < 8.0
    assert shown.moments[-1].customers == ()


def test_a_single_false_sighting_is_nobody() -> None:
    scene = Scene((ON_THE_DESK,), NEAR)
    flash = people_at(0.0, [STANDING], ON_THE_DESK, ON_THE_DESK, 1, 0.0)
    said = [scene.observe(FrameSeen(n / 7.5, "front", tuple(flash) if n == 3 else ())) for n in range(20)]
    assert not any(now.customers or now.ended for now in said)


def test_frames_that_were_not_searched_change_nothing_but_the_time() -> None:
    scene = Scene((ON_THE_DESK,), NEAR)
    for number in range(30):
        people = tuple(people_at(number / 7.5, [STANDING], ON_THE_DESK, ON_THE_DESK, number, 2.0))
        before = scene.observe(FrameSeen(number / 7.5, "front", people))
    after = scene.observe(FrameSeen(before.t_s + 0.05, "front"))
    assert after.customers == before.customers
    assert after.t_s > before.t_s


def test_frames_of_the_staff_camera_are_no_business_of_the_customers() -> None:
    staff = ON_THE_DESK.model_copy(update={"name": "host", "watches": "staff"})
    scene = Scene((ON_THE_DESK, staff), NEAR)
    for number in range(20):
        people = tuple(people_at(number / 7.5, [STANDING], ON_THE_DESK, ON_THE_DESK, number, 2.0))
        assert scene.observe(FrameSeen(number / 7.5, "host", people)).customers == ()


def test_a_camera_that_fails_is_told_and_its_people_wait_for_it() -> None:
    scene = Scene((ON_THE_DESK,), NEAR)

    def look(number: int) -> FrameSeen:
        people = people_at(number / 7.5, [STANDING], ON_THE_DESK, ON_THE_DESK, number, 2.0)
        return FrameSeen(number / 7.5, "front", tuple(people))

    seen = [scene.observe(look(number)) for number in range(30)][-1]
    lost = scene.observe(CameraLost(4.0, "front", "unplugged"))
    assert seen.observed
    assert not lost.observed
    assert [track.id for track in lost.customers] == [track.id for track in seen.customers]
    assert lost.ended == ()
    assert scene.observe(CameraBack(6.0, "front")).observed
    assert [track.id for track in scene.observe(look(46)).customers] == [track.id for track in seen.customers]


def test_people_do_not_wait_for_ever_for_a_camera() -> None:
    scene = Scene((ON_THE_DESK,), NEAR)
    for number in range(30):
        people = people_at(number / 7.5, [STANDING], ON_THE_DESK, ON_THE_DESK, number, 2.0)
        scene.observe(FrameSeen(number / 7.5, "front", tuple(people)))
    scene.observe(CameraLost(4.0, "front", "unplugged"))
    back = scene.observe(CameraBack(60.0, "front"))
    assert len(back.ended) == 1
    assert back.ended[0].gone_since_s is None
    assert back.customers == ()
