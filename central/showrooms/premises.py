"""Companies, regions and showrooms: where a desk can stand, by which clock, and under which law."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.table import BIG_KEY, Table
from protocol.errors import MendableError

NAME_LIMIT = 200
"""Letters of the name of a company, region, showroom or desk: a line on a page."""
JURISDICTIONS = ("eu", "cn", "us", "us-il", "other")
"""Laws under which a showroom can lie: the European Union's, China's, those of the United States, and of Illinois for what it rules itself
(BIPA); ``other`` for none of these."""
STRICTEST = "eu"
"""What holds for a showroom of which nobody said under which law it lies: the one that allows least."""


class UnknownShowroomError(MendableError):
    """The registry has no such showroom."""


class CompanyRow(Table):
    """A company."""

    __tablename__ = "company"
    __table_args__ = (UniqueConstraint("name", name="company_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))


class RegionRow(Table):
    """Some of a company's showrooms, which one area manager sees to."""

    __tablename__ = "region"
    __table_args__ = (UniqueConstraint("company_id", "name", name="region_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("company.id"))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))


class ShowroomRow(Table):
    """A showroom of a company."""

    __tablename__ = "showroom"
    __table_args__ = (UniqueConstraint("company_id", "name", name="showroom_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("company.id"))
    region_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("region.id"))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    timezone: Mapped[str] = mapped_column(String(64))
    """IANA name, by which its days begin and end."""
    jurisdiction: Mapped[str] = mapped_column(String(20))
    """One of `JURISDICTIONS`."""


@dataclass(frozen=True, slots=True)
class Showroom:
    """A showroom as the registry knows it, free of any database session."""

    id: int
    company: str
    region: str
    """Empty where it belongs to none."""
    name: str
    timezone: str
    jurisdiction: str


def showrooms(session: Session) -> tuple[Showroom, ...]:
    """Every showroom, by company and name."""
    found = session.execute(
        select(ShowroomRow, CompanyRow.name, RegionRow.name)
        .join(CompanyRow, CompanyRow.id == ShowroomRow.company_id)
        .outerjoin(RegionRow, RegionRow.id == ShowroomRow.region_id)
    )
    read = (
        Showroom(row.id, company, region or "", row.name, row.timezone, row.jurisdiction)
        for row, company, region in found
    )
    return tuple(sorted(read, key=lambda showroom: (showroom.company, showroom.name)))


def known_showroom(session: Session, name: str, company: str | None = None) -> Showroom:
    """The showroom of a name; its company is needed only where two have one of that name.

    Raises:
        UnknownShowroomError: There is none, or more than one.
    """
    every = showrooms(session)
    found = [each for each in every if each.name == name and company in (None, each.company)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownShowroomError(
            f"{len(found)} companies have a showroom {name!r}: name one of {', '.join(each.company for each in found)}"
        )
    known = ", ".join(each.name for each in every) or "none"
    raise UnknownShowroomError(f"there is no showroom named {name!r}; known: {known}")


def entered_showroom(session: Session, company: str, name: str, timezone: str) -> int:
    """The key of a showroom, which is entered if it is not there yet.

    Args:
        session: Its transaction takes the change.
        company: Its name, entered if it is not there yet.
        name: Of the showroom.
        timezone: Of a showroom that is not there yet.
    """
    owner = session.scalar(select(CompanyRow).where(CompanyRow.name == company))
    if owner is None:
        owner = CompanyRow(name=company)
        session.add(owner)
        session.flush()
    row = session.scalar(
        select(ShowroomRow).where(ShowroomRow.company_id == owner.id, ShowroomRow.name == name)
    )
    if row is None:
        row = ShowroomRow(company_id=owner.id, name=name, timezone=timezone, jurisdiction=STRICTEST)
        session.add(row)
        session.flush()
    return row.id
