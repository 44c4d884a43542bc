"""The API as an application of its own, which stands beside the pages behind the same front door."""

import json

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.web.api import (
    desk_resources,
    measured_resources,
    people_resources,
    registry_resources,
    standard_resources,
)
from central.web.api.api_access import PREFIX, WithoutToken, new_paces, require_permits
from central.web.api.description import described
from central.web.api.problems import ApiError, add_problems, answered
from central.web.headers import ABOVE_ALL_APIS
from central.web.house import House
from protocol.software import running_software

MOST_BYTES = 10_000_000
"""Of one request: twenty sheets of a registry, or anything else many times over."""

TAKEN = "application/json"
"""The one media type in which a body is taken."""

router = APIRouter(prefix=PREFIX)


@router.get("/openapi.json", dependencies=[WithoutToken], include_in_schema=False)
def openapi_document(request: Request) -> Response:
    """What the API says of itself."""
    return Response(
        json.dumps(request.app.openapi(), indent=2),
        headers={"cache-control": "public, max-age=300"},
        media_type="application/json",
    )


API_ROUTERS = (
    router,
    registry_resources.router,
    desk_resources.router,
    measured_resources.router,
    people_resources.router,
    standard_resources.router,
)


def build_api(house: House) -> FastAPI:
    """Put the API together.

    Raises:
        RuntimeError: A route does not name what opens it.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.router.redirect_slashes = False
    app.state.house = house
    app.state.paces = new_paces()
    # The routes themselves, and not what FastAPI makes of an included router: each is looked at below.
    app.router.routes.extend(route for each in API_ROUTERS for route in each.routes)
    require_permits(app.routes)
    add_problems(app)
    document = described(app, running_software().version)
    app.openapi = lambda: document  # type: ignore[method-assign]
    return app


class ApiBesidePages:
    """Hands on to the API what is its own, and the rest to the pages."""

    def __init__(self, app: ASGIApp, api: ASGIApp) -> None:
        self._pages = app
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request."""
        if scope["type"] != "http" or not scope["path"].startswith(ABOVE_ALL_APIS):
            await self._pages(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal is not None:
            await answered(refusal)(scope, receive, send)
        elif scope["method"] == "HEAD":
            # As a GET, without what it would send (RFC 9110, section 9.3.2).
            await self._api({**scope, "method": "GET"}, receive, _headers_only(send))
        else:
            await self._api(scope, receive, send)


def _refusal(scope: Scope) -> ApiError | None:
    """Why a request is not even looked at; None where it is."""
    headers = Headers(scope=scope)
    written = scope["method"] in {"POST", "PUT", "PATCH"}
    length = headers.get("content-length", "" if written else "0")
    if written and not length.isdecimal():
        return ApiError(411, "Say how long the body is: Content-Length.")
    if length.isdecimal() and int(length) > MOST_BYTES:
        return ApiError(413, f"At most {MOST_BYTES:,} bytes are taken.")
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if written and int(length) > 0 and kind != TAKEN:
        return ApiError(415, f"Send the body as JSON: 'Content-Type: {TAKEN}'.", headers={"accept": TAKEN})
    return None


def _headers_only(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sending
