"""Who may open the host's page, by what is sent over the wire to its own process."""

import http.client
import json
import os
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.feedback.cue import CueKind
from edge.page.page_key import PageError, start_file
from tests.worlds.host_page import PageProcess, PlayedDesk, host_page

PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PlayedDesk, PageProcess]]:
    with host_page(tmp_path_factory.mktemp("desk")) as world:
        yield world


def asked(
    page: PageProcess, path: str, method: str = "GET", body: str | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    link = http.client.HTTPConnection("127.0.0.1", page.port, timeout=PATIENCE_S)
    try:
        link.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = link.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        link.close()


def cookie(page: PageProcess) -> str:
    return f"deskside-page={page.token}"


def test_only_a_browser_with_the_token_sees_anything(world: tuple[PlayedDesk, PageProcess]) -> None:
    _, page = world
    for path in ("/", "/host.js", "/words/en", "/events", "/no-such", "/start/", "/start/" + "A" * 43):
        assert asked(page, path)[0] == 403
        assert asked(page, path, Cookie="deskside-page=" + "A" * 43)[0] == 403
    status, headers, _ = asked(page, f"/start/{page.token}")
    assert status == 200
    assert headers["Set-Cookie"] == f"{cookie(page)}; HttpOnly; SameSite=Strict; Path=/"
    assert [
        asked(page, path, Cookie=cookie(page))[0] for path in ("/", "/host.js", "/words/de", "/no-such")
    ] == [200, 200, 200, 404]


def test_every_answer_holds_the_browser_to_this_page(world: tuple[PlayedDesk, PageProcess]) -> None:
    _, page = world
    for path in ("/", f"/start/{page.token}", "/no-such"):
        _, headers, _ = asked(page, path, Cookie=cookie(page))
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"


def test_another_name_that_leads_here_is_turned_away(world: tuple[PlayedDesk, PageProcess]) -> None:
    _, page = world
    assert asked(page, "/", Cookie=cookie(page), Host=f"evil.example:{page.port}")[0] == 421
    assert asked(page, f"/start/{page.token}", Host="evil.example")[0] == 421


def test_nothing_is_done_for_another_site(world: tuple[PlayedDesk, PageProcess]) -> None:
    desk, page = world
    list(desk.point.poll())
    help_wanted = json.dumps({"do": "help", "kind": "technical"})
    kind = "application/json"
    said = {
        403: [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}],
        415: [{"Origin": page.url, "Content_Type": "text/plain"}],
    }
    for status, each in said.items():
        for headers in each:
            sent = {"Content_Type": kind, **headers}
            assert asked(page, "/do", "POST", help_wanted, Cookie=cookie(page), **sent)[0] == status
    assert asked(page, "/do", "POST", help_wanted, Origin=page.url, Content_Type=kind)[0] == 403
    assert list(desk.point.poll()) == []
    status, _, body = asked(
        page, "/do", "POST", help_wanted, Cookie=cookie(page), Origin=page.url, Content_Type=kind
    )
    assert (status, json.loads(body)["ok"]) == (200, True)
    assert len(list(desk.point.poll())) == 1


@pytest.mark.parametrize("body", ["", "[]", "null", "{", '"x"', "1"])
def test_what_is_no_request_is_none(world: tuple[PlayedDesk, PageProcess], body: str) -> None:
    _, page = world
    said = {"Cookie": cookie(page), "Origin": page.url, "Content_Type": "application/json"}
    assert asked(page, "/do", "POST", body, **said)[0] == 400


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET http://127.0.0.1/ HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /do HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"G\x00T / HTTP/1.1\r\n\r\n",
        b"A" * 20000,
        b"\xff" * 100 + b"\r\n\r\n",
    ],
)
def test_what_is_no_http_ends_its_connection_and_nothing_else(
    world: tuple[PlayedDesk, PageProcess], sent: bytes
) -> None:
    _, page = world
    with socket.create_connection(("127.0.0.1", page.port), PATIENCE_S) as link:
        link.sendall(sent)
        link.shutdown(socket.SHUT_WR)
        try:
            answer = link.recv(1000)
        except ConnectionResetError:
            answer = b""
        assert answer.startswith(b"HTTP/1.1 400") or answer == b""
    assert asked(page, "/", Cookie=cookie(page))[0] == 200


def test_the_stream_says_what_the_desk_says_and_nothing_of_its_own(
    world: tuple[PlayedDesk, PageProcess],
) -> None:
    desk, page = world
    with socket.create_connection(("127.0.0.1", page.port), PATIENCE_S) as link:
        link.sendall(
            f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\nCookie: {cookie(page)}\r\n\r\n".encode()
        )
        heard = b""
        deadline_s = time.monotonic() + PATIENCE_S
        while b"data: " not in heard and time.monotonic() < deadline_s:
            desk.show(CueKind.READY)
            link.settimeout(0.2)
            try:
                heard += link.recv(4000)
            except TimeoutError:
                continue
        assert b'"cue":"ready"' in heard
        # The desk says nothing more: what it said last is passed on for two seconds, and then nothing is.
        link.settimeout(6.0)
        with pytest.raises(TimeoutError):
            read_on(link)


def read_on(link: socket.socket) -> None:
    """Read until nothing comes."""
    while link.recv(4000):
        pass


def test_the_token_is_nobody_elses_and_the_same_within_a_boot(tmp_path: Path) -> None:
    file, token = start_file(tmp_path, 8411)
    assert stat.S_IMODE(file.stat().st_mode) & 0o007 == 0
    assert start_file(tmp_path, 8412) == (file, token)
    assert "8412" in file.read_text()
    file.unlink()
    assert start_file(tmp_path, 8411)[1] != token
    with pytest.raises(PageError, match="cannot be written"):
        start_file(tmp_path / "missing", 8411)


def test_the_page_listens_on_the_loopback_alone(world: tuple[PlayedDesk, PageProcess]) -> None:
    _, page = world
    listening = {
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{os.getpid()}/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    }
    assert f"0100007F:{page.port:04X}" in listening
    assert not {each for each in listening if each.endswith(f":{page.port:04X}")} - {
        f"0100007F:{page.port:04X}"
    }
