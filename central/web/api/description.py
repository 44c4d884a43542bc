"""What the API says of itself: OpenAPI 3.1, made from the routes, with the permit that each asks for and the problems that any may tell."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from central.web.api.api_access import permit_of
from central.web.api.problems import MEDIA_TYPE, ToldProblem

ABOUT = (
    "What programs read and write in the name of an account. A token never reaches beyond the account's roles, as they are at the "
    "moment of the request; what lies outside is answered as if it were not there. Lists come in parts: `next` is the cursor of the "
    "following part. Answers have an ETag: If-None-Match is answered by 304, and what changes something needs If-Match where it says so. "
    "Whatever goes wrong is told as application/problem+json (RFC 9457)."
)
MADE_BY_FRAMEWORK = ("HTTPValidationError", "ValidationError")
"""Shapes of errors that the framework would tell, and that are problems here."""


def described(app: FastAPI, version: str) -> dict[str, Any]:
    """The description of an API, as an OpenAPI document.

    Args:
        app: Whose routes.
        version: Of this software.
    """
    document = get_openapi(
        title="Deskside",
        version=version,
        openapi_version="3.1.0",
        description=ABOUT,
        routes=app.routes,
        servers=[{"url": "/"}],
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in MADE_BY_FRAMEWORK:
        schemas.pop(name, None)
    told = ToldProblem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= told.pop("$defs", {}) | {"Problem": told | {"title": "Problem"}}
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for route in app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                _complete(document["paths"][route.path][method.lower()], route)
    return document


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {
        "description": "What was wrong, where, and what to do.",
        "content": {MEDIA_TYPE: problem},
    }
    if "GET" in (route.methods or ()):
        operation["responses"]["304"] = {"description": "It has not changed since."}
        operation.setdefault("parameters", []).append(_header("If-None-Match", required=False))
    if {"PATCH", "PUT"}.intersection(route.methods or ()):
        operation.setdefault("parameters", []).append(_header("If-Match", required=True))
    permit = permit_of(route)
    operation["security"] = [] if permit is None else [{"token": [permit]}]
    operation["operationId"] = route.name


def _header(name: str, *, required: bool) -> dict[str, Any]:
    """A header that marks what was read (`central.web.api.answers`)."""
    about = "The ETag of the last read."
    return {
        "name": name,
        "in": "header",
        "required": required,
        "schema": {"type": "string"},
        "description": about,
    }
