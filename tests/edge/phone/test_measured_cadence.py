"""How well a call's rings fit the table."""

import pytest

from edge.cadence.cadence import Cadence, find_profile, known_cadences
from edge.phone.measured_cadence import MeasuredCadence, best_fit, measure, stretched
from edge.phone.rings import Ring


def measured_of(cadence: Cadence, *, scale: float = 1.0, stretch_s: float = 0.0) -> MeasuredCadence:
    ring_s = stretched(tuple(time * scale for time in cadence.ring_s), stretch_s)
    first_s = stretched((*cadence.once_s, *cadence.ring_s), stretch_s) if cadence.once_s else ()
    return MeasuredCadence(ring_s, cadence.pause_s * scale - stretch_s, first_s, pauses=5)


@pytest.mark.parametrize(
    "cadence", known_cadences(), ids=lambda cadence: f"{cadence.names[0]} {cadence.text}"
)
def test_every_cadence_of_the_table_fits_itself_best(cadence: Cadence) -> None:
    found = best_fit(measured_of(cadence), known_cadences(), stretches=False)
    assert found is not None
    # Hungary's 1.25/3.75 and Panasonic's 1.3/3.9 are within each other's tolerance.
    assert found.cadence.cycle_s == pytest.approx(cadence.cycle_s, rel=0.05)
    assert found.fit > 0.8


@pytest.mark.parametrize("name", ["CN", "US", "UK", "FR", "JP", "dr2", "dr4"])
@pytest.mark.parametrize("stretch_s", [0.05, 0.2])
def test_an_envelope_that_stretches_bursts_still_fits_its_profile(name: str, stretch_s: float) -> None:
    profile = find_profile(name)
    found = best_fit(measured_of(profile.cadences[0], stretch_s=stretch_s), profile.cadences, stretches=True)
    assert found is not None
    assert found.fit > 0.9


def test_a_stretch_may_close_the_pause_inside_a_ring() -> None:
    assert stretched((0.4, 0.2, 0.4), 0.2) == pytest.approx((1.2,))
    assert stretched((0.4, 0.2, 0.4), 0.1) == pytest.approx((0.5, 0.1, 0.5))


def test_a_line_ten_per_cent_off_still_fits_and_less_well() -> None:
    cadence = find_profile("US").cadences[0]
    exact = best_fit(measured_of(cadence), (cadence,), stretches=False)
    off = best_fit(measured_of(cadence, scale=1.1), (cadence,), stretches=False)
    assert exact is not None
    assert off is not None
    assert 0.1 < off.fit < exact.fit


def test_times_that_nobody_rings_with_fit_nothing() -> None:
    strange = MeasuredCadence((3.0,), 9.0, (), pauses=5)
    assert best_fit(strange, known_cadences(), stretches=False) is None


def test_neighbours_of_the_table_share_the_likelihood() -> None:
    between = MeasuredCadence((1.0,), 4.25, (), pauses=5)
    found = best_fit(between, known_cadences(), stretches=False)
    assert found is not None
    assert found.share < 0.7


def test_the_shortened_first_and_the_cut_last_ring_do_not_count_where_others_are_known() -> None:
    rings = [
        Ring(1, 0.8, 1.0, (0.2,)),
        Ring(2, 5.0, 6.0, (1.0,)),
        Ring(3, 10.0, 11.0, (1.0,)),
        Ring(4, 15.0, 15.3, (0.3,)),
    ]
    measured = measure(rings, (4.0, 4.0, 4.0), last_is_cut=True)
    assert measured.ring_s == (1.0,)
    assert measured.pause_s == 4.0
    assert measured.text == "1/4"


def test_bursts_that_ring_once_before_the_first_ring_are_kept_apart() -> None:
    finnish = (0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 1.0)
    rings = [Ring(1, 0.0, 2.8, finnish), Ring(2, 5.8, 6.8, (1.0,)), Ring(3, 9.8, 10.8, (1.0,))]
    measured = measure(rings, (3.0, 3.0), last_is_cut=False)
    assert (measured.ring_s, measured.first_s) == ((1.0,), finnish)
    found = best_fit(measured, known_cadences(), stretches=False)
    assert found is not None
    assert found.cadence.names == ("EN 300 001 FI 3",)
