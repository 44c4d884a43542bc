"""Who an account is at a provider of log-ins: found by what the provider says for sure, and never beyond the provider's company."""

from dataclasses import dataclass

from sqlalchemy import Double, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.accounts.account_book import Account, AccountError, account_named, account_of, give, make_account
from central.accounts.roles import Grant, Role, Scope
from central.database.table import BIG_KEY, Table
from protocol.errors import MendableError

LONGEST_SUBJECT = 255
"""Letters of a subject (OpenID Connect Core 1.0, section 2)."""


class UnknownIdentityError(MendableError):
    """Nobody is let in by that identity; the text says why, for the log of whoever runs the service."""


class IdentityRow(Table):
    """One account at one provider."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject", name="identity_once"),
        UniqueConstraint("account", "issuer", name="identity_once_an_account"),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    account: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    """What the provider calls the person, for ever; an address may pass on to somebody else."""
    made_wall_s: Mapped[float] = mapped_column(Double)


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """What a provider has signed of somebody."""

    issuer: str
    subject: str
    email: str | None
    """Only where the provider has verified it."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Whom a provider may let in."""

    company: str = ""
    """Only accounts whose roles lie within; empty for any."""
    by_email: bool = True
    """Whether an account is found by its name, which is the verified address of mail."""
    new_as: Role | None = None
    """Role within the company of an account that is made for whoever has none."""


def account_by_identity(
    session: Session, identity: ProvenIdentity, admission: Admission, now_wall_s: float
) -> Account:
    """The account of whoever a provider has named; connected with them from then on.

    Raises:
        UnknownIdentityError: There is none, it is closed, or its roles reach beyond the provider's company.
    """
    row = session.scalar(
        select(IdentityRow).where(
            IdentityRow.issuer == identity.issuer, IdentityRow.subject == identity.subject
        )
    )
    account = (
        _by_email(session, identity, admission, now_wall_s)
        if row is None
        else account_of(session, row.account)
    )
    if account is None or not account.open:
        raise UnknownIdentityError("its account is closed")
    if admission.company and any(grant.scope.company != admission.company for grant in account.grants):
        raise UnknownIdentityError(
            f"{account.actor} has roles outside of {admission.company}, for which this provider does not speak"
        )
    if row is None:
        connect(session, account.id, identity.issuer, identity.subject, now_wall_s)
    return account


def connect(session: Session, account: int, issuer: str, subject: str, now_wall_s: float) -> None:
    """Say who an account is at a provider; whoever was said before is it no more.

    Raises:
        AccountError: Another account is that one already, or it cannot be one.
    """
    if not subject or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise AccountError(
            "a subject has 1 to {longest_subject} letters, as the provider shows it",
            longest_subject=LONGEST_SUBJECT,
        )
    other = session.scalar(
        select(IdentityRow.account).where(IdentityRow.issuer == issuer, IdentityRow.subject == subject)
    )
    if other not in {None, account}:
        raise AccountError(
            "account {other} is {subject!r} at {issuer} already", other=other, subject=subject, issuer=issuer
        )
    known = session.scalar(
        select(IdentityRow).where(IdentityRow.account == account, IdentityRow.issuer == issuer)
    )
    if known is None:
        known = IdentityRow(account=account, issuer=issuer, subject=subject, made_wall_s=now_wall_s)
        session.add(known)
    known.subject, known.made_wall_s = subject, now_wall_s
    session.flush()


def identities_of(session: Session, account: int) -> tuple[tuple[str, str], ...]:
    """Issuer and subject of an account at each provider."""
    rows = session.scalars(select(IdentityRow).where(IdentityRow.account == account).order_by(IdentityRow.id))
    return tuple((row.issuer, row.subject) for row in rows)


def _by_email(session: Session, identity: ProvenIdentity, admission: Admission, now_wall_s: float) -> Account:
    if not admission.by_email:
        raise UnknownIdentityError("no account is connected with this subject")
    if identity.email is None:
        raise UnknownIdentityError("the provider names no verified address of mail")
    account = account_named(session, identity.email)
    if account is not None:
        if any(issuer == identity.issuer for issuer, _ in identities_of(session, account.id)):
            # The address has passed on to somebody else: what was the first one's is not theirs.
            raise UnknownIdentityError(f"{account.actor} is another subject at this provider")
        return account
    if admission.new_as is None or not admission.company:
        raise UnknownIdentityError("no account has this address of mail")
    try:
        made = make_account(session, identity.email, now_wall_s)
        give(session, made.id, Grant(admission.new_as, Scope(admission.company)))
    except AccountError as error:
        raise UnknownIdentityError(str(error)) from None
    found = account_of(session, made.id)
    assert found is not None  # noqa: S101
    return found
