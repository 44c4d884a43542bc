"""Telephone lines whose pins refuse are tried again, beside all the others, and say so once."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gpiozero import devices
from gpiozero.pins import mock

from edge.live.phone_lines import LivePhone
from edge.observation import Edge, EdgesLost, LineBack, LineLost
from edge.settings.desk_toml import PhoneLine

mocked: Any = mock  # gpiozero carries no types.
LINES = (PhoneLine(name="1", ring_pin=23, hook_pin=24), PhoneLine(name="2", ring_pin=25))
Polled = Edge | EdgesLost | LineLost | LineBack


class LgpioError(Exception):
    """As lgpio's own error, it has no kin."""


class Board:
    """Pins, some of which another program holds, or on which the driver hangs."""

    def __init__(self, factory: Any) -> None:
        self.factory = factory
        self.held: set[int] = set()
        self.hangs: set[int] = set()
        self.freed = threading.Event()
        self.attempts = 0
        self._pin = factory.pin

    def pin(self, number: int) -> Any:
        if number in self.hangs:
            assert self.freed.wait(60.0)
        if number in self.held:
            self.attempts += 1
            raise LgpioError("'GPIO busy'")
        return self._pin(number)


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    factory = mocked.MockFactory()
    board = Board(factory)
    monkeypatch.setattr(factory, "pin", board.pin)
    monkeypatch.setattr(devices.Device, "pin_factory", factory)
    yield board
    board.freed.set()
    factory.reset()


class Poller:
    """Polls the telephone while its time passes; pins are opened on threads of their own."""

    def __init__(self, began_s: float = 100.0) -> None:
        self.now_s = began_s
        self.phone = LivePhone(LINES, began_s)
        self.polled: list[Polled] = []

    def until(self, done: Callable[[], bool]) -> bool:
        for _ in range(2000):
            self.polled += self.phone.poll(self.now_s)
            if done():
                return True
            self.now_s += 0.05
            time.sleep(0.001)
        return False

    def edges_of(self, line: str) -> set[str]:
        return {each.pin for each in self.polled if isinstance(each, Edge) and each.line == line}

    def changes(self) -> list[Polled]:
        return [each for each in self.polled if isinstance(each, LineLost | LineBack)]


@pytest.mark.parametrize("held", [{23}, {24}, {23, 24}])
def test_a_line_whose_pins_are_busy_at_the_start_is_heard_once_they_are_free_and_the_other_all_along(
    board: Board, caplog: pytest.LogCaptureFixture, held: set[int]
) -> None:
    board.held = held
    with caplog.at_level(logging.WARNING):
        it = Poller()
        assert it.until(lambda: board.attempts >= 3 and it.edges_of("2") == {"ring"})
        assert it.edges_of("1") == set(), "nothing of a line that is not wholly heard"
        (trouble,) = it.phone.troubles
        assert trouble.startswith(f"line 1: {'ring' if 23 in held else 'hook'}_pin ")
        assert "is busy, likely held by " in trouble
        assert "deskside" in trouble, "the likely holder"
        (lost,) = it.changes()
        assert lost == LineLost(100.0, "1", lost.reason if isinstance(lost, LineLost) else "")
        assert len(caplog.records) == 1
        board.held = set()
        assert it.until(lambda: it.edges_of("1") == {"ring", "hook"})
        assert it.phone.troubles == ()
        (_, back) = it.changes()
        assert isinstance(back, LineBack)
        assert it.polled.index(back) < min(
            index for index, each in enumerate(it.polled) if isinstance(each, Edge) and each.line == "1"
        )
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    it.phone.close()


def test_lines_whose_pins_are_free_are_heard_without_a_word(
    board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        it = Poller()
        assert it.until(lambda: it.edges_of("1") == {"ring", "hook"} and it.edges_of("2") == {"ring"})
    assert it.changes() == []
    assert caplog.records == []
    it.phone.close()


def test_a_driver_that_hangs_holds_up_neither_the_loop_nor_the_other_line(
    board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    board.hangs = {23}
    with caplog.at_level(logging.WARNING):
        it = Poller()
        assert it.until(lambda: bool(it.changes()) and it.edges_of("2") == {"ring"})
        assert it.now_s >= 115.0
        assert list(it.phone.troubles) == ["line 1: it does not open within 15 s: its driver hangs"]
        board.freed.set()
        assert it.until(lambda: it.edges_of("1") == {"ring", "hook"})
        assert it.phone.troubles == ()
    assert [type(each) for each in it.changes()] == [LineLost, LineBack]
    it.phone.close()
