"""Clauses by which somebody is not judged: as if nothing had been measured, and nobody sees why."""

from central.records.day import day_of
from central.records.measured import only
from central.scoring.scored import ScoredEncounter, score_call, score_encounter
from central.statistics.desk_day import score_day
from protocol.measurements import Call, Encounter
from tests.central.judged import PROMPT
from tests.worlds.desk_facts import NO_SMILE, OFFSET_S, STANDARD, call, measured, smile, visit

WITHOUT_SMILE = visit(PROMPT, smile=NO_SMILE)


def scored(seen: Encounter, *exempt: str) -> ScoredEncounter:
    (item,) = only(Encounter, [measured(seen, 1)])
    return score_encounter(item, STANDARD, exempt)


def outcomes(seen: ScoredEncounter) -> dict[str, str]:
    return {verdict.clause: verdict.outcome for verdict in seen.verdicts}


def test_an_exempt_clause_does_not_apply_and_the_others_are_judged_as_ever() -> None:
    before, after = outcomes(scored(WITHOUT_SMILE)), outcomes(scored(WITHOUT_SMILE, "smile.teeth"))
    assert before["smile.teeth"] == "fail"
    assert after == before | {"smile.teeth": "not_applicable"}


def test_it_reads_like_a_clause_that_was_not_measured() -> None:
    (exempt,) = (
        each for each in scored(WITHOUT_SMILE, "smile.teeth").verdicts if each.clause == "smile.teeth"
    )
    (unmeasured,) = (each for each in scored(visit(PROMPT)).verdicts if each.clause == "smile.teeth")
    assert exempt == unmeasured
    assert exempt.value is None


def test_a_day_leaves_it_out_of_every_number() -> None:
    items = [
        measured(visit(PROMPT, smile=smile(), at_s=100.0), 1),
        measured(visit(wait_s=25.0, smile=NO_SMILE, at_s=200.0), 2),
        measured(call(5, "answered", at_s=300.0), 3),
    ]
    exempt = {"smile.teeth", "respond.within_s", "phone.rings"}
    day = score_day(
        items,
        STANDARD,
        day_of(OFFSET_S, "UTC"),
        exempt_at=lambda wall_s: exempt if wall_s > OFFSET_S + 150.0 else (),
    )
    tallies = {tally.clause: tally for tally in day.tallies}
    for clause in exempt:
        assert tallies[clause].count("fail") == 0
        assert tallies[clause].count("not_applicable") == 1
    assert (day.waiting.attended, day.waiting.censored) == (1, 0)
    assert day.service_level.of_answered is None


def test_a_call_of_somebody_exempt_is_not_judged() -> None:
    (item,) = only(Call, [measured(call(5, "answered"), 1)])
    (verdict,) = score_call(item, STANDARD, {"phone.rings"}).verdicts
    assert verdict.outcome == "not_applicable"
