"""A camera that watches both sides tells staff from customers by where they stand."""

from edge.settings.desk_toml import Camera
from tests.worlds.people import ON_THE_DESK
from tests.worlds.walkers import Walk, film

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


def test_for_a_camera_that_watches_customers_nobody_is_staff() -> None:
    customers_only = Camera.model_validate(ON_THE_DESK.model_dump() | {"staff_zone": RIGHT_HALF})
    assert len(film([HOST], 5.0, declared=customers_only).customers()) == 1
