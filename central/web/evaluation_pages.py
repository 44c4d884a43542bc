"""Regular evaluations: drafted, followed up, added to and signed by whoever manages, and read by whoever audits."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from central.accounts.account_book import accounts
from central.accounts.roles import Right, may_at
from central.appraisal.gathering import BadPeriodError
from central.audit.audit_log import note
from central.evaluation.evaluated_use import EVENT_KINDS, FUNCTION_KINDS
from central.evaluation.evaluation_rows import SHORT, EvaluationRow, RecommendationRow
from central.evaluation.evaluation_steps import (
    LONG,
    Answer,
    Evaluating,
    EvaluationStepError,
    StaleEvaluationError,
    answer_recommendation,
    draft_evaluation,
    evaluations,
    is_open,
    recommend,
    recommendations_of,
    renew_evaluation,
    scope_of_row,
    sign_evaluation,
    take_back_recommendation,
    to_answer,
    withdraw_evaluation,
)
from central.evaluation.use_figures import figures_in, still_holds, use_of
from central.evaluation.use_gathering import EvaluatedScope
from central.reports import indicator_wording
from central.statistics.indicators import INDICATORS
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField, typed_day
from central.web.house import House, house_of
from central.web.rendering import go_to, show, told

Writer = Annotated[Viewer, needs("write_evaluations")]
Reader = Annotated[Viewer, needs("read_evaluations")]
LongField = Annotated[str, Form(max_length=LONG + 1)]
NumberField = Annotated[int, Form(ge=1, le=2**31 - 1)]

HERE = "/evaluations"

router = APIRouter()


@router.get(HERE)
def evaluations_page(request: Request, viewer: Reader) -> Response:
    """Every evaluation within reach, drafts only for who may sign them, and the form to draft one."""
    return _list(request, viewer)


@router.post(HERE, dependencies=[OurForm])
def draft(
    request: Request,
    viewer: Writer,
    scope: NameField = "",
    first_day: NameField = "",
    last_day: NameField = "",
) -> Response:
    """Draft the evaluation of a showroom, or of a company that is wholly within reach."""
    house = house_of(request)
    try:
        with house.writing() as session:
            chosen = next((each for each in _offered(session, viewer) if each.key == scope), None)
            if chosen is None:
                raise HTTPException(404)
            by = _evaluating(house, session, viewer)
            number = draft_evaluation(
                session,
                by,
                chosen,
                typed_day(first_day, EvaluationStepError),
                typed_day(last_day, EvaluationStepError),
            )
    except (EvaluationStepError, BadPeriodError) as error:
        return _list(request, viewer, 422, told(request, error))
    return go_to(f"{HERE}/{number}")


@router.get(HERE + "/{number}")
def evaluation_page(
    request: Request, number: int, viewer: Reader, take: Annotated[int | None, Query(ge=0, le=999)] = None
) -> Response:
    """One evaluation; with ``take``, a proposal of the program stands in the form for a recommendation."""
    return _one(request, viewer, number, take=take)


@router.post(HERE + "/{number}/renew", dependencies=[OurForm])
def renew(request: Request, number: int, viewer: Writer) -> Response:
    """Draw a draft anew from what is there now."""
    return _step(request, viewer, number, lambda session, by: renew_evaluation(session, by, number))


@router.post(HERE + "/{number}/recommend", dependencies=[OurForm])
def recommend_form(
    request: Request,
    number: int,
    viewer: Writer,
    text: LongField = "",
    owner: Annotated[str, Form(max_length=SHORT + 1)] = "",
    due: NameField = "",
) -> Response:
    """Add a recommendation, with who sees to it and until when."""

    def step(session: Session, by: Evaluating) -> None:
        recommend(session, by, number, text, owner, typed_day(due, EvaluationStepError))

    return _step(request, viewer, number, step)


@router.post(HERE + "/{number}/take-back", dependencies=[OurForm])
def take_back_form(
    request: Request, number: int, viewer: Writer, recommendation: NumberField = 2**31 - 1
) -> Response:
    """Take a recommendation out of the draft."""

    def step(session: Session, by: Evaluating) -> None:
        found = session.get(RecommendationRow, recommendation)
        if found is not None and found.evaluation != number:
            raise HTTPException(404)
        take_back_recommendation(session, by, recommendation)

    return _step(request, viewer, number, step)


@router.post(HERE + "/{number}/answer", dependencies=[OurForm])
def answer_form(
    request: Request,
    number: int,
    viewer: Writer,
    recommendation: NumberField = 2**31 - 1,
    outcome: NameField = "",
    why: LongField = "",
) -> Response:
    """Say what came of an earlier recommendation."""
    chosen: Answer = "done" if outcome == "done" else "not_done"
    return _step(
        request,
        viewer,
        number,
        lambda session, by: answer_recommendation(session, by, number, recommendation, chosen, why),
    )


@router.post(HERE + "/{number}/sign", dependencies=[OurForm])
def sign(
    request: Request, number: int, viewer: Writer, conclusion: LongField = "", sha256: NameField = ""
) -> Response:
    """Sign a draft with a conclusion."""
    return _step(
        request, viewer, number, lambda session, by: sign_evaluation(session, by, number, conclusion, sha256)
    )


@router.post(HERE + "/{number}/withdraw", dependencies=[OurForm])
def withdraw(request: Request, number: int, viewer: Writer) -> Response:
    """Withdraw an evaluation."""
    return _step(request, viewer, number, lambda session, by: withdraw_evaluation(session, by, number))


def _may(viewer: Viewer, right: Right, scope: EvaluatedScope) -> bool:
    """Whether a right reaches all of a scope: of a company, not a part of it."""
    place = "" if scope.showroom is None else scope.showroom.name
    return may_at(viewer.account.grants, right, scope.company, place)


def _offered(session: Session, viewer: Viewer) -> list[EvaluatedScope]:
    """What somebody may evaluate: showrooms, then whole companies."""
    places = viewer.showrooms(session, "write_evaluations")
    companies = sorted({place.company for place in places if place.company})
    wholes = (EvaluatedScope(each, None) for each in companies)
    return [
        *(EvaluatedScope(place.company, place) for place in places),
        *(each for each in wholes if _may(viewer, "write_evaluations", each)),
    ]


def _reached(session: Session, viewer: Viewer, number: int) -> tuple[EvaluationRow, EvaluatedScope]:
    """An evaluation that is open to them.

    Raises:
        HTTPException: It is not there for them.
    """
    row = session.get(EvaluationRow, number) if number < 2**31 else None
    if row is not None:
        scope = scope_of_row(session, row)
        writes = _may(viewer, "write_evaluations", scope)
        if _may(viewer, viewer.right, scope) and (row.signed_wall_s is not None or writes):
            return row, scope
    raise HTTPException(404)


def _one(
    request: Request,
    viewer: Viewer,
    number: int,
    status: int = 200,
    complaint: str | None = None,
    take: int | None = None,
) -> Response:
    house = house_of(request)
    with house.writing() as session:
        row, _ = _reached(session, viewer, number)
        note(session, house.now_wall_s(), viewer.account.actor, "read evaluation", f"evaluation {row.id}")
    with house.reading() as session:
        row, scope = _reached(session, viewer, number)
        drawn, figures = use_of(row.figures), figures_in(row.figures)
        proposals = figures["proposals"]
        return show(
            request,
            "evaluation.html.j2",
            status,
            row=row,
            scope=scope,
            drawn=drawn,
            figures=figures,
            effects=[
                (INDICATORS[both.code], both, each)
                for both, each in zip(drawn.indicators, figures["effect"]["indicators"], strict=True)
            ],
            event_kinds=EVENT_KINDS,
            function_kinds=FUNCTION_KINDS,
            indicators=INDICATORS,
            said=indicator_wording,
            holds=still_holds(row.figures, row.sha256),
            state=state_of_evaluation(row),
            writes=_may(viewer, "write_evaluations", scope),
            earlier=to_answer(session, row),
            recommended=recommendations_of(session, number),
            names={each.id: each.name for each in accounts(session)},
            labels={stay.device: stay.label for stay in scope.stays(session) if stay.label},
            taken=proposals[take] if take is not None and take < len(proposals) else None,
            longest=LONG,
            due=row.last_day + timedelta(days=91),
            complaint=complaint,
        )


def state_of_evaluation(row: EvaluationRow) -> str:
    """``draft``, ``signed`` or ``withdrawn``."""
    if row.withdrawn_wall_s is not None:
        return "withdrawn"
    return "draft" if is_open(row) else "signed"


def _step(
    request: Request, viewer: Viewer, number: int, step: Callable[[Session, Evaluating], None]
) -> Response:
    house = house_of(request)
    try:
        with house.writing() as session:
            _reached(session, viewer, number)
            step(session, _evaluating(house, session, viewer))
    except EvaluationStepError as error:
        if isinstance(error, StaleEvaluationError):
            with house.writing() as session:
                renew_evaluation(session, _evaluating(house, session, viewer), number)
        return _one(request, viewer, number, 422, told(request, error))
    return go_to(f"{HERE}/{number}")


def _list(request: Request, viewer: Viewer, status: int = 200, complaint: str | None = None) -> Response:
    house = house_of(request)
    with house.reading() as session:
        offered = _offered(session, viewer) if viewer.may("write_evaluations") else []
        listed = []
        for row in evaluations(session):
            scope = scope_of_row(session, row)
            open_to_them = row.signed_wall_s is not None or _may(viewer, "write_evaluations", scope)
            if _may(viewer, "read_evaluations", scope) and open_to_them:
                listed.append((row, scope, state_of_evaluation(row)))
        zone = ZoneInfo(offered[0].timezone(session) if offered else "UTC")
        today = datetime.fromtimestamp(house.now_wall_s(), zone).date()
        first_day, last_day = quarter_before(today)
        return show(
            request,
            "evaluations.html.j2",
            status,
            listed=listed,
            offered=offered,
            first_day=first_day,
            last_day=last_day,
            names={each.id: each.name for each in accounts(session)},
            complaint=complaint,
        )


def quarter_before(today: date) -> tuple[date, date]:
    """First and last day of the calendar quarter before the one of a day.

    >>> [str(each) for each in quarter_before(date(2026, 2, 28))]
    ['2025-10-01', '2025-12-31']
    """
    last_day = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - timedelta(days=1)
    return date(last_day.year, last_day.month - 2, 1), last_day


def _evaluating(house: House, session: Session, viewer: Viewer) -> Evaluating:
    return Evaluating(
        viewer.account.id, house.now_wall_s(), house.standards(session), tuple(house.settings.crm)
    )
