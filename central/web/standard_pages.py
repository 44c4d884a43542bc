"""The service standards, to read: what each asks, what differs between two, what a draft would have come to, and what each desk works by."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.account_book import accounts
from central.accounts.roles import may_for_company
from central.audit.audit_log import note
from central.ingest.births import told_standards
from central.reports.rehearsing import past_work, rehearse_stretch
from central.reports.standard_difference import changes_what_a_visit_is, standard_lines
from central.showrooms.profile_decisions import ProfilesInForce, decisions
from central.standards.activations import StandardActivation, activations, in_force_or_planned
from central.standards.desk_plans import asked_plans
from central.standards.standard_companies import is_readable, readable_versions
from central.standards.standard_versions import StandardVersion, standard_version
from central.statistics.tightening import LEAST_CASES, LEAST_DAYS, MOST_STEP, SURE, tightening
from central.web.access import Viewer, needs
from central.web.house import House, house_of
from central.web.rendering import go_to, show
from protocol.manner import Manner
from protocol.standard import CLAUSES, Standard, limits_of
from protocol.standards_folder import find_standard, folder_standard, standard_names
from protocol.toml_file import BadFileError

LABEL_LETTERS = 80
"""Of a name with its version."""

Against = Annotated[str, Query(max_length=LABEL_LETTERS)]

router = APIRouter()


@router.get("/standards")
def standards_page(request: Request, viewer: Annotated[Viewer, needs("read_standards")]) -> Response:
    """Every standard there is, and where within the viewer's reach it is in force; one whose file cannot be used is told with the reason."""
    house = house_of(request)
    good, bad = _of_the_folder(house)
    with house.reading() as session:
        versions = readable_versions(session, viewer.account.grants)
        now_wall_s = house.now_wall_s()
        standing = activations(session)
        used = {
            showroom.id: in_force_or_planned(standing, showroom.id, now_wall_s)
            for showroom in viewer.showrooms(session, "read_standards")
        }
    places: dict[int, list[StandardActivation]] = {}
    for each in (each for there in used.values() for each in there):
        places.setdefault(each.version.id, []).append(each)
    return show(
        request,
        "standards.html.j2",
        good=good,
        bad=bad,
        used=house.settings.standards.default,
        versions=versions,
        places=places,
        now_wall_s=now_wall_s,
    )


@router.get("/standards/{name}")
def standard_page(
    request: Request, name: str, viewer: Annotated[Viewer, needs("read_standards")]
) -> Response:
    """A standard of the folder, clause by clause; of one that is in the database only, its latest version."""
    house = house_of(request)
    folder = house.settings.standards.folder
    if name not in standard_names(folder):
        with house.reading() as session:
            versions = readable_versions(session, viewer.account.grants, name)
        if not versions:
            raise HTTPException(404)
        return go_to(f"/standards/{name}/{versions[0].standard.version}")
    standard = find_standard(name, folder)
    asked = [(clause, limits_of(standard, clause)) for clause in CLAUSES]
    return show(request, "standard.html.j2", standard=standard, asked=asked)


@router.get("/standards/{name}/{version}")
def standard_version_page(
    request: Request, name: str, version: int, viewer: Annotated[Viewer, needs("read_standards")]
) -> Response:
    """One version in the database, with its state, where it is in force, and the steps that the viewer may take."""
    return show_version(request, viewer, name, version)


def show_version(
    request: Request, viewer: Viewer, name: str, version: int, status: int = 200, complaint: str | None = None
) -> Response:
    """The page of one version, with what was wrong with a form that stands on it."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    with house.reading() as session:
        found = readable_version(session, viewer, name, version)
        names = {account.id: account.name for account in accounts(session)}
        standing = activations(session)
        there = [
            each
            for place in viewer.showrooms(session, "read_standards")
            for each in in_force_or_planned(standing, place.id, now_wall_s)
            if each.version.id == found.id
        ]
        others = _labels(house, session, viewer)
        within = [
            place
            for place in viewer.showrooms(session, "approve_standards")
            if found.company in {None, place.company}
        ]
    return show(
        request,
        "standard_version.html.j2",
        status,
        version=found,
        standard=found.standard,
        asked=[(clause, limits_of(found.standard, clause)) for clause in CLAUSES],
        names=names if viewer.may("write_standards") or viewer.may("read_audit") else {},
        there=there,
        may_step=may_for_company(viewer.account.grants, "approve_standards", found.company),
        within=within,
        ids_within={place.id for place in within},
        others=[label for label in others if label != found.standard.label],
        now_wall_s=now_wall_s,
        complaint=complaint,
    )


@router.get("/standards/{name}/{version}/difference")
def difference_page(
    request: Request,
    name: str,
    version: int,
    viewer: Annotated[Viewer, needs("read_standards")],
    against: Against = "",
) -> Response:
    """What differs between another standard and this version, clause by clause."""
    house = house_of(request)
    with house.reading() as session:
        found = readable_version(session, viewer, name, version)
        others = [label for label in _labels(house, session, viewer) if label != found.standard.label]
        other = _against(house, session, against, others)
    return show(
        request,
        "standard_difference.html.j2",
        standard=found.standard,
        other=other,
        others=others,
        # Called by the template: there the words are in the reader's language.
        lines_of=standard_lines,
    )


@router.get("/standards/{name}/{version}/rehearsal")
def rehearsal_page(
    request: Request,
    name: str,
    version: int,
    viewer: Annotated[Viewer, needs("write_standards")],
    against: Against = "",
) -> Response:
    """What the last thirty days would have come to under this version, at the desks within the viewer's reach."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    with house.reading() as session:
        found = readable_version(session, viewer, name, version)
        others = [label for label in _labels(house, session, viewer) if label != found.standard.label]
        other = _against(house, session, against, others)
    with house.writing() as session:
        note(
            session, now_wall_s, viewer.account.actor, "standard rehearsed", found.standard.label, other.label
        )
    with house.reading() as session:
        stretch = rehearse_stretch(session, viewer.stays(session), now_wall_s, other, found.standard)
    return show(
        request,
        "rehearsal.html.j2",
        standard=found.standard,
        other=other,
        others=others,
        stretch=stretch,
        rehearsal=stretch.rehearsal,
        other_visits=changes_what_a_visit_is(other, found.standard),
    )


