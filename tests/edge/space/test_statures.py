"""Tall and short people, who stand or sit, in a wheelchair too, are where their interval says in nearly all cases."""

import math

import numpy as np
import pytest

from edge.settings.desk_toml import Camera
from edge.space.joints import joints_of
from edge.space.place import locate
from edge.space.seat import sits
from tests.worlds.people import AT_EYE_HEIGHT, ON_THE_DESK, SIZE, UNKNOWN, Somebody, face_of, sight

SIGMA_90 = 1.645
PEOPLE = 30
STATURES_M = [(1.05, 1.2), (1.2, 1.45), (1.45, 1.62), (1.62, 1.82), (1.82, 2.0)]
SEATS = [
    pytest.param(None, id="standing"),
    pytest.param(0.0, id="on a chair"),
    pytest.param(0.15, id="wheelchair"),
]
HEAD_BY_STATURE = ([1.05, 1.2, 1.4, 1.6, 1.69, 1.85, 2.0], [0.79, 0.83, 0.89, 0.97, 1.0, 1.04, 1.08])
"""Heads grow less than bodies do: against that of a mean adult."""


def group(stature_m: tuple[float, float], feet_up_m: float | None, from_m: float) -> list[Somebody]:
    rng = np.random.default_rng(3)
    people = []
    for _ in range(PEOPLE):
        stature = float(rng.uniform(*stature_m))
        own = float(np.clip(rng.normal(1.0, 0.05), 0.88, 1.12))
        people.append(
            Somebody(
                x_m=float(rng.uniform(-0.8, 0.8)),
                y_m=float(rng.uniform(from_m, 5.0)),
                stature_m=stature,
                head_size=own * float(np.interp(stature, *HEAD_BY_STATURE)),
                turned_deg=float(rng.uniform(-40.0, 40.0)),
                feet_up_m=feet_up_m,
            )
        )
    return people


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
