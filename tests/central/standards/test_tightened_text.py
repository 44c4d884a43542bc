"""A suggestion is taken over into the text of a draft: one number and the version change, comments stay, and a text that is too odd is left to a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.standards.standard_versions import StandardStepError, read_standard_text
from central.standards.tightened_text import tightened_text
from central.statistics.tightening import SIDES, tighter_limits, with_limit
from protocol.shipped import EXAMPLE_STANDARD
from protocol.standard import CLAUSES, limits_of

TEXT = EXAMPLE_STANDARD.read_text(encoding="utf-8")
HOUSE = read_standard_text(TEXT)
ENDS = [
    (clause, side)
    for clause in CLAUSES
    for side in SIDES
    if getattr(limits_of(HOUSE, clause), side) is not None
]


@given(st.sampled_from(ENDS), st.integers(2, 999_999))
def test_every_limit_of_the_example_can_be_taken_over_and_only_two_lines_differ(
    end: tuple[str, str], version: int
) -> None:
    clause, side = end
    for to in tighter_limits(clause, side, getattr(limits_of(HOUSE, clause), side)):  # type: ignore[arg-type]
        wanted = with_limit(HOUSE, clause, side, to).model_copy(update={"version": version})  # type: ignore[arg-type]
        changed = tightened_text(TEXT, wanted)
        assert read_standard_text(changed) == wanted
        pairs = zip(TEXT.split("\n"), changed.split("\n"), strict=True)
        assert sum(one != other for one, other in pairs) == 2


def test_a_text_that_is_written_in_another_way_is_left_to_a_person_with_what_to_write() -> None:
    odd = 'name = "house"\nversion = 1\ntitle = "House"\nphone.rings.max = 3\n'
    wanted = with_limit(read_standard_text(odd), "phone.rings", "max", 2.0)
    with pytest.raises(StandardStepError, match=r"write by hand phone.rings: max = 2"):
        tightened_text(odd, wanted.model_copy(update={"version": 2}))


def test_a_limit_that_stands_for_another_table_is_not_taken_for_it() -> None:
    text = 'name = "house"\nversion = 4\ntitle = "House"\n\n[smile]\nhold_s = { min = 2 } # min = 9\n[gaze]\nlongest_away_s = { max = 5 }\n'
    wanted = with_limit(read_standard_text(text), "gaze.longest_away_s", "max", 4.5)
    changed = tightened_text(text, wanted.model_copy(update={"version": 5}))
    assert changed == text.replace("max = 5", "max = 4.5").replace("version = 4", "version = 5")
