"""The registry: which desks there are, where each stands and what it is called."""

import time
from dataclasses import dataclass

from sqlalchemy import BigInteger, Double, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.table import Table
from protocol.errors import MendableError
from protocol.topics import BadTopicError, Topic


class UnknownDeskError(MendableError):
    """The registry has no desk of that name."""


class DeskRow(Table):
    """Where a desk stands. Moving a desk changes this row and no topic."""

    __tablename__ = "desk"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    company: Mapped[str] = mapped_column(String(200))
    showroom: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(200))
    """What people call it."""
    timezone: Mapped[str] = mapped_column(String(64))
    """IANA name, by which its days begin and end."""
    registered_wall_s: Mapped[float] = mapped_column(Double)
    session: Mapped[int | None] = mapped_column(BigInteger)
    """Session of its latest birth."""
    state: Mapped[str | None] = mapped_column(String(20))
    state_wall_s: Mapped[float | None] = mapped_column(Double)


@dataclass(frozen=True, slots=True)
class RegisteredDesk:
    """A desk as the registry knows it, free of any database session."""

    device: str
    company: str
    showroom: str
    label: str
    timezone: str
    state: str | None


@dataclass(frozen=True, slots=True)
class DeskDefaults:
    """What the registry holds of a desk that nobody has entered yet."""

    company: str = ""
    showroom: str = ""
    timezone: str = "UTC"


def desks(session: Session) -> tuple[RegisteredDesk, ...]:
    """Every desk that ever reported or was entered, by company, showroom and name."""
    rows = session.scalars(select(DeskRow).order_by(DeskRow.company, DeskRow.showroom, DeskRow.device))
    return tuple(_registered(row) for row in rows)


def known_desk(session: Session, device: str) -> RegisteredDesk:
    """A desk's entry.

    Raises:
        UnknownDeskError: It has none.
    """
    return _registered(_row_of(session, device))


def enter(
    session: Session,
    device: str,
    *,
    company: str | None = None,
    showroom: str | None = None,
    label: str | None = None,
    timezone: str | None = None,
    defaults: DeskDefaults = DeskDefaults(),
) -> RegisteredDesk:
    """Change a desk's entry, or make it before the desk is first heard of; what is None stays as it is.

    Raises:
        UnknownDeskError: No desk can have that name.
    """
    row = session.get(DeskRow, device)
    if row is None:
        row = DeskRow(
            device=_possible(device),
            company=defaults.company,
            showroom=defaults.showroom,
            label=device,
            timezone=defaults.timezone,
            registered_wall_s=time.time(),
        )
        session.add(row)
    changes = {"company": company, "showroom": showroom, "label": label, "timezone": timezone}
    for name, value in changes.items():
        if value is not None:
            setattr(row, name, value)
    session.flush()
    return _registered(row)


def _row_of(session: Session, device: str) -> DeskRow:
    row = session.get(DeskRow, device)
    if row is None:
        known = ", ".join(session.scalars(select(DeskRow.device).order_by(DeskRow.device))) or "none"
        raise UnknownDeskError(f"there is no desk named {device!r}; known: {known}")
    return row


def _possible(device: str) -> str:
    try:
        return Topic(device, "state").device
    except BadTopicError as error:
        raise UnknownDeskError(f"{error}: 1 to 63 of them") from None


def _registered(row: DeskRow) -> RegisteredDesk:
    return RegisteredDesk(row.device, row.company, row.showroom, row.label, row.timezone, row.state)
