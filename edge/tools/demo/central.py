"""The central service as the demo runs it: its own process, reached through the broker alone."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

from edge.settings.desk_toml import Uplink
from protocol.errors import MendableError

START_S = 60.0
"""The service loads the database's library in 4 s on a Pi 4; a slow card or a busy machine may need far longer."""
LISTENS = b"listening to the desks"
"""What the service logs once the broker hands it what desks send (central/ingest/service.py)."""
SETTINGS = "central.toml"
"""The service's settings of the demo, beside its database."""
_STOP_S = 10.0
"""The service writes what has arrived within one second; longer means it hangs, and it is killed."""


class CentralError(MendableError):
    """The central service did not do what the demo needs of it."""


def _command(command: str, database: Path) -> list[str]:
    """A command of the service, beside the Python that runs this; with the demo's settings, not those of this machine's own service."""
    return [*_plain_command(command), "--config", str(database.with_name(SETTINGS))]


def _plain_command(command: str) -> list[str]:
    program = Path(sys.executable).with_name("deskside-central")
    if not program.exists():
        raise CentralError(
            "the demo needs the central service beside it: `pip install 'deskside[central]'`; a desk's package has none"
        )
    return [str(program), command]


def simulated_house(database: Path, device: str) -> tuple[str, str]:
    """Make a database in which everything is simulated; the name and the password of the account that reads it.

    Raises:
        CentralError: It cannot be made.
    """
    done = subprocess.run(
        [*_plain_command("simulate"), "--db", str(database), "--device", device],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise CentralError(f"the demo's database could not be made: {done.stderr.strip()}")
    name, password = done.stdout.split()
    return name, password


@contextlib.contextmanager
def running_central(way: Uplink, database: Path, log: Path, pages_port: int | None = None) -> Iterator[None]:
    """`deskside-central serve`, which listens to the desks for as long as the context lasts.

    Args:
        way: To the broker.
        database: A file of SQLite, made when it is not there.
        log: Where the service's words go.
        pages_port: Where its pages are opened; None: nowhere.

    Raises:
        CentralError: It ended, or does not come to listen.
    """
    database.with_name(SETTINGS).write_text(f'[broker]\nmqtt = "{way.mqtt}"\n')
    pages = ["--no-pages"] if pages_port is None else ["--at", f"127.0.0.1:{pages_port}"]
    arguments = [*pages, "--broker", f"{way.host}:{way.port}", "--db", str(database)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*_command("serve", database), *arguments], stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait_until(process, log, lambda: LISTENS in log.read_bytes())
            if pages_port is not None:
                _wait_until(process, log, lambda: _answers(pages_url(pages_port)))
            yield
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def pages_url(port: int) -> str:
    """The address of the service's pages at a port of this machine."""
    return f"http://127.0.0.1:{port}"


def _answers(url: str) -> bool:
    with contextlib.suppress(OSError), urlopen(f"{url}/health", timeout=START_S):  # noqa: S310  (our own address)
        return True
    return False


def _wait_until(process: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool]) -> None:
    """Wait for the service's own word: what a desk sends before is not heard, and sent again only after a while."""
    until_s = time.monotonic() + START_S
    while time.monotonic() < until_s and process.poll() is None:
        if ready():
            return
        time.sleep(0.05)
    said = log.read_text(errors="replace").strip() or "it said nothing"
    raise CentralError(f"the central service did not start: {said}")


def report(database: Path, standard: str, page: Path) -> str:
    """The report as the service prints it; its page is written to a file.

    Raises:
        CentralError: There is nothing to report, or the database cannot be read.
    """
    arguments = ["--db", str(database), "--standard", standard, "--out", str(page)]
    done = subprocess.run(
        [*_command("report", database), *arguments], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise CentralError(f"the report could not be made: {done.stderr.strip()}")
    return done.stdout
