"""The host's page as it runs on a desk: its own process, before a desk that the test plays."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from edge.feedback.cue import Cue, CueKind
from edge.live.page_point import PagePoint, page_file
from edge.live.pin_book import PinBook
from edge.page.page_state import PageState, ends_at
from tests.worlds.delivery.mosquitto import PROJECT

SOON_S = 60.0
DESK = """
[desk]
device = "desk-7"

[page]
port = {port}

[storage]
spool = "{folder}/spool.db"
"""


class PlayedDesk:
    """The desk's end of the page: what the test says is shown, again and again as the desk's loop does."""

    def __init__(self, folder: Path, pins: PinBook | None = None) -> None:
        self.point = PagePoint(page_file(folder / "spool.db"), pins, time.monotonic)
        assert self.point.trouble is None

    def show(
        self, kind: CueKind, *, left_s: float | None = None, rings: int | None = None, **also: Any
    ) -> None:
        signed_in = also.get("person") is not None
        cue = Cue(kind, measuring=True, seconds_left=left_s, rings=rings, signed_in=signed_in)
        ends_s = ends_at(cue, time.monotonic())
        state: dict[str, Any] = {"within_s": 5.0, "takes_pin": self.point.takes_pin, **also}
        self.point.show(PageState(cue=cue, ends_s=ends_s, **state))


class PageProcess:
    """``deskside page``, and where a browser begins."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (folder / "desk.toml").write_text(DESK.format(port=self.port, folder=folder))
        self._folder = folder
        self._log = (folder / "page.log").open("wb")
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from edge.cli import main; main()", "page"]
        command += ["--desk", str(self._folder / "desk.toml"), "--runtime", str(self._folder)]
        process = subprocess.Popen(command, cwd=PROJECT, stdout=self._log, stderr=self._log)
        deadline_s = time.monotonic() + SOON_S
        while time.monotonic() < deadline_s:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1.0):
                return process
            assert process.poll() is None, (self._folder / "page.log").read_text()
            time.sleep(0.05)
        raise AssertionError("the page does not listen")

    def begin_anew(self) -> None:
        self.process.kill()
        self.process.wait(30)
        self.process = self._started()

    @property
    def start(self) -> Path:
        """The file from which the kiosk's browser starts."""
        return self._folder / "start.html"

    @property
    def token(self) -> str:
        found = re.search(r"/start/([^\"]+)\"", self.start.read_text())
        assert found is not None
        return found[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def end(self) -> None:
        self.process.terminate()
        assert self.process.wait(30) == 0
        self._log.close()


@contextmanager
def host_page(folder: Path, pins: PinBook | None = None) -> Iterator[tuple[PlayedDesk, PageProcess]]:
    desk = PlayedDesk(folder, pins)
    page = PageProcess(folder)
    try:
        yield desk, page
    finally:
        page.end()
        desk.point.close()
