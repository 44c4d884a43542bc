"""What the models saw in one frame: pixels and keypoints, in memory only."""

from dataclasses import dataclass

from edge.arrays import Float32Array


@dataclass(frozen=True, slots=True)
class BodySighting:
    """A body found in a frame."""

    box_px: tuple[float, float, float, float]
    """left, top, right, bottom."""
    score: float
    keypoints: Float32Array
    """[17, 3]: x px, y px, score 0..1, in COCO order (nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; left first)."""

    @property
    def height_px(self) -> float:
        """Of the box."""
        return self.box_px[3] - self.box_px[1]


@dataclass(frozen=True, slots=True)
class FaceSighting:
    """A face found by a detector."""

    box_px: tuple[float, float, float, float]
    score: float
    keypoints: Float32Array
    """[6, 2] px: right eye, left eye, nose tip, mouth, right ear, left ear (of the person)."""


@dataclass(frozen=True, slots=True)
class MeshSighting:
    """The dense mesh of one face."""

    points: Float32Array
    """[478, 3] px: MediaPipe's canonical face mesh with irises (468..472 right eye of the person, 473..477 left); z grows away from the camera."""
    presence: float
    eyes: Float32Array | None = None
    """How far the eyes' points lie from where the coarse mesh has them, as its branch drew them; None when there is no face."""


@dataclass(frozen=True, slots=True)
class PoseSighting:
    """The three-dimensional pose of one body."""

    points: Float32Array
    """[33, 4]: x px, y px, z px, visibility 0..1, BlazePose order."""
    world: Float32Array
    """[33, 3] metres, hip-centred, camera axes: x right, y down, z away from the camera."""
    presence: float


@dataclass(frozen=True, slots=True)
class Look:
    """What one camera's models saw in one frame; what was not looked for is None."""

    t_s: float
    camera: str
    width: int
    """Of the frame, in pixels."""
    height: int
    bodies: tuple[BodySighting, ...] | None = None
    """Everyone seen; None when this frame was not searched for people."""
    faces: tuple[FaceSighting | None, ...] = ()
    """One for each of `bodies`: the face on its head, None where it was not looked for or not seen. Empty without bodies."""
    host_mesh: MeshSighting | None = None
    host_sought: bool = False
    """Whether this frame was searched for the host's face."""
    host_pose: PoseSighting | None = None
    host_body: BodySighting | None = None
    """The host's body as MoveNet found it in this frame; also among `bodies` of a camera that watches both."""
