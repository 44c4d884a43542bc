"""Spools of a test: the clock of their desk, what is put, and what is read of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.uplink.spool import Spool
from edge.uplink.spool_file import Spooled
from protocol.measurements import Gap

OpenSpool = Callable[..., Spool]


class World:
    """The clock of a desk, as a test sets it."""

    def __init__(self, boot: str = "1" * 32) -> None:
        self.offset_s = 1_700_000_000.0
        self.synced = False
        self.now_s = 50.0
        self.clock = Clock(
            monotonic=lambda: self.now_s,
            wall=lambda: self.now_s + self.offset_s,
            synced=lambda: self.synced,
            boot=boot,
        )


def numbered(number: int, words: int = 50) -> Gap:
    return Gap(start_s=float(number), end_s=number + 0.5, what=f"test {number}", reason="x" * words)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool" / "spool.db"


@pytest.fixture
def open_spool() -> Iterator[OpenSpool]:
    """Opens spools that are closed again when the test is over."""
    with ExitStack() as opened:

        def open_one(path: Path, device: str, clock: Clock, max_mb: int = 512) -> Spool:
            spool = Spool(path, device, clock, max_mb)
            spool.open()
            opened.callback(spool.close)
            return spool

        yield open_one


def everything(spool: Spool) -> list[Spooled]:
    return spool.after(0, 1_000_000)


def reasons(spool: Spool) -> list[str]:
    return [s.measurement.reason for s in everything(spool) if isinstance(s.measurement, Gap)]


def names(spool: Spool) -> list[str]:
    return [s.measurement.what for s in everything(spool) if isinstance(s.measurement, Gap)]
