"""Appraisals: drafted, read, contested, decided and signed by whoever appraises; and, each their own, by whoever is appraised."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.accounts.account_book import accounts
from central.accounts.own_person import person_of
from central.accounts.roles import may_at
from central.appraisal.appraisal_rows import AppraisalRow, ContestClaimRow
from central.appraisal.appraisal_steps import (
    TEXT_LIMIT,
    AppraisalStepError,
    ClaimOutcome,
    StaleDraftError,
    Taking,
    claims_of,
    contest,
    decide_contest,
    draft_appraisal,
    is_subject,
    remarks_of,
    renew_draft,
    say,
    sign_appraisal,
    versions_of,
    withdraw_appraisal,
)
from central.appraisal.desk_contests import adopt_desk_contests, contested_days
from central.appraisal.gathering import BadPeriodError, Period
from central.appraisal.reading_back import behind
from central.appraisal.shown_appraisal import shown_appraisal, state_of
from central.audit.audit_log import note
from central.desks.desk_profiles import profiles_of_desks
from central.desks.registry import stays
from central.people.exempt_stretches import who_is_exempt
from central.people.workforce import PersonRow
from central.records.exclusions import exclusion_of
from central.records.measured import Measured
from central.records.query import LONGEST_NUMBER, measurement_of
from central.reports.people_list import people_within_reach
from central.reports.profile_view import shown_visit
from central.reports.visit_timeline import draw_visit
from central.scoring.scored import score_encounter
from central.showrooms.premises import showrooms
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField, typed_day
from central.web.house import House, house_of
from central.web.looks import note_looks
from central.web.rendering import go_to, show, told
from protocol.measurements import Call, Encounter

Writer = Annotated[Viewer, needs("write_appraisals")]
Reader = Annotated[Viewer, needs("read_appraisals")]
Decider = Annotated[Viewer, needs("decide_contests")]
Subject = Annotated[Viewer, needs("see_own_day")]
LongText = Annotated[str, Form(max_length=TEXT_LIMIT + 1)]
MeasurementName = Annotated[str, Query(max_length=120)]
ShortQuery = Annotated[str, Query(max_length=60)]

THEIRS = "/appraisals"
OWN = "/my-appraisals"
"""Where whoever appraises reads, and where whoever is appraised does."""

router = APIRouter()


@router.get(THEIRS)
def appraisals_page(request: Request, viewer: Reader) -> Response:
    """Every appraisal within reach: drafts only for who may sign them; contests that are to be decided; the form to draft one."""
    return _list(request, viewer)


@router.post(THEIRS, dependencies=[OurForm])
def draft(
    request: Request,
    viewer: Writer,
    person: NameField = "",
    showroom: NameField = "",
    first_day: NameField = "",
    last_day: NameField = "",
) -> Response:
    """Draft an appraisal of somebody who worked in a showroom within reach."""
    house = house_of(request)
    try:
        with house.writing() as session:
            place = viewer.showroom(session, showroom)
            days = typed_day(first_day, AppraisalStepError), typed_day(last_day, AppraisalStepError)
            number = draft_appraisal(
                session, _taking(house, session, viewer), person, place, Period(*days, place.timezone)
            )
    except (AppraisalStepError, BadPeriodError) as error:
        return _list(request, viewer, 422, told(request, error))
    return go_to(f"{THEIRS}/{number}")


@router.get(THEIRS + "/{number}")
def appraisal_page(request: Request, number: int, viewer: Reader) -> Response:
    """One appraisal of somebody, with every figure."""
    return _one(request, viewer, number)


@router.get(THEIRS + "/{number}/measurements")
def measurements_page(
    request: Request,
    number: int,
    viewer: Reader,
    clause: ShortQuery = "",
    outcome: ShortQuery = "",
    circumstance: ShortQuery = "",
    before: ShortQuery = "",
) -> Response:
    """The measurements behind one figure of an appraisal."""
    return _measurements(request, viewer, number, clause, outcome, circumstance, before)


@router.get(THEIRS + "/{number}/days")
def days_page(request: Request, number: int, viewer: Reader) -> Response:
    """The days and desks behind the presence of an appraisal."""
    return _days(request, viewer, number)


@router.get(THEIRS + "/{number}/measurement")
def measurement_page(request: Request, number: int, viewer: Reader, of: MeasurementName = "") -> Response:
    """One measurement of an appraisal, as it was judged."""
    return _measurement(request, viewer, number, of)


@router.post(THEIRS + "/{number}/renew", dependencies=[OurForm])
def renew(request: Request, number: int, viewer: Writer) -> Response:
    """Draw a draft anew from what is there now."""
    return _step(request, viewer, number, lambda session, by: renew_draft(session, by, number))


@router.post(THEIRS + "/{number}/sign", dependencies=[OurForm])
def sign(
    request: Request, number: int, viewer: Writer, reasons: LongText = "", sha256: NameField = ""
) -> Response:
    """Sign a draft with reasons."""
    return _step(
        request, viewer, number, lambda session, by: sign_appraisal(session, by, number, reasons, sha256)
    )


@router.post(THEIRS + "/{number}/withdraw", dependencies=[OurForm])
def withdraw(request: Request, number: int, viewer: Writer) -> Response:
    """Withdraw an appraisal."""
    return _step(request, viewer, number, lambda session, by: withdraw_appraisal(session, by, number))


@router.post(THEIRS + "/{number}/say", dependencies=[OurForm])
def say_there(request: Request, number: int, viewer: Writer, said: LongText = "") -> Response:
    """Remark on an appraisal of somebody."""
    return _step(request, viewer, number, lambda session, by: say(session, by, number, said))


@router.post("/contests/{number}/decide", dependencies=[OurForm])
def decide(
    request: Request, number: int, viewer: Decider, outcome: NameField = "", reason: LongText = ""
) -> Response:
    """Decide a contest about a measurement within reach."""
    house = house_of(request)
    chosen: ClaimOutcome = "excluded" if outcome == "excluded" else "kept"
    try:
        with house.writing() as session:
            claim = session.get(ContestClaimRow, number)
            row = None if claim is None else session.get(AppraisalRow, claim.appraisal)
            if row is None or row.showroom_id not in {each.id for each in viewer.showrooms(session)}:
                raise HTTPException(404)
            decide_contest(session, _taking(house, session, viewer), number, chosen, reason)
    except AppraisalStepError as error:
        return _list(request, viewer, 422, told(request, error))
    return go_to(THEIRS)


@router.get(OWN)
def own_appraisals_page(request: Request, viewer: Subject) -> Response:
    """The appraisals of whoever looks: those that are signed, and that there is a draft."""
    house = house_of(request)
    with house.reading() as session:
        person = person_of(session, viewer.account.id)
        rows = session.scalars(
            select(AppraisalRow).where(AppraisalRow.person == (person or "")).order_by(AppraisalRow.id.desc())
        ).all()
        names = {place.id: place.name for place in showrooms(session)}
        listed = [(row, state_of(row), names[row.showroom_id]) for row in rows]
        return show(request, "own_appraisals.html.j2", person=person, listed=listed)


@router.get(OWN + "/{number}")
def own_appraisal_page(request: Request, number: int, viewer: Subject) -> Response:
    """One's own appraisal, with every figure."""
    return _one(request, viewer, number)


