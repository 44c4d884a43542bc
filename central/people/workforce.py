"""The tables of people under their pseudonyms, and of what they worked as, where and when."""

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from central.database.table import BIG_KEY, Table
from central.showrooms.premises import NAME_LIMIT

WORK = ("host", "showroom manager", "area manager", "technician", "other")
"""What somebody can be employed as. What they may see and do is said by the grants of their account, not here."""
PSEUDONYM_LIMIT = 100
"""Letters of a pseudonym: as long as a desk lets one be that signs in (`protocol.measurements.Name`)."""


class PersonRow(Table):
    """Somebody who works for a company, known by a pseudonym."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("pseudonym", name="person_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("company.id"))
    pseudonym: Mapped[str] = mapped_column(String(PSEUDONYM_LIMIT))
    """What they sign in with at a desk."""
    display_name: Mapped[str | None] = mapped_column(String(NAME_LIMIT))
    """What pages call them; None where only the pseudonym is known, or the name was erased."""


class EmploymentRow(Table):
    """What somebody worked as, where, and from when to when."""

    __tablename__ = "employment"
    __table_args__ = (
        Index("employment_by_person", "person_id"),
        Index("employment_by_showroom", "showroom_id"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    showroom_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    worked_as: Mapped[str] = mapped_column(String(40))
    """One of `WORK`."""
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    """Both included; None for an open end."""
