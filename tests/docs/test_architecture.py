"""The drawn picture and the reading path name every room, and no recipe grows too long."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.pages import PROJECT

DOCS = PROJECT / "docs"
ROOMS = sorted(
    str(init.parent.relative_to(PROJECT))
    for side in ("edge", "central")
    for init in (PROJECT / side).glob("*/__init__.py")
)
FILES_OF_A_RECIPE = 10
"""When a recipe grows past this, the design is wrong."""


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_stands_in_the_picture_and_on_its_page(room: str) -> None:
    assert f">{room.split('/')[1]}</text>" in (DOCS / "architecture.svg").read_text(encoding="utf-8")
    assert f"`{room}/`" in (DOCS / "architecture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("side", ["edge", "central"])
def test_the_page_stacks_the_rooms_as_the_import_contract_does(side: str) -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if each.get("containers") == [side])
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rows = [re.findall(rf"`{side}/(\w+)(?:/|\.py)`", row) for row in re.findall(r"^\|.*", page, re.MULTILINE)]
    assert [set(row) for row in rows if row] == [set(re.findall(r"\w+", layer)) for layer in layers]


@pytest.mark.parametrize("recipe", sorted((DOCS / "recipes").glob("*.md")), ids=lambda path: path.stem)
def test_a_recipe_touches_few_files(recipe: Path) -> None:
    rows = re.findall(r"^\| `", recipe.read_text(encoding="utf-8"), re.MULTILINE)
    assert 1 < len(rows) <= FILES_OF_A_RECIPE
