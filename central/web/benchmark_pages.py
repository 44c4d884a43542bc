"""Desks that others may imitate: what each came to, and what it does, in words."""

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from central.accounts.account_book import accounts
from central.appraisal.appraisal_steps import TEXT_LIMIT, Taking
from central.appraisal.gathering import BadPeriodError
from central.competitions.benchmark_book import (
    FEWEST_LETTERS,
    BenchmarkError,
    benchmarks,
    describe_desk,
    end_benchmark,
)
from central.competitions.competition_rows import BenchmarkRow
from central.competitions.competition_rules import ELEMENTS
from central.statistics.share import share_of
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField
from central.web.house import house_of
from central.web.rendering import go_to, show, told

router = APIRouter()


@router.get("/benchmarks")
def benchmarks_page(request: Request, viewer: Annotated[Viewer, needs("see_competitions")]) -> Response:
    """The descriptions of desks within reach."""
    return _list(request, viewer)


@router.post("/benchmarks", dependencies=[OurForm])
def describe(
    request: Request,
    viewer: Annotated[Viewer, needs("run_competitions")],
    device: NameField = "",
    element: NameField = "",
    first_day: NameField = "",
    last_day: NameField = "",
    practice: Annotated[str, Form(max_length=TEXT_LIMIT + 1)] = "",
) -> Response:
    """Describe what a desk within reach does."""
    house = house_of(request)
    try:
        with house.writing() as session:
            desk = viewer.desk(session, device)
            place = next((each for each in viewer.showrooms(session) if each.id == desk.showroom_id), None)
            if place is None:
                raise HTTPException(404)
            by = Taking(viewer.account.id, house.now_wall_s(), house.standards(session))
            days = date.fromisoformat(first_day), date.fromisoformat(last_day)
            describe_desk(session, by, place, device, element, days, practice)
    except (BenchmarkError, BadPeriodError) as error:
        return _list(request, viewer, 422, told(request, error))
    except ValueError:
        return _list(request, viewer, 422, "a day is written as 2026-09-21")
    return go_to("/benchmarks")


@router.post("/benchmarks/{number}/end", dependencies=[OurForm])
def end(request: Request, number: int, viewer: Annotated[Viewer, needs("run_competitions")]) -> Response:
    """Show a description no more."""
    house = house_of(request)
    try:
        with house.writing() as session:
            row = session.get(BenchmarkRow, number)
            if row is None or row.showroom_id not in {each.id for each in viewer.showrooms(session)}:
                raise HTTPException(404)
            end_benchmark(
                session, Taking(viewer.account.id, house.now_wall_s(), house.standards(session)), row
            )
    except BenchmarkError as error:
        return _list(request, viewer, 422, told(request, error))
    return go_to("/benchmarks")


def _list(request: Request, viewer: Viewer, status: int = 200, complaint: str | None = None) -> Response:
    house = house_of(request)
    with house.reading() as session:
        places = {each.id: each for each in viewer.showrooms(session, "see_competitions")}
        to_run = {each.id: each for each in viewer.showrooms(session, "run_competitions")}
        listed = [
            (each, share_of(each.met, each.whole))
            for each in benchmarks(session)
            if each.showroom_id in places
        ]
        desks = [each for each in viewer.desks(session) if each.showroom_id in to_run]
        names = {each.id: each.name for each in accounts(session)}
        session.expunge_all()
    zone = next((each.timezone for each in places.values()), "UTC")
    today = datetime.fromtimestamp(house.now_wall_s(), ZoneInfo(zone)).date()
    return show(
        request,
        "benchmarks.html.j2",
        status,
        listed=listed,
        places=places,
        to_run=to_run,
        desks=desks,
        names=names,
        complaint=complaint,
        elements=ELEMENTS,
        fewest=FEWEST_LETTERS,
        longest=TEXT_LIMIT,
        first_day=today - timedelta(days=91),
        last_day=today - timedelta(days=1),
    )