@router.get("/standards/{name}/{version}/tightening")
def tightening_page(
    request: Request, name: str, version: int, viewer: Annotated[Viewer, needs("write_standards")]
) -> Response:
    """Which clause of this version could be tightened next and by how much, by the last thirty days at the desks within the viewer's reach."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    with house.writing() as session:
        found = readable_version(session, viewer, name, version)
        note(session, now_wall_s, viewer.account.actor, "standard's next step read", found.standard.label)
    with house.reading() as session:
        stays = viewer.stays(session)
        past = past_work(session, stays, now_wall_s)
    return show(
        request,
        "tightening.html.j2",
        standard=found.standard,
        past=past,
        advice=tightening(past.works, found.standard, stays[0].timezone if stays else "UTC"),
        least_cases=LEAST_CASES,
        least_days=LEAST_DAYS,
        sure=SURE,
        most_step=MOST_STEP,
    )


@dataclass(frozen=True, slots=True)
class DeskStandard:
    """What a desk works by, beside what it is meant to."""

    wanted: str | None
    """The standard that is in force where it stands; None where none was put into force there."""
    told: str | None
    """The one that its latest birth names; None of a desk that has told none."""
    state: str
    """``own``: nothing is meant for it, ``taken``, ``waiting``: it has the plan and takes it between two visits, or ``missing``."""
    asked_wall_s: float | None
    leaves_out: tuple[Manner, ...] | None
    """What of the host's manner it does not measure, as its latest birth says; None of one that has not said."""
    must: tuple[Manner, ...]
    """What the profile of its showroom leaves out."""


@router.get("/desk-standards")
def desk_standards_page(request: Request, viewer: Annotated[Viewer, needs("see_desks")]) -> Response:
    """Which desk works by which standard and what it leaves out by its showroom's profile, and which has not taken that yet."""
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    with house.reading() as session:
        found = viewer.desks(session)
        told = told_standards(session)
        asked = asked_plans(session)
        standing = activations(session)
        held = ProfilesInForce(decisions(session))
    rows = []
    for desk in found:
        birth = told.get(desk.device)
        there = in_force_or_planned(standing, desk.showroom_id, now_wall_s)
        wanted = there[0] if there and there[0].from_wall_s <= now_wall_s else None
        plan = asked.get(desk.device)
        if wanted is None:
            state = "own"
        elif birth is not None and birth.sha256 == wanted.version.sha256:
            state = "taken"
        elif birth is not None and plan is not None and birth.plan == plan.plan.number:
            state = "waiting"
        else:
            state = "missing"
        rows.append(
            (
                desk,
                DeskStandard(
                    None if wanted is None else wanted.version.standard.label,
                    None if birth is None else birth.label,
                    state,
                    None if plan is None else plan.asked_wall_s,
                    None if birth is None else birth.leaves_out,
                    held.at(desk.showroom_id, now_wall_s).off,
                ),
            )
        )
    return show(request, "desk_standards.html.j2", rows=rows)


def _of_the_folder(house: House) -> tuple[list[tuple[str, Standard]], list[tuple[str, str]]]:
    """The standards of the folder by their names; and those whose file cannot be used, with the reason."""
    folder = house.settings.standards.folder
    good, bad = [], []
    for name in standard_names(folder):
        try:
            good.append((name, find_standard(name, folder)))
        except BadFileError as error:
            bad.append((name, str(error)))
    return good, bad


def readable_version(session: Session, viewer: Viewer, name: str, version: int) -> StandardVersion:
    """A version in the database that the viewer may read.

    Raises:
        HTTPException: There is none: another company's standard is not there for them.
    """
    found = None if version > 2**31 else standard_version(session, name, version)
    if found is None or not is_readable(viewer.account.grants, found):
        raise HTTPException(404)
    return found


def _labels(house: House, session: Session, viewer: Viewer) -> list[str]:
    """What a standard can be compared with: the one that pages score by first, then those of the folder and of the database."""
    good, _ = _of_the_folder(house)
    default = house.settings.standards.default
    first = [standard.label for name, standard in good if name == default]
    rest = [standard.label for name, standard in good if name != default]
    written = readable_versions(session, viewer.account.grants)
    return [*first, *rest, *(each.standard.label for each in written)]


def _against(house: House, session: Session, label: str, others: list[str]) -> Standard:
    """The standard that is named, or the first there is.

    Raises:
        HTTPException: There is none.
    """
    label = label or next(iter(others), "")
    name, _, version = label.rpartition("@")
    if label in others:
        found = standard_version(session, name, int(version))
        if found is not None:
            return found.standard
        other = folder_standard(name, house.settings.standards.folder)
        if other is not None:
            return other
    raise HTTPException(404)
