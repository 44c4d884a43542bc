"""Runs of the central service as its own process, which a test can stop, kill and starve of disk."""

import re
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.worlds.delivery.mosquitto import PROJECT


class CentralProcess:
    """One run of ``deskside-central serve`` after another on one database."""

    def __init__(self, port: int, folder: Path, database: str | None = None) -> None:
        self.file = folder / "central.db"
        self.log = folder / "central.log"
        self._command = [
            *(sys.executable, "-c", "from central.cli import main; main()", "serve", "--no-pages"),
            *("--broker", f"127.0.0.1:{port}", "--db", database or f"sqlite:///{self.file}"),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=PROJECT, stdout=log, stderr=log)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)

    def wait(self) -> int:
        """Until it ends by itself; its exit code."""
        assert self._process is not None
        return self._process.wait(60)

    def end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(20)

    def limit_files_to(self, size: int) -> None:
        assert self._process is not None
        _, hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, hard))

    def said(self, what: str) -> bool:
        return self.log.exists() and re.search(what, self.log.read_text()) is not None

    def stored(self) -> list[int]:
        if not self.file.exists():
            return []
        with closing(sqlite3.connect(self.file)) as db:
            return [row[0] for row in db.execute("SELECT sequence FROM event ORDER BY sequence")]
