"""Sums of days are kept under what they were reckoned from: the same figures without reading a measurement, and anew once anything of it changes."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from central.accounts.account_book import make_account
from central.desks.registry import DeskDefaults, enter, stays
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.records.exclusions import exclude
from central.reports import day_parts as reckoning
from central.reports.day_sums import (
    DayParts,
    DaySumRow,
    MadeSums,
    _read,
    _written,
    forget_sums,
    keep_sums,
)
from central.reports.indicator_cells import IndicatorScope
from central.reports.indicator_values import IndicatorReader, PeriodValue
from central.statistics.indicators import INDICATORS
from central.verdicts.filling import fill
from central.verdicts.rules import standards_in_force
from protocol.measurements import Measurement
from tests.central.reports.test_indicator_values import FIRST, LAST
from tests.worlds.desk_facts import OFFSET_S, STANDARD, call, event, gap, reaction, staffed, visit
from tests.worlds.profiles import decide

DAY_S = 86400.0
BOOT = "a" * 32


@pytest.fixture
def house(engine: Engine) -> Engine:
    """Three days of visits, calls, staffing and a gap at one desk."""
    with Session(engine) as session, session.begin():
        enter(session, "desk-1", company="North", showroom="Harbour", timezone="UTC")
        decide(session, "other", "North", "Harbour")
    sent: list[Measurement] = []
    for day in range(3):
        at_s = day * DAY_S
        for n in range(1, 13):
            seen = reaction("smiled", 1.0 + 0.1 * n + day, at_s + 100.0 * n)
            sent.append(visit(seen, at_s=at_s + 100.0 * n) if n % 4 else visit(at_s=at_s + 100.0 * n))
        sent += [call(2 + day, "answered", at_s=at_s + 2000.0), staffed(at_s, at_s + 3000.0)]
        sent.append(gap(at_s + 3000.0, at_s + 6600.0))
    take(engine, *sent)
    return engine


def take(engine: Engine, *data: Measurement, first: int = 1) -> None:
    with Session(engine) as session, session.begin():
        raws = [event(each, n, "desk-1", BOOT, OFFSET_S) for n, each in enumerate(data, first)]
        take_in(session, [read("deskside/1/desk-1/event", raw, OFFSET_S) for raw in raws], DeskDefaults())
    with Session(engine) as session, session.begin():
        fill(session, STANDARD)


def figures(engine: Engine, made: list[MadeSums] | None = None) -> dict[str, tuple[PeriodValue, ...]]:
    """Every indicator, day by day, by a process that remembers nothing."""
    reckoning._remembered.clear()
    with Session(engine) as session:
        rules = standards_in_force(session, STANDARD)
        scope = IndicatorScope("showroom", tuple(stays(session)))
        reader = IndicatorReader(session, scope, rules, FIRST, LAST, made=made)
        return {code: reader.values(each, "day") for code, each in INDICATORS.items()}


def kept(engine: Engine) -> list[MadeSums]:
    made: list[MadeSums] = []
    figures(engine, made)
    with Session(engine) as session, session.begin():
        keep_sums(session, made)
    return made


def test_what_is_kept_gives_the_same_figures_without_reading_a_measurement(
    house: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = figures(house)
    assert len(kept(house)) == 4, "three days, and one into which the last of them may reach"

    def reads(*_: object) -> None:
        pytest.fail("a measurement is read")

    monkeypatch.setattr(reckoning, "measured_between", reads)
    assert figures(house) == before


def test_what_comes_late_or_is_excluded_is_reckoned_anew_and_takes_the_place_of_what_was_kept(
    house: Engine,
) -> None:
    kept(house)
    take(house, visit(reaction("smiled", 9.0, 4000.0), at_s=4000.0), first=100)
    anew = kept(house)
    assert len(anew) == 2, "its day, and the next one; the others are as they were"
    with Session(house) as session, session.begin():
        account = make_account(session, "decider", 1.0).id
        exclude(session, ("desk-1", BOOT, 100), reason="a chair", decided_by=account, now_wall_s=1.0)
    assert len(kept(house)) == 4, "an exclusion may be of any of the desk's days"
    with Session(house) as session:
        assert session.scalar(select(func.count()).select_from(DaySumRow)) == 4


def test_sums_go_with_the_measurements_that_they_are_of(house: Engine) -> None:
    kept(house)
    with house.begin() as connection:
        for table in ("verdict", "attended"):
            connection.execute(text(f"DELETE FROM {table} WHERE start_wall_s < {OFFSET_S + 2 * DAY_S}"))  # noqa: S608  (of this test)
        connection.execute(text(f"DELETE FROM event WHERE start_wall_s < {OFFSET_S + 2 * DAY_S - 20_000.0}"))  # noqa: S608  (of this test)
    with Session(house) as session, session.begin():
        forget_sums(session)
        assert session.scalar(select(func.count()).select_from(DaySumRow)) == 2


seconds = st.floats(0.0, 1e6)


@given(
    st.builds(
        DayParts,
        st.lists(seconds),
        st.lists(seconds),
        st.dictionaries(st.sampled_from(["answered_in_time", "unknown"]), st.integers(0, 99)).map(Counter),
        *(
            seconds,
            seconds,
            st.integers(0, 9),
            st.integers(0, 9),
            seconds,
            seconds,
            st.integers(0, 9),
            st.integers(0, 9),
        ),
    )
)
def test_what_is_written_is_read_as_it_was(parts: DayParts) -> None:
    assert _read(_written(parts)) == parts
