"""Which video devices are USB cameras, by a tree as Linux makes it, and what is said of one that cannot be opened."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from edge.camera.opening import open_source
from edge.camera.source import SourceError
from edge.camera.usb import UsbCamera, usb_cameras
from edge.settings.desk_toml import Camera
from tests.not_tested import needs


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


LOOK = """
import sys, time
from itertools import islice
from edge.camera.opening import open_source
from edge.camera.source import SourceError
from edge.settings.desk_toml import Camera

try:
    source = open_source(Camera(name="door", watches="customers", source="/dev/video7", width=640, height=360, rate_hz=30))
    for frame in islice(source, 8):
        height, width, _ = frame.rgb.shape
        print(source.live, width, height, round(float(frame.rgb.mean()), 1), frame.t_s, time.monotonic())
    source.close()
except SourceError as error:
    print(error)
"""
"""Takes frames of the camera, and prints what came of each."""


@pytest.fixture(scope="module")
def webcam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FFmpeg's own V4L2 code on a webcam that answers in the kernel's place."""
    library = tmp_path_factory.mktemp("webcam") / "webcam.so"
    if shutil.which("gcc") is None:
        needs("a C compiler", "apt-get install gcc libc6-dev")
    code = Path(__file__).parent / "v4l2" / "webcam.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, code, "-ldl"], check=True, timeout=60)
    return library


def seen(webcam: Path, code: str = LOOK, **trouble: str) -> list[str]:
    environment = {**os.environ, "LD_PRELOAD": str(webcam), **trouble}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.splitlines()


def test_a_webcam_without_jpegs_delivers_what_it_has_at_the_kernels_times(webcam: Path) -> None:
    frames = [line.split() for line in seen(webcam)]
    assert [frame[:3] for frame in frames] == [["True", "640", "360"]] * 8
    levels = [float(frame[3]) for frame in frames]
    assert levels == sorted(set(levels)), "each is lighter than the one before"
    times_s = [float(frame[4]) for frame in frames]
    assert times_s == sorted(set(times_s))
    assert all(0.0 <= float(frame[5]) - float(frame[4]) < 2.0 for frame in frames)


def test_a_webcam_that_is_pulled_out_says_so_after_its_last_frame(webcam: Path) -> None:
    *frames, told = seen(webcam, UNPLUG_AFTER="5")
    assert len(frames) == 5
    assert told.startswith("/dev/video7: stopped (No such device)")


def test_a_webcam_that_another_program_has_is_told_with_who_to_look_for(webcam: Path) -> None:
    (told,) = seen(webcam, BUSY="1")
    assert "cannot be opened (Device or resource busy)" in told
    assert "fuser /dev/video" in told


def test_a_webcam_that_hangs_does_not_hold_up_doctor(webcam: Path) -> None:
    code = """
from edge.live.camera_check import check_camera
from edge.settings.desk_toml import Camera
from edge.tools.doctor import within

camera = Camera(name="door", watches="customers", source="/dev/video7")
for found in within(2.0, "camera door", lambda: check_camera(camera, None)):
    print(found.verdict, found.found)
"""
    assert seen(webcam, code, HANG="1") == ["bad does not answer within 2 s"]
