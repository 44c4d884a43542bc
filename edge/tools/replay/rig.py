"""The footage of a replay: which clip stands for which camera, and when it begins on the rig's timeline."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from edge.settings.desk_toml import Camera, Settings
from protocol.errors import MendableError
from protocol.home import at_home

Role = Literal["customers", "staff", "both"]


class RigError(MendableError):
    """The footage given makes no rig; the message says what to give instead."""


@dataclass(frozen=True, slots=True)
class Footage:
    """A clip that takes the place of a camera."""

    role: Role
    path: Path
    offset_s: float = 0.0


def parse_footage(text: str) -> Footage:
    """``customers=CLIP``, ``staff=CLIP@OFFSET_S`` or ``both=CLIP``.

    Raises:
        RigError: It is none of these, or the clip does not exist.
    """
    role, equals, rest = text.partition("=")
    if not equals or role not in get_args(Role):
        raise RigError(
            f"{text!r}: give customers=CLIP, staff=CLIP or both=CLIP, each with @SECONDS behind it where it begins later"
        )
    rest = at_home(rest)
    path, offset_s = Path(rest), 0.0
    if not path.exists() and (placed := re.fullmatch(r"(.+)@([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)", rest)):
        path, offset_s = Path(placed[1]), float(placed[2])
    if not path.exists():
        raise RigError(f"{path}: there is no such clip")
    if offset_s < 0:
        raise RigError(f"{text!r}: the rig's timeline begins at 0; an offset cannot be negative")
    return Footage(cast("Role", role), path, offset_s)


def rig_of(footage: list[Footage], settings: Settings) -> list[tuple[Camera, Footage]]:
    """The cameras of a rig, each with its clip; a camera that desk.toml declares keeps its lens, mount, zones and masks.

    Raises:
        RigError: A role is given twice, or ``both`` beside another.
    """
    roles = [clip.role for clip in footage]
    if len(set(roles)) < len(roles) or ("both" in roles and len(roles) > 1):
        raise RigError(f"{' and '.join(roles)}: give one clip each for customers and staff, or one for both")
    declared = {camera.watches: camera for camera in settings.cameras}
    rig = []
    for clip in footage:
        camera = declared.get(clip.role) or Camera(name=clip.role, watches=clip.role)
        rig.append((camera.model_copy(update={"source": str(clip.path)}), clip))
    return rig
