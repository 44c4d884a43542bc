"""What an encounter says of the host's manner, left out part by part."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.manner import (
    MANNER,
    REACTIONS,
    Manner,
    answerable,
    asking_without,
    left_out,
    may_tell,
    told_manner,
)
from protocol.measurements import Encounter, ReactionKind
from protocol.standard import CLAUSES, area_of, limits_of
from protocol.standards_folder import find_standard
from tests.worlds.desk_facts import gaze, posture, reaction, smile, visit

SMILED: tuple[ReactionKind, ...] = ("smiled",)
SMILED_OR_TURNED: tuple[ReactionKind, ...] = ("smiled", "turned")
SMILE: tuple[Manner, ...] = ("smile",)
KINDS: tuple[ReactionKind, ...] = ("turned", "smiled", "stood_up")

encounters = st.builds(
    lambda delays, looks, body, mouth, covered: visit(
        *(reaction(kind, delay_s) for kind, delay_s in delays.items()),
        smile=smile() if mouth else None,
        gaze=gaze() if looks else None,
        posture=posture() if body else None,
        mouth_covered_share=0.3 if covered else None,
        resumed_work_s=130.0 if body else None,
    ),
    st.dictionaries(st.sampled_from(KINDS), st.floats(-5.0, 30.0), max_size=3),
    *(st.booleans() for _ in range(4)),
)
parts = st.sets(st.sampled_from(MANNER))


@given(encounters, parts)
def test_what_is_left_out_is_told_by_nothing_that_stays(encounter: Encounter, off: set[Manner]) -> None:
    told = left_out(encounter, off)
    assert set(told_manner(told)) == set(told_manner(encounter)) - off
    assert left_out(told, off) == told
    assert left_out(encounter, ()) == encounter
    Encounter.model_validate(told.model_dump())


@given(encounters)
def test_an_encounter_that_tells_of_manner_is_never_overlooked(encounter: Encounter) -> None:
    assert may_tell(encounter.model_dump_json()) == told_manner(encounter)
    assert may_tell(encounter.model_dump_json(indent=1)) == told_manner(encounter)
    assert may_tell(left_out(encounter, MANNER).model_dump_json()) == ()


@given(encounters, parts)
def test_a_wait_that_ended_by_what_is_left_out_tells_nothing_of_when(
    encounter: Encounter, off: set[Manner]
) -> None:
    told = left_out(encounter, off)
    if encounter.reaction_kind is not None and REACTIONS.get(encounter.reaction_kind) in off:
        assert (told.wait_s, told.wait_ended_by, told.reaction_kind) == (0.0, "not_observed", None)
    else:
        assert (told.wait_s, told.wait_ended_by) == (encounter.wait_s, encounter.wait_ended_by)


def test_a_standard_asks_nothing_of_what_is_left_out_and_the_rest_as_before() -> None:
    standard = find_standard("eight-teeth")
    asked = asking_without(standard, SMILE)
    assert asked.label == standard.label
    assert asked.respond.counts == tuple(kind for kind in standard.respond.counts if kind != "smiled")
    for clause in CLAUSES:
        if area_of(clause) == "smile":
            assert limits_of(asked, clause).open
        else:
            assert limits_of(asked, clause) == limits_of(standard, clause)
    assert asking_without(standard, ()) is standard


def test_a_standard_that_counts_smiles_alone_cannot_be_answered_without_them() -> None:
    assert not answerable(SMILED, {"smile"})
    assert answerable(SMILED_OR_TURNED, {"smile"})
    assert answerable(SMILED, {"gaze"})
