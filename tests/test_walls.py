"""Every import contract of pyproject.toml refuses what it forbids: planted in a copy of the code, it is seen and named."""

import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[1]
LINTER = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS: dict[str, dict[str, Any]] = {contract["name"]: contract for contract in LINTER["contracts"]}
PACKAGES: list[str] = LINTER["root_packages"]
FORMS = (
    "import {}\n",
    "def planted():\n    import {}\n",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {}\n",
)
"""At the top, inside a function, for annotations only: each is an import."""


class Copy:
    """A copy of the packages in which imports can be planted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for package in PACKAGES:
            shutil.copytree(PROJECT / package, folder / package, ignore=_all_but_modules)
        shutil.copy(PROJECT / "pyproject.toml", folder)
        self._before: dict[Path, str | None] = {}

    def plant(self, room: str, *imported: str, form: str = FORMS[0]) -> str:
        """Let a room import something; returns the module that does."""
        place = self.folder / room.replace(".", "/")
        file, module = (
            (place / "planted.py", f"{room}.planted") if place.is_dir() else (place.with_suffix(".py"), room)
        )
        before = file.read_text() if file.exists() else None
        self._before.setdefault(file, before)
        file.write_text((before or "") + "".join(form.format(each) for each in imported))
        return module

    def clear(self) -> None:
        """Take out again what was planted."""
        for file, before in self._before.items():
            if before is None:
                file.unlink()
            else:
                file.write_text(before)
        self._before.clear()

    def lint(self) -> str:
        """What import-linter reports."""
        run = subprocess.run(
            [Path(sys.executable).with_name("lint-imports"), "--no-logo"],
            cwd=self.folder,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            | {"COLUMNS": "1000"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode in (0, 1), run.stderr
        return run.stdout


def _all_but_modules(folder: str, names: list[str]) -> list[str]:
    return [
        name
        for name in names
        if name == "__pycache__" or not (name.endswith(".py") or Path(folder, name).is_dir())
    ]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("walls"))


@pytest.fixture
def copy(packages: Copy) -> Iterator[Copy]:
    yield packages
    packages.clear()


def refused(report: str, name: str) -> str:
    """What one contract says of what breaks it; empty when it is kept."""
    broken = report.partition("Broken contracts")[2]
    sections = re.split(r"^(.+)\n-+\n", broken, flags=re.MULTILINE)
    return dict(zip(sections[1::2], sections[2::2], strict=True)).get(name, "")


def forbidden(contract: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every pair of a room and what it may not import, as the contract has them."""
    kind = contract["type"]
    if kind == "forbidden":
        yield from itertools.product(contract["source_modules"], contract["forbidden_modules"])
    elif kind == "independence":
        yield from itertools.permutations(contract["modules"], 2)
    elif kind == "layers":
        above: list[str] = []
        for layer in contract["layers"]:
            rooms = [_within(contract, room.strip(" ()")) for room in re.split(r"[|:]", layer)]
            beside = itertools.permutations(rooms, 2) if "|" in layer else ()
            yield from itertools.chain(itertools.product(rooms, above), beside)
            above += rooms
    else:
        pytest.fail(f"nobody says how an import contract of type {kind!r} is broken")


def _within(contract: dict[str, Any], room: str) -> str:
    containers: list[str] = contract.get("containers", [])
    assert len(containers) <= 1, "a plant needs one place"
    return ".".join([*containers, room])


def test_the_code_as_it_is_keeps_every_contract(copy: Copy) -> None:
    report = copy.lint()
    for name in CONTRACTS:
        assert f"{name} KEPT" in report


@pytest.mark.parametrize("name", CONTRACTS)
def test_whatever_a_contract_forbids_is_refused(copy: Copy, name: str) -> None:
    pairs = list(forbidden(CONTRACTS[name]))
    planted = {(copy.plant(room, other), other) for room, other in pairs}
    assert planted
    report = refused(copy.lint(), name)
    missed = {pair for pair in planted if not re.search(r"{} -> {}\b".format(*map(re.escape, pair)), report)}
    assert not missed


@pytest.mark.parametrize(
    ("room", "imported", "name"),
    [
        ("edge.scene", "edge.vision", "Pixels end at the observation"),
        ("edge.host", "edge.face", "Pixels end at the observation"),
        ("edge.encounter", "cv2", "Pixels end at the observation"),
        ("edge.phone", "time", "The deciding parts are pure: no clock, camera, pin, broker or database"),
        (
            "central.scoring",
            "sqlalchemy",
            "The deciding parts are pure: no clock, camera, pin, broker or database",
        ),
        ("edge.scene", "edge.desk", "Data flows one way through the rooms of the desk"),
        ("central.database", "central.reports", "The rooms of the central service"),
        ("central.audit", "central.accounts", "The rooms of the central service"),
        ("central.reports", "central.web", "The rooms of the central service"),
        ("central.accounts", "fastapi", "Only the pages know the web"),
        (
            "central.audit.chain",
            "sqlalchemy",
            "The deciding parts are pure: no clock, camera, pin, broker or database",
        ),
        ("protocol", "edge", "The protocol imports nothing of ours"),
        ("edge", "central", "The desk and the central service know each other only through the protocol"),
    ],
)
@pytest.mark.parametrize("form", FORMS, ids=["at the top", "in a function", "for annotations"])
def test_the_walls_stand_where_the_design_draws_them(
    copy: Copy, room: str, imported: str, name: str, form: str
) -> None:
    module = copy.plant(room, imported, form=form)
    assert f"{module} -> {imported}" in refused(copy.lint(), name)


@pytest.mark.parametrize(
    ("through", "imported", "name"),
    [
        ("edge.settings", "cv2", "Pixels end at the observation"),
        ("protocol", "time", "The deciding parts are pure: no clock, camera, pin, broker or database"),
    ],
)
def test_a_detour_through_a_room_that_may_is_refused(
    copy: Copy, through: str, imported: str, name: str
) -> None:
    detour = copy.plant(through, imported)
    module = copy.plant("edge.scene", detour)
    report = refused(copy.lint(), name)
    assert f"{module} -> {detour}" in report
    assert f"{detour} -> {imported}" in report


@pytest.mark.parametrize("package", ["edge", "central"])
def test_a_new_room_needs_its_place_among_the_others(copy: Copy, package: str) -> None:
    (copy.folder / package / "new_room.py").write_text("")
    try:
        report = copy.lint()
    finally:
        (copy.folder / package / "new_room.py").unlink()
    assert f"{package}.new_room" in report
