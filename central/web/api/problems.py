"""What goes wrong with a request, told as RFC 9457 has it, ``application/problem+json``: whichever status it is, and nothing else."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from central.database.engine import UnusableDatabaseError, in_words
from protocol.errors import MendableError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
SOON_S = 5
"""After which a request is worth another try where the database does not answer."""
NO_SUCH = "There is no such thing, or it lies outside of what the token reaches."


class ProblemPart(BaseModel):
    """One part of a request that cannot be."""

    where: str = Field(description="Such as `query.limit` or `body.text`; empty where all of it is meant.")
    what: str


class ToldProblem(BaseModel):
    """What was wrong, where, and what to do (RFC 9457)."""

    type: str = Field(default="about:blank", description="The kind; `about:blank` where the status says all.")
    title: str
    status: int
    detail: str
    errors: tuple[ProblemPart, ...] | None = None


class ApiError(Exception):
    """A request cannot be done; the text says why."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str | None = None,
        errors: Sequence[ProblemPart] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


def not_found() -> ApiError:
    """There is nothing there, for this token."""
    return ApiError(404, NO_SUCH)


def answered(error: ApiError) -> Response:
    """A problem as it is sent."""
    problem = ToldProblem(
        type="about:blank" if error.kind is None else f"urn:deskside:problem:{error.kind}",
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=error.detail,
        errors=error.errors or None,
    )
    return Response(
        problem.model_dump_json(exclude_none=True), error.status, headers=error.headers, media_type=MEDIA_TYPE
    )


def add_problems(app: FastAPI) -> None:
    """Let an application tell whatever goes wrong in it as a problem."""
    app.add_exception_handler(ApiError, _told)
    app.add_exception_handler(HTTPException, _of_http)
    for status in (404, 405):
        app.add_exception_handler(status, _of_http)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(DataError, _no_value)
    app.add_exception_handler(SQLAlchemyError, _no_database)
    app.add_exception_handler(UnusableDatabaseError, _no_database)
    app.add_exception_handler(MendableError, _mendable)
    app.add_exception_handler(Exception, _broken)


def _told(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101
    return answered(error)


def _of_http(request: Request, error: Exception) -> Response:
    status = int(getattr(error, "status_code", 500))
    headers = getattr(error, "headers", None)
    detail = {
        404: NO_SUCH,
        405: f"{request.method} is not what this address takes; the header Allow names what it does.",
    }.get(status, str(getattr(error, "detail", "")) or HTTPStatus(status).phrase)
    return answered(ApiError(status, detail, headers=headers))


def _not_understood(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    parts = [ProblemPart(where=_where(each), what=str(each["msg"])) for each in error.errors()]
    return answered(
        ApiError(422, "The request has something in it that cannot be; errors says what.", errors=parts)
    )


def _where(found: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in found["loc"])


def _no_value(_request: Request, _error: Exception) -> Response:
    return answered(
        ApiError(422, "The request has a letter or a number in it that no database keeps, such as NUL.")
    )


def _no_database(_request: Request, error: Exception) -> Response:
    words = in_words(error) if isinstance(error, SQLAlchemyError) else str(error)
    log.warning("a request to the API cannot be answered: %s", words)
    return answered(
        ApiError(
            503,
            "The database does not answer. Nothing was changed; try again soon.",
            headers={"retry-after": str(SOON_S)},
        )
    )


def _mendable(_request: Request, error: Exception) -> Response:
    return answered(ApiError(422, str(error)))


def _broken(_request: Request, _error: Exception) -> Response:
    # Its traceback goes to the log of whoever runs the service.
    return answered(ApiError(500, "Something is wrong with the service itself. Nothing was changed."))
