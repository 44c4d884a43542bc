import pytest

from edge.vision.body_memory import BodyMemory
from edge.vision.sightings import BodySighting
from tests.worlds.drawn_people import body

PICTURE = (768, 432)


def _looks(memory: BodyMemory, bodies: list[BodySighting], start_s: float, end_s: float) -> list[int]:
    """How many are believed, five looks a second."""
    count = round((end_s - start_s) * 5)
    return [len(memory.believe(bodies, PICTURE, start_s + index / 5)) for index in range(count)]


def test_a_person_seen_clearly_is_believed_at_once() -> None:
    assert BodyMemory().believe([body(score=0.3)], PICTURE, 0.0)


def test_a_weak_detection_alone_is_nobody_however_long_it_stays() -> None:
    assert set(_looks(BodyMemory(), [body(score=0.2)], 0.0, 20.0)) == {0}


def test_a_person_who_gets_half_hidden_stays_believed() -> None:
    memory = BodyMemory()
    memory.believe([body(score=0.5)], PICTURE, 0.0)
    assert set(_looks(memory, [body(left=110.0, score=0.14)], 0.2, 2.0)) == {1}


def test_weak_detections_do_not_keep_a_person_alive_for_ever() -> None:
    memory = BodyMemory()
    memory.believe([body(score=0.5)], PICTURE, 0.0)
    believed = _looks(memory, [body(score=0.2)], 0.2, 12.0)
    assert believed[0] == 1
    assert believed[-1] == 0


def test_a_weak_detection_elsewhere_is_not_the_person_who_was_here() -> None:
    memory = BodyMemory()
    memory.believe([body(left=100.0)], PICTURE, 0.0)
    assert not memory.believe([body(left=400.0, score=0.2)], PICTURE, 0.2)


def test_a_place_is_forgotten_a_second_after_the_person_has_gone() -> None:
    memory = BodyMemory()
    memory.believe([body()], PICTURE, 0.0)
    assert memory.believe([body(score=0.2)], PICTURE, 0.9)
    assert not memory.believe([body(score=0.2)], PICTURE, 2.0)


def test_somebody_is_remembered_until_forgotten() -> None:
    memory = BodyMemory()
    memory.believe([body()], PICTURE, 0.0)
    memory.believe([], PICTURE, 0.5)
    assert memory.anybody
    memory.believe([], PICTURE, 2.0)
    assert not memory.anybody


@pytest.mark.parametrize(("left", "top", "score", "people"), [
    (300.0, 200.0, 0.3, 0),
    (300.0, 200.0, 0.5, 1),
    (2.0, 200.0, 0.3, 1),
    (300.0, 350.0, 0.3, 1),
])  # fmt: skip
def test_a_thing_wider_than_tall_is_nobody_unless_cut_off_or_very_clear(
    left: float, top: float, score: float, people: int
) -> None:
    squat = body(left=left, top=top, width=110.0, height=80.0, score=score)
    assert len(BodyMemory().believe([squat], PICTURE, 0.0)) == people


def test_two_people_keep_their_own_places() -> None:
    memory = BodyMemory()
    memory.believe([body(left=100.0), body(left=300.0)], PICTURE, 0.0)
    assert (
        len(memory.believe([body(left=105.0, score=0.15), body(left=305.0, score=0.15)], PICTURE, 0.2)) == 2
    )
