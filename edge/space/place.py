"""Where a sighted person stands, from every cue that the picture offers."""

import math

import numpy as np

from edge.arrays import FloatArray
from edge.observation import Box, Estimate, Person, Place
from edge.settings.desk_toml import Camera
from edge.space.body import range_from_body, range_from_box, range_over_floor_m
from edge.space.floor import footing, heading_of, place_at
from edge.space.foot import ankle_foot_px, foot_px
from edge.space.fusion import fuse
from edge.space.head import distance_from_keypoints_m
from edge.space.joints import Joints, joints_of, keypoint_se_px
from edge.space.lens import rays
from edge.vision.sightings import BodySighting, FaceSighting

FACE_POINT_SE = 0.012
"""Standard error of a face detector's keypoint in one direction, as a share of its box's width."""

TURNED_SIGMA = 3.0
"""A body this many standard errors farther away than face or feet give is turned or bent, and gives no range."""
DOUBT_SHARE = 0.15
"""How much of the difference to such a body stays as an error of the others: sometimes it is they who mislead."""
FACE_BEFORE_FEET_SE_M = 0.08
"""How far a face is before or behind the feet of the person: they lean, and eyes are before the middle of a head."""


def locate(
    body: BodySighting,
    face: FaceSighting | None,
    frame_size: tuple[int, int],
    camera: Camera,
) -> Person:
    """A person with their place on the floor, as far as the picture shows it.

    Args:
        body: The sighted body.
        face: The face that a detector found on this body, if it did.
        frame_size: Width and height of the picture in pixels.
        camera: Its lens and mount; without a height nothing is derived from the floor.

    Returns:
        The person; `cues` names what the place rests on, of which a cue that disagreed with the others is no part.
    """
    width, height = frame_size
    left, top, right, bottom = body.box_px
    foot = foot_px(body, frame_size)
    joints = joints_of(body, frame_size, camera)
    ranges, parts_m = _ranges(body, face, joints, frame_size, camera)
    place: Place | None = None
    cues: tuple[str, ...] = ()
    if ranges:
        fused = fuse(ranges)
        heading = heading_of(camera, _middle(body, face, joints, frame_size, camera))
        place = place_at(camera, heading[:2], fused.estimate.value, fused.estimate.se)
        cues = fused.used
    return Person(
        box=Box(left / width, top / height, right / width, bottom / height),
        score=body.score,
        foot=None if foot is None else (foot[0] / width, foot[1] / height),
        place=place,
        cues=cues,
        ranges_m=parts_m or None,
    )


def _ranges(
    body: BodySighting,
    face: FaceSighting | None,
    joints: Joints,
    frame_size: tuple[int, int],
    camera: Camera,
) -> tuple[dict[str, Estimate], dict[str, float]]:
    """The range over the floor, from below the camera, that each independent cue gives, and that each part gives alone."""
    found: dict[str, Estimate] = {}
    parts_m: dict[str, float] = {}
    detected = None if face is None else _face_range(face, frame_size, camera)
    # A detector and the joints do not put the eyes at the same points: each has its own growth.
    head = _head_range(joints, camera)
    for name, part in (("face", detected), ("head", head)):
        if part is not None:
            parts_m[name] = part.value
    if face is not None and detected is not None:
        found["face"] = detected
    elif face is None and head is not None:
        found["face"] = head
    sized = range_from_body(joints, camera)
    if sized is not None:
        found["body"] = sized.range_m
        parts_m |= sized.sizes_m
    feet = ankle_foot_px(body, frame_size)
    if feet is not None:
        # Feet are soft: shoes, shadows and the step of a walker, a few hundredths of the body's height.
        soft = 0.02 * (body.box_px[3] - body.box_px[1])
        on_floor = footing(camera, frame_size, feet, math.hypot(keypoint_se_px(body, frame_size), soft))
        if on_floor is not None:
            found["floor"] = Estimate(on_floor.range_m, on_floor.range_se_m)
            parts_m["floor"] = on_floor.range_m
    if not found:
        whole = range_from_box(body, frame_size, camera)
        if whole is not None:
            found["body"] = whole
            parts_m["box"] = whole.value
    return _with_doubt_about_turned_body(found), parts_m


def _with_doubt_about_turned_body(found: dict[str, Estimate]) -> dict[str, Estimate]:
    """A body that looks too small for the range that face and feet give has turned or bent: that is no contradiction, but counts less.

    How much less grows smoothly, lest a person jump to and fro while their body is about to turn.
    """
    body = found.get("body")
    others = {name: cue for name, cue in found.items() if name != "body"}
    if body is None or not others:
        return found
    rest = fuse(others).estimate
    too_far_sigma = (body.value - rest.value) / math.hypot(body.se, rest.se)
    if too_far_sigma > TURNED_SIGMA:
        doubt_m = DOUBT_SHARE * (body.value - rest.value)
        return {name: Estimate(cue.value, math.hypot(cue.se, doubt_m)) for name, cue in others.items()}
    return found | {"body": Estimate(body.value, body.se * max(1.0, too_far_sigma) ** 2)}


def _face_range(face: FaceSighting, frame_size: tuple[int, int], camera: Camera) -> Estimate | None:
    """From a face that a detector found."""
    flat = rays(camera.lens, frame_size, face.keypoints)
    box = rays(camera.lens, frame_size, np.asarray(face.box_px, np.float64).reshape(2, 2))
    point_se = FACE_POINT_SE * abs(float(box[1, 0] - box[0, 0]))
    distance = distance_from_keypoints_m(flat[:2], flat[2], flat[4:6], point_se)
    middle = np.asarray(flat[:2].mean(axis=0), np.float64)
    return None if distance is None else _over_floor(middle, distance, camera)


def _head_range(joints: Joints, camera: Camera) -> Estimate | None:
    """From the joints of a head that faces the camera."""
    if not joints.faces_camera or joints.both_eyes is None or joints.nose is None:
        return None
    distance = distance_from_keypoints_m(joints.both_eyes, joints.nose, joints.both_ears, joints.point_se)
    middle = np.asarray(joints.both_eyes.mean(axis=0), np.float64)
    return None if distance is None else _over_floor(middle, distance, camera)


def _over_floor(ray: FloatArray, distance_m: Estimate, camera: Camera) -> Estimate:
    over_floor = range_over_floor_m(ray, distance_m.value, camera)
    return Estimate(
        over_floor, math.hypot(over_floor * distance_m.se / distance_m.value, FACE_BEFORE_FEET_SE_M)
    )


def _middle(
    body: BodySighting,
    face: FaceSighting | None,
    joints: Joints,
    frame_size: tuple[int, int],
    camera: Camera,
) -> FloatArray:
    """The ray to the middle of the trunk, or to the best stand-in for it."""
    for point in (joints.hips, joints.shoulders, joints.ankles, joints.head):
        if point is not None:
            return point
    left, top, right, bottom = body.box_px if face is None else face.box_px
    return rays(camera.lens, frame_size, ((left + right) / 2, (top + bottom) / 2))
