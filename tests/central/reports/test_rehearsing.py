"""What a rehearsal rests on: the measurements of thirty days, while a desk stood there, or an honest part of them."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from central.desks.registry import DeskDefaults, enter, stays
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.reports import rehearsing
from central.reports.rehearsing import DAY_S, REHEARSED_DAYS, rehearse_stretch
from protocol.standard import Respond, Standard
from tests.worlds.desk_facts import call, event, reaction, staffed, visit

if TYPE_CHECKING:
    from protocol.measurements import Measurement

STRICT = Standard(name="house", version=1, title="House", respond=Respond(within_s=3.0))
MILD = Standard(name="house", version=2, title="House", respond=Respond(within_s=6.0))
BEGAN_S = 1_800_000_000.0
UNTIL_S = BEGAN_S + DAY_S


@pytest.fixture
def session(engine: Engine) -> Session:
    """Twelve visits, one of three of them attended to late, a call and a stretch of staffing, at a desk in the Harbour."""
    session = Session(engine)
    enter(session, "desk-1", company="North", showroom="Harbour")
    seen = [visit(reaction("turned", 4.0 if number % 3 else 1.0), at_s=60.0 * number) for number in range(12)]
    data: list[Measurement] = [*seen, call(2, "answered", at_s=900.0), staffed(0.0, 600.0)]
    sent = [event(each, number, "desk-1", offset_s=BEGAN_S) for number, each in enumerate(data, 1)]
    take_in(session, [read("deskside/1/desk-1/event", raw, BEGAN_S) for raw in sent], DeskDefaults())
    return session


def test_visits_and_calls_of_thirty_days_are_judged_under_both(session: Session) -> None:
    found = rehearse_stretch(session, stays(session), UNTIL_S, STRICT, MILD)
    assert (found.there_were, found.step, found.rehearsal.judged) == (13, 1, 13)
    assert found.rehearsal.whole.before is not None
    assert found.rehearsal.whole.after is not None
    assert (found.rehearsal.whole.before.part, found.rehearsal.whole.before.whole) == (4, 12)
    assert found.rehearsal.whole.after.part == 12
    session.close()


def test_what_is_older_or_was_measured_elsewhere_is_left_out(session: Session) -> None:
    late = rehearse_stretch(session, stays(session), UNTIL_S + REHEARSED_DAYS * DAY_S, STRICT, MILD)
    assert late.rehearsal.judged == 0
    assert late.rehearsal.whole.moved is None
    enter(session, "desk-1", showroom="Market", since_wall_s=BEGAN_S + 301.0)
    harbour = [stay for stay in stays(session) if stay.showroom == "Harbour"]
    assert rehearse_stretch(session, harbour, UNTIL_S, STRICT, MILD).rehearsal.judged == 6
    assert rehearse_stretch(session, stays(session), UNTIL_S, STRICT, MILD).rehearsal.judged == 13
    session.close()


def test_where_there_are_too_many_every_so_many_th_is_taken_and_it_is_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsing, "MOST_REHEARSED", 5)
    found = rehearse_stretch(session, stays(session), UNTIL_S, STRICT, MILD)
    assert (found.there_were, found.step, found.rehearsal.judged) == (13, 3, 5)
    session.close()
