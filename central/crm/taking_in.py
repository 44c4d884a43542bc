"""Cases of a ticket system, taken into the database: what comes twice is kept once, and what is known is never forgotten."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from central.crm.case_rows import (
    PLACE_LIMIT,
    CasePlaceRow,
    CaseStateRow,
    CrmCaseRow,
    CrmMessageRow,
    CrmRow,
    CrmUnreadRow,
)
from central.crm.pulled import LONGEST_ID, CasePlace, PulledCase
from central.replies.case_history import StateChange


def crm_row(session: Session, name: str) -> CrmRow:
    """The row of a ticket system, entered if it is not there yet."""
    row = session.scalar(select(CrmRow).where(CrmRow.name == name))
    if row is None:
        row = CrmRow(name=name)
        session.add(row)
        session.flush()
    return row


def take_in_case(session: Session, crm_id: int, case: PulledCase) -> None:
    """Keep a case: its new messages, and its states and places."""
    row = session.scalar(
        select(CrmCaseRow).where(CrmCaseRow.crm_id == crm_id, CrmCaseRow.external_id == case.external_id)
    )
    if row is None:
        row = CrmCaseRow(
            crm_id=crm_id, external_id=case.external_id, customer="", merged_into=None, latest_wall_s=0.0
        )
        session.add(row)
        session.flush()
    row.customer = case.customer[:LONGEST_ID] or row.customer
    if case.merge is not None and row.merged_into != case.merge.into:
        row.merged_into, row.merged_wall_s = case.merge.into[:LONGEST_ID], case.merge.at_s
    _messages(session, row, case)
    _states(session, row, case)
    _places(session, row, case)
    times = [each.at_s for each in case.messages] + [each.at_s for each in case.states]
    row.latest_wall_s = max([row.latest_wall_s, row.merged_wall_s or 0.0, *times])
    session.execute(
        delete(CrmUnreadRow).where(
            CrmUnreadRow.crm_id == crm_id, CrmUnreadRow.external_id == case.external_id
        )
    )


def note_unread(session: Session, crm_id: int, external_id: str, reason: str, now_wall_s: float) -> None:
    """Keep that a case could not be read, to be tried again."""
    row = session.get(CrmUnreadRow, (crm_id, external_id[:LONGEST_ID]))
    if row is None:
        row = CrmUnreadRow(crm_id=crm_id, external_id=external_id[:LONGEST_ID], since_wall_s=now_wall_s)
        session.add(row)
    row.reason = reason


def unread(session: Session, crm_id: int) -> tuple[CrmUnreadRow, ...]:
    """What could not be read, the oldest first."""
    chosen = select(CrmUnreadRow).where(CrmUnreadRow.crm_id == crm_id).order_by(CrmUnreadRow.since_wall_s)
    return tuple(session.scalars(chosen))


def unread_count(session: Session, crm_id: int) -> int:
    """How many cases could not be read."""
    return (
        session.scalar(select(func.count()).select_from(CrmUnreadRow).where(CrmUnreadRow.crm_id == crm_id))
        or 0
    )


def _messages(session: Session, row: CrmCaseRow, case: PulledCase) -> None:
    wanted = {each.external_id[:LONGEST_ID]: each for each in case.messages}
    chosen = select(CrmMessageRow).where(
        CrmMessageRow.crm_id == row.crm_id, CrmMessageRow.external_id.in_(wanted)
    )
    for known in session.scalars(chosen):
        # Whose message it is can become clearer, as when the settings name one more machine.
        now = wanted.pop(known.external_id)
        known.at_wall_s, known.direction, known.author = now.at_s, now.direction, now.author
    session.add_all(
        CrmMessageRow(
            crm_id=row.crm_id,
            case_id=row.id,
            external_id=name,
            at_wall_s=each.at_s,
            direction=each.direction,
            author=each.author,
        )
        for name, each in wanted.items()
    )


def _states(session: Session, row: CrmCaseRow, case: PulledCase) -> None:
    before = [
        StateChange(each.at_wall_s, each.state)  # type: ignore[arg-type]
        for each in session.scalars(
            select(CaseStateRow).where(CaseStateRow.case_id == row.id).order_by(CaseStateRow.position)
        )
    ]
    after = list(case.states) if case.whole else _grown_states(before, case.states)
    if before != after:
        session.execute(delete(CaseStateRow).where(CaseStateRow.case_id == row.id))
        session.add_all(
            CaseStateRow(case_id=row.id, position=position, at_wall_s=each.at_s, state=each.state)
            for position, each in enumerate(after)
        )


def _grown_states(before: list[StateChange], now: Iterable[StateChange]) -> list[StateChange]:
    """What was known, and the present state where it is another one: a ticket system without a history says no more."""
    grown = list(before)
    for each in now:
        if not grown and each.state == "open":
            continue
        if not grown or grown[-1].state != each.state:
            grown.append(each)
    return grown


def _places(session: Session, row: CrmCaseRow, case: PulledCase) -> None:
    before = [
        CasePlace(each.at_wall_s, each.place)
        for each in session.scalars(
            select(CasePlaceRow).where(CasePlaceRow.case_id == row.id).order_by(CasePlaceRow.position)
        )
    ]
    told = [CasePlace(each.at_s, each.place[:PLACE_LIMIT]) for each in case.places]
    after = told if case.whole else _grown_places(before, told, case)
    if before != after:
        session.execute(delete(CasePlaceRow).where(CasePlaceRow.case_id == row.id))
        session.add_all(
            CasePlaceRow(case_id=row.id, position=position, at_wall_s=each.at_s, place=each.place)
            for position, each in enumerate(after)
        )


def _grown_places(before: list[CasePlace], now: Sequence[CasePlace], case: PulledCase) -> list[CasePlace]:
    grown = list(before)
    for each in now:
        if not grown:
            grown.append(each)
        elif grown[-1].place != each.place:
            # It was moved with the latest change at the latest; when exactly, such a system does not say.
            moved_s = max([grown[-1].at_s, each.at_s, *(state.at_s for state in case.states)])
            grown.append(CasePlace(moved_s, each.place))
    return grown
