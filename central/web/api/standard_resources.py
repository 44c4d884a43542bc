"""The service standards: to read, and to write drafts that another account approves on a page."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.standards.activations import activations, in_force_or_planned
from central.standards.standard_companies import company_for_draft, is_readable, readable_versions
from central.standards.standard_versions import (
    StandardStepError,
    StandardVersion,
    read_standard_text,
    rewrite_draft,
    standard_version,
    write_standard,
)
from central.web.api.answers import answer, require_unchanged
from central.web.api.api_access import PREFIX, Caller, permits
from central.web.api.paging import Asked, asked
from central.web.api.problems import ApiError, ProblemPart, not_found
from central.web.api.shapes import (
    InForceShape,
    Part,
    StandardDraft,
    StandardShape,
    StandardTextShape,
)
from central.web.api.utc_moments import moment, moment_or_none
from central.web.house import house_of
from protocol.standards_folder import folder_standard
from protocol.toml_file import BadFileError

StandardReader = Annotated[Caller, permits("standards:read")]
StandardWriter = Annotated[Caller, permits("standards:write")]
Name = Annotated[str, Path(max_length=63)]
Version = Annotated[int, Path(ge=1, le=2**31)]
PartAsked = Annotated[Asked, Depends(asked)]

router = APIRouter(prefix=PREFIX, tags=["standards"])


@router.get(
    "/standards",
    response_model=Part[StandardShape],
    summary="Versions, as they were first written",
)
def list_standards(request: Request, caller: StandardReader, part: PartAsked) -> Response:
    """Every version in the database for the companies within reach or for all, also those that are retired."""
    with house_of(request).reading() as session:
        readable = readable_versions(session, caller.account.grants)
        chosen, following = part.part(readable, lambda each: each.id)
    return answer(
        request,
        Part[StandardShape](items=tuple(StandardShape(**_facts(each)) for each in chosen), next=following),
    )


@router.get(
    "/standards/in-force", response_model=Part[InForceShape], summary="Which standard is in force where"
)
def list_in_force(request: Request, caller: StandardReader, part: PartAsked) -> Response:
    """What is in force in the showrooms within reach, and what is to come into force there."""
    house = house_of(request)
    with house.reading() as session:
        standing = activations(session)
        found = [
            each
            for place in caller.showrooms(session)
            for each in in_force_or_planned(standing, place.id, house.now_wall_s())
        ]
    chosen, following = part.part(found, lambda each: each.id)
    shapes = tuple(
        InForceShape(
            id=each.id,
            company=each.showroom.company,
            showroom=each.showroom.name,
            standard=each.version.standard.label,
            sha256=each.version.sha256,
            since=moment(each.from_wall_s),
        )
        for each in chosen
    )
    return answer(request, Part[InForceShape](items=shapes, next=following))


@router.get("/standards/{name}/{version}", response_model=StandardTextShape, summary="One version")
def read_standard(request: Request, caller: StandardReader, name: Name, version: Version) -> Response:
    """One version, word for word; its ETag is what a draft is written anew with."""
    with house_of(request).reading() as session:
        return answer(request, _known(session, caller, name, version))


@router.post("/standards", response_model=StandardTextShape, status_code=201, summary="Write a draft")
def write_draft(request: Request, caller: StandardWriter, draft: StandardDraft) -> Response:
    """Keep a new version as a draft; name and version stand in its text. Another account approves it."""
    house = house_of(request)
    text = draft.text.replace("\r\n", "\n")
    try:
        standard = read_standard_text(text)
        beside = folder_standard(standard.name, house.settings.standards.folder)
        with house.writing() as session:
            caller.note_written(session, house.now_wall_s(), "standard sent", standard.label)
            whose = company_for_draft(session, caller.account.grants, standard.name, draft.company)
            write_standard(session, text, caller.account.id, house.now_wall_s(), beside=beside, company=whose)
            shape = _known(session, caller, standard.name, standard.version)
    except (BadFileError, StandardStepError) as error:
        raise _refused(error) from None
    return answer(request, shape, 201, location=f"{PREFIX}/standards/{standard.name}/{standard.version}")


@router.put("/standards/{name}/{version}", response_model=StandardTextShape, summary="Write a draft anew")
def rewrite(
    request: Request, caller: StandardWriter, name: Name, version: Version, draft: StandardDraft
) -> Response:
    """Replace the text of one's own draft; needs If-Match with the ETag of the last read."""
    house = house_of(request)
    text = draft.text.replace("\r\n", "\n")
    try:
        with house.writing() as session:
            caller.note_written(session, house.now_wall_s(), "standard sent", f"{name}@{version}")
            require_unchanged(request, _known(session, caller, name, version))
            company_for_draft(session, caller.account.grants, name, draft.company)
            rewrite_draft(session, name, version, text, caller.account.id, house.now_wall_s())
            shape = _known(session, caller, name, version)
    except (BadFileError, StandardStepError) as error:
        raise _refused(error) from None
    return answer(request, shape)


def _known(session: Session, caller: Caller, name: str, version: int) -> StandardTextShape:
    found = standard_version(session, name, version)
    if found is None or not is_readable(caller.account.grants, found):
        raise not_found()
    return StandardTextShape(**_facts(found), text=found.text)


def _facts(version: StandardVersion) -> dict[str, Any]:
    return {
        "name": version.standard.name,
        "version": version.standard.version,
        "title": version.standard.title,
        "company": version.company,
        "state": version.state,
        "sha256": version.sha256,
        "written": moment(version.written_wall_s),
        "approved": moment_or_none(version.approved_wall_s),
    }


def _refused(error: BadFileError | StandardStepError) -> ApiError:
    if isinstance(error, StandardStepError):
        return ApiError(409, str(error), kind="standard-step")
    parts = [ProblemPart(where="body.text", what=line) for line in str(error).splitlines() if line.strip()]
    return ApiError(422, "The standard cannot be used; errors says what.", kind="standard", errors=parts)
