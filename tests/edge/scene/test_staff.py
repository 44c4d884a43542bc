"""A camera that watches both sides tells staff from customers by where they stand."""

from edge.observation import FrameSeen
from edge.scene.scene import Scene
from edge.settings.desk_toml import Camera, Mount
from edge.space.place import locate
from tests.worlds.people import ON_THE_DESK, SIZE, sight
from tests.worlds.walkers import NEAR, Walk, film

# A camera on the wall behind the counter: the host stands 2.4 to 3 m before it, customers beyond.
STAFF_FLOOR = ((-3.0, 0.0), (3.0, 0.0), (3.0, 3.2), (-3.0, 3.2))
RIGHT_HALF = ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0))
HOST = Walk([(0.0, 0.7, 2.7), (20.0, 0.7, 2.7)])
CUSTOMER = Walk([(2.0, -0.8, 6.0), (4.0, -0.8, 4.2), (20.0, -0.8, 4.2)])


def both(**areas: object) -> Camera:
    return Camera.model_validate(ON_THE_DESK.model_dump() | {"watches": "both"} | areas)


def test_the_host_on_the_staff_floor_is_no_customer() -> None:
    track = film([HOST, CUSTOMER], 10.0, declared=both(staff_floor=STAFF_FLOOR)).last()
    assert track.place is not None
    assert track.place.x_m < 0


def test_the_staffs_part_of_the_picture_does_the_same_where_no_floor_is_known() -> None:
    track = film([HOST, CUSTOMER], 10.0, declared=both(staff_zone=RIGHT_HALF)).last()
    assert track.box.right < 0.5


def test_a_host_who_steps_out_to_a_customer_stays_the_host() -> None:
    stepping_out = Walk([(0.0, 0.7, 2.7), (8.0, 0.7, 2.7), (9.5, 0.4, 4.3), (15.0, 0.4, 4.3)])
    shown = film([stepping_out], 15.0, declared=both(staff_floor=STAFF_FLOOR))
    assert shown.customers() == {}


def test_a_customer_who_leans_over_the_line_for_a_moment_is_still_a_customer() -> None:
    leaning = Walk(
        [
            (0.0, -0.8, 6.0),
            (2.0, -0.8, 3.7),
            (6.0, -0.8, 3.7),
            (6.5, -0.8, 3.0),
            (7.2, -0.8, 3.0),
            (7.7, -0.8, 3.7),
            (12.0, -0.8, 3.7),
        ]
    )
    said = film([leaning], 12.0, declared=both(staff_floor=STAFF_FLOOR)).only()
    assert said[-1][1].visible


def customers_only(**areas: object) -> Camera:
    return Camera.model_validate(ON_THE_DESK.model_dump() | areas)


def test_where_nothing_says_where_the_staff_is_nobody_is_staff() -> None:
    shown = film([HOST], 5.0, declared=customers_only())
    assert len(shown.customers()) == 1
    assert all(not (moment.staff or moment.perhaps_staff or moment.aside) for moment in shown.moments)


def test_who_comes_out_of_a_zone_drawn_in_the_customers_picture_is_staff() -> None:
    stepping_out = Walk([(0.0, 1.6, 3.0), (1.0, 1.6, 3.0), (2.5, -0.6, 3.0), (40.0, -0.6, 3.0)])
    assert film([stepping_out], 40.0, declared=customers_only(staff_zone=RIGHT_HALF)).customers() == {}


def test_a_customer_who_walks_round_the_zone_is_none_of_the_staff() -> None:
    shown = film([CUSTOMER], 12.0, declared=customers_only(staff_zone=RIGHT_HALF))
    assert shown.last().visible
    assert not shown.moments[-1].perhaps_staff


def test_a_colleague_who_arrives_and_goes_behind_the_desk_is_staff() -> None:
    arriving = Walk([(0.0, -1.2, 6.0), (4.0, -0.8, 3.6), (6.0, 0.9, 3.0), (12.0, 0.9, 2.9)])
    shown = film([arriving], 12.0, declared=customers_only(staff_zone=RIGHT_HALF))
    assert len(shown.moments[-1].staff) == 1


def test_of_whoever_goes_behind_the_desk_after_a_while_in_front_it_cannot_be_told() -> None:
    asked_in = Walk(
        [(0.0, -0.8, 6.0), (2.0, -0.8, 3.6), (24.0, -0.8, 3.6), (26.0, 0.9, 3.0), (40.0, 0.9, 2.9)]
    )
    shown = film([asked_in], 40.0, declared=customers_only(staff_zone=RIGHT_HALF))
    assert all(moment.staff == () for moment in shown.moments)
    assert [each.why for each in shown.moments[-1].perhaps_staff] == ["went_behind"]


def test_a_host_in_front_who_was_hidden_for_a_while_is_the_host_still() -> None:
    hidden = Walk(
        [(0.0, 1.6, 3.0), (1.0, 1.6, 3.0), (2.5, -0.6, 3.0), (40.0, -0.6, 3.0)], hidden=((10.0, 20.0),)
    )
    assert film([hidden], 40.0, declared=customers_only(staff_zone=RIGHT_HALF)).customers() == {}


def test_of_whoever_walks_in_where_the_host_walked_out_it_cannot_be_told() -> None:
    out = Walk([(0.0, 1.6, 4.0), (1.0, 1.6, 4.0), (4.0, -3.5, 4.0)])
    back = Walk([(16.0, -3.5, 4.0), (18.0, -1.0, 4.0), (30.0, -1.0, 4.0)])
    shown = film([out, back], 30.0, declared=customers_only(staff_zone=RIGHT_HALF))
    assert [each.why for each in shown.moments[-1].perhaps_staff] == ["came_back"]


def test_whoever_walks_in_there_much_later_is_a_customer_like_any_other() -> None:
    out = Walk([(0.0, 1.6, 4.0), (1.0, 1.6, 4.0), (4.0, -3.5, 4.0)])
    later = Walk([(60.0, -3.5, 4.0), (62.0, -1.0, 4.0), (70.0, -1.0, 4.0)])
    shown = film([out, later], 70.0, declared=customers_only(staff_zone=RIGHT_HALF))
    assert len(shown.moments[-1].customers) == 1
    assert shown.moments[-1].perhaps_staff == ()


def test_behind_a_desk_that_a_camera_looks_at_from_elsewhere_everybody_is_staff() -> None:
    wall = Mount(x_m=0.0, y_m=-2.5, height_m=1.8, pitch_deg=-10.0)
    camera = Camera(name="wall", watches="both", lens=ON_THE_DESK.lens, mount=wall)
    people = (
        Walk([(0.0, 0.3, -0.9), (8.0, 0.3, -0.9)]),
        Walk([(0.0, -0.8, 3.0), (2.0, -0.3, 1.0), (8.0, -0.3, 1.0)]),
    )
    scene = Scene((camera,), NEAR)
    for number in range(60):
        t_s = number / 7.5
        there = [who for who in (walk.at(t_s) for walk in people) if who is not None]
        seen = [sight(who, camera, jitter_px=1.0, seed=number) for who in there]
        now = scene.observe(FrameSeen(t_s, "wall", tuple(locate(body, None, SIZE, camera) for body in seen)))
    (customer,) = now.customers
    assert customer.place is not None
    assert customer.place.y_m > 0.3
