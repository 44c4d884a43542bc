"""Standards as somebody types them."""

from sqlalchemy.orm import Session

from central.accounts.account_book import make_account
from central.standards.standard_versions import approve_standard, make_standard_active, write_standard


def house_standard(version: int = 1, name: str = "house", *lines: str) -> str:
    """The TOML of a standard; lines are added behind its head."""
    return "\n".join([f'name = "{name}"', f"version = {version}", 'title = "The house"', *lines, ""])


def two_people(session: Session) -> tuple[int, int]:
    """The numbers of two accounts: one writes, the other approves."""
    return make_account(session, "writer", 0.0).id, make_account(session, "approver", 0.0).id


def active_standard(session: Session, text: str, writer: int, approver: int, now_wall_s: float = 3.0) -> None:
    """Write a standard, and take it through its steps until any showroom can have it."""
    standard = write_standard(session, text, writer, now_wall_s).standard
    approve_standard(session, standard.name, standard.version, approver, now_wall_s)
    make_standard_active(session, standard.name, standard.version, approver, now_wall_s)
