"""The forms by which standards are written, approved, put into force, withdrawn and retired."""

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.roles import may_for_company
from central.registry_files.cells import BadCellError, a_moment
from central.standards.activations import activate_standard, activations, retire_unused, withdraw_activation
from central.standards.standard_companies import companies_to_write_for, company_for_draft, is_readable
from central.standards.standard_versions import (
    StandardStepError,
    StandardVersion,
    approve_standard,
    make_standard_active,
    read_standard_text,
    rewrite_draft,
    standard_version,
    standard_versions,
    write_standard,
)
from central.standards.tightened_text import tightened_text
from central.statistics.tightening import SIDES, with_limit
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField
from central.web.house import House, house_of
from central.web.rendering import go_to, show, told
from central.web.standard_pages import LABEL_LETTERS, readable_version, show_version
from protocol.shipped import EXAMPLE_STANDARD
from protocol.standard import Standard, limits_of
from protocol.standards_folder import folder_standard, standard_file
from protocol.toml_file import BadFileError

Writer = Annotated[Viewer, needs("write_standards")]
Approver = Annotated[Viewer, needs("approve_standards")]
TextField = Annotated[str, Form(max_length=20000)]
ShortField = Annotated[str, Form(max_length=100)]

router = APIRouter()


@router.get("/standard-draft")
def draft_page(
    request: Request,
    viewer: Writer,
    of: Annotated[str, Query(max_length=LABEL_LETTERS)] = "",
    tighter: Annotated[str, Query(max_length=LABEL_LETTERS)] = "",
) -> Response:
    """The form for a new version, filled with another standard's text, or a draft's own to be written anew.

    With ``tighter``, ``respond.within_s:max:4.5``, the text has the next free version and that one limit: nothing is kept by that.
    """
    house = house_of(request)
    found = _labelled(house, viewer, of)
    if tighter and found is not None:
        try:
            return _draft_form(request, viewer, _tightened(house, found, tighter), None)
        except StandardStepError as error:
            return _draft_form(request, viewer, found.text, None, 422, told(request, error))
    own = found is not None and found.state == "draft" and found.author == viewer.account.id
    return _draft_form(request, viewer, _text_of(house, found, of), of if own else None)


@router.post("/standard-draft", dependencies=[OurForm])
def write_draft(request: Request, viewer: Writer, text: TextField = "", company: NameField = "") -> Response:
    """Keep a draft: a new version for a company within the viewer's reach, or the author's own draft written anew."""
    house = house_of(request)
    text = text.replace("\r\n", "\n")
    try:
        standard = read_standard_text(text)
        with house.writing() as session:
            whose = company_for_draft(session, viewer.account.grants, standard.name, company)
            if standard_version(session, standard.name, standard.version) is None:
                beside = folder_standard(standard.name, house.settings.standards.folder)
                write_standard(
                    session, text, viewer.account.id, house.now_wall_s(), beside=beside, company=whose
                )
            else:
                rewrite_draft(
                    session,
                    standard.name,
                    standard.version,
                    text,
                    viewer.account.id,
                    house.now_wall_s(),
                )
    except (BadFileError, StandardStepError) as error:
        return _draft_form(request, viewer, text, None, 422, told(request, error), company)
    return go_to(f"/standards/{standard.name}/{standard.version}")


@router.post("/standards/{name}/{version}/approve", dependencies=[OurForm])
def approve(request: Request, name: str, version: int, viewer: Approver, sha256: ShortField = "") -> Response:
    """Approve the draft as it was read."""

    def step(session: Session, now_wall_s: float) -> None:
        _require_reach(session, viewer, name, version)
        approve_standard(session, name, version, viewer.account.id, now_wall_s, sha256=sha256)

    return _step(request, viewer, name, version, step)


@router.post("/standards/{name}/{version}/make-active", dependencies=[OurForm])
def make_active(request: Request, name: str, version: int, viewer: Approver) -> Response:
    """Let a pilot come into force in any showroom."""

    def step(session: Session, now_wall_s: float) -> None:
        _require_reach(session, viewer, name, version)
        make_standard_active(session, name, version, viewer.account.id, now_wall_s)

    return _step(request, viewer, name, version, step)


@router.post("/standards/{name}/{version}/retire", dependencies=[OurForm])
def retire(request: Request, name: str, version: int, viewer: Approver) -> Response:
    """Let a version come into force nowhere any more."""

    def step(session: Session, now_wall_s: float) -> None:
        _require_reach(session, viewer, name, version)
        retire_unused(session, name, version, viewer.account.id, now_wall_s)

    return _step(request, viewer, name, version, step)


