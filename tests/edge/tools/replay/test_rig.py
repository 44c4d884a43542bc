"""Clips are named on the command line by what they show, and begin where they are told to."""

from pathlib import Path

import pytest

from edge.settings.desk_toml import Camera, Settings
from edge.tools.replay.rig import Footage, RigError, parse_footage, rig_of


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "visit@3.mp4"
    path.touch()
    return path


def test_a_clip_may_begin_later_on_the_timeline(clip: Path) -> None:
    assert parse_footage(f"staff={clip}@12.5") == Footage("staff", clip, 12.5)


def test_an_at_sign_in_a_files_name_is_no_offset(clip: Path) -> None:
    assert parse_footage(f"customers={clip}") == Footage("customers", clip, 0.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("visitors=a.mp4", "give customers=CLIP"),
        ("a.mp4", "give customers=CLIP"),
        ("staff=nowhere.mp4", "there is no such clip"),
        ("staff=nowhere.mp4@3", "there is no such clip"),
    ],
)
def test_what_is_no_footage_is_answered_with_what_to_give(text: str, told: str) -> None:
    with pytest.raises(RigError, match=told):
        parse_footage(text)


def test_a_timeline_begins_at_zero(clip: Path) -> None:
    with pytest.raises(RigError, match="cannot be negative"):
        parse_footage(f"staff={clip}@-2")


def test_a_declared_camera_keeps_its_zones_and_takes_the_clip_for_its_source(clip: Path) -> None:
    zone = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))
    settings = Settings(cameras=(Camera(name="door", watches="customers", near_zone=zone),))
    ((camera, _),) = rig_of([Footage("customers", clip)], settings)
    assert (camera.name, camera.near_zone, camera.source) == ("door", zone, str(clip))


def test_one_camera_cannot_have_two_clips(clip: Path) -> None:
    with pytest.raises(RigError, match="give one clip each"):
        rig_of([Footage("both", clip), Footage("staff", clip)], Settings())
