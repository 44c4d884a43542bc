"""The tables of ingest: how far each boot of a desk is settled, and what was kept aside."""

from sqlalchemy import (
    BigInteger,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from central.database.table import BIG_KEY, Table


class BootRow(Table):
    """One run of a desk's numbering and timeline."""

    __tablename__ = "boot"

    device: Mapped[str] = mapped_column(ForeignKey("desk.device"), primary_key=True)
    bootid: Mapped[str] = mapped_column(String(32), primary_key=True)
    settled: Mapped[int] = mapped_column(Integer, default=0)
    """Up to this number nothing of the boot is missing: what is acknowledged."""
    offset_s: Mapped[float | None] = mapped_column(Double)
    """Unix time of the timeline's zero, once a set clock has given it."""
    first_wall_s: Mapped[float] = mapped_column(Double)
    """When a message first named the boot."""
    birth: Mapped[str | None] = mapped_column(Text)
    """The latest birth message."""
    claimed_first: Mapped[int | None] = mapped_column(Integer)
    """From which number on a birth says that the desk holds it, while what lies below is not settled and that is not believed yet."""
    claimed_wall_s: Mapped[float | None] = mapped_column(Double)
    """Since when."""
    wrong_offset_s: Mapped[float | None] = mapped_column(Double)
    """The offset that the desk's clock gave while it was found to be wrong; None when it was not, or is right again."""


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
    """Which number it fills, where it names one under its own desk's topic: it is then acknowledged like any other."""
    reason: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the payload: the same bytes are kept once."""
    received_wall_s: Mapped[float] = mapped_column(Double)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    """Its first bytes: a message that is as long as a usual one is kept whole."""
    size: Mapped[int | None] = mapped_column(Integer)
    """Bytes of all of it; None where older software kept the whole."""


class DroppedRow(Table):
    """How much that was kept aside of a desk had to make room, or never had it."""

    __tablename__ = "rejected_dropped"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    """Empty for what came under no desk's topic."""
    count: Mapped[int] = mapped_column(BigInteger)
    last_wall_s: Mapped[float] = mapped_column(Double)
