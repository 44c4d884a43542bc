"""The registry of desks: which there are, where each stands and what it is called."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.database.tables import DeskRow
from protocol.errors import MendableError


class UnknownDeskError(MendableError):
    """No desk of that name was ever heard of."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk as the registry knows it."""

    device: str
    company: str
    showroom: str
    label: str
    timezone: str
    state: str | None


def desks(session: Session) -> tuple[Desk, ...]:
    """Every desk that was ever heard of, by company, showroom and name."""
    rows = session.scalars(select(DeskRow).order_by(DeskRow.company, DeskRow.showroom, DeskRow.device))
    return tuple(_as_desk(row) for row in rows)


def _as_desk(row: DeskRow) -> Desk:
    """A registry row, free of its session."""
    return Desk(row.device, row.company, row.showroom, row.label, row.timezone, row.state)


def enter(
    session: Session,
    device: str,
    *,
    company: str | None = None,
    showroom: str | None = None,
    label: str | None = None,
    timezone: str | None = None,
) -> Desk:
    """Change a desk's entry; what is None stays as it is.

    Raises:
        UnknownDeskError: The desk was never heard of.
    """
    row = session.get(DeskRow, device)
    if row is None:
        raise UnknownDeskError(f"there is no desk named {device!r}: a desk is entered when it first reports")
    for name, value in {
        "company": company,
        "showroom": showroom,
        "label": label,
        "timezone": timezone,
    }.items():
        if value is not None:
            setattr(row, name, value)
    session.flush()
    return _as_desk(row)
