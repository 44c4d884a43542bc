"""Tokens, by which programs read and write in an account's name: what each permits, for how long, and when it was last used."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from sqlalchemy import Double, ForeignKey, Index, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.accounts.account_book import Account, account_of
from central.accounts.roles import EVERYTHING, Right, Scope, narrowed
from central.accounts.secret import digest, new_secret
from central.database.table import BIG_KEY, Table
from protocol.errors import RefusalError

Permit = Literal[
    "visits:read",
    "calls:read",
    "desks:read",
    "duty:read",
    "duty:write",
    "exemptions:read",
    "people:read",
    "registry:read",
    "registry:write",
    "standards:read",
    "standards:write",
]
"""What OAuth calls a scope. None opens accounts, roles or the audit log."""
PERMITS: tuple[Permit, ...] = get_args(Permit)

ASKS_FOR: dict[Permit, Right] = {
    "visits:read": "see_visits",
    "calls:read": "see_visits",
    "desks:read": "see_desks",
    "duty:read": "see_visits",
    "duty:write": "correct_duty",
    "exemptions:read": "sign_exemptions",
    "people:read": "read_people",
    "registry:read": "read_registry",
    "registry:write": "write_registry",
    "standards:read": "read_standards",
    "standards:write": "write_standards",
}
"""The right that the account itself must have, at the moment at which the token is used."""

PREFIX = "deskside_"
"""Before each token: programs that look through code for secrets know it by that."""
LONGEST_DAYS = 366
"""A token ends after a year at the latest: by then whoever made it may have left."""
MOST_TOKENS = 20
"""Tokens of one account that hold at one time: one for each program that asks."""
LABEL_LETTERS = 100
"""Letters of what a token is for: a line on a page."""
USED_AGAIN_S = 60.0
"""A token notes that it is in use once a minute: not every read is a write."""


class TokenError(RefusalError):
    """Such a token cannot be made or taken back; the text says why."""


class TokenRow(Table):
    """One token, as its hash."""

    __tablename__ = "token"
    __table_args__ = (Index("token_by_account", "account"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    account: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(LABEL_LETTERS))
    """What it is for, in its maker's words."""
    permits: Mapped[str] = mapped_column(String(300))
    """Apart by spaces."""
    company: Mapped[str] = mapped_column(String(200))
    showroom: Mapped[str] = mapped_column(String(200))
    """It reaches no further than there; empty for wherever its account's roles reach."""
    made_wall_s: Mapped[float] = mapped_column(Double)
    until_wall_s: Mapped[float] = mapped_column(Double)
    used_wall_s: Mapped[float | None] = mapped_column(Double)
    revoked_wall_s: Mapped[float | None] = mapped_column(Double)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it."""

    id: int
    account: int
    label: str
    permits: tuple[Permit, ...]
    scope: Scope
    made_wall_s: float
    until_wall_s: float
    used_wall_s: float | None
    revoked_wall_s: float | None

    def holds_at(self, wall_s: float) -> bool:
        """Whether it opens anything at a Unix time."""
        return self.revoked_wall_s is None and wall_s < self.until_wall_s


@dataclass(frozen=True, slots=True)
class TokenUse:
    """A token that holds at this moment, and what it reaches."""

    token: Token
    account: Account
    """Its account as it is now, with its grants cut to what the token reaches."""
    due: bool
    """Whether it is time to note that it is in use."""


def make_token(
    session: Session,
    account: int,
    label: str,
    permits: Iterable[str],
    days: int,
    now_wall_s: float,
    scope: Scope = EVERYTHING,
) -> tuple[Token, str]:
    """Make a token; returns it, and the secret that is shown once and kept only as its hash.

    Args:
        session: Its transaction takes the token.
        account: Number of the account in whose name it reads and writes.
        label: What it is for.
        permits: What it permits; at least one.
        days: After which it ends.
        now_wall_s: The present, as Unix time.
        scope: It reaches no further than there.

    Raises:
        TokenError: It cannot be made so.
    """
    chosen = tuple(permit for permit in PERMITS if permit in (asked := set(permits)))
    if unknown := asked - set(PERMITS):
        raise TokenError(
            "there is no permit {named!r}; there are: {known}", named=min(unknown), known=", ".join(PERMITS)
        )
    label = label.strip()
    if not label or len(label) > LABEL_LETTERS or not label.isprintable():
        raise TokenError(
            "a token has a name of up to {label_letters} letters that says what it is for",
            label_letters=LABEL_LETTERS,
        )
    if not chosen:
        raise TokenError("a token permits at least one thing")
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenError("a token lasts 1 to {longest_days} days", longest_days=LONGEST_DAYS)
    if scope.showroom and not scope.company:
        raise TokenError("a showroom is named together with its company")
    held = [token for token in tokens_of(session, account) if token.holds_at(now_wall_s)]
    if len(held) >= MOST_TOKENS:
        raise TokenError(
            "the account has {count} tokens already: revoke one that is not used any more", count=len(held)
        )
    secret = PREFIX + new_secret()
    row = TokenRow(
        account=account,
        digest=digest(secret),
        label=label,
        permits=" ".join(chosen),
        company=scope.company,
        showroom=scope.showroom,
        made_wall_s=now_wall_s,
        until_wall_s=now_wall_s + days * 86400.0,
    )
    session.add(row)
    session.flush()
    return _token(row), secret


def tokens_of(session: Session, account: int | None = None) -> tuple[Token, ...]:
    """The tokens of an account, or of all, oldest first, also those that hold no more."""
    chosen = select(TokenRow).order_by(TokenRow.id)
    if account is not None:
        chosen = chosen.where(TokenRow.account == account)
    return tuple(_token(row) for row in session.scalars(chosen))


def token_use(session: Session, secret: str, now_wall_s: float) -> TokenUse | None:
    """What a secret opens; None where it is no token's, the token has ended, or its account is closed."""
    row = session.scalar(select(TokenRow).where(TokenRow.digest == digest(secret)))
    if row is None:
        return None
    token = _token(row)
    account = account_of(session, token.account)
    if account is None or not account.open or not token.holds_at(now_wall_s):
        return None
    due = token.used_wall_s is None or now_wall_s - token.used_wall_s >= USED_AGAIN_S
    return TokenUse(token, replace(account, grants=narrowed(account.grants, token.scope)), due)


