"""The desk's end of the host's page: no page holds the desk up, and a desk that hangs has none."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.feedback.cue import Cue, CueKind
from edge.live.page_point import MOST_PAGES, PagePoint
from edge.page.page_state import PageRequest, PageState, read_request

SOON_S = 30.0
READY = PageState(Cue(CueKind.READY, measuring=True), within_s=5.0)
ATTENDED = PageState(Cue(CueKind.ATTENDED, measuring=True), within_s=5.0)


class Winding:
    def __init__(self) -> None:
        self.t_s = 100.0

    def now_s(self) -> float:
        return self.t_s


@pytest.fixture
def clock() -> Winding:
    return Winding()


@pytest.fixture
def point(tmp_path: Path, clock: Winding) -> Iterator[PagePoint]:
    point = PagePoint(tmp_path / "page", None, clock.now_s)
    yield point
    point.close()


def connected(tmp_path: Path) -> socket.socket:
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.settimeout(SOON_S)
    link.connect(str(tmp_path / "page"))
    return link


def next_line(link: socket.socket) -> dict[str, Any]:
    line = b""
    while not line.endswith(b"\n"):
        read = link.recv(1)
        assert read, "the connection is over"
        line += read
    said: dict[str, Any] = json.loads(line)
    return said


def test_a_page_that_comes_is_told_at_once_and_again_when_something_changes(
    tmp_path: Path, point: PagePoint
) -> None:
    point.show(READY)
    with connected(tmp_path) as link:
        assert next_line(link)["cue"] == "ready"
        point.show(ATTENDED)
        while next_line(link)["cue"] != "attended":
            pass


def test_what_a_desk_that_hangs_said_last_is_passed_on_with_its_age_and_then_no_more(
    tmp_path: Path, point: PagePoint, clock: Winding
) -> None:
    point.show(READY)
    with connected(tmp_path) as link:
        assert next_line(link)["age_s"] < 1.0
        clock.t_s += 1.5
        while (said := next_line(link))["age_s"] < 1.0:
            pass
        assert said["cue"] == "ready"
        clock.t_s += 3.0
        link.settimeout(1.5)
        with pytest.raises(TimeoutError):
            read_on(link)
        point.show(READY)
        link.settimeout(SOON_S)
        assert next_line(link)["cue"] == "ready"


def test_a_page_that_does_not_read_is_let_go_and_others_go_on(tmp_path: Path, point: PagePoint) -> None:
    with connected(tmp_path) as deaf, connected(tmp_path) as link:
        point.show(READY)
        next_line(link)
        deadline_s = time.monotonic() + SOON_S
        number = 0
        while len(point._pages) > 1:
            assert time.monotonic() < deadline_s
            number += 1
            point.show(ATTENDED if number % 2 else READY)
            assert link.recv(65536)
        assert deaf.recv(10), "what fitted is there"
        point.show(READY if number % 2 else ATTENDED)
        assert link.recv(10)


def read_on(link: socket.socket) -> None:
    """Read until nothing comes."""
    while True:
        next_line(link)


def test_no_more_pages_come_in_than_a_desk_has(tmp_path: Path, point: PagePoint) -> None:
    point.show(READY)
    links = [connected(tmp_path) for _ in range(MOST_PAGES)]
    for link in links:
        next_line(link)
    with connected(tmp_path) as one_more:
        assert one_more.recv(10) == b""
    for link in links:
        link.close()


def test_what_is_no_request_is_passed_over_and_what_has_no_end_is_cut(
    tmp_path: Path, point: PagePoint
) -> None:
    with connected(tmp_path) as link:
        link.sendall(b'{"number":1,"do":"dance"}\nnonsense\n{"number":2,"do":"help","kind":"technical"}\n')
        while next_line(link).get("answers") != 2:
            pass
        assert list(point.poll()) == [PageRequest(number=2, do="help", kind="technical")]
        link.sendall(b"x" * 10000)
        try:
            while link.recv(1000):
                pass
        except ConnectionResetError:
            pass


@given(st.binary(max_size=300))
def test_no_line_breaks_the_reading(line: bytes) -> None:
    request = read_request(line)
    assert request is None or request.do in {"pin", "sign_out", "help", "contest"}
