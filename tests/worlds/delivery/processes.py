"""The real processes that the faults happen to: a desk that measures, and the central service."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Self

from tests.worlds.delivery.edge_process import DEVICE
from tests.worlds.delivery.mosquitto import PROJECT


class DeskProcess:
    """Runs of a measuring desk, one after the other, over one spool."""

    def __init__(self, port: int, folder: Path) -> None:
        self.spool = folder / "spool.db"
        self._printed = folder / "printed.txt"
        self._run = 0
        self._log = (folder / "desk.log").open("ab")
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.worlds.delivery.edge_process",
                str(port),
                str(self.spool),
                str(self._printed),
            ],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._log.close()

    def measure_until_killed(self, after_s: float) -> None:
        """Let it measure, and take its life at that moment, wherever it is."""
        pid = self.start()
        time.sleep(after_s)
        self.kill(pid)

    def start(self) -> int:
        """Begin to measure without end; the process id."""
        return self._say("")

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        assert os.WTERMSIG(self._status()) == signal.SIGKILL, "it died of something else before"

    def measure(self, count: int) -> bool:
        """Measure some, and deliver whatever waits; whether all of it was acknowledged."""
        self._say(str(count))
        return self._status() == 0

    def printed(self) -> list[str]:
        """The measurements whose ``put`` had returned."""
        return self._printed.read_text().splitlines() if self._printed.exists() else []

    def _say(self, count: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"run {self._run} {count}\n")
        self._process.stdin.flush()
        self._run += 1
        return int(self._process.stdout.readline())

    def _status(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


class CentralProcess:
    """The central service as it is started in production, on SQLite."""

    def __init__(self, port: int, folder: Path) -> None:
        self._database = folder / "central.db"
        self._port = port
        self._log = folder / "central.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        program = "from central.cli import main; main()"
        options = ["--no-pages", "--broker", f"localhost:{self._port}", "--db", f"sqlite:///{self._database}"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", program, "serve", *options], cwd=PROJECT, stdout=log, stderr=log
            )

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stored(self) -> Counter[str]:
        """How often each measurement of the desk stands in the database."""
        with closing(sqlite3.connect(self._database)) as db:
            rows = db.execute("SELECT raw FROM event WHERE device = ?", (DEVICE,)).fetchall()
        return Counter(json.loads(raw)["data"]["what"] for (raw,) in rows)


def assert_exactly_once(desk: DeskProcess, central: CentralProcess, kills: int) -> None:
    """Everything whose ``put`` returned is stored, nothing twice, and nothing that was never put."""
    printed, stored = desk.printed(), central.stored()
    assert len(set(printed)) == len(printed)
    assert [what for what in printed if what not in stored] == []
    assert [what for what, times in stored.items() if times > 1] == []
    # Killed between the disk and the print, one measurement a run may be stored and not printed.
    assert len(stored) - len(printed) <= kills


def moments(seed: int, count: int, longest_s: float) -> list[float]:
    draw = random.Random(seed)
    return [draw.uniform(0.0, longest_s) for _ in range(count)]