@router.get(OWN + "/{number}/measurements")
def own_measurements_page(
    request: Request,
    number: int,
    viewer: Subject,
    clause: ShortQuery = "",
    outcome: ShortQuery = "",
    circumstance: ShortQuery = "",
    before: ShortQuery = "",
) -> Response:
    """The measurements behind one figure of one's own appraisal."""
    return _measurements(request, viewer, number, clause, outcome, circumstance, before)


@router.get(OWN + "/{number}/days")
def own_days_page(request: Request, number: int, viewer: Subject) -> Response:
    """The days and desks behind the presence of one's own appraisal."""
    return _days(request, viewer, number)


@router.get(OWN + "/{number}/measurement")
def own_measurement_page(
    request: Request, number: int, viewer: Subject, of: MeasurementName = ""
) -> Response:
    """One measurement of one's own appraisal, and the form to contest it."""
    return _measurement(request, viewer, number, of)


@router.post(OWN + "/{number}/say", dependencies=[OurForm])
def say_of_own(request: Request, number: int, viewer: Subject, said: LongText = "") -> Response:
    """Remark on one's own appraisal."""
    return _step(request, viewer, number, lambda session, by: say(session, by, number, said))


@router.post(OWN + "/{number}/contest", dependencies=[OurForm])
def contest_one(
    request: Request, number: int, viewer: Subject, of: NameField = "", said: LongText = ""
) -> Response:
    """Contest a measurement of one's own appraisal."""

    def step(session: Session, by: Taking) -> None:
        contest(session, by, number, _name(of), said)

    return _step(request, viewer, number, step)


def _root(viewer: Viewer) -> str:
    return OWN if viewer.right == "see_own_day" else THEIRS


