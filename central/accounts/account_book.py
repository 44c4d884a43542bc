"""The accounts: their names, password hashes and grants."""

import unicodedata
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Double, ForeignKey, String, Text, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.accounts.roles import Grant, Role, Scope, why_not
from central.database.table import BIG_KEY, Table
from protocol.errors import RefusalError

NAME_LIMIT_LETTERS = 100
"""Letters of an account's name: an address of mail has rarely more than fifty."""


class AccountError(RefusalError):
    """What was asked of an account cannot be done; the text says why."""


class AccountRow(Table):
    """One account."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("name", name="account_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LIMIT_LETTERS))
    """By which its owner logs in, in its plain form (see `plain_name`)."""
    password: Mapped[str | None] = mapped_column(Text)
    """Its hash; None until the one-time link was used."""
    made_wall_s: Mapped[float] = mapped_column(Double)
    closed_wall_s: Mapped[float | None] = mapped_column(Double)
    """Since when nobody may log in with it; None of an open one."""


class GrantRow(Table):
    """One role of an account; an empty company or showroom stands for all."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("account", "role", "company", "showroom", name="role_grant_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    account: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(30))
    company: Mapped[str] = mapped_column(String(200))
    showroom: Mapped[str] = mapped_column(String(200))


@dataclass(frozen=True, slots=True)
class Account:
    """An account, free of any database session."""

    id: int
    name: str
    ready: bool
    """Whether it has a password."""
    open: bool
    grants: tuple[Grant, ...]

    @property
    def actor(self) -> str:
        """How the audit log names it."""
        return f"account {self.id}"


def plain_name(text: str) -> str:
    """The form in which a name is kept: typed on any keyboard, in any case, it is the same account.

    Raises:
        AccountError: It cannot be one.
    """
    name = unicodedata.normalize("NFKC", text).casefold().strip()
    if not name or len(name) > NAME_LIMIT_LETTERS or not name.isprintable() or " " in name:
        raise AccountError(
            "a name has 1 to {name_limit_letters} letters and no space, such as an address of mail",
            name_limit_letters=NAME_LIMIT_LETTERS,
        )
    return name


def accounts(session: Session) -> tuple[Account, ...]:
    """Every account, by name."""
    rows = session.scalars(select(AccountRow).order_by(AccountRow.name)).all()
    return tuple(_account(session, row) for row in rows)


def account_of(session: Session, number: int) -> Account | None:
    """The account of a number; None where there is none."""
    row = session.get(AccountRow, number)
    return None if row is None else _account(session, row)


def account_named(session: Session, name: str) -> Account | None:
    """The account of a name, however it was typed; None where there is none."""
    try:
        plain = plain_name(name)
    except AccountError:
        return None
    row = session.scalar(select(AccountRow).where(AccountRow.name == plain))
    return None if row is None else _account(session, row)


def known_account(session: Session, name: str) -> Account:
    """The account of a name, however it was typed.

    Raises:
        AccountError: There is none.
    """
    found = account_named(session, name)
    if found is None:
        raise AccountError("there is no account named {name!r}", name=name)
    return found


def password_hash(session: Session, number: int) -> str | None:
    """The hash of an account's password; None where it has none yet."""
    return session.scalar(select(AccountRow.password).where(AccountRow.id == number))


def make_account(session: Session, name: str, now_wall_s: float) -> Account:
    """Make an account that has no password yet.

    Raises:
        AccountError: The name cannot be one, or is taken.
    """
    plain = plain_name(name)
    if session.scalar(select(AccountRow.id).where(AccountRow.name == plain)) is not None:
        raise AccountError("there is an account named {plain} already", plain=plain)
    row = AccountRow(name=plain, made_wall_s=now_wall_s)
    session.add(row)
    session.flush()
    return _account(session, row)


def set_password(session: Session, number: int, password: str) -> None:
    """Keep the hash of a new password."""
    session.get_one(AccountRow, number).password = password
    session.flush()


def close_account(session: Session, number: int, now_wall_s: float) -> None:
    """Let nobody log in with an account any more.

    Raises:
        AccountError: Nobody would be left to administer.
    """
    row = session.get_one(AccountRow, number)
    row.closed_wall_s = now_wall_s
    session.flush()
    _require_administrator(session)


def open_account(session: Session, number: int) -> None:
    """Let its owner log in again."""
    session.get_one(AccountRow, number).closed_wall_s = None
    session.flush()


def give(session: Session, number: int, grant: Grant) -> None:
    """Give an account a role.

    Raises:
        AccountError: It has it already, or such a grant cannot be given.
    """
    if (reason := why_not(grant)) is not None:
        raise AccountError(reason)
    if session.scalar(select(GrantRow.id).where(*_is(number, grant))) is not None:
        raise AccountError("the account has this role already")
    session.add(
        GrantRow(account=number, role=grant.role, company=grant.scope.company, showroom=grant.scope.showroom)
    )
    session.flush()


def take_away(session: Session, number: int, grant: Grant) -> None:
    """Take a role away from an account.

    Raises:
        AccountError: Nobody would be left to administer.
    """
    session.execute(delete(GrantRow).where(*_is(number, grant)))
    _require_administrator(session)


def has_administrator(session: Session) -> bool:
    """Whether anybody administers: an open account with a password and that role."""
    count = session.scalar(
        select(func.count())
        .select_from(GrantRow)
        .join(AccountRow, AccountRow.id == GrantRow.account)
        .where(
            GrantRow.role == "administrator",
            AccountRow.closed_wall_s.is_(None),
            AccountRow.password.is_not(None),
        )
    )
    return bool(count)


def _require_administrator(session: Session) -> None:
    if not has_administrator(session):
        raise AccountError("nobody would be left to administer: make another administrator first")


def _is(number: int, grant: Grant) -> tuple[ColumnElement[bool], ...]:
    return (
        GrantRow.account == number,
        GrantRow.role == grant.role,
        GrantRow.company == grant.scope.company,
        GrantRow.showroom == grant.scope.showroom,
    )


def _account(session: Session, row: AccountRow) -> Account:
    grants = session.scalars(
        select(GrantRow)
        .where(GrantRow.account == row.id)
        .order_by(GrantRow.role, GrantRow.company, GrantRow.showroom)
    )
    return Account(
        row.id,
        row.name,
        row.password is not None,
        row.closed_wall_s is None,
        tuple(Grant(cast("Role", grant.role), Scope(grant.company, grant.showroom)) for grant in grants),
    )
