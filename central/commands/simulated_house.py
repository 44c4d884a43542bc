"""What a simulated database begins with: a showroom, people, a profile that two of them decided, and a log-in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.accounts.account_book import give, make_account, set_password
from central.accounts.own_person import link_person
from central.accounts.passwords import hashed
from central.accounts.roles import Grant, Role
from central.commands.simulated_customers import enter_simulated_customers
from central.database.simulation import mark_simulated
from central.desks.registry import DeskRow, enter
from central.people.workforce import EmploymentRow, PersonRow
from central.showrooms.premises import CompanyRow, known_showroom
from central.showrooms.profile_decisions import propose_profile, sign_profile
from protocol.errors import MendableError

COMPANY, SHOWROOM, DESK = "Simulated company", "Simulated showroom", "Simulated desk"
PEOPLE = ("wren", "lark", "finch")
"""Pseudonyms, as the simulated month has them (edge/tools/demo/simulated_month.py)."""
LOGIN, MANAGER = "demo", "demo-manager"
ROLES: tuple[Role, ...] = ("host", "showroom_manager", "technician", "auditor", "works_council")
"""What the log-in sees; it changes nothing, as nothing in a simulated database can be changed over the pages."""
BEFORE_S = 40 * 86400.0
"""The house is older than the month that is simulated."""


class NotEmptyError(MendableError):
    """The database has desks: nothing simulated comes beside them."""


def enter_simulated_house(session: Session, device: str, password: str, now_wall_s: float) -> str:
    """Enter everything; returns the name of the account that reads it.

    Raises:
        NotEmptyError: The database has desks already.
    """
    if session.scalar(select(DeskRow.device).limit(1)) is not None:
        raise NotEmptyError(
            "this database has desks already, and what is simulated never comes beside what was measured: name a new file"
        )
    began_s = now_wall_s - BEFORE_S
    mark_simulated(session, now_wall_s)
    enter(session, device, company=COMPANY, showroom=SHOWROOM, label=DESK, timezone="UTC")
    place = known_showroom(session, SHOWROOM)
    proposer, signer = (make_account(session, name, began_s).id for name in (MANAGER, "demo-council"))
    made = propose_profile(
        session, place, "other", "A simulated showroom measures nobody.", proposer, began_s
    )
    sign_profile(session, made, signer, began_s)
    company_id = session.scalars(select(CompanyRow.id)).one()
    for pseudonym in PEOPLE:
        person = PersonRow(company_id=company_id, pseudonym=pseudonym)
        session.add(person)
        session.flush()
        session.add(EmploymentRow(person_id=person.id, showroom_id=place.id, worked_as="host"))
    account = make_account(session, LOGIN, now_wall_s)
    set_password(session, account.id, hashed(password, LOGIN))
    for role in ROLES:
        give(session, account.id, Grant(role))
    link_person(session, account.id, PEOPLE[0], proposer, now_wall_s)
    enter_simulated_customers(session, COMPANY, proposer, MANAGER, now_wall_s)
    return LOGIN
