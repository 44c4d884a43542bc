"""Network cameras, from a real RTSP server in a process of its own."""

import itertools
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from edge.camera.delivery import PATIENCE_S
from edge.camera.opening import open_source
from edge.camera.source import SourceError
from edge.camera.stream import arrival_s
from edge.settings.desk_toml import Camera
from tests.not_tested import needs

SERVER = Path(__file__).parent / "rtsp" / "serve.py"
DEBIANS_PYTHON = Path("/usr/bin/python3")
PACKAGES = "gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly"


class Server:
    """The server, which a test may hold or end."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process = process
        self.port = port

    def camera(self, path: str = "desk", login: str = "") -> Camera:
        return Camera(name="door", watches="customers", source=f"rtsp://{login}127.0.0.1:{self.port}/{path}")


@pytest.fixture
def server() -> Iterator[Server]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if not DEBIANS_PYTHON.exists() or shutil.which("apt-get") is None:
        needs("GStreamer's RTSP server", f"on Debian, apt-get install {PACKAGES}")
    with subprocess.Popen(
        [DEBIANS_PYTHON, SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        if not port:
            needs("GStreamer's RTSP server", f"apt-get install {PACKAGES}")
        yield Server(process, int(port))
        process.kill()


def test_a_network_camera_delivers_pictures_at_their_arrival(server: Server) -> None:
    source = open_source(server.camera())
    assert source.live
    began_s = time.monotonic()
    frames = list(itertools.islice(source, 20))
    source.close()
    assert {frame.rgb.shape for frame in frames} == {(240, 320, 3)}
    assert all(began_s < frame.t_s <= time.monotonic() for frame in frames)
    assert (np.diff([frame.t_s for frame in frames]) > 0.0).all()
    assert not np.array_equal(frames[0].rgb, frames[-1].rgb)


def test_a_camera_that_falls_silent_is_an_error_in_words_and_without_its_password(server: Server) -> None:
    source = open_source(server.camera(login="guest:secret@"))
    frames = iter(source)
    next(frames)
    server.process.send_signal(signal.SIGSTOP)
    began_s = time.monotonic()
    with pytest.raises(
        SourceError, match=r"/desk: stopped \(no answer within .* address, user, password"
    ) as stopped:
        list(frames)
    assert time.monotonic() - began_s < 4 * PATIENCE_S
    assert "secret" not in str(stopped.value)
    source.close()
    server.process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize(("path", "told"), [("nowhere", "404"), ("sound", "sends no video")])
def test_what_a_server_does_not_have_is_told_in_words(server: Server, path: str, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        open_source(server.camera(path, login="guest:secret@"))


def test_an_address_where_nobody_answers_is_told_without_the_password() -> None:
    with pytest.raises(
        SourceError, match=r"^rtsp://127\.0\.0\.1:9/desk: cannot be opened \(Connection refused\)"
    ):
        open_source(Camera(name="door", watches="customers", source="rtsp://guest:secret@127.0.0.1:9/desk"))


def test_a_kernels_stamp_is_kept_and_any_other_clocks_is_not() -> None:
    assert arrival_s(99.9, 100.0) == 99.9
    assert [arrival_s(other_s, 100.0) for other_s in (None, 0.0, 100.1, 1.7e9)] == [100.0] * 4