def _reached(session: Session, viewer: Viewer, number: int, contested: str = "") -> AppraisalRow:
    """The appraisal of a number, for whom it is open: their own, a signed one within reach, or a draft within reach of who may sign it.

    Whoever decides contests reaches of a draft the measurement that is contested, and nothing else.

    Raises:
        HTTPException: It is not there for them.
    """
    row = session.get(AppraisalRow, number)
    if row is None:
        raise HTTPException(404)
    if viewer.right == "see_own_day":
        if person_of(session, viewer.account.id) != row.person:
            raise HTTPException(404)
        return row
    place = next((each for each in viewer.showrooms(session) if each.id == row.showroom_id), None)
    if place is None:
        raise HTTPException(404)
    open_to_them = (
        row.signed_wall_s is not None
        or may_at(viewer.account.grants, "write_appraisals", place.company, place.name)
        or any(each.measurement == contested for each in claims_of(session, [number]))
    )
    # Whoever may not sign it reads no draft; and nobody reads here what is about themselves, but where they read their own.
    if not open_to_them or is_subject(session, viewer.account.id, row.person):
        raise HTTPException(404)
    return row


def _one(
    request: Request, viewer: Viewer, number: int, status: int = 200, complaint: str | None = None
) -> Response:
    house = house_of(request)
    _note_look(house, viewer, number)
    with house.reading() as session:
        row = _reached(session, viewer, number)
        shown = shown_appraisal(row)
        return show(
            request,
            "appraisal.html.j2",
            status,
            shown=shown,
            row=row,
            at=f"{_root(viewer)}/{number}",
            own=viewer.right == "see_own_day",
            writes=viewer.right != "see_own_day" and viewer.may("write_appraisals"),
            versions=versions_of(session, row),
            remarks=remarks_of(session, number),
            claims=claims_of(session, [number]),
            contested_days=contested_days(session, row, house.now_wall_s()),
            names={each.id: each.name for each in accounts(session)},
            people=_people_names(session, row.person),
            longest=TEXT_LIMIT,
            complaint=complaint,
        )


def _people_names(session: Session, person: str) -> str:
    found = session.scalar(select(PersonRow.display_name).where(PersonRow.pseudonym == person))
    return f"{person} ({found})" if found else person


def _measurements(
    request: Request, viewer: Viewer, number: int, clause: str, outcome: str, circumstance: str, before: str
) -> Response:
    house = house_of(request)
    _note_look(house, viewer, number)
    with house.reading() as session:
        row = _reached(session, viewer, number)
        shown = shown_appraisal(row)
        found = behind(
            shown.drawn, clause=clause, outcome=outcome, circumstance=circumstance, before=bool(before)
        )
        return show(
            request,
            "appraisal_measurements.html.j2",
            shown=shown,
            row=row,
            at=f"{_root(viewer)}/{number}",
            found=found,
            clause=clause,
            outcome=outcome,
            circumstance=circumstance,
            before=bool(before),
            claims={each.measurement: each for each in claims_of(session, [number])},
        )


def _days(request: Request, viewer: Viewer, number: int) -> Response:
    house = house_of(request)
    _note_look(house, viewer, number)
    with house.reading() as session:
        row = _reached(session, viewer, number)
        own = viewer.right == "see_own_day"
        at = f"{_root(viewer)}/{number}"
        return show(request, "appraisal_days.html.j2", shown=shown_appraisal(row), row=row, at=at, own=own)


def _measurement(request: Request, viewer: Viewer, number: int, of: str) -> Response:
    house = house_of(request)
    name = _name(of)
    with house.reading() as session:
        row = _reached(session, viewer, number, contested=of)
        shown = shown_appraisal(row)
        work = next(
            (each for each in (*shown.drawn.work, *shown.drawn.before) if each.measurement == of), None
        )
        if work is None:
            raise HTTPException(404)
        found = measurement_of(session, *name)
        encounter = timeline = None
        call = found.data if found is not None and isinstance(found.data, Call) else None
        if found is not None and isinstance(found.data, Encounter):
            profile = profiles_of_desks(session, [name[0]]).at(name[0], found.wall_s)
            visit = shown_visit(Measured(found.id, found.wall_s, found.synced, found.data), profile)
            rule = house.standards(session).at(row.showroom_id, found.wall_s)
            exempt = who_is_exempt(session, name[0], found.wall_s, found.wall_s + 1.0)(found.wall_s)
            encounter = score_encounter(visit, rule.standard, exempt)
            response = encounter.response
            timeline = draw_visit(visit.data, encounter.wait, response.outcome, response.limits.max)
        claim = next((each for each in claims_of(session, [number]) if each.measurement == of), None)
        desk = next((each for each in stays(session, name[0]) if each.stood_at(work.wall_s)), None)
        answer = show(
            request,
            "appraisal_measurement.html.j2",
            shown=shown,
            row=row,
            at=f"{_root(viewer)}/{number}",
            own=viewer.right == "see_own_day",
            work=work,
            desk=desk,
            encounter=encounter,
            timeline=timeline,
            call=call,
            claim=claim,
            excluded=exclusion_of(session, *name),
            contestable=work in shown.drawn.work and row.withdrawn_wall_s is None,
            longest=TEXT_LIMIT,
        )
    note_looks(house, viewer.account.actor, "read visit", [of])
    return answer


