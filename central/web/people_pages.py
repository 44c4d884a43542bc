"""People under their pseudonyms: what they worked as and where, and which account is whose."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.account_book import AccountError, accounts, known_account
from central.accounts.own_person import accounts_of_people, link_person, unlink_person
from central.audit.audit_log import note
from central.reports.people_list import ListedPerson, people_within_reach
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField
from central.web.house import house_of
from central.web.rendering import go_to, show, told

Linker = Annotated[Viewer, needs("link_people")]

router = APIRouter()


@router.get("/people")
def people_page(request: Request, viewer: Annotated[Viewer, needs("read_people")]) -> Response:
    """Everybody who works or worked within reach, by pseudonym and by no other name."""
    house = house_of(request)
    with house.writing() as session:
        note(session, house.now_wall_s(), viewer.account.actor, "read people", "all")
    return _list(request, viewer)


@router.post("/people/{number}/link", dependencies=[OurForm])
def link(request: Request, number: int, viewer: Linker, account: NameField = "") -> Response:
    """Say that an account belongs to a person within reach, who then reads their own day."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    try:
        with house.writing() as session:
            person = _within(session, viewer, number)
            theirs = known_account(session, account.strip())
            link_person(session, theirs.id, person.pseudonym, viewer.account.id, now_wall_s)
            # By numbers alone: the log is never changed, and names can be erased.
            note(
                session, now_wall_s, viewer.account.actor, "account linked", theirs.actor, f"person {number}"
            )
    except AccountError as error:
        return _list(request, viewer, 422, told(request, error))
    return go_to("/people")


@router.post("/people/{number}/unlink", dependencies=[OurForm])
def unlink(request: Request, number: int, viewer: Linker) -> Response:
    """Take back that an account belongs to a person within reach."""
    house = house_of(request)
    with house.writing() as session:
        person = _within(session, viewer, number)
        account = accounts_of_people(session).get(person.pseudonym)
        if account is None:
            raise HTTPException(404)
        unlink_person(session, account)
        note(
            session,
            house.now_wall_s(),
            viewer.account.actor,
            "account unlinked",
            f"account {account}",
            f"person {number}",
        )
    return go_to("/people")


def _within(session: Session, viewer: Viewer, number: int) -> ListedPerson:
    for person in people_within_reach(session, viewer.account.grants, viewer.right):
        if person.number == number:
            return person
    raise HTTPException(404)


def _list(request: Request, viewer: Viewer, status: int = 200, complaint: str | None = None) -> Response:
    with house_of(request).reading() as session:
        people = people_within_reach(session, viewer.account.grants, viewer.right)
        linked = accounts_of_people(session)
        names = {each.id: each.name for each in accounts(session)}
    return show(
        request,
        "people.html.j2",
        status,
        people=people,
        linked={person: names.get(account, "") for person, account in linked.items()},
        complaint=complaint,
    )
