"""Finds the host's face and follows it with the mesh from frame to frame."""

from collections.abc import Iterable, Sequence
from itertools import islice

from edge.arrays import Pixels
from edge.vision.face_detector import FaceDetector
from edge.vision.face_mesh import GROWTH, LEAST_PRESENCE, FaceMesh, square_of_detection, square_of_mesh
from edge.vision.networks.crops import Square
from edge.vision.sightings import FaceSighting, MeshSighting

LEAST_FACE_SHARE = 0.03
"""Of the picture's longer side: a smaller face is nobody at this desk. At 66 degrees of view it is 4 m away."""

MOST_TRIED = 3
"""Of one detector's faces, so many are held against the mesh, at 4 ms each: beyond the host and a poster or two there is nobody to be
found."""

EYES_HOLD_S = 0.15
"""So long after they were looked at the eyes are taken to be as they were in the head, lids included: at 15 frames a second they are looked at
on every third one. They rest on one spot for 0.2 to 0.3 s, and their part of the mesh is a quarter of its cost."""

JUMP_SHARE, JUMP_GROWTH = 0.12, 1.12
"""A face that lies farther from where it was a frame ago than this share of its square, or is larger or smaller by this factor, may be another
one, with eyes of its own. Whoever leans (lean_cap12) moves by .06 and grows by 1.11 at most."""

CLEARLY_LARGER = 1.4
"""Width of another face over that of the followed one from which the other is the host: it is a third nearer."""


class HostFace:
    """The host's face over time."""

    def __init__(self, mesh: FaceMesh, detectors: Sequence[FaceDetector]) -> None:
        """Take the mesh, and the detectors to try one after the other until one finds a face."""
        self._mesh = mesh
        self._detectors = detectors
        self._square: Square | None = None
        self._eyes: tuple[float, MeshSighting] | None = None
        """When the eyes of the followed face were last looked at, and how they were."""

    @property
    def followed(self) -> bool:
        """Whether the last frame showed the face, so that the next can do without a search."""
        return self._square is not None

    def forget(self) -> None:
        """Stop following; the next face is a new one."""
        self._square = None

    def follow(self, rgb: Pixels, t_s: float) -> MeshSighting | None:
        """The face where it was a frame ago; None when it is not there any more, or was not followed."""
        if self._square is None:
            return None
        before = self._square
        if self._eyes is not None and 0.0 <= t_s - self._eyes[0] < EYES_HOLD_S:
            found = self._fit(rgb, before, self._eyes[1])
            if not _jumped(before, self._square):
                return found
            self._square = before  # Another face may be there: it has eyes of its own.
        found = self._fit(rgb, before)
        # Eyes drawn where the mesh has yet to come to rest on the face are not held.
        self._eyes = None if found is None or _jumped(before, self._square) else (t_s, found)
        return found

    def search(self, rgb: Pixels) -> MeshSighting | None:
        """The largest face in the picture that proves to be one, followed from now on; None when there is none or it is followed already."""
        for detector in self._detectors:
            faces = widest_first(detector.find(rgb), LEAST_FACE_SHARE * max(rgb.shape[:2]))
            followed = self._square
            found = self.begin_first(
                rgb, [face for face in faces if followed is None or _displaces(face, followed)]
            )
            if found is not None or any(followed and not _away(face, followed) for face in faces):
                return found
        return None

    def begin_first(self, rgb: Pixels, faces: Iterable[FaceSighting]) -> MeshSighting | None:
        """The mesh of the first of some detected faces that proves to be one; None when none of them does."""
        for face in islice(faces, MOST_TRIED):
            followed = self._square
            found = self.begin(rgb, face)
            if found is not None:
                return found
            self._square = followed  # What proved to be no face takes nothing from the one that is followed.
        return None

    def begin(self, rgb: Pixels, face: FaceSighting) -> MeshSighting | None:
        """The mesh of a detected face, followed from now on; None when it proves to be no face."""
        first = self._fit(rgb, square_of_detection(face))
        self._eyes = None
        # A detection's box is rougher than a mesh: lay the mesh again where the first one found the face.
        return None if first is None else self._fit(rgb, square_of_mesh(first.points))

    def _fit(self, rgb: Pixels, square: Square, eyes_as: MeshSighting | None = None) -> MeshSighting | None:
        sighting = self._mesh.fit(rgb, square, eyes_as)
        if sighting.presence < LEAST_PRESENCE:
            self._square = None
            return None
        self._square = square_of_mesh(sighting.points)
        return sighting


def _jumped(before: Square, after: Square | None) -> bool:
    """Whether the square of a face lies where the face cannot have moved within a frame."""
    return after is not None and (
        max(abs(after.x - before.x), abs(after.y - before.y)) > JUMP_SHARE * before.side
        or not 1 / JUMP_GROWTH < after.side / before.side < JUMP_GROWTH
    )


def widest_first(faces: Sequence[FaceSighting], least_px: float) -> list[FaceSighting]:
    """Those of some faces that are as wide as `least_px`, the widest first."""
    return sorted((face for face in faces if _width(face) >= least_px), key=_width, reverse=True)


def _displaces(face: FaceSighting, followed: Square) -> bool:
    """Whether a face is another one than that followed in a square, and clearly nearer."""
    return _away(face, followed) and _width(face) * GROWTH > CLEARLY_LARGER * followed.side


def _away(face: FaceSighting, followed: Square) -> bool:
    """Whether a face is elsewhere than that followed in a square."""
    left, top, right, bottom = face.box_px
    away = max(abs((left + right) / 2 - followed.x), abs((top + bottom) / 2 - followed.y))
    return away > followed.side / 2


def _width(face: FaceSighting) -> float:
    return face.box_px[2] - face.box_px[0]
