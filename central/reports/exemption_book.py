"""Who may sign an exemption of whom, and what each account reads of exemptions."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.accounts.account_book import Account, AccountError, account_named
from central.accounts.roles import may, may_at
from central.people.exemptions import BadExemptionError, Exemption, end_exemption, exemptions, sign_exemption
from central.people.workforce import EmploymentRow, PersonRow
from central.showrooms.premises import CompanyRow, showrooms


@dataclass(frozen=True, slots=True)
class ShownExemption:
    """An exemption as one account sees it."""

    exemption: Exemption
    reason: str | None
    """None of one that this account neither signed nor is meant by."""


def exemptions_within_reach(session: Session, account: Account) -> tuple[ShownExemption, ...]:
    """Every exemption of a person within an account's reach, latest first."""
    return tuple(
        ShownExemption(each, each.reason_for(account.id))
        for each in reversed(exemptions(session))
        if _reaches(session, account, each.person)
    )


def own_exemptions(session: Session, account: Account) -> tuple[ShownExemption, ...]:
    """The exemptions of whoever an account belongs to, latest first."""
    return tuple(
        ShownExemption(each, each.reason)
        for each in reversed(exemptions(session))
        if each.account == account.id
    )


def signing_account(session: Session, name: str) -> Account:
    """The open account of a name, which may sign exemptions of somebody.

    Raises:
        BadExemptionError: There is none, or it may not.
    """
    account = account_named(session, name)
    if account is None or not account.open:
        raise BadExemptionError(f"there is no open account named {name!r}")
    if not may(account.grants, "sign_exemptions"):
        raise BadExemptionError(f"{name} has no role that signs exemptions, such as area manager")
    return account


def sign(
    session: Session,
    signer: Account,
    *,
    person: str,
    clause: str,
    reason: str,
    own_account: str,
    from_wall_s: float,
    now_wall_s: float,
) -> Exemption:
    """Exempt a person, whose own account is named where they have one.

    Raises:
        BadExemptionError: It cannot be signed, or not by this account.
        AccountError: There is no account of that name.
    """
    if not _reaches(session, signer, person.strip()):
        raise BadExemptionError(f"{person.strip()} works outside of the roles of {signer.name}")
    account = account_named(session, own_account) if own_account.strip() else None
    if own_account.strip() and account is None:
        raise AccountError(f"there is no account named {own_account.strip()!r}")
    return sign_exemption(
        session,
        person=person,
        clause=clause,
        reason=reason,
        signed_by=signer.id,
        account=None if account is None else account.id,
        from_wall_s=from_wall_s,
        now_wall_s=now_wall_s,
    )


def end(session: Session, signer: Account, number: int, now_wall_s: float) -> Exemption:
    """End an exemption of a person within reach.

    Raises:
        BadExemptionError: There is none of that number within reach, or it has ended.
    """
    within = {shown.exemption.number: shown.exemption for shown in exemptions_within_reach(session, signer)}
    if number not in within:
        raise BadExemptionError(f"there is no exemption {number}")
    end_exemption(session, number, ended_by=signer.id, until_wall_s=now_wall_s)
    return within[number]


def _reaches(session: Session, account: Account, person: str) -> bool:
    """Whether a person works where the account may sign; whoever the registry does not know is within the reach of everything only."""
    return any(
        may_at(account.grants, "sign_exemptions", company, showroom)
        for company, showroom in _places(session, person)
    )


def _places(session: Session, person: str) -> tuple[tuple[str, str], ...]:
    """Company and showroom of each of a person's employments."""
    row = session.execute(
        select(PersonRow.id, CompanyRow.name)
        .join(CompanyRow, CompanyRow.id == PersonRow.company_id)
        .where(PersonRow.pseudonym == person)
    ).first()
    if row is None:
        return (("", ""),)
    names = {each.id: (each.company, each.name) for each in showrooms(session)}
    worked = session.scalars(select(EmploymentRow.showroom_id).where(EmploymentRow.person_id == row.id))
    return tuple(names[showroom] for showroom in worked) or ((row.name, ""),)
