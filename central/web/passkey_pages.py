"""Passkeys over the web: what a browser is asked, and what it answers."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from central.accounts.logins import log_in
from central.accounts.passkeys import (
    PasskeyError,
    Site,
    account_by_passkey,
    ask_to_make,
    ask_to_use,
    drop_passkey,
    keep_passkey,
)
from central.accounts.secret import digest
from central.audit.audit_log import NOBODY, note
from central.reports.language import gettext
from central.web.access import Anyone, OurForm, Viewer, needs
from central.web.browser import form_secret, own_path
from central.web.form_fields import PathField
from central.web.house import house_of
from central.web.rendering import go_to, show, show_login, told
from central.web.welcome import let_in

Answer = Annotated[str, Form(max_length=20000)]

router = APIRouter()


@router.get("/login/passkey", dependencies=[Anyone])
def login_options(request: Request) -> Response:
    """What the browser is asked, to log in."""
    house = house_of(request)
    options, challenge = ask_to_use(Site(house.url))
    house.challenges.put(_of(request), challenge, house.now_wall_s())
    return Response(options, media_type="application/json")


@router.post("/login/passkey", dependencies=[Anyone, OurForm])
def login_by_passkey(
    request: Request,
    credential: Answer = "",
    on: PathField = "/",
) -> Response:
    """Log in by a passkey: it proves both that its device is there and who holds it."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    try:
        challenge = house.challenges.take(_of(request), now_wall_s)
        with house.writing() as session:
            account = account_by_passkey(session, Site(house.url), credential, challenge)
            secret = log_in(session, account.id, now_wall_s)
            note(session, now_wall_s, account.actor, "logged in", account.actor, "by passkey")
    except PasskeyError:
        with house.writing() as session:
            note(session, now_wall_s, NOBODY, "log-in failed", "a passkey")
        complaint = gettext("No account has this passkey, or it took too long.")
        return show_login(request, 401, complaint=complaint, on=own_path(on))
    return let_in(request, secret, own_path(on))


@router.get("/account/passkey")
def making_options(request: Request, viewer: Annotated[Viewer, needs("log_in")]) -> Response:
    """What the browser is asked, to make a passkey."""
    house = house_of(request)
    if not Site(house.url).possible:
        raise HTTPException(404)
    with house.reading() as session:
        options, challenge = ask_to_make(session, Site(house.url), viewer.account)
    house.challenges.put(_of(request), challenge, house.now_wall_s())
    return Response(options, media_type="application/json")


@router.post("/account/passkey", dependencies=[OurForm])
def make_passkey(
    request: Request, viewer: Annotated[Viewer, needs("log_in")], credential: Answer = ""
) -> Response:
    """Keep the passkey that the browser has made."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    try:
        challenge = house.challenges.take(_of(request), now_wall_s)
        with house.writing() as session:
            keep_passkey(session, Site(house.url), viewer.account, credential, challenge, now_wall_s)
            note(session, now_wall_s, viewer.account.actor, "passkey made", viewer.account.actor)
    except PasskeyError as error:
        title = gettext("The passkey was not kept")
        return show(request, "message.html.j2", 422, title=title, text=told(request, error))
    return go_to("/account")


@router.post("/account/passkey/{number}/drop", dependencies=[OurForm])
def take_passkey(request: Request, number: int, viewer: Annotated[Viewer, needs("log_in")]) -> Response:
    """Take one of one's own passkeys away."""
    house = house_of(request)
    with house.writing() as session:
        drop_passkey(session, viewer.account.id, number)
        note(session, house.now_wall_s(), viewer.account.actor, "passkey dropped", viewer.account.actor)
    return go_to("/account")


def _of(request: Request) -> str:
    """The browser that a challenge is for."""
    return digest(form_secret(request))
