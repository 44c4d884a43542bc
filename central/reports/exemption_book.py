"""Who may sign an exemption of whom, and what each account reads of exemptions."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.accounts.account_book import Account, account_named, known_account
from central.accounts.roles import may, may_at
from central.audit.audit_log import COMMAND_LINE, note
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
    every = exemptions(session)
    reached = {person for person in {each.person for each in every} if _reaches(session, account, person)}
    return tuple(
        ShownExemption(each, each.reason_for(account.id))
        for each in reversed(every)
        if each.person in reached
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
        raise BadExemptionError("there is no open account named {name!r}", name=name)
    if not may(account.grants, "sign_exemptions"):
        raise BadExemptionError("{name} has no role that signs exemptions, such as area manager", name=name)
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
    by_command: bool = False,
) -> Exemption:
    """Exempt a person, whose own account is named where they have one, and note it in the audit log.

    Args:
        session: Its transaction takes both.
        signer: The account.
        person: Their pseudonym.
        clause: From which.
        reason: Why.
        own_account: Name of the person's account; empty where they have none.
        from_wall_s: Since when, as Unix time.
        now_wall_s: The present, as Unix time.
        by_command: Whether the command line signs in the account's name.

    Raises:
        BadExemptionError: It cannot be signed, or not by this account.
        AccountError: There is no account of that name.
    """
    if not _reaches(session, signer, person.strip()):
        raise BadExemptionError(
            "{person} works outside of the roles of {signer_name}",
            person=person.strip(),
            signer_name=signer.name,
        )
    account = known_account(session, own_account.strip()) if own_account.strip() else None
    made = sign_exemption(
        session,
        person=person,
        clause=clause,
        reason=reason,
        signed_by=signer.id,
        account=None if account is None else account.id,
        from_wall_s=from_wall_s,
        now_wall_s=now_wall_s,
    )
    _note(session, signer, "exemption signed", made, now_wall_s, by_command=by_command)
    return made


def end(
    session: Session, signer: Account, number: int, now_wall_s: float, *, by_command: bool = False
) -> Exemption:
    """End an exemption of a person within reach, and note it in the audit log.

    Raises:
        BadExemptionError: There is none of that number within reach, or it has ended.
    """
    within = {shown.exemption.number: shown.exemption for shown in exemptions_within_reach(session, signer)}
    if number not in within:
        raise BadExemptionError("there is no exemption {number}", number=number)
    end_exemption(session, number, ended_by=signer.id, until_wall_s=now_wall_s)
    _note(session, signer, "exemption ended", within[number], now_wall_s, by_command=by_command)
    return within[number]


def _note(
    session: Session,
    signer: Account,
    action: str,
    exemption: Exemption,
    now_wall_s: float,
    *,
    by_command: bool,
) -> None:
    """Note what was done by the exemption's number; by the command line with the account in whose name.

    Neither who it is nor why stands in the log, which nobody may change: the exemption has both, and can forget them.
    """
    actor, whose = (COMMAND_LINE, f", for {signer.actor}") if by_command else (signer.actor, "")
    detail = f"{exemption.clause}{whose}"
    note(session, now_wall_s, actor, action, f"exemption {exemption.number}", detail)


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
