"""The tables of the central database.

Times are Unix seconds (``*_wall_s``) so that SQLite and PostgreSQL hold the same numbers. What travelled is kept word for
word; the columns beside it are there to be searched.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

BIG_KEY = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts only INTEGER primary keys up by itself."""


class Table(DeclarativeBase):
    """A table of the central database."""


class DeskRow(Table):
    """The registry: where a desk stands. Moving a desk changes this row and no topic."""

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


class BootRow(Table):
    """One run of a desk's numbering and timeline."""

    __tablename__ = "boot"

    device: Mapped[str] = mapped_column(ForeignKey("desk.device"), primary_key=True)
    bootid: Mapped[str] = mapped_column(String(32), primary_key=True)
    settled: Mapped[int] = mapped_column(Integer, default=0)
    """Up to this number nothing of the boot is missing: what is acknowledged."""
    offset_s: Mapped[float | None] = mapped_column(Double)
    """Unix time of the timeline's zero, once a set clock has told it."""
    first_wall_s: Mapped[float] = mapped_column(Double)
    """When this service first heard of the boot."""
    birth: Mapped[str | None] = mapped_column(Text)
    """The latest birth message, as it came."""


class EventRow(Table):
    """One measurement, in the envelope it came in."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("device", "bootid", "sequence", name="event_once"),
        Index("event_by_time", "device", "start_wall_s"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    device: Mapped[str] = mapped_column(ForeignKey("desk.device"))
    bootid: Mapped[str] = mapped_column(String(32))
    sequence: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(60))
    start_wall_s: Mapped[float] = mapped_column(Double)
    """When it began: as sent, or as corrected by a later birth whose clock was set."""
    duration_s: Mapped[float] = mapped_column(Double)
    timeline_s: Mapped[float] = mapped_column(Double)
    synced: Mapped[bool] = mapped_column(Boolean)
    """Whether ``start_wall_s`` comes from a clock that had been set."""
    sent_synced: Mapped[bool] = mapped_column(Boolean)
    """Whether it was sent so; otherwise every birth with a set clock corrects it."""
    historical: Mapped[bool] = mapped_column(Boolean)
    received_wall_s: Mapped[float] = mapped_column(Double)
    raw: Mapped[str] = mapped_column(Text)
    """The event as it came, never changed."""


class RejectedRow(Table):
    """What arrived and could not be taken for what it claims to be, kept with the reason."""

    __tablename__ = "rejected"
    __table_args__ = (
        UniqueConstraint("topic", "digest", name="rejected_once"),
        Index("rejected_by_number", "device", "bootid", "sequence"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    topic: Mapped[str] = mapped_column(Text)
    device: Mapped[str | None] = mapped_column(String(63))
    bootid: Mapped[str | None] = mapped_column(String(32))
    sequence: Mapped[int | None] = mapped_column(Integer)
    """Which number it fills, where it says so under its own desk's topic: it is then acknowledged like any other."""
    reason: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the payload: the same bytes are kept once."""
    received_wall_s: Mapped[float] = mapped_column(Double)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
