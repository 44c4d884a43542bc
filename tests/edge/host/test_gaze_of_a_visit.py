from dataclasses import replace

import pytest

from protocol.measurements import Gaze
from tests.worlds.host_figures.views import AT_WORK, REST, Doing, Script, customer, unplaced


def gaze(script: Script) -> Gaze:
    measured = script.conduct().gaze
    assert measured is not None
    return measured


def test_eyes_that_stay_on_the_customer_are_on_them_all_the_time() -> None:
    measured = gaze(Script().with_customers(customer()).do(REST, 10.0))
    assert measured.on_customer_share is not None
    assert measured.on_customer_share.value == pytest.approx(1.0)
    assert measured.on_customer_share.coverage == pytest.approx(1.0, abs=0.01)
    assert measured.longest_away_s == 0.0


def test_the_share_and_the_longest_look_away_are_told() -> None:
    script = Script().with_customers(customer())
    script.do(REST, 4.0).do(AT_WORK, 3.0).do(REST, 2.0).do(AT_WORK, 1.0)
    measured = gaze(script)
    assert measured.on_customer_share is not None
    assert measured.on_customer_share.value == pytest.approx(0.6, abs=0.02)
    assert measured.longest_away_s == pytest.approx(3.0, abs=0.1)


def test_a_dart_of_the_eyes_back_does_not_end_a_look_away() -> None:
    script = Script().with_customers(customer())
    script.do(REST, 2.0).do(AT_WORK, 2.0).do(REST, 0.14).do(AT_WORK, 2.0).do(REST, 2.0)
    assert gaze(script).longest_away_s == pytest.approx(4.14, abs=0.15)


def test_a_look_back_that_lasts_does() -> None:
    script = Script().with_customers(customer())
    script.do(REST, 2.0).do(AT_WORK, 2.0).do(REST, 1.0).do(AT_WORK, 2.0).do(REST, 2.0)
    assert gaze(script).longest_away_s == pytest.approx(2.0, abs=0.15)


@pytest.mark.parametrize("x_m", [-1.5, 1.5])
def test_the_customers_side_counts(x_m: float) -> None:
    """At 1.5 m to the side and 2 m ahead a customer is 30 degrees off straight ahead."""
    there = 30.0 if x_m > 0 else -30.0
    at_them = Script().with_customers(customer(x_m)).do(Doing(yaw_deg=there), 5.0)
    past_them = Script().with_customers(customer(x_m)).do(Doing(yaw_deg=-there), 5.0)
    shares = [gaze(script).on_customer_share for script in (at_them, past_them)]
    assert [share.value for share in shares if share is not None] == [1.0, 0.0]


def test_eyes_on_the_customer_count_although_the_head_stays_turned_away() -> None:
    aside = Doing(yaw_deg=25.0, gaze_yaw_deg=3.0)
    measured = gaze(Script().with_customers(customer()).do(aside, 5.0))
    assert measured.on_customer_share is not None
    assert measured.on_customer_share.value == pytest.approx(1.0)


def test_a_customer_whose_place_nobody_knows_cannot_be_looked_at_or_past() -> None:
    script = Script().with_customers(unplaced(customer())).do(REST, 5.0)
    assert script.conduct().gaze is None


def test_time_in_which_the_eyes_were_not_seen_is_missing_from_the_coverage() -> None:
    measured = gaze(Script().with_customers(customer()).do(REST, 4.0).do(None, 6.0))
    assert measured.on_customer_share is not None
    assert measured.on_customer_share.value == pytest.approx(1.0)
    assert measured.on_customer_share.coverage == pytest.approx(0.5, abs=0.03)


def test_a_customer_who_walks_by_is_followed() -> None:
    script = Script()
    step_s = 1 / 15
    for step in range(150):
        x_m = -1.5 + 3.0 * step / 150
        late_m = max(x_m - 3.0 * 0.6 / 10, -1.5)
        bearing = 20.0 * late_m / 1.5 * 1.5
        script.with_customers(customer(x_m)).do(Doing(yaw_deg=bearing), step_s)
    lag = gaze(script).following_lag_s
    assert lag is not None
    assert lag.value == pytest.approx(0.6, abs=0.3)


def test_nobody_has_the_eyes_of_a_host_who_looks_at_another() -> None:
    script = Script().with_customers(customer(-1.5, number=1), customer(1.5, number=2, near_since_s=5.0))
    script.do(Doing(yaw_deg=30.0), 5.0)
    first = script.conduct(1).gaze
    second = script.conduct(2).gaze
    assert first is not None
    assert second is not None
    assert first.on_customer_share is not None
    assert second.on_customer_share is not None
    assert (first.on_customer_share.value, second.on_customer_share.value) == (0.0, 1.0)


def test_the_light_knows_how_far_the_eyes_are_off_the_customer() -> None:
    now = Script().with_customers(customer(1.5)).do(replace(REST, yaw_deg=10.0), 1.0).now
    assert now.gaze_off_deg is not None
    assert now.gaze_off_deg.value == pytest.approx(20.0, abs=1.0)