@router.post("/standards/{name}/{version}/put-into-force", dependencies=[OurForm])
def put_into_force(
    request: Request,
    name: str,
    version: int,
    viewer: Approver,
    showroom: ShortField = "",
    moment: ShortField = "",
) -> Response:
    """Put a version into force in a showroom within the viewer's reach, from a moment on, or from now."""

    def step(session: Session, now_wall_s: float) -> None:
        place = viewer.showroom(session, showroom)
        from_wall_s = now_wall_s
        if moment.strip():
            try:
                from_wall_s = a_moment(moment.strip()).unix(place.timezone)
            except BadCellError as error:
                raise StandardStepError(str(error)) from None
        activate_standard(session, name, version, place, from_wall_s, viewer.account.id, now_wall_s)

    return _step(request, viewer, name, version, step)


@router.post("/standards/{name}/{version}/withdraw/{number}", dependencies=[OurForm])
def withdraw(request: Request, name: str, version: int, number: int, viewer: Approver) -> Response:
    """Withdraw an activation whose moment has not come."""

    def step(session: Session, now_wall_s: float) -> None:
        for each in activations(session):
            if each.id == number and (each.version.standard.name, each.version.standard.version) == (
                name,
                version,
            ):
                viewer.showroom(session, str(each.showroom.id))
                withdraw_activation(session, number, viewer.account.id, now_wall_s)
                return
        raise HTTPException(404)

    return _step(request, viewer, name, version, step)


def _step(
    request: Request, viewer: Viewer, name: str, version: int, step: Callable[[Session, float], None]
) -> Response:
    """Take a step, all of it or nothing, and show the version with what was wrong."""
    house = house_of(request)
    with house.reading() as session:
        readable_version(session, viewer, name, version)
    try:
        with house.writing() as session:
            step(session, house.now_wall_s())
    except StandardStepError as error:
        return show_version(request, viewer, name, version, 422, told(request, error))
    return go_to(f"/standards/{name}/{version}")


def _require_reach(session: Session, viewer: Viewer, name: str, version: int) -> None:
    """Let nobody take a step with a standard that is for more than their grants reach.

    Raises:
        HTTPException: It is for every company, and the viewer's grants are for one.
    """
    whose = readable_version(session, viewer, name, version).company
    if not may_for_company(viewer.account.grants, viewer.right, whose):
        raise HTTPException(403)


def _draft_form(
    request: Request,
    viewer: Viewer,
    text: str,
    draft: str | None,
    status: int = 200,
    complaint: str | None = None,
    company: str = "",
) -> Response:
    with house_of(request).reading() as session:
        companies = companies_to_write_for(session, viewer.account.grants)
    return show(
        request,
        "standard_draft.html.j2",
        status,
        text=text,
        draft=draft,
        companies=companies,
        company=company,
        complaint=complaint,
    )


def _labelled(house: House, viewer: Viewer, label: str) -> StandardVersion | None:
    """The version in the database of a label, where the viewer may read it."""
    name, _, version = label.rpartition("@")
    if not version.isdecimal() or len(version) >= 10:
        return None
    with house.reading() as session:
        found = standard_version(session, name, int(version))
    return found if found is not None and is_readable(viewer.account.grants, found) else None


def _tightened(house: House, found: StandardVersion, tighter: str) -> str:
    """The text of a version with one limit changed and the next free version.

    Raises:
        StandardStepError: No such limit can be asked for, or the text cannot be changed without a person.
    """
    clause, _, rest = tighter.partition(":")
    side, _, number = rest.partition(":")
    with house.reading() as session:
        versions = standard_versions(session, found.standard.name)
    following = 1 + max(each.standard.version for each in versions)
    wanted: Standard | None = None
    with suppress(KeyError, ValueError):
        limits = limits_of(found.standard, clause)
        if side in SIDES and getattr(limits, side) is not None:
            wanted = with_limit(found.standard, clause, side, float(number))
    if wanted is None:
        raise StandardStepError(
            "{tighter!r} names no limit of {label}: it is written as respond.within_s:max:4.5",
            tighter=tighter,
            label=found.standard.label,
        )
    return tightened_text(found.text, wanted.model_copy(update={"version": following}))


def _text_of(house: House, found: StandardVersion | None, label: str) -> str:
    """The text of a standard to write on from: of the database, of the folder, or the example."""
    if found is not None:
        return found.text
    name, folder = label.rpartition("@")[0], house.settings.standards.folder
    if folder_standard(name, folder) is not None:
        return standard_file(name, folder).read_text(encoding="utf-8")
    return EXAMPLE_STANDARD.read_text(encoding="utf-8")
