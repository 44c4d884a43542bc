"""Bursts to rings."""

import pytest

from edge.cadence.cadence import known_cadences
from edge.phone.burst import Burst
from edge.phone.rings import RINGS_KEPT, Rings


def hear(rings: Rings, *bursts: tuple[float, float]) -> list[int]:
    numbers = []
    for start_s, end_s in bursts:
        number = rings.burst_began(start_s)
        rings.burst_ended(Burst(start_s, end_s, 25.0))
        numbers += [] if number is None else [number]
    return numbers


def test_two_bursts_close_together_are_one_ring() -> None:
    rings = Rings(new_ring_gap_s=1.0)
    assert hear(rings, (0.0, 0.4), (0.6, 1.0), (3.0, 3.4), (3.6, 4.0)) == [1, 2]
    assert rings.kept[0].segments_s == pytest.approx((0.4, 0.2, 0.4))
    assert rings.pauses_s == pytest.approx((2.0,))


@pytest.mark.parametrize(
    "cadence", known_cadences(), ids=lambda cadence: f"{cadence.names[0]} {cadence.text}"
)
def test_every_cadence_of_the_table_gives_one_ring_a_cycle(cadence: object) -> None:
    rings = Rings(new_ring_gap_s=1.0)
    t_s, cycles = 0.0, 5
    for cycle in range(cycles):
        segments = (*(cadence.once_s if cycle == 0 else ()), *cadence.cycle_s)  # type: ignore[attr-defined]
        for on_s, off_s in zip(segments[::2], segments[1::2], strict=True):
            hear(rings, (t_s, t_s + on_s))
            t_s += on_s + off_s
    assert rings.begun == cycles


def test_a_ring_cut_off_ends_where_it_was_cut() -> None:
    rings = Rings(new_ring_gap_s=1.0)
    rings.burst_began(5.0)
    rings.cut(5.7)
    assert rings.last_span_s == pytest.approx(0.7)


def test_a_burst_that_was_none_is_taken_back_with_its_ring() -> None:
    rings = Rings(new_ring_gap_s=1.0)
    hear(rings, (0.0, 1.0))
    rings.burst_began(5.0)
    rings.take_back()
    assert (rings.begun, rings.last_end_s) == (1, 1.0)
    rings.burst_began(1.3)
    rings.take_back()
    assert rings.kept[0].segments_s == (1.0,)


def test_taking_back_the_only_burst_leaves_no_ring() -> None:
    rings = Rings(new_ring_gap_s=1.0)
    rings.burst_began(5.0)
    rings.take_back()
    assert (rings.begun, rings.current) == (0, None)


def test_a_telephone_that_rings_for_hours_is_counted_without_growing() -> None:
    rings = Rings(new_ring_gap_s=1.0)
    hear(rings, *((5.0 * n, 5.0 * n + 1.0) for n in range(5000)))
    assert rings.begun == 5000
    assert len(rings.kept) <= RINGS_KEPT + 1


def test_a_ring_of_very_many_bursts_keeps_a_bounded_number_of_them() -> None:
    rings = Rings(new_ring_gap_s=1.0)
    hear(rings, *((0.5 * n, 0.5 * n + 0.2) for n in range(500)))
    assert rings.begun == 1
    assert len(rings.kept[0].segments_s) <= 15
    assert rings.last_end_s == pytest.approx(249.7)


def test_the_unbroken_part_of_a_ring_ends_at_a_pause_no_ring_has() -> None:
    rings = Rings(new_ring_gap_s=1.0)
    hear(rings, (0.0, 0.4), (0.6, 1.0), (1.8, 2.0))
    assert rings.kept[0].unbroken_s(0.5) == pytest.approx(1.0)
