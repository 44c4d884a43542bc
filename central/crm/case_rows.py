"""The tables of ticket systems and their cases: times, directions and states."""

from sqlalchemy import BigInteger, Double, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from central.crm.pulled import LONGEST_ID
from central.database.table import BIG_KEY, Table

PLACE_LIMIT = 200
"""Letters of the name of a queue."""


class CrmRow(Table):
    """A ticket system of the settings, and how far it was read."""

    __tablename__ = "crm"

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    cursor_wall_s: Mapped[float | None] = mapped_column(Double)
    """All changes up to here are in the database, by the clock of the ticket system."""
    tried_wall_s: Mapped[float | None] = mapped_column(Double)
    ok_wall_s: Mapped[float | None] = mapped_column(Double)
    """When it was last read to the end."""
    error: Mapped[str | None] = mapped_column(Text)
    """What was wrong at the last try; None: nothing."""
    error_wall_s: Mapped[float | None] = mapped_column(Double)
    """Since when it is."""


class CrmUnreadRow(Table):
    """A case that changed and could not be read; it is tried again with every pull."""

    __tablename__ = "crm_unread"

    crm_id: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("crm.id"), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    since_wall_s: Mapped[float] = mapped_column(Double)


class CrmCaseRow(Table):
    """A case."""

    __tablename__ = "crm_case"
    __table_args__ = (UniqueConstraint("crm_id", "external_id", name="crm_case_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    crm_id: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("crm.id"))
    external_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    customer: Mapped[str] = mapped_column(String(LONGEST_ID))
    """What the ticket system calls the customer."""
    merged_into: Mapped[str | None] = mapped_column(String(LONGEST_ID))
    merged_wall_s: Mapped[float | None] = mapped_column(Double)
    latest_wall_s: Mapped[float] = mapped_column(Double, index=True)
    """Of its latest message or state, or of the case that it was merged into, whichever is known."""


class CrmMessageRow(Table):
    """A message of a case: when, which way, and by what kind of author."""

    __tablename__ = "crm_message"
    __table_args__ = (
        UniqueConstraint("crm_id", "external_id", name="crm_message_once"),
        Index("crm_message_by_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    crm_id: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("crm.id"))
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("crm_case.id"))
    external_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    at_wall_s: Mapped[float] = mapped_column(Double)
    direction: Mapped[str] = mapped_column(String(10))
    author: Mapped[str] = mapped_column(String(10))


class CaseStateRow(Table):
    """From when on a case was in a state."""

    __tablename__ = "case_state"

    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("crm_case.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    at_wall_s: Mapped[float] = mapped_column(Double)
    state: Mapped[str] = mapped_column(String(10))


class CasePlaceRow(Table):
    """From when on a case lay in a queue."""

    __tablename__ = "case_place"

    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("crm_case.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    at_wall_s: Mapped[float] = mapped_column(Double)
    place: Mapped[str] = mapped_column(String(PLACE_LIMIT))
