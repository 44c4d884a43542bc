"""Answers with the mark of what they say (ETag): what has not changed is not sent again, and nobody writes over what they have not read."""

import hashlib
import re

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from central.web.api.problems import ApiError


def etag_of(shape: BaseModel) -> str:
    """The mark of what an answer says: the same for the same bytes."""
    return f'"{hashlib.sha256(_written(shape)).hexdigest()[:32]}"'


def answer(request: Request, shape: BaseModel, status: int = 200, *, location: str | None = None) -> Response:
    """An answer; 304 without a body where who asks has it already (RFC 9110, section 13.1.2)."""
    etag = etag_of(shape)
    headers = {"etag": etag, "cache-control": "private, no-cache", "vary": "authorization"}
    if location is not None:
        headers["location"] = location
    following = getattr(shape, "next", None)
    if following is not None:
        headers["link"] = f'<{request.url.include_query_params(cursor=following)}>; rel="next"'
    if request.method == "GET" and _names(request.headers.get("if-none-match", ""), etag, weak=True):
        return Response(status_code=304, headers=headers)
    return Response(_written(shape), status, headers=headers, media_type="application/json")


def require_unchanged(request: Request, present: BaseModel) -> None:
    """Let nobody write over what they have not read (RFC 9110, section 13.1.1; RFC 6585, section 3).

    Args:
        request: Of whoever writes.
        present: What a read would give at this moment, in the transaction that writes.

    Raises:
        ApiError: The request does not say what was read, or that is not what is there.
    """
    known = request.headers.get("if-match")
    if known is None:
        raise ApiError(
            428, "Say in If-Match which state you change: the ETag of your last read.", kind="no-if-match"
        )
    if not _names(known, etag_of(present), weak=False):
        raise ApiError(
            412, "It was changed since you read it: read it again, then decide.", kind="changed-since"
        )


def _written(shape: BaseModel) -> bytes:
    return shape.model_dump_json(by_alias=True).encode()


def _names(header: str, etag: str, *, weak: bool) -> bool:
    if header.strip() == "*":
        return True
    found = re.findall(r'(W/)?("[^"]*")', header)
    return any(text == etag and (weak or not mark) for mark, text in found)