def _step(request: Request, viewer: Viewer, number: int, step: Callable[[Session, Taking], None]) -> Response:
    house = house_of(request)
    try:
        with house.writing() as session:
            _reached(session, viewer, number)
            step(session, _taking(house, session, viewer))
    except AppraisalStepError as error:
        if isinstance(error, StaleDraftError):
            with house.writing() as session:
                renew_draft(session, _taking(house, session, viewer), number)
        return _one(request, viewer, number, 422, told(request, error))
    return go_to(f"{_root(viewer)}/{number}")


def _list(request: Request, viewer: Viewer, status: int = 200, complaint: str | None = None) -> Response:
    house = house_of(request)
    now_wall_s = house.now_wall_s()
    _adopt_within_reach(house, viewer)
    with house.reading() as session:
        places = viewer.showrooms(session, "read_appraisals")
        names = {place.id: place for place in places}
        to_write = viewer.showrooms(session, "write_appraisals")
        writes = {place.id for place in to_write}
        rows = session.scalars(
            select(AppraisalRow)
            .where(AppraisalRow.showroom_id.in_(names))
            .order_by(AppraisalRow.last_day.desc(), AppraisalRow.person, AppraisalRow.version.desc())
        ).all()
        shown = [row for row in rows if row.signed_wall_s is not None or row.showroom_id in writes]
        own = {row.person for row in rows if is_subject(session, viewer.account.id, row.person)}
        claims = [each for each in claims_of(session, [row.id for row in rows]) if each.outcome is None]
        by_number = {row.id: row for row in rows}
        zone = ZoneInfo(to_write[0].timezone if to_write else "UTC")
        this_month = datetime.fromtimestamp(now_wall_s, zone).date().replace(day=1)
        last_day = this_month - timedelta(days=1)
        people = people_within_reach(session, viewer.account.grants, "write_appraisals")
        return show(
            request,
            "appraisals.html.j2",
            status,
            listed=[(row, state_of(row), names[row.showroom_id]) for row in shown if row.person not in own],
            open_claims=[
                (each, by_number[each.appraisal])
                for each in claims
                if by_number[each.appraisal].person not in own
            ],
            zones={row.id: names[row.showroom_id].timezone for row in rows},
            to_write=to_write,
            first_day=last_day.replace(day=1),
            last_day=last_day,
            people=[each.pseudonym for each in people],
            names={each.id: each.name for each in accounts(session)},
            longest=TEXT_LIMIT,
            complaint=complaint,
        )


def _adopt_within_reach(house: House, viewer: Viewer) -> None:
    """Make contests of what was contested at desks since, so that whoever decides finds them without that anybody opens each appraisal."""
    with house.writing() as session:
        reached = [place.id for place in viewer.showrooms(session, "read_appraisals")]
        rows = session.scalars(
            select(AppraisalRow).where(
                AppraisalRow.showroom_id.in_(reached), AppraisalRow.withdrawn_wall_s.is_(None)
            )
        )
        for row in rows.all():
            adopt_desk_contests(session, row, house.now_wall_s())


def _taking(house: House, session: Session, viewer: Viewer) -> Taking:
    return Taking(viewer.account.id, house.now_wall_s(), house.standards(session))


def _note_look(house: House, viewer: Viewer, number: int) -> None:
    with house.writing() as session:
        row = _reached(session, viewer, number)
        note(session, house.now_wall_s(), viewer.account.actor, "read appraisal", f"appraisal {number}")
        adopt_desk_contests(session, row, house.now_wall_s())


def _name(of: str) -> tuple[str, str, int]:
    """The three parts of a measurement's id.

    Raises:
        HTTPException: It is none.
    """
    device, _, rest = of.partition("/")
    bootid, _, sequence = rest.partition("/")
    if not (sequence.isascii() and sequence.isdecimal() and len(sequence) <= LONGEST_NUMBER):
        raise HTTPException(404)
    return device, bootid, int(sequence)
