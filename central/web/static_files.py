"""The one stylesheet and the scripts, each under a name that changes with what is in it."""

import hashlib
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, HTTPException, Response

from central.web.access import Anyone

FILES = {
    "deskside.css": ("central.reports", "templates/report.css", "text/css"),
    "live.js": ("central.web", "static/live.js", "text/javascript"),
    "passkey.js": ("central.web", "static/passkey.js", "text/javascript"),
}
"""Each with the package and the place it lies in, and its type. The report page carries the same stylesheet within it."""
FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter()


@cache
def _content(name: str) -> bytes:
    package, place, _ = FILES[name]
    return files(package).joinpath(place).read_bytes()


@cache
def static_path(name: str) -> str:
    """The path under which a file is asked for."""
    return f"/static/{hashlib.sha256(_content(name)).hexdigest()[:16]}/{name}"


@router.get("/static/{digest}/{name}", dependencies=[Anyone])
def static_file(digest: str, name: str) -> Response:
    """One of the files; what it was called by before is not there any more."""
    if name not in FILES or static_path(name) != f"/static/{digest}/{name}":
        raise HTTPException(404)
    return Response(_content(name), media_type=FILES[name][2], headers={"cache-control": FOR_EVER})
