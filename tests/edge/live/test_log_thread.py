"""A journal that hangs takes no line, and stops nobody who logs."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from edge.live.log_thread import ThreadedLog

SOON_S = 30.0


def record(words: str) -> logging.LogRecord:
    return logging.LogRecord("desk", logging.INFO, "", 0, words, None, None)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    yield read, write
    for end in (read, write):
        with suppress(OSError):
            os.close(end)


def filled(write: int) -> None:
    os.set_blocking(write, False)
    with suppress(BlockingIOError):
        while True:
            os.write(write, bytes(4096))
    os.set_blocking(write, True)


def test_lines_come_in_their_order(pipe: tuple[int, int]) -> None:
    read, write = pipe
    log = ThreadedLog(write)
    for number in range(50):
        log.handle(record(f"line {number}"))
    log.close()
    os.close(write)
    with os.fdopen(os.dup(read)) as journal:
        assert journal.read().splitlines() == [f"line {number}" for number in range(50)]


def test_who_logs_never_waits_for_a_journal_that_takes_nothing_and_what_was_dropped_is_counted(
    pipe: tuple[int, int],
) -> None:
    read, write = pipe
    filled(write)
    log = ThreadedLog(write, most=10)

    def say() -> None:
        for number in range(100):
            log.handle(record(f"line {number}"))

    speaker = threading.Thread(target=say, daemon=True)
    speaker.start()
    speaker.join(SOON_S)
    assert not speaker.is_alive()
    text = b""
    while b"dropped" not in text:
        text += os.read(read, 65536).replace(b"\0", b"")
    assert b"line 0" in text
    assert b"lines were dropped, nobody took them" in text
    log.close()
