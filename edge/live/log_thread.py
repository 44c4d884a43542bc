"""Writes the log on a thread of its own: a journal that hangs, as it does with its card, stops nobody who logs."""

import contextlib
import logging
import os
import queue
import threading

from protocol.printable import OneLineFormatter

MOST_WAITING = 1000
"""Lines that wait for a journal that hangs; a desk with a fault logs some ten a minute."""
FLUSH_S = 2.0
"""How long the end of the program waits for the last lines."""
STDERR = 2
"""The descriptor that systemd connects with its journal."""


class ThreadedLog(logging.Handler):
    """Writes records to a descriptor, in order, on a thread of its own; what finds no room is counted.

    Args:
        descriptor: Where to; no lock of Python's own files is held while it takes nothing, so that the program can end.
        most: Records that may wait.
    """

    def __init__(self, descriptor: int = STDERR, most: int = MOST_WAITING) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._records: queue.Queue[logging.LogRecord | None] = queue.Queue(most)
        self._dropped = 0
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a record on; never waits."""
        try:
            self._records.put_nowait(record)
        except queue.Full:
            self._dropped += 1

    def close(self) -> None:
        """Wait a moment for what is not written yet; what is not taken by then is left."""
        with contextlib.suppress(queue.Full):
            self._records.put(None, timeout=FLUSH_S)
            self._thread.join(FLUSH_S)
        super().close()

    def _write(self) -> None:
        while (record := self._records.get()) is not None:
            self._write_line(self.format(record))
            dropped, self._dropped = self._dropped, 0
            if dropped:
                self._write_line(f"WARNING {__name__}: {dropped} lines were dropped, nobody took them")

    def _write_line(self, line: str) -> None:
        left = f"{line}\n".encode(errors="backslashreplace")
        with contextlib.suppress(OSError):
            while left:
                left = left[os.write(self._descriptor, left) :]


def log_on_a_thread() -> None:
    """Write the log of this program to its standard error without ever waiting for who reads it."""
    handler = ThreadedLog()
    handler.setFormatter(OneLineFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.captureWarnings(capture=True)
