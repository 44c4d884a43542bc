"""Whoever takes turns in a benchmark: a process in an environment of its own, which does a round when it is told to."""

import os
import subprocess
from collections.abc import Mapping, Sequence

from benchmarks.mediapipe_environment import PROJECT


class Contestant:
    """A worker process that has loaded its footage and waits.

    Args:
        name: Of the contestant.
        worker: The command that starts it; it prints ``ready``, and then a line for each line it reads.
        environment: Variables of its own.

    Raises:
        SystemExit: It does not start.
    """

    def __init__(
        self, name: str, worker: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self._process = subprocess.Popen(
            worker,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT), **(environment or {})},
        )
        if self._answer() != "ready":
            raise SystemExit(f"{name}: the worker did not start; run `{' '.join(worker)}` to see why")

    def asked(self, line: str) -> list[str]:
        """The words of its answer."""
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)
        return self._answer().split()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()
