"""Bad settings: all errors at once, each with its key, what is allowed, and its place."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from central.settings import CentralSettings
from edge.settings.desk_toml import Settings
from protocol.shipped import EXAMPLE_CENTRAL, EXAMPLE_DESK, EXAMPLE_STANDARD
from protocol.standard import Standard
from protocol.toml_file import BadFileError, load, parse

BAD = """\
[desk]
device = "Desk 1"
standart = "x"

[[cameras]]
name = "a"
watches = "both"
lens = { horizontal_view_deg = 300 }

[[cameras]]
name = "b"
watches = "nobody"

[cameras.mount]
hight_m = 1.2

[lights]
host = { kind = "rgb", red = 99, green = 27 }
"""


def problems(text: str) -> dict[str, tuple[int | None, str]]:
    with pytest.raises(BadFileError) as caught:
        parse(text, Settings, Path("desk.toml"))
    return {problem.key: (problem.line, problem.message) for problem in caught.value.problems}


def test_every_error_is_told_at_once_with_its_line() -> None:
    found = problems(BAD)
    assert {key: line for key, (line, _) in found.items()} == {
        "desk.device": 2,
        "desk.standart": 3,
        "cameras[1].lens.horizontal_view_deg": 8,
        "cameras[2].watches": 12,
        "cameras[2].mount.hight_m": 15,
        "lights.host.red": 18,
        "lights.host.blue": 18,
    }


def test_an_error_says_what_is_allowed() -> None:
    found = problems(BAD)
    assert "'customers', 'staff' or 'both'" in found["cameras[2].watches"][1]
    assert "less than 170" in found["cameras[1].lens.horizontal_view_deg"][1]
    assert "lower-case letters" in found["desk.device"][1]


def test_a_misspelt_key_is_answered_with_the_right_one() -> None:
    found = problems(BAD)
    assert "did you mean standard?" in found["desk.standart"][1]
    assert "did you mean height_m?" in found["cameras[2].mount.hight_m"][1]


def test_a_pin_used_twice_is_refused() -> None:
    text = "[lights]\nmeasuring = 5\nhost = {kind='rgb', red=5, green=6, blue=7}\n"
    assert "GPIO 5 is used more than once" in problems(text)[""][1]


def test_a_cadence_that_nobody_knows_is_refused_with_what_can_be_given() -> None:
    line, message = problems("[[phone]]\nring_pin = 23\ncadence = 'XX'\n")["phone[1].cadence"]
    assert line == 3
    assert "nearest: MX" in message


def test_a_file_that_is_no_toml_names_the_line() -> None:
    assert problems("[desk]\ndevice = \n")[""][0] == 2


@given(st.text(alphabet='[]{}=".,#\n ab1', max_size=80))
def test_any_text_is_either_good_or_refused_in_words(text: str) -> None:
    try:
        parse(text, Settings, Path("desk.toml"))
    except BadFileError as error:
        assert error.problems


MODELS: list[tuple[type[BaseModel], Path]] = [
    (Settings, EXAMPLE_DESK),
    (CentralSettings, EXAMPLE_CENTRAL),
    (Standard, EXAMPLE_STANDARD),
]
every_file = pytest.mark.parametrize(("model", "example"), MODELS, ids=lambda each: getattr(each, "stem", ""))


@every_file
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("gap", [b" = ", b"\t=\t", b"="], ids=["spaces", "tabs", "tight"])
def test_a_file_says_the_same_whichever_editor_saved_it(
    model: type[BaseModel], example: Path, mark: bytes, end: bytes, gap: bytes, tmp_path: Path
) -> None:
    lines = example.read_bytes().replace(b" = ", gap).replace(b"\n", end)
    (tmp_path / "file.toml").write_bytes(mark + lines)
    assert load(tmp_path / "file.toml", model) == load(example, model)


@every_file
def test_a_file_that_is_not_there_is_answered_with_the_one_to_copy(
    model: type[BaseModel], example: Path, tmp_path: Path
) -> None:
    with pytest.raises(BadFileError, match=f"copy {re.escape(str(example))} there and edit it"):
        load(tmp_path / "missing.toml", model)


@every_file
@given(data=st.data())
def test_no_value_is_taken_with_quotes_that_do_not_belong_or_without_those_that_do(
    model: type[BaseModel], example: Path, data: st.DataObject
) -> None:
    document = tomlkit.parse(example.read_text())
    leaves = [*_leaves(document, ())]
    place, value = data.draw(st.sampled_from(leaves))
    wrong: object = str(value)
    if isinstance(value, str):
        wrong = data.draw(st.sampled_from([1, 2.5, True]))
    elif not isinstance(value, bool):
        wrong = data.draw(st.sampled_from([str(value), True]))
    at: Any = document
    for part in place[:-1]:
        at = at[part]
    at[place[-1]] = wrong
    with pytest.raises(BadFileError) as caught:
        parse(tomlkit.dumps(document), model, example)
    assert any(str(place[-1]) in problem.key and problem.line for problem in caught.value.problems)


def _leaves(value: Any, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*place, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*place, number))
    elif not isinstance(value, list):
        yield place, getattr(value, "unwrap", lambda: value)()


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ('[uplink]\nport = "8883"', "uplink.port", "write it without quotes"),
        ("[desk]\ndevice = 7", "desk.device", 'write it in quotes, "7"'),
        ("[desk]\nmeasure_smile = 1", "desk.measure_smile", "must be true or false, not 1"),
        ('[desk]\nmeasure_smile = "true"', "desk.measure_smile", "write it without quotes"),
        ("[vision]\nthreads = true", "vision.threads", "must be a whole number, not true"),
        ('[vision]\ncpu_budget = "0,8"', "vision.cpu_budget", "write it without quotes"),
        ('[cameras]\nname = "a"\nwatches = "both"', "cameras", "[[cameras]]"),
        ('[[camera]]\nname = "a"\nwatches = "both"', "camera", "did you mean [[cameras]]?"),
        ("[light]\nmeasuring = 5", "light", "did you mean [lights]?"),
        ("[[lights]]\nmeasuring = 5", "lights", "in one pair of brackets: [lights]"),
        ("[phone]\nring_pin = 23", "phone", "[[phone]]"),
        ("desk = 1", "desk", "must be a table, not 1"),
        ('[desk]\ndevice = "Front desk 1"', "desk.device", "'front-desk-1' would be one"),
        ('[[cameras]]\nname = "Tür"\nwatches = "both"', "cameras[1].name", "'tur' would be one"),
        (
            '[[cameras]]\nname = "a"\nwatches = "both"\nnear_zone = [["0.2", 0.5], [0.9, 0.5], [0.9, 1.0]]',
            "cameras[1].near_zone[1][1]",
            "without quotes",
        ),
        (
            "[lights]\nhost = { kind = 'rgb', red = '17', green = 27, blue = 22 }",
            "lights.host.red",
            "without quotes",
        ),
    ],
)
def test_what_was_meant_is_said(text: str, key: str, told: str) -> None:
    assert told in problems(text)[key][1]


def test_a_table_in_one_pair_of_brackets_is_checked_like_one_in_two() -> None:
    found = problems('[cameras]\nname = "Front"\nwatches = "nobody"\n')
    assert {"cameras", "cameras[1].name", "cameras[1].watches"} <= found.keys()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[phone]\nring_pin = 1\n[phone]\nring_pin = 2\n", "each begins with [[phone]]"),
        ("[desk]\ndevice = \u201cdesk-7\u201d\n", "straight quotes"),
        ("[desk]\ndevice = desk-7\n", "text stands in quotes"),
        ("[vision]\ncpu_budget = 0,8\n", "decimals begin with a point"),
        ('[storage]\nspool = "C:\\Users\\x.db"\n', "backslash"),
    ],
)
def test_what_was_meant_is_said_where_it_is_no_toml(text: str, told: str) -> None:
    assert told in problems(text)[""][1]


@pytest.mark.parametrize("codec", ["utf-16", "latin-1"])
def test_another_encoding_is_told(codec: str, tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_bytes('[desk]\n# Tür\ndevice = "desk-7"\n'.encode(codec))
    with pytest.raises(BadFileError, match="save it as UTF-8"):
        load(tmp_path / "desk.toml", Settings)


def test_a_tilde_is_the_home_of_who_reads_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/host")
    desk = parse(
        '[desk]\nstandard = "~/house.toml"\n[storage]\nspool = "~/spool.db"\n[uplink]\nca_file = "~/ca.crt"\ncert_file = "c"\nkey_file = "k"\n'
        '[[cameras]]\nname = "a"\nwatches = "both"\nsource = "~/my clips/a.mp4"\n',
        Settings,
        Path("desk.toml"),
    )
    assert str(desk.storage.spool) == "/home/host/spool.db"
    assert str(desk.uplink.ca_file) == "/home/host/ca.crt"
    assert desk.cameras[0].source == "/home/host/my clips/a.mp4"
    assert desk.desk.standard == "/home/host/house.toml"
    central = parse('[standards]\nfolder = "~/standards"\n', CentralSettings, Path("central.toml"))
    assert str(central.standards.folder) == "/home/host/standards"
