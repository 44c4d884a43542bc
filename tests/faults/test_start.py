"""A desk always starts: whatever its disk refuses, it measures, says what it could not keep, and delivers from memory."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from edge.settings.last_good import LastGood
from protocol.shipped import STANDARDS
from tests.not_tested import needs
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto
from tests.worlds.delivery.processes import CentralProcess

DESK = """
[desk]
device = "desk-3"

[uplink]
host = "127.0.0.1"
port = {port}

[storage]
spool = "{state}/spool.db"
"""
PATIENCE_S = 60.0
SPOOL = tuple(f"spool.db{suffix}" for suffix in ("", "-wal", "-shm", "-journal"))
KEPT = ("last-good-desk.toml", "last-good-desk.new", "last-good-standard.toml", "last-good-standard.new")
CALLS = (
    "openat,open,mkdir,rename,renameat2,write,pwrite64,read,pread64,fsync,fdatasync,ftruncate,"
    "newfstatat,stat,access,unlink,getdents64"
)
ERRORS = ("ENOSPC", "EROFS", "EACCES", "EIO")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


@pytest.fixture
def desk_file(tmp_path: Path, state: Path, mosquitto: Mosquitto) -> Path:
    path = tmp_path / "desk.toml"
    path.write_text(DESK.format(port=mosquitto.port, state=state))
    return path


class Desk:
    """`deskside run`, of which systemd hears when it is ready."""

    def __init__(self, desk_file: Path, state: Path, *before: str) -> None:
        self.log = desk_file.parent / "desk.log"
        # A name in the abstract namespace: no file, so no fault of the disk reaches it.
        name = f"deskside-test-{os.getpid()}-{id(self)}"
        self._heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._heard.bind(f"\0{name}")
        self._heard.settimeout(PATIENCE_S)
        program = "from edge.cli import main; main()"
        command = [sys.executable, "-c", program, "run", "--desk", str(desk_file), "--state", str(state)]
        environment = {
            **os.environ,
            "NOTIFY_SOCKET": f"@{name}",
            "WATCHDOG_USEC": str(int(0.6e6)),
            "GPIOZERO_PIN_FACTORY": "mock",
        }
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*before, *command], cwd=PROJECT, env=environment, stdout=log, stderr=log
            )

    def wait_until_ready(self) -> None:
        try:
            while b"READY=1" not in self._heard.recv(4096):
                pass
        except TimeoutError:
            raise AssertionError(f"it did not start: {self.log.read_text()}") from None

    def goes_on(self) -> bool:
        """Whether it is alive after a few more turns of its loop."""
        for _ in range(20):
            self._heard.recv(4096)
        return self._process.poll() is None

    def stop(self) -> str:
        """End it as systemd does; what it logged."""
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(PATIENCE_S)
        logged = self.log.read_text()
        assert code == 0, logged
        assert "Traceback" not in logged
        return logged

    def kill(self) -> None:
        self._heard.close()
        self._process.kill()
        self._process.wait()


@contextmanager
def running(desk_file: Path, state: Path, *before: str) -> Iterator[Desk]:
    desk = Desk(desk_file, state, *before)
    try:
        yield desk
    finally:
        desk.kill()


def injecting(error: str, *paths: Path) -> list[str]:
    """A command that lets a program run with a fault in each call that touches these paths."""
    strace = shutil.which("strace")
    if strace is None:
        needs("strace", "apt-get install strace")
    works = subprocess.run([strace, "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False)
    if works.returncode:
        needs("the right to trace a process", works.stderr.decode().strip())
    places = [word for path in paths for word in ("-P", str(path))]
    faults = ["-e", f"trace={CALLS}", "-e", f"inject={CALLS}:error={error}"]
    return [strace, "-D", "-f", "-qq", "-o", "/dev/null", *places, *faults]


@contextmanager
def mounted(folder: Path, *, size: str = "128k") -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        needs("the right to mount a small disk", f"run it as root; {done.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("error", ERRORS)
def test_a_desk_starts_although_its_disk_fails_at_every_file_of_its_state(
    error: str, desk_file: Path, state: Path
) -> None:
    paths = [state, *(state / name for name in (*KEPT, *SPOOL))]
    with running(desk_file, state, *injecting(error, *paths)) as desk:
        desk.wait_until_ready()
        assert desk.goes_on()
        logged = desk.stop()
    assert "does not take them as the last good ones" in logged
    assert "measurements are held in memory meanwhile" in logged


@pytest.mark.parametrize("error", ["EACCES", "EIO"])
@pytest.mark.parametrize("unread", ["desk.toml", "the folder of standards"])
def test_a_desk_whose_settings_cannot_be_read_runs_on_the_last_good_ones(
    error: str, unread: str, desk_file: Path, state: Path
) -> None:
    LastGood(state).load_or_fall_back(desk_file)
    paths = [desk_file] if unread == "desk.toml" else [STANDARDS]
    with running(desk_file, state, *injecting(error, *paths)) as desk:
        desk.wait_until_ready()
        assert desk.goes_on()
        logged = desk.stop()
    assert "cannot be read" in logged
    assert "last good settings" in logged


@pytest.mark.parametrize("error", ["EACCES", "EIO"])
def test_a_desk_whose_models_cannot_be_read_measures_all_the_rest(
    error: str, desk_file: Path, state: Path
) -> None:
    camera = '[[cameras]]\nname = "door"\nwatches = "customers"\n'
    desk_file.write_text(desk_file.read_text() + camera)
    folder = PROJECT / "models"
    with running(desk_file, state, *injecting(error, folder / "manifest.json")) as desk:
        desk.wait_until_ready()
        assert desk.goes_on()
        logged = desk.stop()
    assert "camera door is lost: no camera is used" in logged
    assert "manifest.json" in logged


def test_a_desk_whose_own_version_cannot_be_read_measures(desk_file: Path, state: Path) -> None:
    paths = [PROJECT / ".git", PROJECT / "protocol" / "commit.txt", Path("/proc/sys/kernel/random/boot_id")]
    with running(desk_file, state, *injecting("EIO", *paths)) as desk:
        desk.wait_until_ready()
        assert desk.goes_on()
        desk.stop()


@pytest.mark.parametrize("disk", ["full", "read-only"])
def test_what_is_measured_without_a_disk_is_delivered_with_the_reason(
    disk: str, desk_file: Path, state: Path, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    pictures = tmp_path / "none.jpegs"
    camera = f'[[cameras]]\nname = "door"\nwatches = "customers"\nsource = "{pictures}"\n'
    desk_file.write_text(desk_file.read_text() + camera)
    with mounted(state), CentralProcess(mosquitto.port, tmp_path) as central:
        if disk == "full":
            subprocess.run(["dd", "if=/dev/zero", f"of={state}/filler"], capture_output=True, check=False)
        else:
            subprocess.run(["mount", "-o", "remount,ro", str(state)], check=True)
        with running(desk_file, state) as desk:
            desk.wait_until_ready()
            assert desk.goes_on()
            logged = desk.stop()
        assert "does not take them as the last good ones" in logged
        assert eventually(lambda: "camera door" in central.stored(), within_s=PATIENCE_S), logged


def test_a_desk_without_the_right_to_write_measures(desk_file: Path, state: Path) -> None:
    before: list[str] = []
    if os.geteuid() == 0:
        # Root may write everywhere; without these powers it is held to the rights of files as everybody is.
        state.chmod(0o700)
        os.chown(state, 65534, 65534)
        before = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    else:
        state.chmod(0o000)
    with running(desk_file, state, *before) as desk:
        desk.wait_until_ready()
        assert desk.goes_on()
        logged = desk.stop()
    state.chmod(0o700)
    assert "Permission denied" in logged


def test_a_state_folder_that_vanishes_while_the_desk_runs_comes_back(desk_file: Path, state: Path) -> None:
    with running(desk_file, state) as desk:
        desk.wait_until_ready()
        assert eventually((state / "spool.db-wal").exists, within_s=PATIENCE_S), "it is opened on a thread"
        shutil.rmtree(state)
        assert desk.goes_on()
        desk.stop()
    with running(desk_file, state) as desk:
        desk.wait_until_ready()
        desk.stop()
    with closing(sqlite3.connect(state / "spool.db")) as db:
        assert db.execute("SELECT count(*) FROM boot").fetchone() == (1,)
