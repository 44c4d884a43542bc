"""What the pages name is there: files, links, commands with their options, make targets, modules, and words of the code."""

import contextlib
import importlib.util
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from central.cli import app as central_app
from central.reports.report import NothingFoundError
from edge.cli import app as edge_app
from tests.docs.pages import PAGES, PROJECT, Page, page

ROOMS = r"(?:protocol|edge|central|models|firmware_config|systemd|tests|benchmarks|docs)"
PATH = re.compile(rf"(?<![\w/.-]){ROOMS}/[\w./*-]*")
PROGRAMS = {"deskside": edge_app, "deskside-central": central_app}
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+")
"""A name that can only come from code: with an underscore in it."""
CODE = {".py", ".toml", ".json", ".service", ".conf", ".sh", ".acl", ".yaml", ".j2", ".cjs", ""}

every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(PROJECT)))


@every_page
def test_every_path_on_a_page_is_there(path: Path) -> None:
    named = {match.rstrip(".") for piece in page(path).code for match in PATH.findall(piece)}
    assert not {name for name in named if not list(PROJECT.glob(name.rstrip("/")))}


@every_page
def test_every_file_that_is_named_without_its_folder_is_somewhere(path: Path) -> None:
    named = {piece for piece in page(path).spans if re.fullmatch(r"\w+\.(py|md)", piece)}
    assert not {name for name in named if not list(PROJECT.rglob(name))}


@every_page
def test_every_link_leads_somewhere(path: Path) -> None:
    inner = [link.split("#")[0] for link in page(path).links if not re.match(r"https?:|#", link)]
    assert not [link for link in inner if not (path.parent / link).exists()]


@every_page
def test_every_make_target_on_a_page_is_one(path: Path) -> None:
    targets = set(TARGET.findall((PROJECT / "Makefile").read_text())) | {".venv/ready"}
    named = {
        found[1]
        for piece in page(path).code
        for found in re.finditer(r"(?<!git )\bmake ([a-z.][\w./-]*)", piece)
    }
    assert not named - targets


@every_page
def test_every_module_that_a_page_runs_is_there(path: Path) -> None:
    named = {found for piece in page(path).code for found in re.findall(r"python -m ([\w.]+)", piece)}
    ours = {name for name in named if name.split(".")[0] not in {"pip", "venv"}}
    assert not {name for name in ours if importlib.util.find_spec(name) is None}


@every_page
def test_every_command_on_a_page_is_one_with_these_options(path: Path) -> None:
    wrong = [
        f"{' '.join(command)}: {complaint}"
        for command in _commands(page(path))
        if (complaint := _complaint(command))
    ]
    assert not wrong


@pytest.mark.parametrize("path", [path for path in PAGES if page(path).programs], ids=lambda path: path.stem)
def test_the_programs_on_a_page_run(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for program in page(path).programs:
        # An empty database has no report to show.
        with contextlib.suppress(NothingFoundError):
            exec(compile(program, path.name, "exec"), {})  # noqa: S102  # the pages are ours


@every_page
def test_every_word_of_code_on_a_page_stands_in_the_code(path: Path) -> None:
    words = {word for piece in page(path).spans for word in WORD.findall(piece)}
    assert not words - _words_of_the_code()


def test_every_page_that_the_code_names_is_there() -> None:
    named = {
        name
        for file in _files_of_code()
        for name in re.findall(r"\bdocs/[\w/.-]*\w", file.read_text(encoding="utf-8"))
    }
    assert not {name for name in named if not (PROJECT / name).exists()}


def test_a_command_that_is_none_would_be_found() -> None:
    assert _complaint(["deskside", "replai"])
    assert _complaint(["deskside", "replay", "--plott", "x.png"])
    assert _complaint(["deskside-central", "desks", "sett"])
    assert not _complaint(["deskside", "replay", "customers=x.mp4", "--plot", "x.png"])


def _commands(of: Page) -> Iterator[list[str]]:
    """Every call of our programs, word by word, without what comes before and after it."""
    for piece in of.code:
        try:
            words = shlex.split(piece, comments=True)
        except ValueError:
            words = piece.split()
        begins = [at for at, word in enumerate(words) if Path(word).name in PROGRAMS]
        if not begins or any("/opt/" in word for word in words[: begins[0]]):
            continue
        first = begins[0]
        if first == 0 or words[first - 1] == "sudo":
            yield [Path(words[first]).name, *words[first + 1 :]]


def _complaint(command: list[str]) -> str | None:
    """What is wrong with a call; None if nothing is."""
    at: Any = typer.main.get_command(PROGRAMS[command[0]])
    for word in command[1:]:
        if word.startswith("--"):
            options = {name for param in at.params for name in (*param.opts, *param.secondary_opts)}
            if word.split("=")[0] not in options | {"--help"}:
                return f"{word} is no option of {at.name}"
        elif commands := getattr(at, "commands", None):
            if word not in commands:
                return f"{word} is no command"
            at = commands[word]
    return None


@cache
def _files_of_code() -> tuple[Path, ...]:
    folders = set(re.findall(r"\w+", ROOMS)) - {"docs"}
    inside = [
        file
        for folder in folders
        for file in (PROJECT / folder).rglob("*")
        if file.is_file() and file.suffix in CODE and "__pycache__" not in file.parts
    ]
    return (*inside, PROJECT / "docs" / "settings.py", PROJECT / "pyproject.toml", PROJECT / "Makefile")


@cache
def _words_of_the_code() -> frozenset[str]:
    return frozenset(
        word
        for file in _files_of_code()
        for word in WORD.findall(file.read_text(encoding="utf-8") + " " + file.stem)
    )
