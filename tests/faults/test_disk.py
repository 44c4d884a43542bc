"""The disk is full, or too small, or gives the spool back unreadable: measuring goes on, and what is lost is said."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.uplink.spool import Spool
from protocol.measurements import Gap
from tests.not_tested import needs
from tests.worlds.delivery.edge_process import numbered
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto
from tests.worlds.delivery.processes import CentralProcess, DeskProcess


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte, which really runs out of room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)], capture_output=True, check=False
    )
    if mount.returncode != 0:
        needs("the right to mount a small disk", f"run it as root; {mount.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all the room there is."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        try:
            while True:
                os.write(file.fileno(), bytes(4096))
        except OSError:
            return filler


def names(spool: Spool) -> list[str]:
    return [s.measurement.what for s in spool.after(0, 10_000) if isinstance(s.measurement, Gap)]


def test_on_a_full_disk_measurements_are_held_and_written_when_there_is_room(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = Spool(small_disk / "spool.db", "desk-3", Clock())
    spool.open()
    assert spool.put(numbered(0, 0)) == 1
    filler = fill(small_disk)
    results = [spool.put(numbered(0, n)) for n in range(1, 200)]
    assert results[-1] is None
    assert spool.pending == 200, "those in memory and those on the disk"
    assert spool.trouble is not None
    assert "the disk is full: make room on it" in caplog.text
    assert caplog.text.count("the disk is full") == 1
    filler.unlink()
    assert spool.put(numbered(0, 200)) == 201
    assert spool.trouble is None
    assert names(spool) == [f"run 0 number {n}" for n in range(201)]
    spool.close()


def test_a_desk_that_starts_on_a_full_disk_measures_and_keeps_what_it_can_later(small_disk: Path) -> None:
    filler = fill(small_disk)
    spool = Spool(small_disk / "spool.db", "desk-3", Clock())
    spool.open()
    assert spool.put(numbered(0, 0)) is None
    filler.unlink()
    assert spool.put(numbered(0, 1)) == 2
    assert names(spool) == ["run 0 number 0", "run 0 number 1"]
    spool.close()


def test_what_was_acknowledged_is_deleted_while_the_disk_is_full(small_disk: Path) -> None:
    spool = Spool(small_disk / "spool.db", "desk-3", Clock())
    spool.open()
    for n in range(50):
        spool.put(numbered(0, n))
    fill(small_disk)
    while spool.put(numbered(1, 0)) is not None:
        pass
    spool.acknowledge({str(spool.bootid): 50})
    assert "run 0 number 49" not in names(spool)
    assert spool.write_held() is not None
    spool.close()


def test_a_file_that_may_not_grow_stops_nothing(tmp_path: Path) -> None:
    """The same without a right to mount: the system refuses to let files grow (EFBIG) in a process of its own."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from edge.clock import Clock\n"
        "from edge.uplink.spool import Spool\n"
        "from tests.worlds.delivery.edge_process import numbered\n"
        "spool = Spool(Path(sys.argv[1]), 'desk-3', Clock())\n"
        "spool.open()\n"
        "numbers = [spool.put(numbered(0, n)) for n in range(500)]\n"
        "print(len([n for n in numbers if n is not None]), spool.pending)\n"
    )
    limited = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "spool.db")],
        cwd=PROJECT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)),
        capture_output=True,
        text=True,
        check=True,
    )
    on_disk, pending = map(int, limited.stdout.split())
    assert 0 < on_disk < pending
    assert "measurements are held in memory meanwhile" in limited.stderr


def test_a_spool_whose_head_is_overwritten_and_whose_log_is_gone_costs_what_was_in_the_log(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    mosquitto.kill()
    with DeskProcess(mosquitto.port, tmp_path) as desk:
        desk.measure_until_killed(after_s=1.5)
        before = len(desk.printed())
        whole = desk.spool.read_bytes()
        for suffix in ("-wal", "-shm"):
            Path(f"{desk.spool}{suffix}").unlink(missing_ok=True)
        desk.spool.write_bytes(b"overwritten by a failing card" + whole[29:])
        mosquitto.start()
        with CentralProcess(mosquitto.port, tmp_path) as central:
            assert desk.measure(20)
            stored = central.stored()
            readable = sum(what in stored for what in desk.printed()[:before])
            assert set(stored) - {"spool"} == {*desk.printed()[:readable], *desk.printed()[before:]}
            assert set(stored.values()) == {1}
        assert "it is kept as spool.db.unreadable-1" in (tmp_path / "desk.log").read_text()
