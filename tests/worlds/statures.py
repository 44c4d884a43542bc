"""Groups of people of a stature, who stand or sit somewhere before the desk."""

import numpy as np

from tests.worlds.people import Somebody

PEOPLE = 30
STATURES_M = [(1.05, 1.2), (1.2, 1.45), (1.45, 1.62), (1.62, 1.82), (1.82, 2.0)]
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
