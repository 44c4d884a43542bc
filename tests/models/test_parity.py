"""The models give the results of the reference conversion, whose distance to the published models was measured."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest

from edge.vision.networks.model_store import ModelStore

TOLERANCES = {
    "face_detection_full_range": 7e-4,
    "face_detection_short_range": 7e-4,
    "face_landmarks_attention": 5e-4,
    "movenet_multipose": 2e-6,
    "pose_landmark_full": 5e-3,
}
"""Largest difference in the outputs' own units: pixels of the input for points."""

POSE_WORLD, POSE_WORLD_TOLERANCE_M = "Identity_4", 1.1e-5

Tensor = npt.NDArray[Any]

PIXELS: dict[str, tuple[float, float]] = {
    "face_detection_full_range": (-1, 1),
    "face_detection_short_range": (-1, 1),
    "face_landmarks_attention": (0, 1),
    "movenet_multipose": (0, 255),
    "pose_landmark_full": (0, 1),
}
"""The numbers for black and white that each model on pictures expects."""


MESH = "face_landmarks_attention"
PARTS = [f"{MESH}_{part}" for part in ("mesh", "lips", "eyes")]
"""The reference's mesh is one model, ours are three: each is given what the first one found."""


class Ours:
    """A shipped model, or the parts of one, as the reference has it."""

    def __init__(self, name: str) -> None:
        self._parts = [ModelStore().session(part) for part in (PARTS if name == MESH else [name])]
        self.inputs = self._parts[0].get_inputs()

    def outputs(self, tensor: Tensor) -> dict[str, Tensor]:
        given, found = {self.inputs[0].name: tensor}, dict[str, Tensor]()
        for part in self._parts:
            outputs = part.run(None, {put.name: (given | found)[put.name] for put in part.get_inputs()})
            names = [put.name for put in part.get_outputs()]
            found |= {name: np.asarray(each) for name, each in zip(names, outputs, strict=True)}
        return found


def picture(name: str, path: Path, height: int, width: int) -> Tensor:
    """The middle of a still, as `name` takes it."""
    pixels = cv2.imread(str(path))
    assert pixels is not None
    black, white = PIXELS[name]
    scaled = cv2.resize(
        cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), (width, height), interpolation=cv2.INTER_AREA
    )
    tensor = scaled[np.newaxis] * ((white - black) / 255) + black
    return np.rint(tensor).astype(np.int32) if name == "movenet_multipose" else tensor.astype(np.float32)


def sides(model: Ours) -> list[tuple[int, int]]:
    """Heights and widths to try: all but MoveNet take one size."""
    height, width = model.inputs[0].shape[1:3]
    return [(height, width)] if isinstance(height, int) else [(192, 256), (224, 384), (256, 192)]


@pytest.fixture(scope="session")
def references(reference: Path) -> Path:
    return reference / "models"


@pytest.mark.parametrize("name", sorted(PIXELS))
def test_a_model_on_pictures_sees_what_the_reference_sees(name: str, references: Path, stills: Path) -> None:
    ours = Ours(name)
    theirs = onnxruntime.InferenceSession(references / f"{name}.onnx", providers=["CPUExecutionProvider"])
    names = [output.name for output in theirs.get_outputs()]
    for path in sorted(stills.glob("*.jpg"))[:3]:
        for height, width in sides(ours):
            tensor = picture(name, path, height, width)
            found = ours.outputs(tensor)
            if name != MESH:  # whose parts' outputs have the reference's names, in another order
                found = dict(zip(names, found.values(), strict=True))
            for output, expected in zip(
                names, theirs.run(None, {theirs.get_inputs()[0].name: tensor}), strict=True
            ):
                tolerance = POSE_WORLD_TOLERANCE_M if output == POSE_WORLD else TOLERANCES[name]
                np.testing.assert_allclose(found[output], np.asarray(expected), rtol=0, atol=tolerance)


@pytest.mark.parametrize("name", sorted(TOLERANCES.keys() - {MESH}))
def test_inputs_and_outputs_are_those_of_the_reference(name: str, references: Path) -> None:
    ours = ModelStore().session(name)
    theirs = onnxruntime.InferenceSession(references / f"{name}.onnx", providers=["CPUExecutionProvider"])
    assert [(put.name, put.shape, put.type) for put in ours.get_inputs()] == [
        (put.name, put.shape, put.type) for put in theirs.get_inputs()
    ]
    assert [put.shape for put in ours.get_outputs()] == [put.shape for put in theirs.get_outputs()]
