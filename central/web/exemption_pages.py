"""Exemptions from clauses: signed and ended by who may, and read by whom they are about."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from central.accounts.account_book import AccountError
from central.audit.audit_log import note
from central.people.exemptions import REASON_LIMIT, BadExemptionError
from central.reports.exemption_book import end, exemptions_within_reach, own_exemptions, sign
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField
from central.web.house import house_of
from central.web.rendering import go_to, show, told
from protocol.standard import CLAUSES

Signer = Annotated[Viewer, needs("sign_exemptions")]
ReasonField = Annotated[str, Form(max_length=REASON_LIMIT)]

router = APIRouter()


@router.get("/exemptions")
def exemptions_page(request: Request, viewer: Signer) -> Response:
    """Who within reach is exempt from what; a reason only with those that the viewer signed."""
    house = house_of(request)
    with house.writing() as session:
        note(session, house.now_wall_s(), viewer.account.actor, "read exemptions")
    return _list(request, viewer)


@router.post("/exemptions", dependencies=[OurForm])
def sign_one(
    request: Request,
    viewer: Signer,
    person: NameField = "",
    clause: NameField = "",
    reason: ReasonField = "",
    account: NameField = "",
) -> Response:
    """Exempt somebody from a clause, from now on."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    try:
        with house.writing() as session:
            sign(
                session,
                viewer.account,
                person=person,
                clause=clause,
                reason=reason,
                own_account=account,
                from_wall_s=now_wall_s,
                now_wall_s=now_wall_s,
            )
    except (BadExemptionError, AccountError) as error:
        return _list(request, viewer, 422, complaint=told(request, error))
    return go_to("/exemptions")


@router.post("/exemptions/{number}/end", dependencies=[OurForm])
def end_one(request: Request, number: int, viewer: Signer) -> Response:
    """End an exemption now."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    try:
        with house.writing() as session:
            end(session, viewer.account, number, now_wall_s)
    except BadExemptionError as error:
        return _list(request, viewer, 422, complaint=told(request, error))
    return go_to("/exemptions")


@router.get("/account/exemptions")
def own_exemptions_page(request: Request, viewer: Annotated[Viewer, needs("log_in")]) -> Response:
    """The exemptions of whoever looks, with their reasons."""
    house = house_of(request)
    with house.reading() as session:
        found = own_exemptions(session, viewer.account)
    return show(request, "own_exemptions.html.j2", exemptions=found)


def _list(request: Request, viewer: Viewer, status: int = 200, *, complaint: str | None = None) -> Response:
    with house_of(request).reading() as session:
        found = exemptions_within_reach(session, viewer.account)
    return show(
        request,
        "exemptions.html.j2",
        status,
        exemptions=found,
        clauses=tuple(CLAUSES),
        longest=REASON_LIMIT,
        complaint=complaint,
    )
