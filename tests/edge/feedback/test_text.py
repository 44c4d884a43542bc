"""The light as text."""

import pytest
from rich.style import Style

from edge.feedback import text
from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_pattern import Tone, pattern_of


@pytest.mark.parametrize("kind", list(CueKind))
def test_every_cue_has_words(kind: CueKind) -> None:
    assert text.describe(Cue(kind, measuring=True))


def test_the_words_count_the_time() -> None:
    running_out = Cue(CueKind.RUNNING_OUT, measuring=True, encounter=1, seconds_left=1.24)
    too_late = Cue(CueKind.TOO_LATE, measuring=True, encounter=1, seconds_left=-2.0)
    assert text.describe(running_out) == "the time to respond runs out: 1.2 s left"
    assert text.describe(too_late) == "too late: a customer still waits: 2.0 s over"


def test_the_words_count_the_rings() -> None:
    assert (
        text.describe(Cue(CueKind.PHONE_URGENT, measuring=True, rings=3))
        == "the telephone: last ring (ring 3)"
    )


@pytest.mark.parametrize("tone", list(Tone))
def test_a_lamp_is_one_character(tone: Tone) -> None:
    assert text.lamp(tone) in {"●", "○"}


@pytest.mark.parametrize("tone", list(Tone))
def test_a_lamp_has_a_colour_that_terminals_know(tone: Tone) -> None:
    assert Style.parse(text.SHADES[tone]).color is not None


@pytest.mark.parametrize("kind", list(CueKind))
def test_a_rhythm_begins_lit(kind: CueKind) -> None:
    assert text.rhythm(pattern_of(Cue(kind, measuring=True))).startswith("█")
