"""One-time links: the first administrator's, a new account's, and one for whoever has forgotten a password."""

from dataclasses import dataclass

from sqlalchemy import Double, ForeignKey, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.accounts.account_book import (
    Account,
    AccountError,
    account_of,
    give,
    has_administrator,
    make_account,
    set_password,
)
from central.accounts.logins import log_out_everywhere
from central.accounts.passwords import hashed
from central.accounts.roles import Grant
from central.accounts.secret import digest, new_secret
from central.database.table import BIG_KEY, Table

LASTS_S = 72 * 3600.0
"""Three days: one made on a Friday still works on Monday morning."""


class InvitationRow(Table):
    """One link that was not used yet."""

    __tablename__ = "invitation"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[int | None] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    """Whose password it sets; None: it makes the first administrator."""
    until_wall_s: Mapped[float] = mapped_column(Double)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that may be used."""

    account: Account | None
    """Whose password it sets; None: it makes the first administrator."""


def invite(session: Session, account: int, now_wall_s: float) -> str:
    """A new link for an account; returns its code. Older ones of the account are dead from now on."""
    session.execute(delete(InvitationRow).where(InvitationRow.account == account))
    return _added(session, account, now_wall_s)


def invite_first_administrator(session: Session, now_wall_s: float) -> str | None:
    """A link that makes the first administrator; None where there is one already. Older ones are dead from now on."""
    session.execute(delete(InvitationRow).where(InvitationRow.account.is_(None)))
    return None if has_administrator(session) else _added(session, None, now_wall_s)


def invitation_of(session: Session, code: str, now_wall_s: float) -> Invitation | None:
    """What a code invites to; None where it was used, has run out, or was never made."""
    row = session.get(InvitationRow, digest(code))
    if row is None or now_wall_s >= row.until_wall_s:
        return None
    if row.account is None:
        return None if has_administrator(session) else Invitation(None)
    account = account_of(session, row.account)
    return Invitation(account) if account is not None and account.open else None


def accept(session: Session, code: str, name: str, password: str, now_wall_s: float) -> Account:
    """Use a link: set the password of its account, or make the first administrator. It is dead afterwards.

    Args:
        session: Its transaction takes the changes.
        code: Of the link.
        name: Of the first administrator; otherwise it is not looked at.
        password: As it was typed.
        now_wall_s: The present, as Unix time.

    Raises:
        AccountError: The link cannot be used any more, or the name is taken or cannot be one.
        UnfitPasswordError: The password cannot be chosen.
    """
    invitation = invitation_of(session, code, now_wall_s)
    if invitation is None:
        raise AccountError("this link was used already, or has run out")
    account = invitation.account
    if account is None:
        account = make_account(session, name, now_wall_s)
        give(session, account.id, Grant("administrator"))
    set_password(session, account.id, hashed(password, account.name))
    session.execute(delete(InvitationRow).where(InvitationRow.digest == digest(code)))
    log_out_everywhere(session, account.id)
    return account


def _added(session: Session, account: int | None, now_wall_s: float) -> str:
    code = new_secret()
    session.add(InvitationRow(digest=digest(code), account=account, until_wall_s=now_wall_s + LASTS_S))
    session.flush()
    return code
