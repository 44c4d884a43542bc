"""Tall and short people, who stand or sit, in a wheelchair too, are where their interval says in nearly all cases."""

import math

import numpy as np
import pytest

from edge.settings.desk_toml import Camera
from edge.space.joints import joints_of
from edge.space.place import locate
from edge.space.seat import sits
from tests.worlds.people import AT_EYE_HEIGHT, ON_THE_DESK, SIZE, UNKNOWN, Somebody, face_of, sight
from tests.worlds.statures import PEOPLE, STATURES_M, group

SIGMA_90 = 1.645
SEATS = [
    pytest.param(None, id="standing"),
    pytest.param(0.0, id="on a chair"),
    pytest.param(0.15, id="wheelchair"),
]


@pytest.mark.parametrize("with_face", [True, False], ids=["with a face", "body only"])
@pytest.mark.parametrize("feet_up_m", SEATS)
@pytest.mark.parametrize("stature_m", STATURES_M)
@pytest.mark.parametrize(
    ("camera", "declared", "from_m"),
    [
        pytest.param(ON_THE_DESK, ON_THE_DESK, 2.6, id="feet in view"),
        pytest.param(AT_EYE_HEIGHT, UNKNOWN, 1.5, id="height unknown"),
    ],
)
def test_the_interval_of_the_distance_holds_for_every_stature(
    camera: Camera,
    declared: Camera,
    from_m: float,
    stature_m: tuple[float, float],
    feet_up_m: float | None,
    *,
    with_face: bool,
) -> None:
    held = []
    for number, who in enumerate(group(stature_m, feet_up_m, from_m)):
        body = sight(who, camera, jitter_px=2.0, seed=number)
        face = face_of(who, camera, jitter_px=0.7, seed=number) if with_face else None
        place = locate(body, face, SIZE, declared).place
        if place is None:  # Of a child who sits close to a level camera hardly anything is in the picture.
            continue
        off_m = math.hypot(place.x_m, place.y_m) - math.hypot(who.x_m, who.y_m)
        held.append(abs(off_m) <= SIGMA_90 * place.se_m)
    assert len(held) > PEOPLE / 2
    assert np.mean(held) >= 0.85


@pytest.mark.parametrize("y_m", [3.5, 4.5, 6.0])
@pytest.mark.parametrize("stature_m", [1.2, 1.69, 2.0])
@pytest.mark.parametrize("feet_up_m", SEATS)
def test_who_sits_is_told_from_who_stands(y_m: float, stature_m: float, feet_up_m: float | None) -> None:
    who = Somebody(y_m=y_m, stature_m=stature_m, feet_up_m=feet_up_m)
    body = sight(who, ON_THE_DESK, jitter_px=1.0)
    assert sits(joints_of(body, SIZE, ON_THE_DESK), ON_THE_DESK) is (feet_up_m is not None)
