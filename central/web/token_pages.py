"""One's own tokens: making one for a program, seeing when each was last used, and taking one back."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from central.accounts.roles import Scope, may, narrowed
from central.accounts.tokens import (
    ASKS_FOR,
    LONGEST_DAYS,
    PERMITS,
    TokenError,
    make_token,
    revoke_token,
    token_noted,
    tokens_of,
)
from central.audit.audit_log import note
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField
from central.web.house import house_of
from central.web.rendering import go_to, show, told

Owner = Annotated[Viewer, needs("log_in")]
USUAL_DAYS = 90
"""Days that a token is offered for: a quarter of a year, after which somebody looks whether it is still needed."""

router = APIRouter()


@router.get("/account/tokens")
def tokens_page(request: Request, viewer: Owner) -> Response:
    """The tokens of whoever looks."""
    return _list(request, viewer)


@router.post("/account/tokens", dependencies=[OurForm])
def make(
    request: Request,
    viewer: Owner,
    label: NameField = "",
    permit: Annotated[list[str] | None, Form(max_length=100)] = None,
    days: Annotated[int, Form()] = USUAL_DAYS,
    company: Annotated[str, Form(max_length=200)] = "",
    showroom: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Make a token, and show it this once."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    scope = Scope(company.strip(), showroom.strip())
    try:
        _require_within(viewer, permit or [], scope)
        with house.writing() as session:
            token, secret = make_token(
                session, viewer.account.id, label, permit or [], days, now_wall_s, scope
            )
            actor = viewer.account.actor
            note(session, now_wall_s, actor, "token made", f"token {token.id}", token_noted(token))
    except TokenError as error:
        return _list(request, viewer, 422, complaint=told(request, error), label=label)
    return _list(request, viewer, secret=secret)


@router.post("/account/tokens/{number}/revoke", dependencies=[OurForm])
def revoke(request: Request, number: int, viewer: Owner) -> Response:
    """Take one of one's own tokens back."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    try:
        with house.writing() as session:
            revoke_token(session, min(number, 2**62), now_wall_s, account=viewer.account.id)
            note(session, now_wall_s, viewer.account.actor, "token revoked", f"token {number}")
    except TokenError as error:
        return _list(request, viewer, 422, complaint=told(request, error))
    return go_to("/account/tokens")


def _require_within(viewer: Viewer, permits: list[str], scope: Scope) -> None:
    """A token that could open nothing is told at once, and not when a program first uses it.

    Raises:
        TokenError: The account's roles give less there.
    """
    grants = narrowed(viewer.account.grants, scope)
    for permit in PERMITS:
        if permit in permits and not may(grants, ASKS_FOR[permit]):
            where = ", ".join(filter(None, (scope.company, scope.showroom)))
            if where:
                raise TokenError("your roles do not give {permit} in {where}", permit=permit, where=where)
            raise TokenError("your roles do not give {permit}", permit=permit)


def _list(
    request: Request,
    viewer: Viewer,
    status: int = 200,
    *,
    complaint: str | None = None,
    secret: str | None = None,
    label: str = "",
) -> Response:
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    with house.reading() as session:
        found = tokens_of(session, viewer.account.id)
    return show(
        request,
        "tokens.html.j2",
        status,
        tokens=found,
        now_wall_s=now_wall_s,
        offered=[permit for permit in PERMITS if viewer.may(ASKS_FOR[permit])],
        days=USUAL_DAYS,
        longest=LONGEST_DAYS,
        complaint=complaint,
        secret=secret,
        label=label,
    )
