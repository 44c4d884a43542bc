"""Forgetting an account: its number stays for the audit log, and nothing that says whose it was."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from central.accounts.account_book import AccountRow, GrantRow, close_account
from central.accounts.failed_logins import forget_failed
from central.accounts.identities import IdentityRow
from central.accounts.invitations import InvitationRow
from central.accounts.logins import LoginRow
from central.accounts.own_person import unlink_person
from central.accounts.passkeys import PasskeyRow
from central.accounts.tokens import forget_tokens_of


def forget_account(session: Session, number: int, now_wall_s: float) -> None:
    """Close an account and forget its name, password, roles, passkeys, tokens, identities elsewhere, links and log-ins, failed ones too.

    Raises:
        AccountError: Nobody would be left to administer.
    """
    close_account(session, number, now_wall_s)
    row = session.get_one(AccountRow, number)
    forget_failed(session, row.name)
    row.name, row.password = f"erased-{number}", None
    for table in (GrantRow, IdentityRow, InvitationRow, LoginRow, PasskeyRow):
        session.execute(delete(table).where(table.account == number))
    forget_tokens_of(session, number)
    unlink_person(session, number)
    session.flush()
