"""Posters are nobody, and people who stand very still are somebody."""

import math

import numpy as np
import pytest

from edge.desk import Desk
from edge.feedback.cue import CueKind
from edge.observation import Box, End, FrameSeen, Person, Place
from edge.settings.desk_toml import Camera, Settings
from edge.settings.last_good import Configuration
from protocol.measurements import Encounter, Measurement
from protocol.standards_folder import find_standard

RATE_HZ = 7.5
RANGE_M = 3.0
WIDTHS_PER_M = 1.0 / (1.3 * RANGE_M)
FRONT = Camera(name="front", watches="customers")


def figure(x: float, y: float = 0.2, seed: int = 0, jitter: float = 0.0001) -> Person:
    """An upright figure 3 m away whose box trembles by `jitter`, in picture widths."""
    rng = np.random.default_rng(seed)
    left, top, right, bottom = (
        side + float(rng.normal(0.0, jitter)) for side in (x - 0.06, y, x + 0.06, 0.95)
    )
    return Person(
        Box(left, top, right, bottom),
        0.5,
        ((left + right) / 2, 0.95),
        Place(0.0, RANGE_M - 0.5, 0.1),
        ("body",),
    )


def desk() -> Desk:
    settings = Settings(cameras=(FRONT,))
    return Desk(Configuration(settings, find_standard("eight-teeth")))


def run(until_s: float, *figures: object) -> tuple[list[Encounter], set[CueKind], Desk]:
    """What a desk reports and lights of figures, each a function of time and a seed."""
    told: list[Measurement] = []
    lit, one = set(), desk()
    for number in range(int(until_s * RATE_HZ)):
        t_s = number / RATE_HZ
        people = tuple(
            person
            for which, shown in enumerate(figures)
            if (person := shown(t_s, 7 * number + which)) is not None  # type: ignore[operator]
        )
        told += one.observe(FrameSeen(t_s, "front", people))
        lit.add(one.cue(online=True).kind)
    notes = one.furniture_notes
    told += one.observe(End(until_s))
    assert isinstance(notes, tuple)
    return [each for each in told if isinstance(each, Encounter)], lit, one


def reader(t_s: float, seed: int) -> Person | None:
    """Somebody who walks up for two seconds and then reads for a minute, as still as people can: 5 mm of sway."""
    if t_s < 1.0:
        return None
    on_the_way = max(0.0, 3.0 - t_s) / 2.0
    sway_m = 0.005 * (math.sin(2 * math.pi * 0.31 * t_s) + 0.7 * math.sin(2 * math.pi * 0.13 * t_s))
    return figure(0.6 + 0.4 * on_the_way + sway_m * WIDTHS_PER_M, seed=seed)


def found_reading(t_s: float, seed: int) -> Person | None:
    """The same reader, there from the beginning."""
    sway_m = 0.005 * (math.sin(2 * math.pi * 0.31 * t_s) + 0.7 * math.sin(2 * math.pi * 0.13 * t_s))
    return figure(0.6 + sway_m * WIDTHS_PER_M, seed=seed)


def poster(t_s: float, seed: int) -> Person | None:
    """A figure that stays where it is; somebody who passes moves its box a little."""
    passing = 0.0008 if 12.0 < t_s < 15.0 else 0.0
    return figure(0.2 + passing, seed=seed)


@pytest.mark.parametrize("jitter", [0.0, 0.0001], ids=["pasted", "in a noisy picture"])
def test_a_poster_gives_no_visit_and_lights_nothing(jitter: float) -> None:
    told, lit, one = run(60.0, lambda _, seed: figure(0.2, seed=seed, jitter=jitter))
    assert told == []
    assert lit == {CueKind.READY}
    assert len(one.scene.customers) == 0


def test_a_poster_is_named_with_its_place_and_the_mask_that_hides_it() -> None:
    _, _, one = run(40.0, poster)
    (note,) = one.furniture_notes
    assert "camera front" in note
    assert "masks = [[[0.14, 0.20], [0.26, 0.20], [0.26, 0.95], [0.14, 0.95]]]" in note
    assert len(note) < 200


def test_a_poster_that_trembles_like_the_living_is_found_out_after_half_a_minute() -> None:
    told, _, one = run(60.0, lambda _, seed: figure(0.2, seed=seed, jitter=0.0006))
    assert told == []
    assert len(one.furniture_notes) == 1


@pytest.mark.parametrize("person", [reader, found_reading], ids=["walks up", "there from the beginning"])
def test_somebody_who_reads_for_a_minute_standing_very_still_is_a_customer(person: object) -> None:
    told, _, one = run(70.0, person)
    assert len(told) == 1
    assert told[0].end_s > 69.0
    assert one.furniture_notes == ()


def test_a_visit_beside_a_poster_is_measured_as_without_it() -> None:
    (alone,), lit_alone, _ = run(50.0, reader)
    (beside,), lit_beside, _ = run(50.0, reader, poster)
    assert beside == alone
    assert lit_beside == lit_alone
