"""Signing in at the live desk, through its socket."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.live.sign_in_point import NotSignedInError, SignInPoint, sign_in, sign_in_file
from edge.observation import SignedIn


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Of a desk whose spool lies deeper than a socket's own address may be long."""
    folder = tmp_path / ("a" * 60) / ("b" * 60)
    folder.mkdir(parents=True)
    return sign_in_file(folder / "spool.db")


@pytest.fixture
def point(file: Path) -> Iterator[SignInPoint]:
    point = SignInPoint(file)
    yield point
    point.close()


def test_who_signs_in_and_where_they_are_comes_in_in_order(point: SignInPoint, file: Path) -> None:
    sign_in(file, "lin", in_front=False)
    sign_in(file, "lin", in_front=True)
    sign_in(file, None, in_front=None)
    assert point.trouble is None
    assert list(point.poll(7.0)) == [
        SignedIn(7.0, "lin", in_front=False),
        SignedIn(7.0, "lin", in_front=True),
        SignedIn(7.0),
    ]
    assert list(point.poll(8.0)) == []


@pytest.mark.parametrize(
    "junk", [b"", b"lin", b'{"person": 3}', b'{"person": "lin", "x": 1}', b"\xff" * 2000]
)
def test_what_is_no_sign_in_is_passed_over(
    point: SignInPoint, file: Path, junk: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
        sending.sendto(junk, file.name)
    sign_in(file, "wu", in_front=None)
    assert [each.person for each in point.poll(1.0)] == ["wu"]


def test_without_a_desk_the_sign_in_says_what_to_do(file: Path) -> None:
    with pytest.raises(NotSignedInError, match="is `deskside run` at work"):
        sign_in(file, "lin", in_front=None)
    SignInPoint(file).close()
    with pytest.raises(NotSignedInError, match="is `deskside run` at work"):
        sign_in(file, "lin", in_front=None)


def test_a_desk_that_was_killed_leaves_no_socket_in_the_way(file: Path) -> None:
    killed = SignInPoint(file)
    again = SignInPoint(file)
    sign_in(file, "lin", in_front=None)
    assert [each.person for each in again.poll(1.0)] == ["lin"]
    assert list(killed.poll(1.0)) == []
    killed.close()
    again.close()


def test_a_desk_that_cannot_open_it_says_so_and_goes_on(tmp_path: Path) -> None:
    point = SignInPoint(tmp_path / "no-such-folder" / "sign-in")
    assert point.trouble is not None
    assert point.trouble.startswith("nobody can sign in: ")
    assert list(point.poll(1.0)) == []
    point.close()