def note_used(session: Session, number: int, now_wall_s: float) -> None:
    """Note that a token is in use."""
    session.execute(update(TokenRow).where(TokenRow.id == number).values(used_wall_s=now_wall_s))


def revoke_token(session: Session, number: int, now_wall_s: float, *, account: int | None = None) -> Token:
    """Let a token open nothing any more.

    Args:
        session: Its transaction takes the change.
        number: Of the token.
        now_wall_s: The present, as Unix time.
        account: Only where it is this account's.

    Raises:
        TokenError: There is none of that number, or it was revoked already.
    """
    row = session.get(TokenRow, number)
    if row is None or account not in {None, row.account}:
        raise TokenError("there is no token {number}", number=number)
    if row.revoked_wall_s is not None:
        raise TokenError("token {number} was revoked already", number=number)
    row.revoked_wall_s = now_wall_s
    session.flush()
    return _token(row)


def revoke_tokens_of(session: Session, account: int, now_wall_s: float) -> None:
    """Let no token of an account open anything any more, also when the account is opened again."""
    held = TokenRow.account == account, TokenRow.revoked_wall_s.is_(None)
    session.execute(update(TokenRow).where(*held).values(revoked_wall_s=now_wall_s))


def forget_tokens_of(session: Session, account: int) -> None:
    """Delete every token of an account: its label may say whose it was."""
    session.execute(delete(TokenRow).where(TokenRow.account == account))


def token_noted(token: Token) -> str:
    """What the audit log holds of a new token: what it permits and for how long, never its label, which may name somebody.

    Example:
        >>> token_noted(Token(1, 2, "x", ("visits:read",), Scope("North"), 0.0, 86400.0, None, None))
        'visits:read in North, 1 d'
    """
    within = ", ".join(filter(None, (token.scope.company, token.scope.showroom)))
    days = (token.until_wall_s - token.made_wall_s) / 86400.0
    return f"{' '.join(token.permits)}{f' in {within}' if within else ''}, {days:.0f} d"


def _token(row: TokenRow) -> Token:
    return Token(
        row.id,
        row.account,
        row.label,
        tuple(cast("Permit", each) for each in row.permits.split()),
        Scope(row.company, row.showroom),
        row.made_wall_s,
        row.until_wall_s,
        row.used_wall_s,
        row.revoked_wall_s,
    )
