"""Dogs, prams, suitcases and portraits of animals in a real room are nobody, whether they move or stand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.camera.opening import open_source
from edge.desk import Desk
from edge.face.perception import Perception
from edge.observation import End
from edge.settings.desk_toml import Camera, Settings
from edge.settings.last_good import Configuration
from edge.vision.networks.model_store import ModelStore
from edge.vision.schedule import Schedule
from protocol.measurements import Encounter, Measurement
from protocol.standards_folder import find_standard
from tests.worlds.drawn_objects import THINGS, Thing, animal_portrait

RATE_HZ, MOVES_S, STANDS_S = 5.0, 2.5, 2.5
TALL = 0.5
"""Of the picture's height: a large dog, a pram or a suitcase two metres away."""
CAMERA = Camera(name="customers", watches="customers")


@pytest.fixture(scope="module")
def room(clips: Path) -> Pixels:
    """The room of a labelled clip, before anybody comes."""
    source = open_source(CAMERA.model_copy(update={"source": str(clips / "approach_onebyone.mp4")}))
    return next(iter(source)).rgb


@pytest.mark.parametrize("make", [*THINGS.values(), animal_portrait], ids=[*THINGS, "a portrait of a cat"])
def test_a_thing_that_comes_before_the_desk_and_stands_there_is_no_visit(
    room: Pixels, make: Callable[[], Thing]
) -> None:
    thing = make()
    eye = Perception(CAMERA, ModelStore(), Schedule(Settings().vision.cpu_budget, measured=False))
    desk = Desk(Configuration(Settings(cameras=(CAMERA,)), find_standard("eight-teeth")))
    told: list[Measurement] = []
    for number in range(round((MOVES_S + STANDS_S) * RATE_HZ)):
        t_s = number / RATE_HZ
        x = float(np.interp(t_s, (0.0, MOVES_S), (0.1, 0.55)))
        picture = thing.laid_on(room, (x, 0.95), round(TALL * room.shape[0]))
        told += desk.observe(eye.observe(Frame(t_s, CAMERA.name, number, picture)))
        assert desk.scene.customers == ()
    told += desk.observe(End(MOVES_S + STANDS_S))
    assert not [each for each in told if isinstance(each, Encounter)]
