"""Numbers on the pages are those of the code: behind each that is marked, a comment names the constant it must equal.

``stand within 1.2 m<!--=edge.encounter.policy.Policy.party_m-->`` is compared with that constant, in its own unit.
"""

import dataclasses
import importlib
import json
import re
from decimal import Decimal
from enum import Enum

import pytest
from pydantic import BaseModel

from protocol.standard import Limits, Standard
from tests.docs.pages import PROJECT

MARK = re.compile(r"<!--=([\w.\[\]-]+)-->")
NUMBER = re.compile(r"(\d*\.?\d+) ?([^\s\d<>()|]*)$")
WORDS = {
    "two thirds": 2 / 3,
    "third": 1 / 3,
    "half": 1 / 2,
    "a tenth": 1 / 10,
    "a quarter": 1 / 4,
    "ten minutes": 600,
    "a minute": 60,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
}
UNITS = {
    "ms": 0.001,
    "min": 60.0,
    "minute": 60.0,
    "minutes": 60.0,
    "cm": 0.01,
    "mm": 0.001,
    "%": 0.01,
    "px/cm": 100.0,
}
"""How much of the base unit (second, metre, whole) one of a page's is; 1 for all others."""
ENDS = {"_PX_PER_MM": 1000.0, "_CM": 0.01, "_MM": 0.001}
"""How much of a metre's (or other base) unit one of a constant's is, by the end of its name; 1 for all others."""
CHECKED_WHOLE = ("encounter.md", "central.md", "delivery.md", "camera.md")
"""Pages on which every number with a unit is marked, outside of what was measured."""
WITH_UNIT = re.compile(r"(?<![\w`.=-])\d+(?:\.\d+)? ?(?:m/s|m|s|cm|mm|°|%|Hz|minutes|px)(?![\w²/])(?!<!--)")

PAGES = sorted((PROJECT / "docs").glob("*.md"))


def _marks() -> list[tuple[str, str, str]]:
    """Of every mark: the page, the text before it on the page, and the constant it names."""
    marks = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        marks += [
            (page.name, text[max(0, mark.start() - 20) : mark.start()], mark[1])
            for mark in MARK.finditer(text)
        ]
    return marks


def constant(path: str) -> float:
    """The number that a dotted path names; defaults of settings and of value objects have their fields' names."""
    names = re.findall(r"\w+|\[[^\]]+\]", path)
    for end in range(len(names), 0, -1):
        try:
            found: object = importlib.import_module(".".join(names[:end]))
        except ModuleNotFoundError:
            continue
        break
    else:
        raise LookupError(path)
    for name in names[end:]:
        found = _part(found, name)
    return float(found.value if isinstance(found, Enum) else found)  # type: ignore[arg-type]  # else it is no number, and fails


def _part(whole: object, name: str) -> object:
    if name.startswith("["):
        key = float(name[1:-1])
        return whole[key] if isinstance(whole, dict) else whole[int(key)]  # type: ignore[index]
    if isinstance(whole, type) and issubclass(whole, BaseModel):
        return whole.model_fields[name].default
    if isinstance(whole, type) and dataclasses.is_dataclass(whole):
        return next(field.default for field in dataclasses.fields(whole) if field.name == name)
    return getattr(whole, name)


def agrees(text: str, path: str) -> bool:
    """Whether the number at the end of a text is the constant, rounded to the digits that the text shows."""
    name = path.upper()
    value = constant(path) * next(
        (factor for end, factor in ENDS.items() if name.removesuffix(".VALUE").endswith(end)), 1.0
    )
    if number := NUMBER.search(text):
        unit = UNITS.get(number[2], 1.0)
        digits = -int(Decimal(number[1]).as_tuple().exponent)
        return bool(abs(value / unit - float(number[1])) <= 0.5 * 10.0**-digits + 1e-9)
    word = next(each for each in WORDS if text.endswith(each))
    return abs(value - WORDS[word]) < 1e-9


@pytest.mark.parametrize("mark", _marks(), ids=lambda mark: f"{mark[0]}-{mark[2]}")
def test_a_marked_number_is_that_of_the_code(mark: tuple[str, str, str]) -> None:
    _, text, path = mark
    assert agrees(text, path), f"{text!r} on the page, {constant(path)} in the code"


@pytest.mark.parametrize("name", CHECKED_WHOLE)
def test_no_number_is_without_its_source(name: str) -> None:
    assert not WITH_UNIT.findall((PROJECT / "docs" / name).read_text(encoding="utf-8"))


def test_a_number_that_is_not_that_of_the_code_would_be_found() -> None:
    assert agrees("for 0.3 s", "edge.encounter.policy.Policy.faced_s")
    assert not agrees("for 0.4 s", "edge.encounter.policy.Policy.faced_s")
    assert not agrees("for 0.3 ms", "edge.encounter.policy.Policy.faced_s")


def test_the_networks_take_as_much_as_their_page_says() -> None:
    page = (PROJECT / "docs" / "models.md").read_text(encoding="utf-8")
    size_mb = sum(file.stat().st_size for file in (PROJECT / "models").glob("*.onnx")) / 1e6
    assert f"{size_mb:.0f} MB with weights in half precision" in page


def test_the_networks_on_their_page_are_those_of_the_manifest() -> None:
    text = (PROJECT / "docs" / "models.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)` \| `\[", text, re.MULTILINE))
    assert named == set(_models())


def test_every_limit_of_a_standard_has_its_row_on_the_page_of_the_centre() -> None:
    text = (PROJECT / "docs" / "central.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| (`[^|]*`) \|", text, re.MULTILINE)
    limits = {
        f"{table}.{key}"
        for table, field in Standard.model_fields.items()
        for key, limit in getattr(field.annotation, "model_fields", {}).items()
        if limit.annotation is Limits
    }
    named = {name for cell in cells for name in _clauses(cell)}
    assert not {name for name in limits - named if f"{name.split('.')[0]}.*" not in named}
    assert not {name for name in named - limits if not name.endswith("*")} - {"respond.within_s"}


def _clauses(cell: str) -> list[str]:
    """Names in a cell; those after the first may leave out the table."""
    names = re.findall(r"`([\w.*]+)`", cell)
    table = names[0].split(".")[0]
    return [name if "." in name else f"{table}.{name}" for name in names]


def test_every_network_is_in_the_notice() -> None:
    for notice in (PROJECT / "NOTICE", PROJECT / "models" / "NOTICE"):
        assert set(re.findall(r"^  (\w+)  ", notice.read_text(encoding="utf-8"), re.MULTILINE)) == set(
            _models()
        )


def _models() -> list[str]:
    return sorted(json.loads((PROJECT / "models" / "manifest.json").read_text())["models"])
