"""The figures of an appraisal: the same measurements give the same text, few cases give no rate, and a visit that met the clause lowers nothing."""

import json
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.appraisal.appraised_work import (
    CIRCUMSTANCES,
    AskedLimits,
    BesideThem,
    DrawnFrom,
    JudgedWork,
    Letter,
)
from central.appraisal.figures import appraisal_text, figures
from central.appraisal.frozen_text import canonical, digest_of_text
from central.appraisal.proportions import Counts, difference, wilson, within_strata
from central.appraisal.shrinking import FIXED_STRENGTH, STRENGTHS, shrunken, strength_of
from central.statistics.share import share_of

RESPOND, RINGS = "respond.within_s", "phone.rings"
ASKED = (AskedLimits(min=None, max=5.0),)


def work(letter: Letter, at_s: float, **changes: Any) -> JudgedWork:
    facts: dict[str, Any] = {
        "measurement": f"desk-1/boot/{at_s:.0f}",
        "kind": "visit",
        "wall_s": at_s,
        "outcomes": {RESPOND: letter},
        "why": {RESPOND: "the host was visible for only {} of the visit"} if letter == "i" else {},
        "party": False,
        "several": False,
        "on_phone": False,
        "alone": False,
    }
    return JudgedWork(**facts | changes)


def drawn(done: list[JudgedWork], before: list[JudgedWork] | None = None, **changes: Any) -> DrawnFrom:
    facts: dict[str, Any] = {
        "person": "wren",
        "company": "North",
        "showroom": "Harbour",
        "timezone": "Europe/Berlin",
        "first_day": "2026-09-01",
        "last_day": "2026-09-30",
        "before_first_day": "2026-08-02",
        "as_of_wall_s": 1_790_000_000.0,
        "scoring": 1,
        "standards": ("house@3",),
        "profiles": ("other",),
        "least_n": 10,
        "limits": {RESPOND: ASKED},
        "limits_before": {RESPOND: ASKED},
        "on_duty_s": 3600.0,
        "unmeasured": (),
        "work": tuple(done),
        "before": tuple(before or ()),
        "excluded": (),
        "beside": {RESPOND: BesideThem(by_stratum={"0000": (80, 100)}, strength=None)},
        "circumstances_beside": {},
    }
    return DrawnFrom(**facts | changes)


def clause(found: DrawnFrom) -> dict[str, Any]:
    one: dict[str, Any] = figures(found)["clauses"][RESPOND]
    return one


def of(letters: str) -> list[JudgedWork]:
    return [work(letter, float(at)) for at, letter in enumerate(letters)]  # type: ignore[arg-type]


LETTERS = st.text("pfin", min_size=1, max_size=40)
MANY = st.lists(
    st.builds(
        lambda letter, held: (letter, dict(zip(CIRCUMSTANCES, held, strict=True))),
        st.sampled_from("pfin"),
        st.tuples(*[st.sampled_from([None, False, True])] * 4),
    ),
    min_size=1,
    max_size=30,
)


def test_below_ten_decided_cases_stand_counts_and_no_rate() -> None:
    found = clause(drawn(of("pppppfffi")))
    assert (found["n"], found["met"], found["not_met"], found["open"]) == (8, 5, 3, 1)
    assert found["share"] is None
    assert found["shrunken"] is None
    assert found["standing"] == "too_few"
    assert found["would_change"] == {"to": "rate", "more": 2}
    assert found["trend"]["finding"] == "too_few"
    assert found["reasons"] == {"the host was visible for only {} of the visit": 1}


def test_a_share_stands_with_its_interval_and_beside_it_drawn_towards_the_showroom() -> None:
    found = clause(drawn(of("p" * 8 + "f" * 12)))
    known = share_of(8, 20)
    assert known
    assert found["share"]["value"] == 0.4
    assert abs(found["share"]["low"] - known.low) < 1e-6
    assert abs(found["share"]["high"] - known.high) < 1e-6
    assert 0.4 < found["shrunken"]["value"] < 0.8
    assert found["shrunken"]["prior"] == "showroom"
    assert found["shrunken"]["prior_strength"] == FIXED_STRENGTH
    assert found["standing"] == "below"
    needed = found["would_change"]
    assert needed["to"] == "not_told"
    again = clause(drawn(of("p" * (8 + needed["more"]) + "f" * 12)))
    assert again["standing"] == "not_told"
    almost = clause(drawn(of("p" * (7 + needed["more"]) + "f" * 12)))
    assert almost["standing"] == "below"


def test_whoever_works_where_it_is_harder_is_held_against_what_others_come_to_there() -> None:
    """The others met 95 of 100 at leisure and 10 of 40 while on the telephone; who is always on the telephone and meets 8 of 20 is not below."""
    beside = {RESPOND: BesideThem(by_stratum={"0000": (95, 100), "0010": (10, 40)}, strength=None)}
    busy = [work(each.outcomes[RESPOND], each.wall_s, on_phone=True) for each in of("p" * 8 + "f" * 12)]
    found = clause(drawn(busy, beside=beside))
    assert found["expected"] < 0.45
    assert found["standing"] == "not_told"
    assert clause(drawn(of("p" * 8 + "f" * 12), beside=beside))["standing"] == "below"


