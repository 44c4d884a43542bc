"""Cases as the database has them, read for their clocks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.crm.case_rows import CasePlaceRow, CaseStateRow, CrmCaseRow, CrmMessageRow, CrmRow
from central.crm.pulled import CasePlace
from central.database.given import NUMBER, given
from central.replies.case_history import (
    CaseHistory,
    CaseMerge,
    CaseMessage,
    StateChange,
    with_what_replied_elsewhere,
)


@dataclass(frozen=True, slots=True)
class KnownCase(CaseHistory):
    """A case with where it is known."""

    id: int = 0
    crm: str = ""
    """Name of its ticket system in the settings."""
    places: tuple[CasePlace, ...] = ()
    """Where it lay, in the words of its ticket system."""


def case_histories(session: Session, since_s: float) -> tuple[KnownCase, ...]:
    """Cases with anything in them since a Unix time, each with all of its history, as it stands: a merged one not yet with what replied elsewhere."""
    cases = session.execute(
        select(CrmCaseRow, CrmRow.name)
        .join(CrmRow, CrmRow.id == CrmCaseRow.crm_id)
        .where(CrmCaseRow.latest_wall_s >= since_s)
        .order_by(CrmCaseRow.id)
    ).all()
    return _read(session, [(row, name) for row, name in cases])


def case_of(session: Session, number: int) -> tuple[KnownCase, ...]:
    """One case by its number here, and those that it was merged into, one after the other; nothing where there is none."""
    chain: list[tuple[CrmCaseRow, str]] = []
    chosen = select(CrmCaseRow, CrmRow.name).join(CrmRow, CrmRow.id == CrmCaseRow.crm_id)
    found = session.execute(chosen.where(CrmCaseRow.id == number)).one_or_none()
    while found is not None and found[0].id not in {row.id for row, _ in chain}:
        row, name = found
        chain.append((row, name))
        into = chosen.where(
            CrmCaseRow.crm_id == row.crm_id, CrmCaseRow.external_id == (row.merged_into or "")
        )
        found = session.execute(into).one_or_none()
    return _read(session, chain)


def _read(session: Session, cases: Iterable[tuple[CrmCaseRow, str]]) -> tuple[KnownCase, ...]:
    listed = list(cases)
    wanted = given(session, {"id": NUMBER}, [(row.id,) for row, _ in listed])
    messages: dict[int, list[CaseMessage]] = defaultdict(list)
    states: dict[int, list[StateChange]] = defaultdict(list)
    places: dict[int, list[CasePlace]] = defaultdict(list)
    ids = select(wanted.c.id)
    for message in session.scalars(select(CrmMessageRow).where(CrmMessageRow.case_id.in_(ids))):
        messages[message.case_id].append(
            CaseMessage(
                message.external_id,
                message.at_wall_s,
                message.direction,  # type: ignore[arg-type]
                message.author,  # type: ignore[arg-type]
            )
        )
    changes = select(CaseStateRow).where(CaseStateRow.case_id.in_(ids)).order_by(CaseStateRow.position)
    for change in session.scalars(changes):
        states[change.case_id].append(StateChange(change.at_wall_s, change.state))  # type: ignore[arg-type]
    lain = select(CasePlaceRow).where(CasePlaceRow.case_id.in_(ids)).order_by(CasePlaceRow.position)
    for place in session.scalars(lain):
        places[place.case_id].append(CasePlace(place.at_wall_s, place.place))
    return tuple(
        KnownCase(
            row.external_id,
            tuple(messages[row.id]),
            tuple(states[row.id]),
            (),
            None
            if row.merged_into is None or row.merged_wall_s is None
            else CaseMerge(row.merged_wall_s, row.merged_into),
            row.customer,
            row.id,
            name,
            tuple(places[row.id]),
        )
        for row, name in listed
    )


def joined(case: KnownCase, others: Iterable[KnownCase]) -> CaseHistory:
    """A case with what replied to it where it was merged into."""
    of_its_system = {each.external_id: each for each in others if each.crm == case.crm}
    return with_what_replied_elsewhere(case, of_its_system)
