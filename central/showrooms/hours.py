"""The tables of a showroom's weekly hours, of the exceptions to them, and of the country whose holidays it keeps."""

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.calendars.opening_times import ExceptionalHours, OpeningTimes, WeeklyHours
from central.calendars.public_holidays import public_holidays
from central.database.table import BIG_KEY, Table
from central.showrooms.premises import NAME_LIMIT, Showroom


class HoursRow(Table):
    """One stretch in which a showroom is open on one day of the week."""

    __tablename__ = "showroom_hours"
    __table_args__ = (Index("showroom_hours_by_showroom", "showroom_id"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    showroom_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    weekday: Mapped[int] = mapped_column(Integer)
    """0 for Monday to 6 for Sunday."""
    opens_min: Mapped[int] = mapped_column(Integer)
    closes_min: Mapped[int] = mapped_column(Integer)
    """Minutes since midnight, on the wall clock of the showroom."""
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    """When these hours hold, both days included; None for an open end."""


class ExceptionRow(Table):
    """Days on which the weekly hours of a showroom do not hold."""

    __tablename__ = "showroom_exception"
    __table_args__ = (Index("showroom_exception_by_showroom", "showroom_id"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    showroom_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("showroom.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    """Included."""
    title: Mapped[str] = mapped_column(String(NAME_LIMIT))
    opens_min: Mapped[int | None] = mapped_column(Integer)
    closes_min: Mapped[int | None] = mapped_column(Integer)
    """None: closed on these days."""


class CountryRow(Table):
    """The country whose public holidays a showroom keeps."""

    __tablename__ = "showroom_country"

    showroom_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("showroom.id"), primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    """Two letters (ISO 3166-1)."""
    subdivision: Mapped[str] = mapped_column(String(10))
    """What stands behind them in ISO 3166-2; empty: none."""


def keep_holidays(session: Session, showroom: Showroom, country: str, subdivision: str = "") -> int:
    """Close a showroom on the public holidays of a country, save where an exception of its own says how it is open; how many days they are.

    Args:
        session: Its transaction takes the change.
        showroom: Which one.
        country: Two letters (ISO 3166-1); empty: it keeps none any more.
        subdivision: What stands behind them in ISO 3166-2; empty: what holds in all of the country.

    Raises:
        UnknownCountryError: Nothing is known of it.
    """
    days = len(public_holidays(country, subdivision)) if country else 0
    session.execute(delete(CountryRow).where(CountryRow.showroom_id == showroom.id))
    if country:
        session.add(CountryRow(showroom_id=showroom.id, country=country, subdivision=subdivision))
    return days


def _holidays(session: Session, showroom: Showroom) -> tuple[ExceptionalHours, ...]:
    kept = session.get(CountryRow, showroom.id)
    return () if kept is None else public_holidays(kept.country, kept.subdivision)


def opening_times(session: Session, showroom: Showroom) -> OpeningTimes:
    """When a showroom is open: its weekly hours, its exceptions, and the holidays that it keeps."""
    weekly = session.scalars(
        select(HoursRow)
        .where(HoursRow.showroom_id == showroom.id)
        .order_by(HoursRow.weekday, HoursRow.first_day, HoursRow.opens_min)
    )
    exceptions = session.scalars(
        select(ExceptionRow)
        .where(ExceptionRow.showroom_id == showroom.id)
        .order_by(ExceptionRow.first_day, ExceptionRow.opens_min)
    )
    return OpeningTimes(
        showroom.timezone,
        tuple(
            WeeklyHours(row.weekday, row.opens_min, row.closes_min, row.first_day, row.last_day)
            for row in weekly
        ),
        tuple(
            ExceptionalHours(row.first_day, row.last_day, row.title, row.opens_min, row.closes_min)
            for row in exceptions
        )
        + _holidays(session, showroom),
    )
