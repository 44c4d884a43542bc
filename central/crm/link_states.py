"""How each ticket system of the settings is doing: when it was last read, and what is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.crm.case_rows import CrmCaseRow, CrmRow
from central.crm.taking_in import unread, unread_count
from central.settings import TicketSystemLink
from protocol.errors import MendableError

MOST_TOLD = 3
"""Cases that cannot be read whose reasons are told: the others are counted."""


class UnknownCrmError(MendableError):
    """The settings name no such ticket system."""


@dataclass(frozen=True, slots=True)
class CrmState:
    """One ticket system."""

    name: str
    kind: str
    ok_wall_s: float | None
    """When it was last read to the end; None never."""
    tried_wall_s: float | None
    error: str | None
    error_wall_s: float | None
    """Since when it is so."""
    cases: int
    unread: int
    reasons: tuple[str, ...]
    """Why cases cannot be read."""


def link_states(session: Session, links: Iterable[TicketSystemLink]) -> tuple[CrmState, ...]:
    """The ticket systems of the settings, in their order."""
    return tuple(_state(session, each) for each in links)


def link_named(links: Iterable[TicketSystemLink], name: str) -> TicketSystemLink:
    """The ticket system of a name.

    Raises:
        UnknownCrmError: The settings name none such.
    """
    known = {each.name: each for each in links}
    if name not in known:
        raise UnknownCrmError(
            f"central.toml has no [[crm]] named {name!r}; known: {', '.join(known) or 'none'}"
        )
    return known[name]


def _state(session: Session, link: TicketSystemLink) -> CrmState:
    row = session.scalar(select(CrmRow).where(CrmRow.name == link.name))
    if row is None:
        return CrmState(link.name, link.kind, None, None, None, None, 0, 0, ())
    cases = select(func.count()).select_from(CrmCaseRow).where(CrmCaseRow.crm_id == row.id)
    return CrmState(
        link.name,
        link.kind,
        row.ok_wall_s,
        row.tried_wall_s,
        row.error,
        row.error_wall_s,
        session.scalar(cases) or 0,
        unread_count(session, row.id),
        tuple(each.reason for each in unread(session, row.id)[:MOST_TOLD]),
    )
