"""The accounts, for who administers them: making, inviting, closing, and giving and taking of roles."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.account_book import (
    Account,
    AccountError,
    account_of,
    accounts,
    close_account,
    give,
    make_account,
    open_account,
    take_away,
)
from central.accounts.invitations import invite
from central.accounts.logins import log_out_everywhere
from central.accounts.roles import ROLES, Grant, Role, Scope
from central.accounts.tokens import revoke_tokens_of
from central.audit.audit_log import note
from central.desks.registry import desks
from central.reports.language import gettext
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField
from central.web.house import house_of
from central.web.rendering import go_to, show, told

Administrator = Annotated[Viewer, needs("manage_accounts")]
Place = Annotated[str, Form(max_length=200)]


def named_grant(
    role: Annotated[str, Form(max_length=30)] = "", company: Place = "", showroom: Place = ""
) -> Grant:
    """The role that a form names, and where it holds.

    Raises:
        HTTPException: There is no such role.
    """
    known: tuple[Role, ...] = tuple(each for each in ROLES if each == role)
    if not known:
        raise HTTPException(422, gettext("There is no such role."))
    return Grant(known[0], Scope(company.strip(), showroom.strip()))


Named = Annotated[Grant, Depends(named_grant)]

router = APIRouter()


@router.get("/accounts")
def accounts_page(request: Request, viewer: Administrator) -> Response:
    """Every account with its roles."""
    house = house_of(request)
    with house.writing() as session:
        note(session, house.now_wall_s(), viewer.account.actor, "read accounts")
    return _list(request)


@router.post("/accounts", dependencies=[OurForm])
def make(request: Request, viewer: Administrator, name: NameField = "") -> Response:
    """Make an account, and show the one-time link for its owner."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    try:
        with house.writing() as session:
            account = make_account(session, name, now_wall_s)
            code = invite(session, account.id, now_wall_s)
            note(session, now_wall_s, viewer.account.actor, "account made", account.actor)
    except AccountError as error:
        return _list(request, 422, complaint=told(request, error), name=name)
    return _one(request, account.id, code=code)


@router.get("/accounts/{number}")
def account_page(request: Request, number: int, viewer: Administrator) -> Response:
    """One account."""
    house = house_of(request)
    with house.writing() as session:
        note(session, house.now_wall_s(), viewer.account.actor, "read account", f"account {number}")
    return _one(request, number)


@router.post("/accounts/{number}/invite", dependencies=[OurForm])
def invite_again(request: Request, number: int, viewer: Administrator) -> Response:
    """A new one-time link, as for whoever has forgotten a password; the old password holds until it is used."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    with house.writing() as session:
        account = _known(session, number)
        code = invite(session, account.id, now_wall_s)
        note(session, now_wall_s, viewer.account.actor, "link made", account.actor)
    return _one(request, number, code=code)


@router.post("/accounts/{number}/give", dependencies=[OurForm])
def give_role(request: Request, number: int, viewer: Administrator, grant: Named) -> Response:
    """Give a role."""
    return _change(
        request, viewer, number, "role given", _text(grant), lambda session: give(session, number, grant)
    )


@router.post("/accounts/{number}/take", dependencies=[OurForm])
def take_role(request: Request, number: int, viewer: Administrator, grant: Named) -> Response:
    """Take a role away."""
    return _change(
        request,
        viewer,
        number,
        "role taken away",
        _text(grant),
        lambda session: take_away(session, number, grant),
    )


@router.post("/accounts/{number}/close", dependencies=[OurForm])
def close(request: Request, number: int, viewer: Administrator) -> Response:
    """Close an account; whoever is logged in with it is logged out, and its tokens are revoked."""
    now_wall_s = house_of(request).now_wall_s()

    def closing(session: Session) -> None:
        close_account(session, number, now_wall_s)
        log_out_everywhere(session, number)
        revoke_tokens_of(session, number, now_wall_s)

    return _change(request, viewer, number, "account closed", "", closing)


@router.post("/accounts/{number}/open", dependencies=[OurForm])
def open_again(request: Request, number: int, viewer: Administrator) -> Response:
    """Open a closed account again."""
    return _change(
        request, viewer, number, "account opened", "", lambda session: open_account(session, number)
    )


def _change(
    request: Request,
    viewer: Viewer,
    number: int,
    action: str,
    detail: str,
    change: Callable[[Session], None],
) -> Response:
    """Change an account and note it, both or none, and show the account."""
    house = house_of(request)
    try:
        with house.writing() as session:
            account = _known(session, number)
            change(session)
            note(session, house.now_wall_s(), viewer.account.actor, action, account.actor, detail)
    except AccountError as error:
        return _one(request, number, 422, complaint=told(request, error))
    return go_to(f"/accounts/{number}")


def _list(request: Request, status: int = 200, *, complaint: str | None = None, name: str = "") -> Response:
    house = house_of(request)
    with house.reading() as session:
        found = accounts(session)
    return show(request, "accounts.html.j2", status, accounts=found, complaint=complaint, name=name)


def _one(
    request: Request, number: int, status: int = 200, *, complaint: str | None = None, code: str | None = None
) -> Response:
    house = house_of(request)
    with house.reading() as session:
        account = _known(session, number)
        places = sorted({(desk.company, desk.showroom) for desk in desks(session)})
    link = None if code is None else f"{house.url}/invitation/{code}"
    return show(
        request,
        "account.html.j2",
        status,
        account=account,
        roles=ROLES,
        companies=sorted({company for company, _ in places if company}),
        showrooms=sorted({showroom for _, showroom in places if showroom}),
        complaint=complaint,
        link=link,
    )


def _known(session: Session, number: int) -> Account:
    account = account_of(session, number)
    if account is None:
        raise HTTPException(404)
    return account


def _text(grant: Grant) -> str:
    scope = ", ".join(filter(None, (grant.scope.company, grant.scope.showroom))) or "everything"
    return f"{grant.role} for {scope}"
