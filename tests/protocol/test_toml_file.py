"""Bad settings: all errors at once, each with its key, what is allowed, and its place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.settings.desk_toml import Settings
from protocol.toml_file import BadFileError, parse

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