def test_a_period_that_was_judged_by_another_standard_is_not_compared() -> None:
    before = of("f" * 20)
    assert clause(drawn(of("p" * 20), before))["trend"]["finding"] == "rose"
    assert clause(drawn(before, of("p" * 20)))["trend"]["finding"] == "fell"
    other = {RESPOND: (AskedLimits(min=None, max=9.0),)}
    found = clause(drawn(of("p" * 20), before, limits_before=other))["trend"]
    assert (found["finding"], found["difference"]) == ("other_standard", None)


@given(MANY, st.randoms())
def test_the_order_of_arrival_changes_no_byte(
    facts: list[tuple[Letter, dict[str, Any]]], random: Any
) -> None:
    done = [work(letter, float(at), **held) for at, (letter, held) in enumerate(facts)]
    mixed = done.copy()
    random.shuffle(mixed)
    assert appraisal_text(drawn(done, done)) == appraisal_text(drawn(mixed, mixed))


@given(LETTERS, st.integers(0, 100), st.sampled_from([None, *STRENGTHS]))
def test_a_visit_more_that_met_the_clause_never_lowers_a_share(
    letters: str, met_beside: int, strength: float | None
) -> None:
    beside = {RESPOND: BesideThem(by_stratum={"0000": (met_beside, 100)}, strength=strength)}
    before, after = (clause(drawn(of(each), beside=beside)) for each in (letters, letters + "p"))
    for figure in ("share", "shrunken"):
        if before[figure] is not None:
            assert all(after[figure][end] >= before[figure][end] - 1e-9 for end in ("value", "low", "high"))
    order = ["too_few", "below", "not_told", "above"]
    assert (
        after["standing"] == before["standing"]
        or order.index(after["standing"]) > order.index(before["standing"])
        or before["standing"] == "too_few"
    )


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=8), st.randoms())
def test_whose_counts_are_whose_changes_no_prior(others: list[tuple[int, int]], random: Any) -> None:
    found = [Counts(met, met + missed) for met, missed in others]
    mixed = found.copy()
    random.shuffle(mixed)
    assert strength_of(found) == strength_of(mixed)


def test_a_prior_is_strong_where_people_are_alike_and_weak_where_they_differ() -> None:
    alike = strength_of([Counts(80, 100), Counts(79, 100), Counts(81, 100), Counts(80, 100)])
    apart = strength_of([Counts(10, 100), Counts(95, 100), Counts(50, 100), Counts(99, 100)])
    assert alike is not None
    assert apart is not None
    assert alike > 50.0
    assert apart < 5.0
    assert strength_of([Counts(1, 2), Counts(2, 2)]) is None


def test_a_showroom_in_which_all_was_met_is_not_certain_that_nobody_ever_misses() -> None:
    others = [Counts(20, 20)] * 3
    found = shrunken(Counts(10, 10), Counts(70, 70), strength_of(others))
    assert found.share > 0.98
    assert found.low < 0.95


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 200), st.sampled_from([None, *STRENGTHS]))
def test_what_is_believed_lies_between_the_raw_share_and_the_showrooms(
    met: int, missed: int, met_beside: int, strength: float | None
) -> None:
    own, showroom = Counts(met, met + missed), Counts(met + met_beside, met + missed + 200)
    found = shrunken(own, showroom, strength)
    ends = sorted([own.share, (showroom.met + 0.5) / (showroom.whole + 1)])
    assert ends[0] - 1e-9 <= found.share <= ends[1] + 1e-9
    assert found.low <= found.share <= found.high


def test_who_works_alone_in_a_showroom_is_drawn_by_jeffreys_prior_to_no_colleague() -> None:
    found = shrunken(Counts(10, 10), Counts(10, 10), None)
    assert (found.mean, found.strength) == (0.5, 1.0)
    assert found.share == pytest.approx(10.5 / 11)
    assert clause(drawn(of("p" * 10), beside={}))["standing"] == "nobody_else"


@given(st.integers(0, 60), st.integers(1, 60))
def test_the_interval_is_that_of_the_other_pages(met: int, more: int) -> None:
    known = share_of(met, met + more)
    assert known
    low, high = wilson(Counts(met, met + more))
    assert abs(low - known.low) < 1e-6
    assert abs(high - known.high) < 1e-6


def test_the_interval_of_a_difference_is_the_published_one() -> None:
    """Newcombe 1998, table II, (a): 56 of 70 less 48 of 80, method 10."""
    found = difference(Counts(56, 70), Counts(48, 80))
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


def test_a_difference_that_circumstances_make_is_gone_within_them() -> None:
    """Both meet 9 of 10 at leisure and 3 of 10 when busy; one of both is busier."""
    calm, busy = (Counts(90, 100), Counts(9, 10)), (Counts(3, 10), Counts(30, 100))
    pooled = difference(Counts(93, 110), Counts(39, 110))
    within = within_strata([calm, busy])
    assert pooled.sign == 1
    assert within is not None
    assert within.sign == 0
    assert abs(within.value) < 1e-9
    assert within_strata([(Counts(1, 1), Counts(0, 0))]) is None


@given(MANY)
def test_what_was_signed_is_recomputed_byte_for_byte_from_its_own_text(
    facts: list[tuple[Letter, dict[str, Any]]],
) -> None:
    at = count()
    text = appraisal_text(drawn([work(letter, next(at) / 3, **held) for letter, held in facts]))
    again = appraisal_text(DrawnFrom.model_validate_json(canonical(json.loads(text)["drawn_from"])))
    assert again == text


def test_every_clause_has_the_hash_of_its_own_figures() -> None:
    found = clause(drawn(of("pf" * 10)))
    told = found.pop("sha256")
    assert told == digest_of_text(canonical(found))
