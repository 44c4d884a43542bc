import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.arrays import FloatArray
from edge.host.following import following_lag


def walk(t_s: FloatArray) -> FloatArray:
    """A customer who walks from the left to the desk, stands, and goes off to the right."""
    return np.interp(t_s, [0, 3, 8, 11], [-30, 0, 0, 25])


def followed(
    lag_s: float, rate_hz: float = 15.0, noise_deg: float = 3.0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    times = np.arange(0, 11, 1 / rate_hz)
    noise = np.random.default_rng(1).normal(0, noise_deg, len(times))
    return times, walk(times - lag_s) + noise, walk(times)


@pytest.mark.parametrize("rate_hz", [5.0, 10.0, 15.0, 30.0])
@pytest.mark.parametrize("lag_s", [0.0, 0.3, 0.8, 1.5])
def test_the_lag_of_a_gaze_that_follows_is_told(lag_s: float, rate_hz: float) -> None:
    lag = following_lag(*followed(lag_s, rate_hz))
    assert lag is not None
    assert lag.value == pytest.approx(lag_s, abs=0.25)


@given(st.integers(0, 10_000), st.floats(0.0, 1.5))
def test_the_stated_error_of_the_lag_is_fair(seed: int, lag_s: float) -> None:
    times = np.arange(0, 11, 1 / 15)
    noise = np.random.default_rng(seed).normal(0, 5, len(times))
    lag = following_lag(times, walk(times - lag_s) + noise, walk(times))
    assert lag is not None
    assert abs(lag.value - lag_s) <= 4 * lag.se


def test_a_customer_who_stands_still_tells_nothing_of_following() -> None:
    times = np.arange(0, 10, 0.1)
    assert following_lag(times, np.zeros_like(times), np.full_like(times, 2.0)) is None


def test_eyes_that_stay_on_the_screen_do_not_follow() -> None:
    times, _, bearing = followed(0.0)
    screen = np.random.default_rng(2).normal(-25, 3, len(times))
    assert following_lag(times, screen, bearing) is None


def test_a_glimpse_is_too_short_to_tell() -> None:
    times = np.array([0.0, 0.1, 0.2])
    assert following_lag(times, times * 100, times * 100) is None
