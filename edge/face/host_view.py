"""From what the models saw of the host in one frame to numbers: the only place where landmarks become measurements."""

import math

import numpy as np

from edge.arrays import FloatArray, Pixels
from edge.face import face_frame, gaze, mouth
from edge.face.body_view import FrameSize, body_view, box_around
from edge.face.face_frame import FaceFrame, NoFaceError
from edge.face.followed_face import FollowedFace
from edge.face.gaze import Direction
from edge.observation import Estimate, HostView
from edge.settings.desk_toml import Camera
from edge.space.lens import focal_px, rays
from edge.space.mount import point_in_desk_frame_m, roll_deg, to_desk, yaw_pitch_deg
from edge.vision.sightings import BodySighting, MeshSighting, PoseSighting


def host_view(
    mesh: MeshSighting | None,
    pose: PoseSighting | None,
    body: BodySighting | None,
    rgb: Pixels,
    camera: Camera,
    frame_size: FrameSize,
    hands_active: Estimate | None = None,
    followed: FollowedFace | None = None,
    t_s: float = 0.0,
) -> HostView | None:
    """The host in one frame; None when nothing of them was seen.

    Args:
        mesh: The face's mesh; None when the face is hidden or turned away. One whose eyes lie outside the picture is no
            face that was seen: the network made those points up.
        pose: The body's pose, on frames that were looked at for it.
        body: The host's body, on frames that were searched for bodies.
        rgb: [height, width, 3], the frame.
        camera: The camera's settings: lens and mount.
        frame_size: Width and height of the frame in px.
        hands_active: The result of `HandMotion` for this frame.
        followed: What earlier frames of this camera told of the face, which this one adds to; None: nothing.
        t_s: When the frame's light arrived.
    """
    mount = camera.mount
    bodily = body_view(pose, body, mount, frame_size, hands_active)
    face = None if mesh is None else _fitted(mesh, frame_size)
    if mesh is None or face is None:
        return bodily
    followed = FollowedFace() if followed is None else followed
    face, eyes = followed.sized(t_s, mesh.points, face, rgb)
    lips = mouth.measure(face)
    followed.cover.observe(t_s, mesh.points, face, lips, rgb, eyes_hidden=followed.eyes_seem_hidden)
    if followed.cover.bare:  # The chin below a mask, and all else of its shape, is made up.
        followed.stretch.observe(t_s, mesh.points, face, eyes)
        lips = followed.steady(t_s, lips)
    stretch = None if camera.true_shape else followed.stretch.told
    bare = followed.cover.bare and stretch is None
    right, down = rays(camera.lens, frame_size, face.centre_px).tolist()
    slant = math.hypot(right, down, 1.0)
    # Away from the optical axis a flat sensor stretches a face, by the slant across and by its square outwards.
    distance_m = focal_px(camera.lens, frame_size) / face.px_per_cm / 100 * slant**1.5
    ahead_m = distance_m / slant
    eyes_x, eyes_y, eyes_z = point_in_desk_frame_m(mount, (ahead_m * right, ahead_m * down, ahead_m)).tolist()
    # A mesh is seen along its own line of sight, not along the camera's.
    turn = to_desk(mount).dot(_bearing(right, down))
    head = gaze.head_of(face)
    (left_x, _, out_x), (left_y, _, out_y), (left_z, _, out_z) = turn.dot(head.axes).tolist()
    yaw, pitch = yaw_pitch_deg(out_x, out_y, out_z)
    roll = roll_deg(yaw, pitch, -left_x, -left_y, -left_z)
    gaze_yaw, gaze_pitch = _looking(turn, gaze.gaze_direction(eyes, face, head))
    box = box_around(mesh.points, frame_size)
    return HostView(
        box=box,
        face_since_s=followed.since_s,
        px_per_cm=face.px_per_cm,
        distance_m=_distance(distance_m, face),
        eyes_m=(eyes_x, eyes_y, eyes_z),
        picture_stretch=stretch,
        mouth_covered=True if followed.cover.covered else None,
        lift_left_cm=lips.lift_left_cm if bare else None,
        lift_right_cm=lips.lift_right_cm if bare else None,
        lift_above_nose_cm=lips.lift_above_nose_cm if bare else None,
        mouth_width_cm=lips.width_cm if bare else None,
        mouth_open_cm=lips.open_cm if bare else None,
        teeth=followed.teeth.at(t_s, mesh.points, face, rgb) if bare else None,
        head_yaw_deg=Estimate(yaw, head.se_deg),
        head_pitch_deg=Estimate(pitch, head.se_deg),
        head_roll_deg=Estimate(roll, head.se_deg),
        gaze_yaw_deg=gaze_yaw,
        gaze_pitch_deg=gaze_pitch,
        lean_deg=None if bodily is None else bodily.lean_deg,
        hands_active=None if bodily is None else bodily.hands_active,
        hand_to_face=None if bodily is None else bodily.hand_to_face,
    )


def _looking(turn: FloatArray, look: Direction | None) -> tuple[Estimate, Estimate] | tuple[None, None]:
    """Yaw and pitch in the desk's frame of a gaze that is turned there by ``turn`` [3, 3]."""
    if look is None:
        return None, None
    yaw, pitch = yaw_pitch_deg(*turn.dot(look.vector).tolist())
    return Estimate(yaw, look.se_deg), Estimate(pitch, look.se_deg)


def _fitted(mesh: MeshSighting, frame_size: FrameSize) -> FaceFrame | None:
    try:
        face = face_frame.fit(mesh.points)
    except NoFaceError:
        return None
    eyes_seen = 0 <= face.centre_px[0] < frame_size[0] and 0 <= face.centre_px[1] < frame_size[1]
    return face if eyes_seen else None


def _bearing(right: float, down: float) -> FloatArray:
    """[3, 3] that turns the optical axis to a ray, given by where it pierces the plane one unit before the camera."""
    flat, whole = math.hypot(right, 1.0), math.hypot(right, down, 1.0)
    return np.array(
        [
            [1.0 / flat, -right * down / (flat * whole), right / whole],
            [0.0, flat / whole, down / whole],
            [-right / flat, -down / (flat * whole), 1.0 / whole],
        ]
    )


def _distance(distance_m: float, face: FaceFrame) -> Estimate:
    return Estimate(distance_m, distance_m * face.unit_cm.se / face.unit_cm.value)
