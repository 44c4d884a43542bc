"""The central service as the demo runs it: its own process, reached through the broker alone."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from protocol.errors import MendableError

_STOP_S = 10.0


class CentralError(MendableError):
    """The central service did not do what the demo needs of it."""


def _command() -> list[str]:
    """The service's command, beside the Python that runs this."""
    return [str(Path(sys.executable).with_name("deskside-central"))]


@contextlib.contextmanager
def running_central(port: int, database: Path, log: Path) -> Iterator[None]:
    """`deskside-central serve` for as long as the context lasts."""
    arguments = ["serve", "--broker", f"127.0.0.1:{port}", "--db", f"sqlite:///{database}"]
    with log.open("wb") as output:
        process = subprocess.Popen([*_command(), *arguments], stdout=output, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def report(database: Path, standard: str, page: Path) -> str:
    """The report as the service prints it; its page is written to a file.

    Raises:
        CentralError: There is nothing to report, or the database cannot be read.
    """
    arguments = ["report", "--db", f"sqlite:///{database}", "--standard", standard, "--out", str(page)]
    done = subprocess.run([*_command(), *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        raise CentralError(f"the report could not be made: {done.stderr.strip()}")
    return done.stdout
