"""A promise is published only where four sides are there, the industry's is reached, and what is measured bears it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from central.promises.promise_wording import refusal_words
from central.promises.weighing import SIDES, AgainstPromise, Capability, Level, Side, SideKind, refusals
from central.statistics.share import share_of, share_over_periods

DAY = date(2026, 9, 21)
PROMISED = Level(5.0, 0.9)


def side(within: float, share: float) -> Side:
    return Side(Level(within, share), "a survey", DAY)


SIDES_THERE: dict[SideKind, Side] = {
    "industry": side(20.0, 0.8),
    "competitors": side(10.0, 0.8),
    "customers": side(6.0, 0.9),
    "resources": side(5.0, 0.92),
}


def measured(part: int, whole: int) -> Capability:
    return Capability(DAY, DAY, share_of(part, whole))


def against(
    promised: Level = PROMISED,
    sides: dict[SideKind, Side] | None = None,
    found: Capability | None = None,
) -> list[AgainstPromise]:
    sides = SIDES_THERE if sides is None else sides
    return list(refusals(promised, sides, found or measured(960, 1000)))


def said(each: AgainstPromise, sides: dict[SideKind, Side], found: Capability) -> str:
    return refusal_words(each, "respond.within_s", PROMISED, sides, found)


def test_a_promise_that_everything_bears_is_refused_by_nothing() -> None:
    assert against() == []


def test_each_missing_side_is_named() -> None:
    for missing in SIDES:
        sides = {name: each for name, each in SIDES_THERE.items() if name != missing}
        assert against(sides=sides) == [AgainstPromise("side_missing", missing)]
    words = said(AgainstPromise("side_missing", "customers"), {}, measured(1, 1))
    assert words == "A side is missing: Customer needs. Enter its value, source and date."


def test_below_the_industry_is_longer_or_in_fewer_cases() -> None:
    for industry in (side(4.0, 0.8), side(20.0, 0.95)):
        sides = SIDES_THERE | {"industry": industry}
        (refusal,) = against(sides=sides)
        assert refusal.kind == "below_industry"
    words = said(refusal, sides, measured(1, 1))
    assert "90 % within 5 s is less than 95 % within 20 s" in words


def test_competitors_and_customers_are_weighed_and_refuse_nothing() -> None:
    assert against(sides=SIDES_THERE | {"competitors": side(1.0, 1.0), "customers": side(1.0, 1.0)}) == []


def test_own_resources_that_were_said_to_bear_less_refuse() -> None:
    assert [each.kind for each in against(sides=SIDES_THERE | {"resources": side(5.0, 0.85)})] == [
        "beyond_resources"
    ]


def test_the_lower_end_of_the_interval_bears_it_and_not_the_share() -> None:
    """92 % of 100 is between 85 and 96 %, of 2000 between 90.7 and 93.1 %."""
    (refusal,) = against(found=measured(92, 100))
    assert refusal.kind == "not_borne"
    assert "85 % is the lower end of the interval (92 % of 100 cases), and 90 % is promised" in said(
        refusal, SIDES_THERE, measured(92, 100)
    )
    assert against(found=measured(1840, 2000)) == []


def test_what_is_not_measured_bears_nothing_and_says_why() -> None:
    nothing = Capability(DAY, DAY, None, "all_censored")
    (refusal,) = against(found=nothing)
    assert said(refusal, SIDES_THERE, nothing).startswith("Nothing measured bears it: More than half")
    few = Capability(DAY, DAY, share_of(9, 9), "few")
    assert [each.kind for each in against(found=few)] == ["not_measured"]
    other = Capability(DAY, DAY, None, "other_limit", asked=8.0)
    assert "within 8 s" in said(against(found=other)[0], SIDES_THERE, other)


counts = st.integers(0, 200).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@given(st.lists(counts, min_size=1, max_size=20))
def test_weeks_that_differ_widen_the_interval_and_never_narrow_it(weeks: list[tuple[int, int]]) -> None:
    part, whole = (sum(each) for each in zip(*weeks, strict=True))
    together, plain = share_over_periods(weeks), share_of(part, whole)
    if plain is None:
        assert together is None
        return
    assert together is not None
    assert (together.part, together.whole, together.share) == (plain.part, plain.whole, plain.share)
    assert together.low <= plain.low + 1e-12
    assert together.high >= plain.high - 1e-12
    assert (
        share_over_periods(weeks[::-1]) == together
        or abs((share_over_periods(weeks[::-1]) or together).low - together.low) < 1e-9
    )


def test_weeks_of_which_one_was_bad_bear_less_than_their_sum() -> None:
    steady, bad = share_over_periods([(95, 100)] * 10), share_over_periods([(100, 100)] * 9 + [(50, 100)])
    assert steady is not None
    assert bad is not None
    assert steady.share == bad.share
    assert bad.low < 0.86
    assert steady.low > 0.93


levels = st.builds(Level, st.floats(0.1, 100.0), st.floats(0.01, 1.0))


@given(levels, levels)
def test_of_two_levels_that_differ_at_least_one_falls_short(one: Level, other: Level) -> None:
    assert not one.falls_short_of(one)
    if one != other:
        assert one.falls_short_of(other) or other.falls_short_of(one)
