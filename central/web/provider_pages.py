"""The way over a company's own provider of log-ins, there and back (OpenID Connect, by code, with PKCE)."""

import logging
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from central.accounts.id_token import BadIdTokenError
from central.accounts.identities import Admission, UnknownIdentityError, account_by_identity
from central.accounts.logins import forget_ended, log_in
from central.accounts.openid_provider import OpenIdProvider, ProviderAwayError
from central.accounts.secret import digest
from central.audit.audit_log import NOBODY, note
from central.reports.language import gettext
from central.web.access import Anyone
from central.web.browser import form_secret, keep_form_secret, own_path
from central.web.house import house_of
from central.web.rendering import go_to, in_readers_language, show, show_login
from central.web.welcome import let_in

log = logging.getLogger(__name__)

Told = Annotated[str, Query(max_length=4000)]

router = APIRouter()


@router.get("/login/with/{name}", dependencies=[Anyone])
def go_there(request: Request, name: str, on: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """Send the browser on to the provider."""
    house = house_of(request)
    provider = _known(request, name)
    begun = house.log_ins_elsewhere.begin(
        name, digest(form_secret(request)), own_path(on), house.now_wall_s()
    )
    try:
        way = provider.way_there(begun.proof)
    except ProviderAwayError as error:
        return _away(request, provider, error, begun.on)
    # The browser comes back with its form's secret, by which this log-in is known to be its own.
    response = RedirectResponse(way, 303)
    keep_form_secret(request, response)
    return response


@router.get("/login/with/{name}/back", dependencies=[Anyone])
def come_back(
    request: Request, name: str, code: Told = "", state: Told = "", error: Told = "", iss: Told = ""
) -> Response:
    """Let in whom the provider names, where all of it fits."""
    house = house_of(request)
    provider = _known(request, name)
    now_wall_s = house.now_wall_s()
    begun = house.log_ins_elsewhere.take(state, name, digest(form_secret(request)), now_wall_s)
    if begun is None or iss not in {"", provider.settings.issuer}:
        return _refused(request, provider, "it was not begun by this browser, or too long ago", "/")
    if error or not code:
        return _refused(request, provider, f"it says {error[:60]!r}", begun.on)
    settings = provider.settings
    admission = Admission(settings.company, settings.known_by == "email", settings.new_accounts_as)
    try:
        identity = provider.identity(code, begun.proof, now_wall_s)
        with house.writing() as session:
            account = account_by_identity(session, identity, admission, now_wall_s)
            forget_ended(session, house.limits, now_wall_s)
            secret = log_in(session, account.id, now_wall_s, name)
            note(session, now_wall_s, account.actor, "logged in", account.actor, f"by provider {name}")
    except ProviderAwayError as away:
        return _away(request, provider, away, begun.on)
    except (BadIdTokenError, UnknownIdentityError) as why:
        return _refused(request, provider, str(why), begun.on)
    return let_in(request, secret, begun.on)


@router.get("/login/with/{name}/out", dependencies=[Anyone])
def logged_out(request: Request, name: str) -> Response:
    """After logging out here: the way to log out at the provider too, where it has one."""
    provider = _known(request, name)
    way_out = provider.way_out(f"{house_of(request).url}/login")
    if way_out is None:
        return go_to("/login")
    return show(request, "logged_out.html.j2", title=provider.settings.title, way_out=way_out)


def _known(request: Request, name: str) -> OpenIdProvider:
    found = house_of(request).providers.get(name)
    if found is None:
        raise HTTPException(404)
    return found


def _away(request: Request, provider: OpenIdProvider, error: ProviderAwayError, on: str) -> Response:
    log.warning("log-in with %s: %s", provider.settings.name, error)
    with in_readers_language(request):
        words = gettext("%(title)s does not answer now. Try again soon, or log in another way.")
    return show_login(request, 503, complaint=words % {"title": provider.settings.title}, on=on)


def _refused(request: Request, provider: OpenIdProvider, why: str, on: str) -> Response:
    """Say that nobody was let in; the reason is for the log, where it tells nobody who tries."""
    house = house_of(request)
    log.warning("log-in with %s refused: %s", provider.settings.name, why)
    with house.writing() as session:
        subject = f"provider {provider.settings.name}"
        note(session, house.now_wall_s(), NOBODY, "log-in failed", subject)
    with in_readers_language(request):
        words = gettext(
            "%(title)s did not let you in here: no account is connected with what it says of you, or it took too long. Try again, or ask who "
            "administers the accounts."
        )
    return show_login(request, 401, complaint=words % {"title": provider.settings.title}, on=on)
