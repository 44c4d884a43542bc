"""The tables of promises, their versions and the sides that each was weighed against."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    Double,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from central.database.table import BIG_KEY, Table

TEXT_LIMIT = 200
"""Letters of a promise: what fits on a sign at the door."""
SOURCE_LIMIT = 300
"""Letters of where a side's value comes from: a title with its page, or an address."""
SITES_LIMIT = 500
"""Letters of the addresses of pages that may show what was kept."""
REASON_LIMIT = 500
"""Letters of why a promise was withdrawn."""


class PromiseRow(Table):
    """One promise, whatever its words and numbers were over time."""

    __tablename__ = "promise"

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    company: Mapped[str] = mapped_column(String(200))
    showroom_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    """Whose it is; None of all showrooms of the company."""


class PromiseVersionRow(Table):
    """A promise as it was written once; what is changed is written as the next version."""

    __tablename__ = "promise_version"
    __table_args__ = (
        UniqueConstraint("promise", "version", name="promise_version_once"),
        CheckConstraint(
            "published_wall_s IS NULL OR (published_by IS NOT NULL AND published_by <> written_by)",
            name="promise_published_by_another",
        ),
        CheckConstraint(
            "ended_wall_s IS NULL OR published_wall_s IS NOT NULL", name="promise_ended_after_publishing"
        ),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    promise: Mapped[int] = mapped_column(BigInteger, ForeignKey("promise.id"))
    version: Mapped[int] = mapped_column(Integer)
    """Counted from 1."""
    text: Mapped[str] = mapped_column(String(TEXT_LIMIT))
    """As customers read it."""
    code: Mapped[str] = mapped_column(String(60))
    """The indicator that tells whether it is kept."""
    within: Mapped[float | None] = mapped_column(Double)
    """Seconds, rings or hours that are promised; None where the indicator has no such number."""
    share: Mapped[float] = mapped_column(Double)
    """In what part of all cases, from 0 to 1."""
    sites: Mapped[str] = mapped_column(String(SITES_LIMIT))
    """The addresses whose pages may show what was kept, one space between two."""
    written_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    written_wall_s: Mapped[float] = mapped_column(Double)
    published_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    published_wall_s: Mapped[float | None] = mapped_column(Double)
    borne: Mapped[str | None] = mapped_column(Text)
    """What had been measured when it was published, as JSON."""
    ended_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    ended_wall_s: Mapped[float | None] = mapped_column(Double)
    """When it was withdrawn, or the next version took its place."""
    ended_why: Mapped[str | None] = mapped_column(String(REASON_LIMIT))
    """Why it was withdrawn; None where the next version took its place."""


class PromiseSideRow(Table):
    """One side that a version was weighed against."""

    __tablename__ = "promise_side"
    __table_args__ = (UniqueConstraint("version", "side", name="promise_side_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, ForeignKey("promise_version.id"))
    side: Mapped[str] = mapped_column(String(20))
    """``industry``, ``competitors``, ``customers`` or ``resources``."""
    within: Mapped[float | None] = mapped_column(Double)
    share: Mapped[float] = mapped_column(Double)
    source: Mapped[str] = mapped_column(String(SOURCE_LIMIT))
    as_of: Mapped[date] = mapped_column(Date)
