"""A figure that does not move between two pictures is told from somebody who breathes."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.arrays import Pixels
from edge.camera.opening import open_source
from edge.settings.desk_toml import Camera
from edge.vision.body_detector import MODEL, BodyDetector
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from edge.vision.still_figures import still_figures

AT_S = (9.5, 12.0)
"""Somebody stands in the picture at both."""


@pytest.fixture(scope="module")
def pictures(clips: Path) -> list[Pixels]:
    wanted, found = list(AT_S), []
    source = str(clips / "approach_onebyone.mp4")
    for frame in open_source(Camera(name="customers", watches="customers", source=source)):
        if frame.t_s >= wanted[0]:
            wanted.pop(0)
            found.append(frame.rgb.copy())
        if not wanted:
            break
    return found


def noisy(picture: Pixels, seed: int) -> Pixels:
    noise = np.random.default_rng(seed).normal(0.0, 3.0, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def test_a_poster_is_found_and_the_person_beside_it_is_not(pictures: list[Pixels], stills: Path) -> None:
    detector = BodyDetector(Network(ModelStore().session(MODEL, 1)))
    poster = cv2.imread(str(stills / "f1.jpg"))
    assert poster is not None
    height = pictures[0].shape[0] // 2
    for picture in pictures:
        picture[20 : 20 + height, 10 : 10 + height] = cv2.resize(poster, (height, height))[..., ::-1]
    for before, after in (pictures, [noisy(each, seed) for seed, each in enumerate(pictures)]):
        (box,) = still_figures(before, after, detector.find)
        assert box.right < 0.4
        assert box.as_mask.startswith("masks = [[[0.0")
