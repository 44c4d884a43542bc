"""The way in and out: log-in, log-out, one-time links, and one's own account."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from central.accounts.account_book import (
    AccountError,
    account_named,
    password_hash,
    set_password,
)
from central.accounts.failed_logins import forget_failed, note_failed, too_many
from central.accounts.invitations import accept, invitation_of
from central.accounts.logins import forget_ended, log_in, log_out, log_out_everywhere, login_of
from central.accounts.passkeys import Site, passkeys
from central.accounts.passwords import SHORTEST, UnfitPasswordError, hashed, matches
from central.audit.audit_log import NOBODY, latest_entries, note
from central.reports.catalogues import LANGUAGES
from central.reports.language import gettext
from central.web.access import Anyone, OurForm, Viewer, needs, viewer_of
from central.web.browser import FORM, LOGIN, address, cookie, drop_cookie, own_path, set_cookie
from central.web.form_fields import NameField, PasswordField, PathField
from central.web.house import house_of
from central.web.rendering import go_to, show, show_login, told

OWN_ENTRIES = 50
"""Entries of the audit log that one's own account shows."""
LANGUAGE_S = 31536000
"""A year: a language that was chosen stays chosen."""

router = APIRouter()


@router.get("/login", dependencies=[Anyone])
def login_page(request: Request, on: str = "/") -> Response:
    """The form to log in by."""
    if viewer_of(request) is not None:
        return go_to(own_path(on))
    return show_login(request, on=own_path(on))


@router.post("/login", dependencies=[Anyone, OurForm])
def login(
    request: Request,
    name: NameField = "",
    password: PasswordField = "",
    on: PathField = "/",
) -> Response:
    """Log in; whoever tries too often waits, whether the password would have been right or not."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    came_from = address(request)
    # A try is counted before it is made, so that a hundred at once are a hundred.
    with house.writing() as session:
        account = account_named(session, name)
        subject = "unknown name" if account is None else account.actor
        if refused := too_many(session, name, came_from, now_wall_s):
            note(session, now_wall_s, NOBODY, "log-in refused", subject, "too many failed")
        else:
            note_failed(session, name, came_from, now_wall_s)
        stored = None if account is None else password_hash(session, account.id)
    if refused:
        complaint = gettext("Too many log-ins have failed. Wait a quarter of an hour, then try again.")
        return show_login(request, 429, complaint=complaint, on=own_path(on), name=name)
    right = matches(stored, password)
    with house.writing() as session:
        if not right or account is None or not account.open:
            note(session, now_wall_s, NOBODY, "log-in failed", subject)
            secret = None
        else:
            forget_failed(session, name)
            forget_ended(session, house.limits, now_wall_s)
            secret = log_in(session, account.id, now_wall_s)
            note(session, now_wall_s, account.actor, "logged in", account.actor)
    if secret is None:
        complaint = gettext("The name or the password is not right.")
        return show_login(request, 401, complaint=complaint, on=own_path(on), name=name)
    return let_in(request, secret, own_path(on))


@router.post("/logout", dependencies=[Anyone, OurForm])
def logout(request: Request) -> Response:
    """End the log-in of this browser."""
    house = house_of(request)
    viewer, secret = viewer_of(request), cookie(request, LOGIN)
    provider = None
    if secret is not None:
        with house.writing() as session:
            login = login_of(session, secret, house.limits, house.now_wall_s())
            provider = None if login is None else login.provider
            log_out(session, secret)
            if viewer is not None:
                note(session, house.now_wall_s(), viewer.account.actor, "logged out", viewer.account.actor)
    response = go_to(f"/login/with/{provider}/out" if provider in house.providers else "/login")
    drop_cookie(request, response, LOGIN)
    return response


@router.get("/invitation/{code}", dependencies=[Anyone])
def invitation_page(request: Request, code: str) -> Response:
    """What a one-time link opens: a form for a password, and for the first administrator's name."""
    house = house_of(request)
    with house.reading() as session:
        invitation = invitation_of(session, code, house.now_wall_s())
    if invitation is None:
        return _dead(request)
    return show(
        request, "invitation.html.j2", invitation=invitation, complaint=None, name="", shortest=SHORTEST
    )


