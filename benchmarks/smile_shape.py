"""Fits the probability that a mouth smiles to 299 labelled faces, and judges it by repeated cross-validation.

The faces' table gives the numbers as one frame measures them. The desk pools a face's scale over many frames; with one still of each
face the crops' common size stands in for that: half of what a face's scale is off the mean one's is taken out of its centimetres.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.arrays import FloatArray, Mask
from edge.face.mouth import NOSE_LIFT_PER_PITCH_DEG
from edge.host.smile_shape import (
    INTERCEPT,
    OPENING_FLOOR_CM,
    PER_LOG_OPENING,
    PER_NOSE_CM,
    PER_WIDTH_CM,
    SURE,
)

SHARED = Path(os.environ.get("DESKSIDE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
REPEATS, FOLDS = 20, 10
RIDGE = 1.0
"""Pulls standardised weights towards 0 by as much as one face does; chosen before the folds were looked at."""
TABLE_CAMERA_PITCH_DEG = 15.0
"""The table's pitch is in the desk's frame of a camera that says nothing of its mount."""


@dataclass(frozen=True, slots=True)
class Faces:
    """The labelled faces."""

    smile: FloatArray
    """[n] 1 for a smile."""
    columns: dict[str, FloatArray]

    def shape(self, pooled: float) -> FloatArray:
        """[n, 4] what the regression goes by: nose, width, log of the opening, pitch against the camera.

        Args:
            pooled: How much of what a face's scale is off the mean one's is taken out.
        """
        scale = self.columns["px_per_cm"]
        unit = (scale / scale.mean()) ** pooled
        opening = np.maximum(self.columns["open_cm"] * unit, 0.0) + OPENING_FLOOR_CM
        return np.column_stack(
            [
                self.columns["nose_cm"] * unit,
                self.columns["width_cm"] * unit,
                np.log(opening),
                self.columns["pitch_deg"] + TABLE_CAMERA_PITCH_DEG,
            ]
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """What cross-validation says of a regression."""

    right: float
    """Share of faces on the right side of a half."""
    right_sd: float
    """Between repeats."""
    untold: float
    """Share of faces whose probability is told as neither yes nor no."""
    right_when_told: float


def faces(table: Path = SHARED / "facts" / "mouth_shapes.tsv") -> Faces:
    """The table's faces."""
    lines = [line.split("\t") for line in table.read_text().splitlines() if not line.startswith("#")]
    rows = np.array([[float(cell) for cell in line] for line in lines[1:] if len(line) == len(lines[0])])
    columns = {name.strip(): rows[:, index] for index, name in enumerate(lines[0])}
    return Faces(columns["smile"], columns)


def fitted(shape: FloatArray, smile: FloatArray) -> tuple[float, FloatArray]:
    """Intercept and weights of a logistic regression with a small ridge, by Newton's method."""
    mean, spread = shape.mean(axis=0), shape.std(axis=0)
    design = np.column_stack([np.ones(len(shape)), (shape - mean) / spread])
    ridge = RIDGE * np.diag([0.0, *[1.0] * shape.shape[1]])
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        probable = _probable(design @ weights)
        slope = design.T @ (smile - probable) - ridge @ weights
        curve = (design * (probable * (1 - probable))[:, None]).T @ design + ridge
        weights = weights + np.linalg.solve(curve, slope)
    per_unit = weights[1:] / spread
    return float(weights[0] - mean @ per_unit), per_unit


def judged(shape: FloatArray, smile: FloatArray) -> Judged:
    """Repeated cross-validation: every face is judged by regressions that never saw it."""
    right, untold, when_told = [], [], []
    for repeat in range(REPEATS):
        order = np.random.default_rng(repeat).permutation(len(smile))
        probable = np.empty(len(smile))
        for fold in range(FOLDS):
            held_out: Mask = np.zeros(len(smile), bool)
            held_out[order[fold::FOLDS]] = True
            intercept, weights = fitted(shape[~held_out], smile[~held_out])
            probable[held_out] = _probable(intercept + shape[held_out] @ weights)
        hit = (probable > 0.5) == (smile > 0.5)
        told = (probable >= SURE) | (probable <= 1 - SURE)
        right.append(hit.mean())
        untold.append(1 - told.mean())
        when_told.append(hit[told].mean())
    return Judged(
        float(np.mean(right)), float(np.std(right)), float(np.mean(untold)), float(np.mean(when_told))
    )


def _probable(log_odds: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -50, 50))))


def main() -> None:
    known = faces()
    blend = known.columns["bs"].clip(1e-3, 1 - 1e-3)
    blend_log_odds = np.log(blend / (1 - blend))
    pooled, single = known.shape(0.5), known.shape(0.0)
    print(f"{len(known.smile)} faces, {REPEATS} times {FOLDS} folds: right, untold, right where told")
    for name, shape in (
        ("mouth's shape, scale pooled (shipped)", pooled),
        ("mouth's shape, scale of one frame", single),
        ("blendshapes alone", blend_log_odds[:, None]),
        ("both, scale pooled", np.column_stack([pooled, blend_log_odds])),
        ("both, scale of one frame", np.column_stack([single, blend_log_odds])),
    ):
        result = judged(shape, known.smile)
        print(
            f"  {name:38} {100 * result.right:.1f} ± {100 * result.right_sd:.1f} %, "
            f"{100 * result.untold:.0f} %, {100 * result.right_when_told:.1f} %"
        )
    intercept, (nose, width, opening, pitch) = fitted(pooled, known.smile)
    print("fitted to all of them (in brackets: as shipped)")
    print(f"  intercept {intercept:.2f} ({INTERCEPT}), nose {nose:.2f} ({PER_NOSE_CM}) per cm,")
    print(f"  width {width:.2f} ({PER_WIDTH_CM}) per cm, log opening {opening:.2f} ({PER_LOG_OPENING}),")
    print(f"  nose by pitch {-pitch / nose:.4f} ({NOSE_LIFT_PER_PITCH_DEG}) cm per degree")


if __name__ == "__main__":
    main()
