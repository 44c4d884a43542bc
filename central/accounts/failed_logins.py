"""Failed log-ins, counted for each account and each address, so that nobody tries passwords without end."""

from sqlalchemy import Double, Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.accounts.account_book import AccountError, plain_name
from central.accounts.secret import digest
from central.database.table import BIG_KEY, Table

COUNTED_S = 900.0
"""A quarter of an hour: so long a failed log-in counts."""
MOST_OF_A_NAME = 10
"""In that time with one name; a person who has forgotten a password gives up before. 960 a day guess no password of 15 letters."""
MOST_OF_AN_ADDRESS = 50
"""In that time from one address: a showroom behind one router has several people who mistype."""


class FailedLoginRow(Table):
    """One failed log-in; deleted once it no longer counts."""

    __tablename__ = "failed_login"
    __table_args__ = (
        Index("failed_login_by_name", "name", "wall_s"),
        Index("failed_login_by_address", "address", "wall_s"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    """Hash of the name that was typed: in the wrong field it may have been a password."""
    address: Mapped[str] = mapped_column(String(64))
    wall_s: Mapped[float] = mapped_column(Double)


def too_many(session: Session, name: str, address: str, now_wall_s: float) -> bool:
    """Whether no further try is taken from this address, or with this name, for now."""
    recent = (
        select(func.count()).select_from(FailedLoginRow).where(FailedLoginRow.wall_s > now_wall_s - COUNTED_S)
    )
    of_name = session.scalar(recent.where(FailedLoginRow.name == _typed(name))) or 0
    of_address = session.scalar(recent.where(FailedLoginRow.address == address[:64])) or 0
    return of_name >= MOST_OF_A_NAME or of_address >= MOST_OF_AN_ADDRESS


def note_failed(session: Session, name: str, address: str, now_wall_s: float) -> None:
    """Count a failed log-in, and forget those that no longer count."""
    session.execute(delete(FailedLoginRow).where(FailedLoginRow.wall_s <= now_wall_s - COUNTED_S))
    session.add(FailedLoginRow(name=_typed(name), address=address[:64], wall_s=now_wall_s))
    session.flush()


def forget_failed(session: Session, name: str) -> None:
    """Whoever has logged in begins to count anew."""
    session.execute(delete(FailedLoginRow).where(FailedLoginRow.name == _typed(name)))


def _typed(name: str) -> str:
    """The hash of the account's name that is meant: one that is written with letters of another width is no other name to try with."""
    try:
        return digest(plain_name(name))
    except AccountError:
        return digest(name.casefold().strip())