@router.post("/invitation/{code}", dependencies=[Anyone, OurForm])
def accept_invitation(
    request: Request,
    code: str,
    name: NameField = "",
    password: PasswordField = "",
    again: PasswordField = "",
) -> Response:
    """Use a one-time link, and be logged in."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    with house.reading() as session:
        invitation = invitation_of(session, code, now_wall_s)
    if invitation is None:
        return _dead(request)
    try:
        _require_alike(password, again)
        with house.writing() as session:
            account = accept(session, code, name, password, now_wall_s)
            secret = log_in(session, account.id, now_wall_s)
            action = "first administrator made" if invitation.account is None else "link used"
            note(session, now_wall_s, account.actor, action, account.actor)
    except (AccountError, UnfitPasswordError) as error:
        return show(
            request,
            "invitation.html.j2",
            422,
            invitation=invitation,
            complaint=told(request, error),
            name=name,
            shortest=SHORTEST,
        )
    return let_in(request, secret, "/")


@router.get("/account")
def own_account(request: Request, viewer: Annotated[Viewer, needs("log_in")]) -> Response:
    """One's own account: its roles, its password, and what the audit log holds of it."""
    return _own_account(request, viewer, None)


@router.post("/account/password", dependencies=[OurForm])
def change_password(
    request: Request,
    viewer: Annotated[Viewer, needs("log_in")],
    old: PasswordField = "",
    password: PasswordField = "",
    again: PasswordField = "",
) -> Response:
    """Change one's password; every other log-in of the account ends."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    account = viewer.account
    came_from = address(request)
    with house.writing() as session:
        if too_many(session, account.name, came_from, now_wall_s):
            raise HTTPException(429)
        note_failed(session, account.name, came_from, now_wall_s)
        stored = password_hash(session, account.id)
    if not matches(stored, old):
        with house.writing() as session:
            note(
                session,
                now_wall_s,
                account.actor,
                "password not changed",
                account.actor,
                "old one not right",
            )
        return _own_account(request, viewer, gettext("The old password is not right."), 422)
    try:
        _require_alike(password, again)
        kept = hashed(password, account.name)
    except UnfitPasswordError as error:
        return _own_account(request, viewer, told(request, error), 422)
    with house.writing() as session:
        forget_failed(session, account.name)
        set_password(session, account.id, kept)
        log_out_everywhere(session, account.id)
        secret = log_in(session, account.id, now_wall_s)
        note(session, now_wall_s, account.actor, "password changed", account.actor)
    return let_in(request, secret, "/account")


@router.post("/language", dependencies=[Anyone, OurForm])
def choose_language(
    request: Request,
    language: Annotated[str, Form(max_length=20)] = "",
    on: PathField = "/",
) -> Response:
    """Choose the language of the pages for this browser."""
    response = go_to(own_path(on))
    if language in LANGUAGES:
        secure = house_of(request).settings.web.secure
        response.set_cookie(
            "deskside-language", language, max_age=LANGUAGE_S, httponly=True, samesite="lax", secure=secure
        )
    return response


def _require_alike(password: str, again: str) -> None:
    if password != again:
        raise UnfitPasswordError("The two passwords differ.")


def _own_account(request: Request, viewer: Viewer, complaint: str | None, status: int = 200) -> Response:
    house = house_of(request)
    with house.reading() as session:
        entries = latest_entries(session, OWN_ENTRIES, actor=viewer.account.actor)
        kept = passkeys(session, viewer.account.id)
    return show(
        request,
        "own_account.html.j2",
        status,
        entries=entries,
        complaint=complaint,
        shortest=SHORTEST,
        passkeys=kept,
        possible=Site(house.url).possible,
    )


def let_in(request: Request, secret: str, on: str) -> Response:
    """Give the browser the secret of its log-in, and send it on; the log-in that it had before ends."""
    before = cookie(request, LOGIN)
    if before is not None:
        with house_of(request).writing() as session:
            log_out(session, before)
    response = go_to(on)
    set_cookie(request, response, LOGIN, secret)
    drop_cookie(request, response, FORM)
    return response


def _dead(request: Request) -> Response:
    return show(
        request,
        "message.html.j2",
        410,
        title=gettext("This link is dead"),
        text=gettext("It was used already, or has run out. Ask for a new one."),
    )
