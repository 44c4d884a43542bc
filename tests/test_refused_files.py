"""A file or folder that this user may not open is told in words, in every command of both programs."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.observation import End, Tick
from edge.recording import Recorder

FILES = (
    *("desk.toml", "central.toml", "house.toml", "visit.jsonl", "clip.mp4", "central.db"),
    *("x.png", "x.pdf", "x.html", "edges.jsonl", "password", "authority.pem"),
)

EVERYTHING = """
import encodings.ascii, encodings.idna, encodings.latin_1, encodings.utf_8_sig, json, os, signal, sys, tempfile
import edge.cli, central.cli
import edge.tools.replay.replaying, edge.tools.doctor, edge.live.appliance, edge.tools.calibrate.calibration, edge.tools.phone.pins
import edge.tools.demo.show, central.reports.page, central.reports.report, central.reports.terminal, central.ingest.runner, central.alerts.alert_thread, central.crm.linking
import central.appraisal.forgetting_appraisals, central.ingest.own_broker, central.verdicts.keeper, central.web.beside
import central.database.engine, central.arguments, central.desks.registry, central.desks.desk_faults, central.ingest.outstanding
import matplotlib.backends.backend_agg, matplotlib.backends.backend_pdf, matplotlib.figure, edge.tools.replay.plot, rich.console, rich.table, sqlalchemy.dialects.sqlite, sqlite3, alembic.command

answers = []
for package, arguments in json.load(sys.stdin):
    with tempfile.TemporaryFile("w+") as said:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), 1), os.dup2(said.fileno(), 2)
            if os.geteuid() == 0:
                os.setgroups([]), os.setgid(NOBODY), os.setuid(NOBODY)
            os.environ["HOME"] = "/nonexistent"
            signal.alarm(60)
            sys.argv = [package, *arguments]
            code = 70
            try:
                {"edge": edge.cli.main, "central": central.cli.main}[package]()
                code = 0
            except SystemExit as end:
                code = end.code or 0
            except BaseException:
                import traceback
                traceback.print_exc()
            sys.stdout.flush(), sys.stderr.flush()
            os._exit(code)
        status = os.waitpid(child, 0)[1]
        said.seek(0)
        answers.append([os.waitstatus_to_exitcode(status), said.read()])
json.dump(answers, sys.stdout)
""".replace("NOBODY", "65534")
"""Loads both programs while their files may be read (they may lie in root's home), and runs each command in a child of its own, as the user
who owns nothing (Debian policy, 9.2.2)."""

COMMANDS = {
    "edge": (
        "run --desk {0}/desk.toml --state {0}/state",
        "doctor --desk {0}/desk.toml --state {0}/state",
        "replay {0}/visit.jsonl",
        "replay customers={0}/clip.mp4",
        "replay customers={0}",
        "replay {1} --desk {0}/desk.toml",
        "replay {1} --standard {0}/house.toml",
        "replay {1} --standards {0}",
        "replay {1} --plot {0}/x.png",
        "replay {1} --record {0}/edges.jsonl",
        "replay {1} --record {0}/new.jsonl",
        "calibrate door --mark 0,1 --mark 0,2 --mark 0,3 --desk {0}/desk.toml",
        "print-board {0}/x.png",
        "print-board {0}/x.pdf",
        "print-board {0}/new.png",
        "demo --keep {0}/demo",
        "phone watch --desk {0}/desk.toml",
        "phone record {0}/edges.jsonl --desk {0}/desk.toml",
    ),
    "central": (
        "serve --config {0}/central.toml",
        "serve --db {0}/central.db",
        "serve --db {0}/new.db",
        "serve --password-file {0}/password --username central --db {2}/central.db",
        "serve --ca {0}/authority.pem --db {2}/central.db",
        "report --db {0}/central.db",
        "report --config {0}/central.toml",
        "report --standard {0}/house.toml --db {2}/central.db",
        "migrate --db {0}/central.db",
        "migrate --db {0}/new.db",
        "faults --db {0}/central.db",
        "faults --config {0}/central.toml",
        "rejected desk-1 --db {0}/central.db",
        "rejected desk-1 --config {0}/central.toml",
        "desks list --db {0}/central.db",
        "desks list --config {0}/central.toml",
        "desks set desk-1 --company Sample --db {0}/central.db",
        "desks set desk-1 --company Sample --config {0}/central.toml",
        "standards check {0}/house.toml",
        "standards check house --standards {0}",
        "standards list --standards {0}",
        "standards list --config {0}/central.toml",
    ),
}

OF_THE_FOLDER = {"replay customers={0}", "replay {1} --standards {0}", "migrate --db {0}/new.db"}
"""What asks for the folder itself is answered where only the files in it are closed."""

ASKED = [(package, command) for package, commands in COMMANDS.items() for command in commands]


@pytest.fixture(scope="module", params=["files", "folder"])
def answers(request: pytest.FixtureRequest) -> Iterator[dict[tuple[str, str], tuple[int, str]]]:
    """Exit code and words of every command, where each file it is given, or the folder they are in, is closed."""
    # Not in the tests' own folder: each run of pytest closes that one to all others.
    place = Path(tempfile.mkdtemp(prefix="refused-"))
    place.chmod(0o755)
    closed, own = place / "closed", place / "own"
    closed.mkdir()
    own.mkdir()
    own.chmod(0o777)
    for name in FILES:
        (closed / name).write_text("")
        (closed / name).chmod(0)
    closed.chmod(0 if request.param == "folder" else 0o555)
    recording = own / "open.jsonl"
    with Recorder(recording) as file:
        file.write(Tick(0.0))
        file.write(End(5.0))
    recording.chmod(0o644)
    asked = [(package, command.format(closed, recording, own).split(), command) for package, command in ASKED]
    done = subprocess.run(
        [sys.executable, "-c", EVERYTHING],
        input=json.dumps([each[:2] for each in asked]),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1]), "COLUMNS": "300"},
    )
    closed.chmod(0o755)
    assert done.returncode == 0, done.stderr
    given = json.loads(done.stdout)
    yield {
        ("closed", ""): (0, request.param),
        **{
            (package, command): (code, said)
            for (package, _, command), (code, said) in zip(asked, given, strict=True)
        },
    }
    shutil.rmtree(place)


@pytest.mark.parametrize(("package", "command"), ASKED)
def test_what_this_user_may_not_open_is_told_in_words(
    package: str, command: str, answers: dict[tuple[str, str], tuple[int, str]]
) -> None:
    code, said = answers[package, command]
    assert "Traceback" not in said, said
    assert code in {1, 2}, said
    assert "closed" in said, said
    if command not in OF_THE_FOLDER or answers["closed", ""][1] == "folder":
        assert re.search("[Pp]ermission denied|not readable|not writable", said), said
