"""Log-ins: which browser is logged in with which account, and for how long."""

from dataclasses import dataclass

from sqlalchemy import Double, ForeignKey, Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.accounts.account_book import Account, account_of
from central.accounts.secret import digest, new_secret
from central.database.table import BIG_KEY, Table

SEEN_AGAIN_S = 60.0
"""A log-in notes that it is in use once a minute: not every page is a write."""


class LoginRow(Table):
    """One browser that is logged in."""

    __tablename__ = "login"
    __table_args__ = (Index("login_by_account", "account"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    began_wall_s: Mapped[float] = mapped_column(Double)
    seen_wall_s: Mapped[float] = mapped_column(Double)
    provider: Mapped[str | None] = mapped_column(String(40))
    """At which the person logged in; None with a password or a passkey."""


@dataclass(frozen=True, slots=True)
class LoginLimits:
    """How long a log-in lasts."""

    idle_s: float
    """Without a page being asked for."""
    longest_s: float
    """In all, however busy."""


@dataclass(frozen=True, slots=True)
class Login:
    """A log-in that holds at this moment."""

    account: Account
    due: bool
    """Whether it is time to note that it is in use."""
    provider: str | None = None
    """Name of the provider at which the person logged in."""


def log_in(session: Session, account: int, now_wall_s: float, provider: str | None = None) -> str:
    """Begin a log-in; returns its secret, which is kept nowhere but in the browser.

    Args:
        session: Its transaction takes the log-in.
        account: Number of the account.
        now_wall_s: The present, as Unix time.
        provider: At which the person logged in; None with a password or a passkey.
    """
    secret = new_secret()
    session.add(
        LoginRow(
            digest=digest(secret),
            account=account,
            began_wall_s=now_wall_s,
            seen_wall_s=now_wall_s,
            provider=provider,
        )
    )
    session.flush()
    return secret


def login_of(session: Session, secret: str, limits: LoginLimits, now_wall_s: float) -> Login | None:
    """The log-in of a secret; None where there is none, it has ended, or its account is closed."""
    row = session.get(LoginRow, digest(secret))
    if row is None or not _lasts(row, limits, now_wall_s):
        return None
    account = account_of(session, row.account)
    if account is None or not account.open:
        return None
    return Login(account, now_wall_s - row.seen_wall_s >= SEEN_AGAIN_S, row.provider)


def note_seen(session: Session, secret: str, now_wall_s: float) -> None:
    """Note that a log-in is in use."""
    row = session.get(LoginRow, digest(secret))
    if row is not None:
        row.seen_wall_s = max(row.seen_wall_s, now_wall_s)


def log_out(session: Session, secret: str) -> None:
    """End a log-in."""
    session.execute(delete(LoginRow).where(LoginRow.digest == digest(secret)))


def log_out_everywhere(session: Session, account: int, *, but: str | None = None) -> None:
    """End every log-in of an account, save that of one secret."""
    gone = delete(LoginRow).where(LoginRow.account == account)
    session.execute(gone if but is None else gone.where(LoginRow.digest != digest(but)))


def forget_ended(session: Session, limits: LoginLimits, now_wall_s: float) -> None:
    """Delete the log-ins that have ended by themselves."""
    for row in session.scalars(select(LoginRow)):
        if not _lasts(row, limits, now_wall_s):
            session.delete(row)


def _lasts(row: LoginRow, limits: LoginLimits, now_wall_s: float) -> bool:
    return now_wall_s - row.seen_wall_s < limits.idle_s and now_wall_s - row.began_wall_s < limits.longest_s
