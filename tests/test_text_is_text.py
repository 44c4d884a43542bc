"""No name, path or message is read as anything but text: not as rich's markup, not as HTML, not as a formula."""

import re
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli as central_cli
from central.database.engine import open_for_writing
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from edge import cli as edge_cli
from edge.tools.replay.plot import Mark, plot_encounter
from edge.tools.replay.tables import tables
from protocol.measurements import Gap, Health
from protocol.shipped import EXAMPLE_STANDARD
from protocol.standard import Standard
from protocol.standards_folder import find_standard
from tests.worlds.desk_facts import event, gap, reaction, visit

NASTY = "[/x] <b>&amp; $a$ [red]r[/red] :smile: {{ 7 * 7 }} %s"
"""Markup of rich, HTML, a formula, an emoji's name, a template."""
FORMULA = r"2 $ off \frac $x^"
"""What a reader of formulas breaks on."""


def said(app: object, *arguments: str) -> str:
    """All that a command says, its error included; a traceback is none of it."""
    result = CliRunner(env={"COLUMNS": "2000", "NO_COLOR": "1"}).invoke(app, [*arguments])  # type: ignore[arg-type]
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        assert type(result.exception).__module__.split(".")[0] in {"protocol", "edge", "central"}, (
            result.exception
        )
    return re.sub(r"\s+", " ", f"{result.output} {result.exception or ''}")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder whose name is nasty, as far as a name may be."""
    folder = tmp_path / NASTY.replace("/", "\u2215")
    folder.mkdir()
    return folder


@pytest.fixture
def standard(place: Path) -> Path:
    file = place / "house.toml"
    text = EXAMPLE_STANDARD.read_text().replace('name = "eight-teeth"', 'name = "house"')
    file.write_text(re.sub(r"^title = .*", f"title = '{NASTY}'", text, flags=re.MULTILINE))
    return file


@pytest.fixture
def desk(place: Path, standard: Path) -> Path:
    file = place / "desk.toml"
    file.write_text(
        f"[desk]\ndevice = 'desk-7'\nstandard = '{standard}'\n[[cameras]]\nname = 'door'\nwatches = 'customers'\n"
        f"source = '/srv/{NASTY}/clip.mp4'\n[storage]\nspool = '{place}/spool.db'\n[uplink]\nport = 9\n"
    )
    return file


@pytest.mark.parametrize(
    "command",
    [
        ("doctor", "--desk", "{desk}"),
        ("doctor", "--desk", "{place}/none.toml"),
        ("run", "--desk", "{place}/none.toml", "--state", "{place}"),
        ("replay", "customers={place}/none.mp4"),
        ("replay", "{place}"),
        ("replay", "{desk}"),
        ("replay", "customers={desk}", "--standard", "{place}/none.toml"),
        ("replay", "{place}/none.jsonl", "--record", "{place}/x"),
        ("calibrate", "{place}", "--board", "--desk", "{desk}"),
        ("calibrate", "door", "--mark", "0,1={place}", "--mark", "0,2", "--mark", "0,3", "--desk", "{desk}"),
        ("calibrate", "door", "--mark", "{place}", "--desk", "{desk}"),
        ("print-board", "{place}/none/board.png"),
        ("print-board", "{desk}"),
        ("demo", "--keep", "{desk}"),
        ("demo", "--keep", "{place}"),
        ("phone", "watch", "--desk", "{desk}"),
        ("phone", "record", "{place}/x", "--desk", "{desk}"),
    ],
    ids=" ".join,
)
def test_at_the_desk(command: tuple[str, ...], place: Path, desk: Path) -> None:
    found = said(edge_cli.app, *(word.format(place=place, desk=desk) for word in command))
    assert place.name in found or NASTY in found


@pytest.fixture
def db(place: Path) -> str:
    file = str(place / "central.db")
    engine = open_for_writing(file)
    health = Health(
        start_s=200.0,
        end_s=260.0,
        cameras=(),
        cpu_share=None,
        memory_mb=64.0,
        spooled=3,
        clock="synced",
        notes=(NASTY,),
    )
    told = [event(visit(reaction("turned", 1.0)), 1), event(gap(10, 90, reason=NASTY), 2)]
    with Session(engine) as session, session.begin():
        arrived = [read("deskside/1/desk-1/event", payload, 0.0) for payload in (*told, b"junk")]
        arrived.append(read("deskside/1/desk-1/health", event(health, 3), 0.0))
        take_in(session, arrived, DeskDefaults(company=NASTY, showroom=NASTY))
    engine.dispose()
    return file


@pytest.mark.parametrize(
    "command",
    [
        ("report", "--db", "{db}", "--standard", "{standard}"),
        ("report", "--db", "{db}", "--json"),
        ("report", "--db", "{db}", "--out", "{place}/none/x.html"),
        ("report", "--db", "{db}", "--out", "{place}/x.html"),
        ("report", "--db", "{db}", "--desk", "{place}"),
        ("report", "--db", "{db}", "--day", "{place}"),
        ("report", "--db", "{place}/none.db"),
        ("report", "--db", "{db}", "--standard", "{place}"),
        ("faults", "--db", "{db}"),
        ("faults", "--db", "{db}", "--desk", "{place}"),
        ("desks", "list", "--db", "{db}"),
        ("desks", "set", "desk-1", "--label", "{place}", "--db", "{db}"),
        ("desks", "set", "{place}", "--db", "{db}"),
        ("rejected", "{place}", "--db", "{db}"),
        ("migrate", "--db", "{place}/none.db"),
        ("standards", "list", "--standards", "{place}"),
        ("standards", "list", "--standards", "{place}/none"),
        ("standards", "check", "{place}/none.toml"),
        ("serve", "--config", "{place}/none.toml"),
        ("serve", "--db", "{place}/none/x.db"),
        ("serve", "--broker", "{place}:x:y"),
    ],
    ids=" ".join,
)
def test_at_the_centre(
    command: tuple[str, ...], db: str, place: Path, standard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(central_cli, "CONFIG", place / "no central.toml")
    found = said(central_cli.app, *(word.format(place=place, db=db, standard=standard) for word in command))
    as_json = found.replace("\\\\", "\\")
    assert place.name in found or NASTY in found or NASTY in as_json


def test_on_the_page(db: str, place: Path, standard: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(central_cli, "CONFIG", place / "no central.toml")
    said(central_cli.app, "desks", "set", "desk-1", "--label", NASTY, "--db", db)
    page = place / "page.html"
    said(central_cli.app, "report", "--db", db, "--standard", str(standard), "--out", str(page))
    html = page.read_text()
    assert "<b>&amp; $a$" not in html
    assert html.count("&lt;b&gt;&amp;amp; $a$") >= 4
    assert "{{ 7 * 7 }}" in html


def test_in_the_tables_of_a_replay() -> None:
    console = Console(markup=False, emoji=False, width=2000, record=True)
    missed = Gap(start_s=1.0, end_s=2.0, what=NASTY[:60], reason=NASTY)
    console.print(*tables([missed], find_standard("eight-teeth")))
    assert NASTY in console.export_text()


def test_in_the_picture_of_a_visit() -> None:
    house = Standard(name="house", version=1, title=FORMULA)
    assert plot_encounter([], house, [Mark(1.0, FORMULA)]).startswith(b"\x89PNG")


def test_square_brackets_stand_in_the_help() -> None:
    assert "customers=CLIP[@OFFSET_S]" in said(edge_cli.app, "replay", "--help")
