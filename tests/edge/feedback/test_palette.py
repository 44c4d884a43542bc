"""The colours of a palette can be told apart by those who lack one kind of cones, where it says so."""

from itertools import combinations

import numpy as np
import pytest

from edge.arrays import FloatArray
from edge.feedback.light_pattern import Tone
from edge.feedback.palette import PALETTES, Colour, Drive
from edge.settings.desk_toml import PaletteName

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB (an LED's light is proportional to its drive).
VISIONS = {
    "all cones": np.eye(3),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no blue cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_TOLD_APART = 20.0
"""In CIELAB's a* and b*: some twenty times what is just seen side by side."""


def chroma(drive: Drive, cones: FloatArray) -> FloatArray:
    """a* and b* of a light, all at one brightness: at a distance nobody tells lights by how bright they are."""
    xyz = _XYZ @ np.clip(cones @ np.array(drive), 0.0, None)
    x, y, z = np.cbrt(0.3 * xyz / xyz[1] / _XYZ.sum(axis=1))
    return np.array([500.0 * (x - y), 200.0 * (y - z)])


def least_difference(palette: PaletteName, cones: FloatArray) -> float:
    colours = PALETTES[palette]
    lit = [colours[tone].drive for tone in (Tone.CALM, Tone.PRESSING, Tone.ALARM)]
    return min(float(np.linalg.norm(chroma(a, cones) - chroma(b, cones))) for a, b in combinations(lit, 2))


@pytest.mark.parametrize("vision", VISIONS)
def test_blue_orange_and_white_are_three_colours_for_everybody(vision: str) -> None:
    assert least_difference("blue-orange", VISIONS[vision]) > _TOLD_APART


@pytest.mark.parametrize("vision", ["no red cones", "no green cones"])
def test_green_amber_and_red_are_one_colour_for_some_and_that_is_why_there_is_another_palette(
    vision: str,
) -> None:
    assert least_difference("red-green", VISIONS[vision]) < _TOLD_APART
    assert least_difference("red-green", VISIONS["all cones"]) > _TOLD_APART


@pytest.mark.parametrize("colours", PALETTES.values())
def test_every_tone_has_a_colour_of_its_own_also_on_pins_that_are_on_or_off(
    colours: dict[Tone, Colour],
) -> None:
    assert len({colour.switched for colour in colours.values()}) == len(Tone)
    assert {part for colour in colours.values() for part in colour.switched} == {0.0, 1.0}
