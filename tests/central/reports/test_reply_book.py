"""Which replies are due at which showroom, and how many came in time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from central.crm.pulled import CasePlace, PulledCase
from central.crm.taking_in import crm_row, take_in_case
from central.database.engine import open_for_writing
from central.replies.case_history import CaseMessage, StateChange
from central.reports.reply_book import CaseClock, case_clocks, replies_counted, still_unanswered
from central.settings import Queue, TicketSystemLink
from central.showrooms.premises import entered_showroom
from central.standards.in_force import StandardsInForce
from protocol.shipped import STANDARDS
from protocol.standards_folder import find_standard

HOUR = 3600.0
DAY = 24 * HOUR
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()
LINK = TicketSystemLink(
    name="support",
    kind="roundup",
    url="http://127.0.0.1:9",
    company="North",
    showroom="Harbour",
    queues=(Queue(name="Market desk", showroom="Market"),),
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = open_for_writing(str(tmp_path / "central.db"))
    with Session(engine) as session:
        for name in ("Harbour", "Market"):
            entered_showroom(session, "North", name, "UTC")
        yield session
    engine.dispose()


def enter(session: Session, name: str, asked_s: float, *, after_h: float | None, place: str = "") -> None:
    messages = [CaseMessage(f"{name}-q", asked_s, "in", "requestor")]
    if after_h is not None:
        messages.append(CaseMessage(f"{name}-r", asked_s + after_h * HOUR, "out", "person"))
    case = PulledCase(name, "7", tuple(messages), (), (CasePlace(asked_s, place),), whole=True)
    take_in_case(session, crm_row(session, "support").id, case)


def clocks(session: Session, now_s: float) -> tuple[CaseClock, ...]:
    standards = StandardsInForce(find_standard("eight-teeth", STANDARDS))
    return case_clocks(session, (LINK,), standards, 0.0, now_s)


def test_a_showroom_has_the_cases_of_its_queues_and_counts_them_when_they_are_decided(
    session: Session,
) -> None:
    enter(session, "in time", MONDAY, after_h=2)
    enter(session, "late", MONDAY, after_h=30)
    enter(session, "never", MONDAY, after_h=None)
    enter(session, "market", MONDAY, after_h=1, place="Market desk")
    found = clocks(session, MONDAY + 2 * DAY)
    by_name = {each.showroom.name: each.showroom.id for each in found}
    counted = replies_counted(found, MONDAY, MONDAY + 7 * DAY)
    harbour, market = counted[by_name["Harbour"]], counted[by_name["Market"]]
    assert (harbour.in_time, harbour.decided) == (1, 3)
    assert (market.in_time, market.decided) == (1, 1)
    first_day = replies_counted(found, MONDAY, MONDAY + DAY)
    assert first_day[by_name["Harbour"]].decided == 1, "the late ones fall due on the next day"


def test_what_is_late_is_told_before_what_is_still_to_come(session: Session) -> None:
    enter(session, "new", MONDAY + 47 * HOUR, after_h=None)
    enter(session, "late", MONDAY, after_h=None)
    enter(session, "done", MONDAY, after_h=2)
    listed = still_unanswered(clocks(session, MONDAY + 2 * DAY), MONDAY + 2 * DAY)
    assert [each.case.external_id for each in listed] == ["late", "new"]
    assert listed[0].clock.due_s == MONDAY + DAY


def test_a_case_closed_without_a_reply_is_in_no_count_of_those_in_time(session: Session) -> None:
    messages = (CaseMessage("q", MONDAY, "in", "requestor"),)
    closed = PulledCase(
        "1", "7", messages, (StateChange(MONDAY + HOUR, "closed"),), (CasePlace(MONDAY, ""),), whole=True
    )
    take_in_case(session, crm_row(session, "support").id, closed)
    (counts,) = replies_counted(clocks(session, MONDAY + DAY), MONDAY, MONDAY + DAY).values()
    assert (counts.decided, counts.ended) == (0, {"closed": 1})
