"""Which person an account belongs to: said by who manages people, so that somebody may read what is held of themselves."""

from sqlalchemy import Double, ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.accounts.account_book import AccountError
from central.database.table import BIG_KEY, Table

PERSON_LIMIT = 100
"""Letters of a pseudonym, as in a sign-in."""


class AccountPersonRow(Table):
    """That an account belongs to somebody who signs in at desks."""

    __tablename__ = "account_person"
    __table_args__ = (UniqueConstraint("person", name="account_person_once"),)

    account: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"), primary_key=True)
    person: Mapped[str] = mapped_column(String(PERSON_LIMIT))
    """Their pseudonym."""
    made_by: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    made_wall_s: Mapped[float] = mapped_column(Double)


def link_of(session: Session, account: int) -> AccountPersonRow | None:
    """Whose an account is, and who said so; None where nobody has."""
    return session.get(AccountPersonRow, account)


def person_of(session: Session, account: int) -> str | None:
    """The pseudonym of whoever an account belongs to; None where nobody has said."""
    link = link_of(session, account)
    return None if link is None else link.person


def accounts_of_people(session: Session) -> dict[str, int]:
    """The account of each person who has one, by their pseudonym."""
    return {row.person: row.account for row in session.scalars(select(AccountPersonRow))}


def link_person(session: Session, account: int, person: str, made_by: int | None, now_wall_s: float) -> None:
    """Say that an account belongs to a person.

    Raises:
        AccountError: Either belongs to another already, nobody is named, or somebody links themselves.
    """
    person = person.strip()
    if not person or len(person) > PERSON_LIMIT:
        raise AccountError(
            "a person is named by a pseudonym of up to {person_limit} letters", person_limit=PERSON_LIMIT
        )
    if made_by == account:
        raise AccountError(
            "nobody says themselves which person their account belongs to: another account does"
        )
    if person_of(session, account) is not None:
        raise AccountError("this account belongs to a person already: take that back first")
    if person in accounts_of_people(session):
        raise AccountError("{person} has an account already: take that back first", person=person)
    session.add(AccountPersonRow(account=account, person=person, made_by=made_by, made_wall_s=now_wall_s))
    session.flush()


def unlink_person(session: Session, account: int) -> None:
    """Say that an account belongs to nobody any more."""
    session.execute(delete(AccountPersonRow).where(AccountPersonRow.account == account))


def forget_link(session: Session, person: str) -> None:
    """Forget which account belongs to a person, as when they are erased."""
    session.execute(delete(AccountPersonRow).where(AccountPersonRow.person == person))
