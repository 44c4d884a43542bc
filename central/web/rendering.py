"""Renders a template into an answer: with the viewer, their language and the forms' token."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cache
from typing import Any

from babel.dates import format_date, format_skeleton
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment

from central.accounts.passkeys import Site
from central.reports import visit_timeline
from central.reports.catalogues import LANGUAGES, catalogue, language_for
from central.reports.language import gettext, speaking, tag
from central.reports.page import environment
from central.web.access import viewer_of
from central.web.browser import form_secret, form_token, keep_form_secret
from central.web.house import house_of
from central.web.navigation import groups_for
from central.web.static_files import static_path
from protocol.errors import MendableError, RefusalError

MESSAGE = "message.html.j2"
"""The page that says one thing only."""
SAID_BEFORE = ("title", "text", "complaint")
"""Values that may be marked English texts, of code that knew no reader yet; what has no other words stays as it is."""


@cache
def _templates() -> Environment:
    templates = environment("central.web")
    templates.filters["long_date"] = _long_date
    templates.filters["short_day"] = _short_day
    templates.filters["month_name"] = _month_name
    templates.globals |= {"static": static_path, "visit": visit_timeline}
    return templates


def _long_date(day: date) -> str:
    return format_date(day, "full", tag())


def _short_day(day: date) -> str:
    return format_skeleton("MMMEd", datetime.combine(day, time()), locale=tag())


def _month_name(day: date) -> str:
    return format_skeleton("yMMMM", datetime.combine(day, time()), locale=tag())


def _readers_language(request: Request) -> str:
    chosen = request.cookies.get("deskside-language", "")
    return chosen if chosen in LANGUAGES else language_for(request.headers.get("accept-language", ""))


@contextmanager
def in_readers_language(request: Request) -> Iterator[None]:
    """Put words into the language of whoever asks for as long as the context lasts, such as why a form is refused."""
    with speaking(catalogue(_readers_language(request))):
        yield


def told(request: Request, error: MendableError) -> str:
    """Why something was refused, in the reader's language; as it stands where it has no other words.

    Args:
        request: Of whoever reads it.
        error: What refused it.
    """
    if not isinstance(error, RefusalError):
        return str(error)
    with in_readers_language(request):
        text = gettext(error.text)
    return text.format(**error.values) if error.values else text


def show(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """An answer from a template; ``values`` are its names."""
    language = _readers_language(request)
    viewer = getattr(request.state, "viewer", None) or viewer_of(request)
    secret = form_secret(request)
    with speaking(catalogue(language)):
        for name in SAID_BEFORE if template == MESSAGE else ("complaint",):
            if said := values.get(name):
                values[name] = gettext(said)
        text = (
            _templates()
            .get_template(template)
            .render(
                viewer=viewer,
                groups=groups_for(viewer.account.grants) if viewer else (),
                form=form_token(secret),
                path=request.url.path,
                # What answers a form cannot be asked for again.
                asked_for=request.method == "GET",
                language=language,
                languages=LANGUAGES,
                listening=house_of(request).listening(),
                simulated=house_of(request).simulated,
                **values,
            )
        )
    response = HTMLResponse(text, status, headers={"vary": "accept-language, cookie"})
    keep_form_secret(request, response)
    return response


def show_to_all(
    request: Request, template: str, status: int, headers: dict[str, str], language: str = "", **values: Any
) -> HTMLResponse:
    """An answer for whoever asks, the same for all: no cookie is looked at, and none is set.

    Args:
        request: Of the browser.
        template: Its name.
        status: Of the answer.
        headers: Of the answer.
        language: The one that is asked for; without it, that of the browser.
        values: The template's names.
    """
    accepted = language_for(request.headers.get("accept-language", ""))
    chosen = language if language in LANGUAGES else accepted
    with speaking(catalogue(chosen)):
        text = _templates().get_template(template).render(language=chosen, **values)
    return HTMLResponse(text, status, headers={"vary": "accept-language"} | headers)


def show_login(
    request: Request, status: int = 200, *, complaint: str | None = None, on: str = "/", name: str = ""
) -> HTMLResponse:
    """The form to log in by, with every other way in.

    Args:
        request: Of the browser.
        status: Of the answer.
        complaint: What was wrong with a try.
        on: Where to go on afterwards.
        name: As it was typed.
    """
    house = house_of(request)
    return show(
        request,
        "login.html.j2",
        status,
        complaint=complaint,
        on=on,
        name=name,
        passkeys=Site(house.url).possible,
        providers=house.settings.login,
    )


def go_to(path: str) -> RedirectResponse:
    """Send the browser on to another page, as after a form."""
    return RedirectResponse(path, 303)
