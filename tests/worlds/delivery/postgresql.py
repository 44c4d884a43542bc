"""A PostgreSQL server of the tests' own, on a free port, that can be killed and started again; a database for each test."""

import getpass
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.not_tested import needs
from tests.worlds.delivery.mosquitto import free_port

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
"""Where Debian puts the server's programs, by version: they are on nobody's PATH."""

MEMORY = Path("/dev/shm")  # noqa: S108  Where Linux keeps files in memory; the folder below it is ours alone.


def program(name: str) -> str:
    """A program of the newest server that is installed."""
    found = shutil.which(name, path=os.pathsep.join([*map(str, reversed(INSTALLED)), os.environ["PATH"]]))
    if found is None:
        needs("PostgreSQL", "apt-get install postgresql")
    return found


class PostgreSQL:
    """One server; its port and its databases stay the same through kills."""

    def __init__(self, *, fsync: bool = False) -> None:
        """Prepare one; without ``fsync`` it is safe from its own death, which is all that a test can bring about."""
        self._initdb, self._server = program("initdb"), program("postgres")
        self.port = free_port()
        # The server's user may not enter a test's own folder; in memory nothing waits for a slow disk.
        place = None if fsync or not MEMORY.is_dir() else MEMORY
        self.folder = Path(tempfile.mkdtemp(prefix="deskside-postgresql-", dir=place))
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._as: list[str] = []
        self._fsync = "on" if fsync else "off"
        self.user = getpass.getuser()
        if os.geteuid() == 0:
            # The server refuses to run as root.
            try:
                owner = pwd.getpwnam("postgres")
            except KeyError:
                needs("the user postgres", "apt-get install postgresql")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            self.user = "postgres"

    def make(self) -> None:
        """Make the server's files."""
        options = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", self.user, "-N"]
        made = subprocess.run(
            [*self._as, self._initdb, "-D", str(self.folder / "data"), *options],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr

    def start(self) -> None:
        options = ["-p", str(self.port), "-k", str(self.folder), "-c", "listen_addresses=127.0.0.1"]
        options += ["-c", f"fsync={self._fsync}"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as, self._server, "-D", str(self.folder / "data"), *options],
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        until_s = time.monotonic() + 30
        while self._psql("postgres", "SELECT 1").returncode:
            if time.monotonic() > until_s or self._process.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: {self.log}")
            time.sleep(0.1)

    def new_database(self) -> str:
        """The URL of a database with nothing in it."""
        name = f"test_{next(self._numbers)}"
        made = self._psql("postgres", f"CREATE DATABASE {name}")
        assert made.returncode == 0, made.stderr
        return f"postgresql+psycopg://{self.user}@127.0.0.1:{self.port}/{name}"

    @property
    def log(self) -> str:
        """All that the server wrote."""
        return (self.folder / "log").read_text()

    def log_statements_of(self, url: str) -> None:
        """Have every statement logged that connections made from now on run in a database of ours."""
        done = self._psql("postgres", f"ALTER DATABASE {url.rpartition('/')[2]} SET log_statement = 'all'")
        assert done.returncode == 0, done.stderr

    def end(self, number: signal.Signals = signal.SIGQUIT) -> None:
        """SIGINT ends it in good order and cuts connections; SIGQUIT leaves its files as a power cut does."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None

    def remove(self) -> None:
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _psql(self, database: str, statement: str) -> subprocess.CompletedProcess[str]:
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, "-d", database]
        return subprocess.run(
            [program("psql"), "-q", "-X", *address, "-c", statement],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
        )
