"""The tables of what is monitored, and of what was noted."""

from datetime import date

from sqlalchemy import BigInteger, Boolean, Date, Double, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from central.database.table import BIG_KEY, Table

TITLE_LIMIT = 200
"""Letters of what a source is called."""
OWNER_LIMIT = 100
"""Letters of whoever sees to it: a function, or a name."""
NOTE_LIMIT = 1000
"""Letters of a note: what was found, and not the report that it was found in."""
UNIT_LIMIT = 20
"""Letters of a unit, such as ``EUR`` or ``of 5``."""


class MonitoredSourceRow(Table):
    """A source that somebody looks at from time to time."""

    __tablename__ = "monitored_source"
    __table_args__ = (Index("monitored_source_by_company", "company"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    company: Mapped[str] = mapped_column(String(200))
    showroom_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    """Which it is about; None of all of the company."""
    kind: Mapped[str] = mapped_column(String(20))
    """``customers``, ``market``, ``competitors`` or ``team``."""
    title: Mapped[str] = mapped_column(String(TITLE_LIMIT))
    rhythm: Mapped[str] = mapped_column(String(10))
    owner: Mapped[str] = mapped_column(String(OWNER_LIMIT))
    unit: Mapped[str] = mapped_column(String(UNIT_LIMIT))
    """Of its values; empty where it has none."""
    codes: Mapped[str] = mapped_column(String(1000))
    """The indicators that it may explain, one space between two."""
    made_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    made_wall_s: Mapped[float] = mapped_column(Double)
    made_on: Mapped[date] = mapped_column(Date)
    """From which day on it is waited for."""
    ended_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    ended_wall_s: Mapped[float | None] = mapped_column(Double)


class MonitoredNoteRow(Table):
    """What somebody found at a source."""

    __tablename__ = "monitored_note"
    __table_args__ = (Index("monitored_note_by_source", "source", "day"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    source: Mapped[int] = mapped_column(BigInteger, ForeignKey("monitored_source.id"))
    day: Mapped[date] = mapped_column(Date)
    """Of which it tells."""
    text: Mapped[str] = mapped_column(String(NOTE_LIMIT))
    value: Mapped[float | None] = mapped_column(Double)
    signal: Mapped[bool] = mapped_column(Boolean)
    """Whether it is shown beside the indicators that it may explain."""
    made_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    made_wall_s: Mapped[float] = mapped_column(Double)
