"""Every clause that a standard sets, held against one measurement."""

import pkgutil
from typing import Any

import pytest

import central.scoring.clauses
from central.scoring.clause import Clause
from central.scoring.judging import JUDGED, verdicts_on
from central.scoring.staffing import Staffing
from protocol.standard import CLAUSES, Standard, limits_of
from tests.central.judged import PROMPT, outcome
from tests.worlds.delivery.mosquitto import PROJECT
from tests.worlds.desk_facts import ALL_SET, NO_SMILE, STANDARD, call, gaze, posture, smile, visit


def test_a_visit_as_the_house_wants_it_meets_every_clause() -> None:
    seen = visit(PROMPT, smile=smile(), gaze=gaze(), posture=posture())
    outcomes = {each.clause: each.outcome for each in verdicts_on(seen, STANDARD, ())}
    assert set(outcomes.values()) == {"pass"}
    assert len(outcomes) == 10


def test_what_the_standard_leaves_open_is_not_judged() -> None:
    only_response = Standard(name="plain", version=1, title="Plain")
    seen = visit(PROMPT, smile=smile(), gaze=gaze(), posture=posture())
    assert [each.clause for each in verdicts_on(seen, only_response, ())] == ["respond.within_s"]


def test_what_a_desk_does_not_measure_does_not_apply() -> None:
    rest = verdicts_on(visit(PROMPT), STANDARD, ())[1:]
    assert {each.outcome for each in rest} == {"not_applicable"}


@pytest.mark.parametrize("clause", ["smile.lift_cm", "smile.teeth", "smile.hold_s"])
def test_no_smile_misses_every_minimum(clause: str) -> None:
    assert outcome(visit(PROMPT, smile=NO_SMILE), clause) == "fail"


def test_a_verdict_names_the_measurements_that_it_rests_on() -> None:
    stretches = ("desk-1/b/1", "desk-1/b/2")
    (judged,) = verdicts_on(Staffing(96.0, 4.0, 0.0), STANDARD, stretches)
    assert judged.measurements == stretches


def test_every_clause_of_the_standard_has_its_file_and_every_file_its_clause() -> None:
    assert [clause.name for clause in JUDGED] == list(CLAUSES)
    files = {file.name for file in pkgutil.iter_modules(central.scoring.clauses.__path__)}
    assert files == {name.replace(".", "_") for name in CLAUSES}


@pytest.mark.parametrize("clause", JUDGED, ids=lambda clause: clause.name)
def test_a_clause_speaks_under_its_own_name_and_limits_when_it_is_set(clause: Clause[Any]) -> None:
    subjects: list[object] = [
        visit(PROMPT, smile=smile(), gaze=gaze(), posture=posture()),
        call(2, "answered"),
        Staffing(96.0, 4.0, 0.0),
    ]
    (judged,) = (
        verdict
        for subject in subjects
        for verdict in verdicts_on(subject, ALL_SET, ())
        if verdict.clause == clause.name
    )
    assert judged.limits == limits_of(ALL_SET, clause.name)


def test_the_manual_says_of_every_clause_how_it_is_decided() -> None:
    manual = (PROJECT / "docs" / "central.md").read_text(encoding="utf-8")
    assert [clause for clause in CLAUSES if f"\n| `{clause}` | " not in manual] == []
