"""Finds the host's face and follows it with the mesh from frame to frame."""

from collections.abc import Sequence

from edge.arrays import Pixels
from edge.vision.face_detector import FaceDetector
from edge.vision.face_mesh import GROWTH, LEAST_PRESENCE, FaceMesh, square_of_detection, square_of_mesh
from edge.vision.networks.crops import Square
from edge.vision.sightings import FaceSighting, MeshSighting

LEAST_FACE_SHARE = 0.03
"""Of the picture's longer side: a smaller face is nobody at this desk. At 66 degrees of view it is 4 m away."""

CLEARLY_LARGER = 1.4
"""Width of another face over that of the followed one from which the other is the host: it is a third nearer."""


class HostFace:
    """The host's face over time."""

    def __init__(self, mesh: FaceMesh, detectors: Sequence[FaceDetector]) -> None:
        """Take the mesh, and the detectors to try one after the other until one finds a face."""
        self._mesh = mesh
        self._detectors = detectors
        self._square: Square | None = None

    @property
    def followed(self) -> bool:
        """Whether the last frame showed the face, so that the next can do without a search."""
        return self._square is not None

    def forget(self) -> None:
        """Stop following; the next face is a new one."""
        self._square = None

    def follow(self, rgb: Pixels) -> MeshSighting | None:
        """The face where it was a frame ago; None when it is not there any more, or was not followed."""
        return None if self._square is None else self._fit(rgb, self._square)

    def search(self, rgb: Pixels) -> MeshSighting | None:
        """The largest face in the picture, followed from now on; None when there is none or it is followed already."""
        for detector in self._detectors:
            face = largest(detector.find(rgb), LEAST_FACE_SHARE * max(rgb.shape[:2]))
            if face is not None:
                return (
                    self.begin(rgb, face) if self._square is None or _displaces(face, self._square) else None
                )
        return None

    def begin(self, rgb: Pixels, face: FaceSighting) -> MeshSighting | None:
        """The mesh of a detected face, followed from now on; None when it proves to be no face."""
        first = self._fit(rgb, square_of_detection(face))
        # A detection's box is rougher than a mesh: lay the mesh again where the first one found the face.
        return None if first is None else self._fit(rgb, square_of_mesh(first.points))

    def _fit(self, rgb: Pixels, square: Square) -> MeshSighting | None:
        sighting = self._mesh.fit(rgb, square)
        if sighting.presence < LEAST_PRESENCE:
            self._square = None
            return None
        self._square = square_of_mesh(sighting.points)
        return sighting


def largest(faces: Sequence[FaceSighting], least_px: float) -> FaceSighting | None:
    """The widest of some faces; None when none is as wide as `least_px`."""
    wide = [face for face in faces if _width(face) >= least_px]
    return max(wide, key=_width, default=None)


def _displaces(face: FaceSighting, followed: Square) -> bool:
    """Whether a face is another one than that followed in a square, and clearly nearer."""
    left, top, right, bottom = face.box_px
    away = max(abs((left + right) / 2 - followed.x), abs((top + bottom) / 2 - followed.y))
    return away > followed.side / 2 and _width(face) * GROWTH > CLEARLY_LARGER * followed.side


def _width(face: FaceSighting) -> float:
    return face.box_px[2] - face.box_px[0]
