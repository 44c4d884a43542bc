"""The registry: companies, regions and showrooms, and sheets that are taken in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from sqlalchemy import select

from central.accounts.roles import may_at
from central.registry_files.importing import BadSheetsError, take_sheets
from central.showrooms.premises import CompanyRow, RegionRow, Showroom
from central.web.api.answers import answer
from central.web.api.api_access import PREFIX, Caller, permits
from central.web.api.paging import Asked, asked
from central.web.api.problems import ApiError, ProblemPart, not_found
from central.web.api.shapes import (
    CompanyShape,
    Part,
    RegionShape,
    SheetsAsked,
    SheetsTakenShape,
    SheetTakenShape,
    ShowroomShape,
)
from central.web.house import house_of

RegistryReader = Annotated[Caller, permits("registry:read")]
RegistryWriter = Annotated[Caller, permits("registry:write")]
PartAsked = Annotated[Asked, Depends(asked)]

router = APIRouter(prefix=PREFIX, tags=["registry"])


@router.get("/companies", response_model=Part[CompanyShape], summary="Companies, as they were entered")
def list_companies(request: Request, caller: RegistryReader, part: PartAsked) -> Response:
    """Companies of which anything lies within reach."""
    with house_of(request).reading() as session:
        reached = {place.company for place in caller.showrooms(session)}
        found = [
            CompanyShape(id=row.id, name=row.name)
            for row in session.scalars(select(CompanyRow))
            if row.name in reached or may_at(caller.account.grants, caller.right, row.name, "")
        ]
    chosen, following = part.part(found, lambda each: each.id)
    return answer(request, Part[CompanyShape](items=tuple(chosen), next=following))


@router.get("/regions", response_model=Part[RegionShape], summary="Regions, as they were entered")
def list_regions(request: Request, caller: RegistryReader, part: PartAsked) -> Response:
    """Regions of which a showroom lies within reach."""
    with house_of(request).reading() as session:
        reached = {(place.company, place.region) for place in caller.showrooms(session)}
        rows = session.execute(
            select(RegionRow.id, CompanyRow.name, RegionRow.name).join(
                CompanyRow, CompanyRow.id == RegionRow.company_id
            )
        )
        found = [
            RegionShape(id=number, company=company, name=name)
            for number, company, name in rows
            if (company, name) in reached or may_at(caller.account.grants, caller.right, company, "")
        ]
    chosen, following = part.part(found, lambda each: each.id)
    return answer(request, Part[RegionShape](items=tuple(chosen), next=following))


@router.get("/showrooms", response_model=Part[ShowroomShape], summary="Showrooms, as they were entered")
def list_showrooms(request: Request, caller: RegistryReader, part: PartAsked) -> Response:
    """Showrooms within reach."""
    with house_of(request).reading() as session:
        chosen, following = part.part(caller.showrooms(session), lambda place: place.id)
    return answer(request, Part[ShowroomShape](items=tuple(map(_showroom_shape, chosen)), next=following))


@router.get("/showrooms/{number}", response_model=ShowroomShape, summary="One showroom")
def read_showroom(
    request: Request, caller: RegistryReader, number: Annotated[int, Path(ge=1, lt=2**63)]
) -> Response:
    """One showroom."""
    with house_of(request).reading() as session:
        for place in caller.showrooms(session):
            if place.id == number:
                return answer(request, _showroom_shape(place))
    raise not_found()


@router.post("/registry/sheets", response_model=SheetsTakenShape, summary="Take sheets of the registry in")
def take_in_sheets(request: Request, caller: RegistryWriter, wanted: SheetsAsked) -> Response:
    """Showrooms, their hours, places of desks, people and employments, as CSV: all of it, or nothing where anything is wrong.

    A token that reaches a part of the house only takes no sheets in: they may speak of any of it.
    """
    if not may_at(caller.account.grants, caller.right, "", ""):
        raise ApiError(403, "Sheets speak of the whole house, and this token reaches a part of it only.")
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    files = [(sheet.name, sheet.text.encode()) for sheet in wanted.sheets]
    try:
        if wanted.dry_run:
            with house.reading() as session:
                taken = take_sheets(session, files, dry_run=True)
        else:
            with house.writing() as session:
                caller.note_written(session, now_wall_s, "sheets taken in", "")
                taken = take_sheets(session, files, dry_run=False)
    except BadSheetsError as error:
        parts = [
            ProblemPart(where=f"{fault.file}:{fault.line}:{fault.column}", what=fault.what)
            for fault in error.faults
        ]
        raise ApiError(
            422, "Nothing is taken in; errors says where what is wrong.", kind="sheets", errors=parts
        ) from None
    shapes = tuple(
        SheetTakenShape(sheet=each.sheet, new=each.new, changed=each.changed, same=each.same)
        for each in taken
    )
    return answer(request, SheetsTakenShape(dry_run=wanted.dry_run, sheets=shapes))


def _showroom_shape(place: Showroom) -> ShowroomShape:
    return ShowroomShape(
        id=place.id,
        company=place.company,
        region=place.region,
        name=place.name,
        timezone=place.timezone,
        jurisdiction=place.jurisdiction,
    )
