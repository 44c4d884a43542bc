"""The application: every page together, behind one front door."""

import logging
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from sqlalchemy.exc import DataError, SQLAlchemyError

from central.accounts.roles import Right
from central.database.engine import UnusableDatabaseError, in_words
from central.reports.language import gettext
from central.web import (
    account_pages,
    alert_pages,
    appraisal_pages,
    audit_pages,
    benchmark_pages,
    competition_pages,
    desk_pages,
    evaluation_pages,
    exemption_pages,
    fairness_pages,
    indicator_pages,
    kept_promise_page,
    live_pages,
    metrics,
    monitoring_pages,
    month_pages,
    own_day_pages,
    passkey_pages,
    people_pages,
    privacy_pages,
    profile_pages,
    promise_pages,
    provider_pages,
    reply_pages,
    showroom_pages,
    staffing_pages,
    standard_pages,
    standard_step_pages,
    static_files,
    token_pages,
    welcome,
)
from central.web.access import Anyone, NotLoggedInError, require_named, viewer_of
from central.web.api.api_application import ApiBesidePages, build_api
from central.web.headers import FrontDoor
from central.web.house import House
from central.web.pulse import Pulse
from central.web.rendering import go_to, show
from protocol.toml_file import BadFileError

log = logging.getLogger(__name__)

FIRST_PAGES: tuple[tuple[Right, str], ...] = (
    ("see_own_day", "/my-day"),
    ("see_showroom", "/today"),
    ("see_desks", "/desks"),
    ("read_audit", "/audit"),
)
"""Where a log-in leads: the first of these pages that is open to it; otherwise to its own account."""

router = APIRouter()


@router.get("/", dependencies=[Anyone])
def first_page(request: Request) -> Response:
    """Lead on to the page that somebody most likely wants."""
    viewer = viewer_of(request)
    if viewer is None:
        return go_to("/login")
    return go_to(next((page for right, page in FIRST_PAGES if viewer.may(right)), "/account"))


ROUTERS = (
    router,
    metrics.router,
    static_files.router,
    welcome.router,
    passkey_pages.router,
    provider_pages.router,
    showroom_pages.router,
    month_pages.router,
    staffing_pages.router,
    indicator_pages.router,
    alert_pages.router,
    desk_pages.router,
    standard_pages.router,
    standard_step_pages.router,
    account_pages.router,
    exemption_pages.router,
    audit_pages.router,
    privacy_pages.router,
    token_pages.router,
    profile_pages.router,
    own_day_pages.router,
    people_pages.router,
    appraisal_pages.router,
    fairness_pages.router,
    competition_pages.router,
    benchmark_pages.router,
    evaluation_pages.router,
    promise_pages.router,
    reply_pages.router,
    monitoring_pages.router,
    kept_promise_page.router,
    live_pages.router,
)


def build_app(house: House, pulse: Pulse) -> FastAPI:
    """Put the application together.

    Raises:
        RuntimeError: A page does not name who may see it.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.router.redirect_slashes = False
    app.state.house = house
    app.state.pulse = pulse
    app.state.kept_rates = kept_promise_page.KeptRates()
    app.state.figures = metrics.Figures(house)
    # The routes themselves, and not what FastAPI makes of an included router: each is looked at below.
    app.router.routes.extend(route for each in ROUTERS for route in each.routes)
    require_named(app.routes)
    app.add_exception_handler(NotLoggedInError, _to_login)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(404, _refused)
    app.add_exception_handler(405, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    # A letter or a number that PostgreSQL does not keep, such as NUL.
    app.add_exception_handler(DataError, _not_understood)
    app.add_exception_handler(SQLAlchemyError, _no_database)
    app.add_exception_handler(UnusableDatabaseError, _no_database)
    app.add_exception_handler(BadFileError, _bad_standard)
    app.add_middleware(ApiBesidePages, api=build_api(house))
    app.add_middleware(FrontDoor, url=house.settings.web.url)
    app.add_middleware(metrics.AnswerTimes, times=app.state.figures.times)
    return app


def _to_login(request: Request, _error: Exception) -> Response:
    if request.method != "GET" or request.url.path == "/live":
        return show(request, "message.html.j2", 401, **_words(401))
    on = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return go_to(f"/login?on={quote(on, safe='/')}")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException) or hasattr(error, "status_code")  # noqa: S101
    status = int(getattr(error, "status_code", 500))
    words = _words(status)
    detail = str(getattr(error, "detail", ""))
    if detail and detail != HTTPStatus(status).phrase:
        words["text"] = detail
    return show(request, "message.html.j2", status, **words)


def _not_understood(request: Request, _error: Exception) -> Response:
    return show(request, "message.html.j2", 422, **_words(422))


def _no_database(_request: Request, error: Exception) -> Response:
    log.warning(
        "a page cannot be shown: %s", in_words(error) if isinstance(error, SQLAlchemyError) else error
    )
    return PlainTextResponse(
        "The database does not answer. What the desks measure is kept by them until it does; try again soon.\n",
        503,
    )


def _bad_standard(request: Request, error: Exception) -> Response:
    title = gettext("The standard cannot be used")
    return show(request, "message.html.j2", 500, title=title, text=str(error))


def _words(status: int) -> dict[str, str]:
    match status:
        case 401:
            return {
                "title": gettext("Not logged in"),
                "text": gettext("Log in, then try again."),
            }
        case 403:
            return {
                "title": gettext("Not open to you"),
                "text": gettext(
                    "Your roles do not open this page. Who administers the accounts can give you another."
                ),
            }
        case 404:
            return {
                "title": gettext("Not found"),
                "text": gettext("There is no such page, or it is about a desk outside of your roles."),
            }
        case 429:
            return {
                "title": gettext("Too many tries"),
                "text": gettext("Wait a quarter of an hour, then try again."),
            }
        case _:
            return {
                "title": gettext("Not understood"),
                "text": gettext("The address or the form has something in it that cannot be."),
            }
