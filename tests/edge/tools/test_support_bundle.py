"""The file for support from afar, by the real program: it helps, and gives nothing away."""

import io
import os
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.uplink.spool import Spool
from protocol.measurements import Duty, Health

PROJECT = Path(__file__).resolve().parents[3]
SECRETS = ("camera-word-4711", "broker-word-0815", "key-of-the-desk-1234")
DESK = """
[desk]
device = "desk-3"

[[cameras]]
name = "door"
watches = "customers"
source = "rtsp://viewer:camera-word-4711@127.0.0.1:9/live"

[uplink]
host = "127.0.0.1"
port = 9
username = "desk-3"
password_file = "{folder}/password"

[storage]
spool = "{folder}/spool.db"
"""


@pytest.fixture
def desk_file(tmp_path: Path) -> Path:
    (tmp_path / "password").write_text("broker-word-0815\n")
    (tmp_path / "desk.key").write_text("-----BEGIN PRIVATE KEY-----\nkey-of-the-desk-1234\n")
    file = tmp_path / "desk.toml"
    file.write_text(DESK.format(folder=tmp_path))
    return file


def bundle(desk_file: Path, file: Path) -> subprocess.CompletedProcess[str]:
    program = "from edge.cli import main; main()"
    command = [sys.executable, "-c", program, "support-bundle", str(file), "--desk", str(desk_file)]
    command += ["--state", str(desk_file.parent)]
    environment = {**os.environ, "GPIOZERO_PIN_FACTORY": "mock"}
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def texts(file: Path) -> dict[str, str]:
    with tarfile.open(file) as archive:
        return {
            Path(each.name).name: io.TextIOWrapper(found, encoding="utf-8").read()
            for each in archive
            if (found := archive.extractfile(each)) is not None
        }


def test_it_holds_what_helps_and_neither_secrets_nor_who_was_on_duty(desk_file: Path) -> None:
    spool = Spool(desk_file.parent / "spool.db", "desk-3", Clock(), 64)
    spool.put(Duty(start_s=1.0, end_s=1.0, person="wren-of-the-morning", ongoing=True))
    spool.put(
        Health(
            start_s=0.0, end_s=60.0, cameras=(), cpu_share=0.125, memory_mb=200.0, spooled=1, clock="synced"
        )
    )
    spool.close()
    file = desk_file.parent / "bundle.tar.gz"
    done = bundle(desk_file, file)
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = texts(file)
    assert set(found) == {
        "machine.txt",
        "doctor.txt",
        "desk.toml",
        "health.jsonl",
        "journal.txt",
        "kernel.txt",
    }
    for name in found:
        assert name in done.stdout
    assert "camera door" in found["doctor.txt"]
    assert 'device = "desk-3"' in found["desk.toml"]
    assert '"cpu_share":0.125' in found["health.jsonl"]
    assert "deskside.duty" in found["health.jsonl"], "how much waits is told, of every kind"
    everything = "".join(found.values())
    for secret in (*SECRETS, "wren-of-the-morning"):
        assert secret not in everything


def test_settings_that_cannot_be_read_are_packed_as_they_are_and_keep_their_secrets(desk_file: Path) -> None:
    desk_file.write_text(desk_file.read_text() + '\n[wifi]\npassword = "broker-word-0815"\n')
    file = desk_file.parent / "bundle.tar.gz"
    assert bundle(desk_file, file).returncode == 0
    found = texts(file)
    assert "[wifi]" in found["desk.toml"]
    assert not [secret for secret in SECRETS if secret in "".join(found.values())]


def test_a_file_that_is_there_is_left_as_it_is(desk_file: Path) -> None:
    file = desk_file.parent / "bundle.tar.gz"
    file.write_text("mine")
    done = bundle(desk_file, file)
    assert done.returncode == 2
    assert "name another file" in done.stderr
    assert file.read_text() == "mine"
