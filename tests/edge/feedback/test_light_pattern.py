"""Every cue can be told from every other, also by those who do not see its colour."""

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edge.feedback.cue import Cue, CueKind
from edge.feedback.light_pattern import Pattern, Tone, pattern_of
from edge.feedback.palette import PALETTES
from edge.feedback.text import rhythm

CUES = [
    Cue(kind, measuring=True, rings=rings)
    for kind in CueKind
    for rings in ((1, 2, 3, 4, 5, 6) if kind is CueKind.PHONE_RINGING else (None,))
]


def canonical(pattern: Pattern) -> tuple[float, ...]:
    """The rhythm wherever one begins to look: lights and pauses, from the longest light on."""
    steps = pattern.seconds
    return max(steps[start:] + steps[:start] for start in range(0, len(steps), 2))


@pytest.mark.parametrize(("one", "other"), list(combinations(CUES, 2)))
def test_two_cues_differ_in_rhythm_alone(one: Cue, other: Cue) -> None:
    first, second = canonical(pattern_of(one)), canonical(pattern_of(other))
    # As long and as often lit, and within a fifth in every part, they would look alike.
    alike = len(first) == len(second) and all(
        abs(a - b) <= 0.2 * max(a, b) for a, b in zip(first, second, strict=True)
    )
    assert not alike


@pytest.mark.parametrize("cue", CUES)
def test_no_light_flashes_more_than_three_times_a_second(cue: Cue) -> None:
    pattern = pattern_of(cue)
    step_s = 0.01
    lit = [pattern.at(index * step_s) is not Tone.OFF for index in range(1000)]
    onsets = [index for index, (before, after) in enumerate(pairwise(lit)) if after and not before]
    busiest = max((sum(start <= each < start + 100 for each in onsets) for start in onsets), default=0)
    assert busiest <= 3


@pytest.mark.parametrize("cue", CUES)
def test_a_rhythm_begins_with_light_so_that_a_cue_is_seen_at_once(cue: Cue) -> None:
    assert pattern_of(cue).at(0.0) is not Tone.OFF


@pytest.mark.parametrize("cue", CUES)
def test_every_light_and_every_pause_is_long_enough_for_a_loop_of_twenty_turns_a_second(cue: Cue) -> None:
    assert min(pattern_of(cue).seconds) >= 0.2


@pytest.mark.parametrize("rings", [1, 2, 3, 4, 5, 6])
def test_the_light_counts_the_rings(rings: int) -> None:
    pattern = pattern_of(Cue(CueKind.PHONE_RINGING, measuring=True, rings=rings))
    short = [seconds for seconds in pattern.seconds[::2] if seconds < 0.5]
    assert len(short) == rings


def test_nobody_counts_twenty_blinks() -> None:
    many = pattern_of(Cue(CueKind.PHONE_RINGING, measuring=True, rings=20))
    assert many == pattern_of(Cue(CueKind.PHONE_RINGING, measuring=True, rings=6))


def test_attended_to_is_the_one_steady_light() -> None:
    assert [cue.kind for cue in CUES if len(pattern_of(cue).seconds) == 1] == [CueKind.ATTENDED]


@given(st.sampled_from(CUES), st.floats(0.0, 1e5))
def test_a_rhythm_repeats(cue: Cue, shown_s: float) -> None:
    pattern = pattern_of(cue)
    within_s = shown_s % pattern.period_s
    edges = [sum(pattern.seconds[: count + 1]) for count in range(len(pattern.seconds))]
    assume(all(abs(within_s - edge) > 1e-6 for edge in (0.0, *edges)))
    assert pattern.at(shown_s) is pattern.at(within_s)
    assert pattern.at(shown_s + pattern.period_s) is pattern.at(within_s)


def test_the_manual_shows_every_rhythm_as_it_is() -> None:
    manual = (Path(__file__).resolve().parents[3] / "docs" / "encounter.md").read_text()
    for cue in CUES:
        pattern = pattern_of(cue)
        if cue.rings in (None, 2):
            colours = " | ".join(palette[pattern.tone].name for palette in PALETTES.values())
            assert f"`{rhythm(pattern)}` | {colours} |" in manual, cue
