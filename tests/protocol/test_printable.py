"""Text from outside writes nothing but itself."""

import json
import logging
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.decoding import decode
from protocol.measurements import Duty, Gap
from protocol.printable import OneLineFormatter, printable


@given(st.text(alphabet=st.characters(categories=["Cc", "Cs", "Zl", "Zp", "L", "Po"])))
def test_what_is_printable_is_one_line_without_a_control_character(text: str) -> None:
    shown = printable(text)
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert len(shown.splitlines()) <= 1
    assert printable(shown) == shown


@pytest.mark.parametrize("text", ["", "Türe links 2", "接待处", "a\\nb", "50 % of 1 < 2 & 'x'", "😀"])
def test_what_writes_only_itself_stays(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b", "\x9b", "\x7f", "\u2028", "\u202e", "\u2066", "\0"])
def test_every_text_of_a_measurement_is_printable_from_its_beginning(sign: str) -> None:
    words = f"a{sign}b"
    assert Gap(start_s=0.0, end_s=1.0, what=words, reason=words).reason == printable(words)
    assert Duty(start_s=0.0, end_s=1.0, person=words).person == printable(words)
    if sign != "\0":
        sent = json.dumps({"start_s": 0.0, "end_s": 1.0, "what": words, "reason": words}).encode()
        assert decode(Gap, sent).what == printable(words)


def test_a_log_line_is_one_line_and_a_traceback_keeps_its_own() -> None:
    formatter = OneLineFormatter("%(levelname)s %(message)s")
    record = logging.LogRecord("x", logging.WARNING, "", 0, "of %s", ("desk\nINFO all is well\x1b[2J",), None)
    assert formatter.format(record) == r"WARNING of desk\nINFO all is well\x1b[2J"
    try:
        int("torn")
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    assert len(formatter.format(record).splitlines()) > 2
