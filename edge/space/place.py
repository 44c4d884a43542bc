"""Where a sighted person stands, from every cue that the picture offers."""

import math

import numpy as np

from edge.arrays import FloatArray
from edge.observation import PEOPLE_SIZE_SE, Box, Estimate, Person, Place
from edge.settings.desk_toml import Camera
from edge.space.body import range_from_body, range_from_box, range_over_floor_m
from edge.space.floor import footing, heading_of, place_at
from edge.space.foot import ankle_foot_px, foot_px
from edge.space.fusion import Fused, fuse
from edge.space.head import distance_from_keypoints_m
from edge.space.joints import Joints, joints_of, keypoint_se_px
from edge.space.lens import rays
from edge.space.seat import FEET_AHEAD_M, sits
from edge.vision.sightings import BodySighting, FaceSighting

FACE_POINT_SE = 0.012
"""Standard error of a face detector's keypoint in one direction, as a share of its box's width."""

TURNED_SIGMA = 3.0
"""A body this many standard errors farther away than face or feet give is turned or bent, and gives no range."""
DOUBTED_SIGMA = 1.5
"""From so many on there is doubt which of both misleads, and less doubt before."""
DOUBT_SHARE = 0.7
"""How much of the difference to such a body stays as an error of the others: sometimes it is they who mislead, as of a child, whose face is
large for its body."""
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
    sizes, floor_m, parts_m = _ranges(body, face, joints, frame_size, camera)
    place: Place | None = None
    cues: tuple[str, ...] = ()
    size_m: Estimate | None = None
    if sizes or floor_m is not None:
        size_m, fused = _fused(sizes, floor_m)
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
        size_m=size_m,
        floor_m=floor_m,
    )


def _fused(sizes: dict[str, Estimate], floor_m: Estimate | None) -> tuple[Estimate | None, Fused]:
    """The range by the size of somebody of mean size, without the error of theirs; and the range by size and floor."""
    floor = {} if floor_m is None else {"floor": floor_m}
    if not sizes:
        return None, fuse(floor)
    counting, doubt_m = _without_turned_body(sizes)
    by_size = fuse(counting)
    size_m = Estimate(by_size.estimate.value, math.hypot(by_size.estimate.se, doubt_m))
    whole = Estimate(size_m.value, math.hypot(size_m.se, PEOPLE_SIZE_SE * size_m.value))
    fused = fuse({"size": whole, **floor})
    used = tuple(cue for name in fused.used for cue in (by_size.used if name == "size" else (name,)))
    return size_m, Fused(fused.estimate, used)


def _ranges(
    body: BodySighting,
    face: FaceSighting | None,
    joints: Joints,
    frame_size: tuple[int, int],
    camera: Camera,
) -> tuple[dict[str, Estimate], Estimate | None, dict[str, float]]:
    """The range over the floor, from below the camera, by the size of face and body, by the feet, and that each part gives alone."""
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
    legs_hidden = sized is not None and "stature" in sized.sizes_m and "stature" not in sized.parts
    # Legs too short for the trunk above them end where something hides the feet.
    floor_m = None if legs_hidden else _floor_range(body, joints, frame_size, camera)
    if floor_m is not None:
        parts_m["floor"] = floor_m.value
    if not found and floor_m is None:
        whole = range_from_box(body, frame_size, camera)
        if whole is not None:
            found["body"] = whole
            parts_m["box"] = whole.value
    return found, floor_m, parts_m


def _floor_range(
    body: BodySighting, joints: Joints, frame_size: tuple[int, int], camera: Camera
) -> Estimate | None:
    """From ankles that are seen; of somebody who sits, to their trunk."""
    feet = ankle_foot_px(body, frame_size)
    if feet is None:
        return None
    # Feet are soft: shoes, shadows and the step of a walker, a few hundredths of the body's height.
    soft = 0.02 * (body.box_px[3] - body.box_px[1])
    on_floor = footing(camera, frame_size, feet, math.hypot(keypoint_se_px(body, frame_size), soft))
    if on_floor is None:
        return None
    if not sits(joints, camera):
        return Estimate(on_floor.range_m, on_floor.range_se_m)
    return Estimate(on_floor.range_m + FEET_AHEAD_M.value, math.hypot(on_floor.range_se_m, FEET_AHEAD_M.se))


def _without_turned_body(found: dict[str, Estimate]) -> tuple[dict[str, Estimate], float]:
    """A body that looks too small for the range of the face has turned or bent: that is no contradiction, but counts less.

    How much less grows smoothly, lest a person jump to and fro while their body is about to turn.

    Returns:
        What counts, and the standard error that the doubt adds to all of it.
    """
    body = found.get("body")
    others = {name: cue for name, cue in found.items() if name != "body"}
    if body is None or not others:
        return found, 0.0
    rest = fuse(others).estimate
    too_far_sigma = (body.value - rest.value) / math.hypot(body.se, rest.se)
    surely = min(max(too_far_sigma / DOUBTED_SIGMA, 0.0), 1.0)
    doubt_m = DOUBT_SHARE * surely * (body.value - rest.value)
    if too_far_sigma > TURNED_SIGMA:
        return others, doubt_m
    return others | {"body": Estimate(body.value, body.se * max(1.0, too_far_sigma) ** 2)}, doubt_m


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
