"""Entering into the registry where a desk stands and what it is called."""

from sqlalchemy.orm import Session

from central.database.tables import DeskRow
from central.records.query import Desk, as_desk
from protocol.errors import MendableError


class UnknownDeskError(MendableError):
    """No desk of that name was ever heard of."""


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
    return as_desk(row)
