"""Which video devices are USB cameras, by a tree as Linux makes it, and what is said of one that cannot be opened."""

from pathlib import Path

import pytest

from edge.camera.opening import open_source
from edge.camera.source import SourceError
from edge.camera.usb import UsbCamera, usb_cameras
from edge.settings.desk_toml import Camera


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    """A Pi with its codec, and a webcam with a device for pictures and one for metadata."""
    devices, listed = tmp_path / "devices", tmp_path / "class" / "video4linux"
    usb = devices / "pci0000:00" / "usb1" / "1-1" / "1-1:1.0"
    codec = devices / "platform" / "soc" / "bcm2835-codec"
    for name, parent, index, title in (
        ("video10", codec, 0, "bcm2835-codec-decode"),
        ("video2", usb, 1, "Desk Webcam: metadata"),
        ("video1", usb, 0, "Desk Webcam"),
        ("video12", usb.parent / "1-2:1.0", 0, "Second Webcam"),
    ):
        node = listed / name
        node.mkdir(parents=True)
        parent.mkdir(parents=True, exist_ok=True)
        (node / "index").write_text(f"{index}\n")
        (node / "name").write_text(f"{title}\n")
        (node / "device").symlink_to(parent)
    return listed


def test_the_cameras_are_those_on_usb_that_give_pictures_by_their_number(sysfs: Path) -> None:
    assert usb_cameras(sysfs) == [
        UsbCamera("/dev/video1", "Desk Webcam"),
        UsbCamera("/dev/video12", "Second Webcam"),
    ]


def test_a_machine_without_video_devices_has_none(tmp_path: Path) -> None:
    assert usb_cameras(tmp_path / "nothing") == []


def test_a_device_that_is_not_there_is_told_with_what_to_do() -> None:
    with pytest.raises(
        SourceError, match=r"/dev/video250: cannot be opened \(No such file .*plugged in, and `v4l2-ctl"
    ):
        open_source(Camera(name="door", watches="customers", source="/dev/video250"))


@pytest.mark.parametrize("source", ["usb:9", "usb:first", "picamera:first", "camera", "http://here/there"])
def test_a_source_that_is_none_is_answered_with_what_there_is(source: str) -> None:
    with pytest.raises(SourceError) as refused:
        open_source(Camera(name="door", watches="customers", source=source))
    assert str(refused.value).startswith(f"{source}: ")
    for kind in ("picamera:0", "usb:0", "/dev/video0", "rtsp://", "video", "folder of numbered JPEGs"):
        assert kind in str(refused.value)
