"""Whether somebody sits, whose feet then are not below them: before a chair, or up on the plates of a wheelchair."""

from edge.observation import Estimate
from edge.settings.desk_toml import Camera
from edge.space.floor import heading_of
from edge.space.joints import Joints

SITTING_SHARE = 0.6
"""Whose thighs drop by less than this share of what their shins do sits: 1 of who stands, .8 amid a step, .2 to .4 on chair and wheelchair."""
SHORT_LEGS = 0.9
"""Where knees are hidden: whose hips are above their ankles by less than this share of what their face is above the hips. Adults who stand
have 1.25, small children 1.1."""
FEET_AHEAD_M = Estimate(0.15, 0.30)
"""How far the feet of somebody who sits seem before their trunk: 0.45 m towards where they face, less what plates 15 cm up take of it."""


def sits(joints: Joints, camera: Camera) -> bool:
    """Whether a body whose hips and ankles are seen sits."""
    if joints.hips is None or joints.ankles is None:
        return False
    hips, ankles = (heading_of(camera, part)[2] for part in (joints.hips, joints.ankles))
    if joints.knees is not None:
        knees = heading_of(camera, joints.knees)[2]
        return hips - knees < SITTING_SHARE * (knees - ankles)
    if joints.head is None:
        return False
    return hips - ankles < SHORT_LEGS * (heading_of(camera, joints.head)[2] - hips)
