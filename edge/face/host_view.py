"""From what the models saw of the host in one frame to numbers: the only place where landmarks become measurements."""

import math
from dataclasses import replace

import numpy as np

from edge.arrays import FloatArray, Pixels
from edge.face import face_frame, gaze, mouth
from edge.face.body_view import FrameSize, body_view, box_around
from edge.face.face_frame import FaceFrame, NoFaceError
from edge.face.followed_face import FollowedFace
from edge.face.gaze import Direction
from edge.observation import Estimate, HostView
from edge.settings.desk_toml import Camera, Mount
from edge.space.lens import focal_px, rays
from edge.space.mount import attitude_deg, direction_deg, point_in_desk_frame_m
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
    face, eyes = followed.sized(t_s, mesh.points, face)
    lips = mouth.measure(face)
    eyes_ray = rays(camera.lens, frame_size, face.centre_px)
    along = np.array([*eyes_ray.tolist(), 1.0])
    slant = math.sqrt(float(along @ along))
    # Away from the optical axis a flat sensor stretches a face, by the slant across and by its square outwards.
    distance_m = focal_px(camera.lens, frame_size) / face.px_per_cm / 100 * slant**1.5
    eyes_m = point_in_desk_frame_m(mount, distance_m / slant * along)
    bearing = _bearing(eyes_ray)
    head = gaze.head_of(face)
    look = gaze.gaze_direction(eyes, face, head)
    yaw, pitch, roll = attitude_deg(mount, bearing @ head.axes[:, 2], bearing @ -head.axes[:, 0])
    gaze_yaw, gaze_pitch = _looking(mount, bearing, look)
    box = box_around(mesh.points, frame_size)
    return replace(
        bodily or HostView(box=box),
        box=box,
        face_since_s=followed.since_s,
        px_per_cm=face.px_per_cm,
        distance_m=_distance(distance_m, face),
        eyes_m=(float(eyes_m[0]), float(eyes_m[1]), float(eyes_m[2])),
        lift_left_cm=lips.lift_left_cm,
        lift_right_cm=lips.lift_right_cm,
        lift_above_nose_cm=lips.lift_above_nose_cm,
        mouth_width_cm=lips.width_cm,
        mouth_open_cm=lips.open_cm,
        teeth=followed.teeth.at(t_s, mesh.points, face, rgb),
        head_yaw_deg=Estimate(yaw, head.se_deg),
        head_pitch_deg=Estimate(pitch, head.se_deg),
        head_roll_deg=Estimate(roll, head.se_deg),
        gaze_yaw_deg=gaze_yaw,
        gaze_pitch_deg=gaze_pitch,
    )


def _looking(
    mount: Mount, bearing: FloatArray, look: Direction | None
) -> tuple[Estimate, Estimate] | tuple[None, None]:
    """Yaw and pitch of a gaze in the desk's frame."""
    if look is None:
        return None, None
    yaw, pitch = direction_deg(mount, bearing @ look.vector)
    return Estimate(yaw, look.se_deg), Estimate(pitch, look.se_deg)


def _fitted(mesh: MeshSighting, frame_size: FrameSize) -> FaceFrame | None:
    try:
        face = face_frame.fit(mesh.points)
    except NoFaceError:
        return None
    eyes_seen = all(0 <= at < size for at, size in zip(face.centre_px, frame_size, strict=True))
    return face if eyes_seen else None


def _bearing(ray: FloatArray) -> FloatArray:
    """[3, 3] that turns the optical axis to the face: a mesh is seen along its own line of sight, not along the camera's."""
    x, y = float(ray[0]), float(ray[1])
    sideways, upwards = math.atan(x), math.atan2(-y, math.hypot(x, 1.0))
    cs, ss, cu, su = math.cos(sideways), math.sin(sideways), math.cos(upwards), math.sin(upwards)
    turn = np.array([[cs, 0.0, ss], [0.0, 1.0, 0.0], [-ss, 0.0, cs]])
    tilt = np.array([[1.0, 0.0, 0.0], [0.0, cu, -su], [0.0, su, cu]])
    bearing: FloatArray = turn @ tilt
    return bearing


def _distance(distance_m: float, face: FaceFrame) -> Estimate:
    return Estimate(distance_m, distance_m * face.unit_cm.se / face.unit_cm.value)
