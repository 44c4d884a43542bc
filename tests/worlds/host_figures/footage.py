"""Labelled pictures and clips of one host, through the real models, as observations."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from edge.arrays import FloatArray, Pixels
from edge.camera.video import VideoFile
from edge.face.followed_face import FollowedFace
from edge.face.host_view import host_view
from edge.host.host_meter import HostMeter
from edge.host.host_now import HostNow
from edge.observation import FrameSeen, HostView
from edge.settings.desk_toml import Camera
from edge.vision.face_detector import FULL_RANGE, SHORT_RANGE, FaceDetector
from edge.vision.face_mesh import FaceMesh
from edge.vision.host_face import HostFace
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from edge.vision.sightings import MeshSighting

STAFF = Camera(name="staff", watches="staff")


@dataclass(frozen=True, slots=True)
class Still:
    """A labelled still."""

    name: str
    rgb: Pixels
    smile: bool | None
    teeth: int | None
    """Upper teeth that show."""
    teeth_unsure: float
    """Half-width of the interval that the labeller is confident in."""
    box_px: tuple[float, float, float, float]
    """Left, top, width and height of the face."""

    def in_face(self, at_px: FloatArray) -> bool:
        """Whether a point lies in the face."""
        left, top, width, height = self.box_px
        return bool(left <= at_px[0] <= left + width and top <= at_px[1] <= top + height)


def stills(shared: Path) -> Iterator[Still]:
    """The labelled stills."""
    labels = json.loads((shared / "clips" / "labels.json").read_text())
    for label in labels["stills"]:
        path = shared / label["file"]
        picture = cv2.imread(str(path))
        assert picture is not None, path
        rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
        yield Still(
            path.stem,
            rgb,
            label["smile"],
            label["upper_teeth_count"],
            label["count_unc"] or 0.0,
            tuple(label["face_box_xywh"]),
        )


def labels(shared: Path) -> dict[str, Any]:
    """All labels of the footage."""
    loaded: dict[str, Any] = json.loads((shared / "clips" / "labels.json").read_text())
    return loaded


def clip(path: Path) -> list[tuple[float, Pixels]]:
    """A clip's frames with their times."""
    return [(frame.t_s, frame.rgb) for frame in VideoFile(path, "staff")]


class FaceReader:
    """Finds and follows one face, on every frame it is given."""

    def __init__(self) -> None:
        store = ModelStore()

        detectors = [
            FaceDetector(kind, Network(store.session(kind.model))) for kind in (SHORT_RANGE, FULL_RANGE)
        ]
        self._face = HostFace(FaceMesh.of(store), detectors)

    def forget(self) -> None:
        """Whatever was followed is over."""
        self._face.forget()

    def first(self, rgb: Pixels) -> MeshSighting | None:
        """The face in a picture that has nothing to do with the one before."""
        self._face.forget()
        return self._face.search(rgb)

    def next(self, rgb: Pixels, t_s: float) -> MeshSighting | None:
        """The face in the next frame of a clip."""
        return self._face.follow(rgb, t_s) or self._face.search(rgb)


def view(
    mesh: MeshSighting | None, rgb: Pixels, followed: FollowedFace | None = None, t_s: float = 0.0
) -> HostView | None:
    """What a picture measures of a host before a staff camera; of a face that nobody followed, unless told."""
    size = (rgb.shape[1], rgb.shape[0])
    return host_view(mesh, None, None, rgb, STAFF, size, followed=followed, t_s=t_s)


def seen(reader: FaceReader, frames: Sequence[tuple[float, Pixels]]) -> list[FrameSeen]:
    """The observations of a clip."""
    reader.first(frames[0][1])
    followed = FollowedFace()
    return [
        FrameSeen(t_s, "staff", host=view(reader.next(rgb, t_s), rgb, followed, t_s), host_sought=True)
        for t_s, rgb in frames
    ]


def watched(observations: Sequence[FrameSeen]) -> tuple[HostMeter, list[HostNow]]:
    """A meter that has seen a clip, and the host at each frame."""
    meter = HostMeter(smile_measured=True)
    return meter, [meter.observe(observation, ()) for observation in observations]
