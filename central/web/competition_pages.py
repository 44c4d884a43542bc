"""Competitions: rules to read before they begin, entered by whoever wants to, and what they came to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy.orm import Session

from central.accounts.account_book import accounts
from central.accounts.own_person import person_of
from central.appraisal.appraisal_steps import Taking
from central.competitions.competition_counting import competing_showrooms
from central.competitions.competition_outcome import Entrant, reckoned_again
from central.competitions.competition_rules import (
    BETWEEN,
    ELEMENTS,
    TIES,
    BadRulesError,
    CompetitionRules,
)
from central.competitions.competition_steps import (
    Competition,
    CompetitionStepError,
    announce,
    call_off,
    change_rules,
    close_competition,
    competition,
    competitions,
    draft_competition,
    enter_competition,
    entries_of,
    names_in,
    new_seed,
    withdraw_entry,
)
from central.showrooms.premises import Showroom
from central.statistics.share import SMALL_SAMPLE
from central.web.access import OurForm, Viewer, needs
from central.web.form_fields import NameField
from central.web.house import House, house_of
from central.web.looks import note_looks
from central.web.rendering import go_to, show, told

MOST_ELEMENTS = 3
"""That the form has room for: of more nobody could say what the winner did better."""
USUAL_N = 3 * SMALL_SAMPLE
"""Least number of cases that the form proposes: a share of 30 is known to 16 points."""

Reader = Annotated[Viewer, needs("see_competitions")]
Runner = Annotated[Viewer, needs("run_competitions")]
Host = Annotated[Viewer, needs("see_own_day")]
LONGEST_FIELD = 1000
"""Letters that are read of a field, as in the forms of other pages."""

router = APIRouter()


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form, of which the rules have one for each element."""
    return {name: str(value)[:LONGEST_FIELD] for name, value in (await request.form()).items()}


Fields = Annotated[dict[str, str], Depends(_fields)]


@dataclass(frozen=True, slots=True)
class ShownEntrant:
    """One line of what a competition came to."""

    name: str
    entrant: Entrant
    won: bool


@router.get("/competitions")
def competitions_page(request: Request, viewer: Reader) -> Response:
    """Every competition within reach: drafts for whoever runs them only."""
    return _list(request, viewer)


@router.post("/competitions", dependencies=[OurForm])
def draft(request: Request, viewer: Runner, form: Fields) -> Response:
    """Draft a competition."""
    house = house_of(request)
    try:
        with house.writing() as session:
            rules = _rules_of_form(session, viewer, form)
            number = draft_competition(session, _taking(house, session, viewer), form.get("title", ""), rules)
    except (CompetitionStepError, BadRulesError) as error:
        return _list(request, viewer, 422, told(request, error))
    return go_to(f"/competitions/{number}")


@router.get("/competitions/{number}")
def competition_page(request: Request, number: int, viewer: Reader) -> Response:
    """The rules of one competition, and what it came to."""
    return _one(request, viewer, number)


@router.post("/competitions/{number}/rules", dependencies=[OurForm])
def change(request: Request, number: int, viewer: Runner, form: Fields) -> Response:
    """Give a draft other rules."""
    return _step(
        request,
        viewer,
        number,
        lambda session, by: change_rules(session, by, number, _rules_of_form(session, viewer, form)),
    )


@router.post("/competitions/{number}/announce", dependencies=[OurForm])
def announce_it(request: Request, number: int, viewer: Runner, sha256: NameField = "") -> Response:
    """Announce a draft by the rules that were read."""
    return _step(request, viewer, number, lambda session, by: announce(session, by, number, sha256))


@router.post("/competitions/{number}/close", dependencies=[OurForm])
def close(request: Request, number: int, viewer: Runner) -> Response:
    """Reckon a competition that is over."""
    return _step(request, viewer, number, lambda session, by: close_competition(session, by, number))


@router.post("/competitions/{number}/call-off", dependencies=[OurForm])
def call_it_off(request: Request, number: int, viewer: Runner) -> Response:
    """Call a competition off."""
    return _step(request, viewer, number, lambda session, by: call_off(session, by, number))


@router.post("/competitions/{number}/enter", dependencies=[OurForm])
def enter(request: Request, number: int, viewer: Host) -> Response:
    """Enter a competition oneself."""
    return _step(request, viewer, number, lambda session, by: enter_competition(session, by, number))


@router.post("/competitions/{number}/withdraw", dependencies=[OurForm])
def withdraw(request: Request, number: int, viewer: Host) -> Response:
    """Withdraw from a competition."""
    return _step(request, viewer, number, lambda session, by: withdraw_entry(session, by, number))


def _list(request: Request, viewer: Viewer, status: int = 200, complaint: str | None = None) -> Response:
    house = house_of(request)
    with house.reading() as session:
        listed = [
            each for each in competitions(session, house.now_wall_s()) if _reaches(session, viewer, each)
        ]
        to_run = viewer.showrooms(session, "run_competitions")
        session.expunge_all()
    today = datetime.fromtimestamp(
        house.now_wall_s(), ZoneInfo(to_run[0].timezone if to_run else "UTC")
    ).date()
    return show(
        request,
        "competitions.html.j2",
        status,
        listed=listed,
        complaint=complaint,
        first_day=today + timedelta(days=7),
        last_day=today + timedelta(days=34),
        **_choices(to_run),
    )


def _one(
    request: Request, viewer: Viewer, number: int, status: int = 200, complaint: str | None = None
) -> Response:
    house = house_of(request)
    with house.reading() as session:
        found = _within_reach(house, session, viewer, number)
        runs = _runs(session, viewer, found)
        own = person_of(session, viewer.account.id) if viewer.may("see_own_day") else None
        places = competing_showrooms(session, found.rules)
        entrants = _shown(session, found, places, own, runs=runs)
        own_entry = any(
            each.person == own and each.withdrawn_wall_s is None for each in entries_of(session, number)
        )
        entered = len(names_in(session, number))
        names = {each.id: each.name for each in accounts(session)}
        to_run = viewer.showrooms(session, "run_competitions")
        session.expunge_all()
    outcome = found.outcome
    if outcome is not None and runs and found.rules.between == "people":
        note_looks(house, viewer.account.actor, "read competition", [f"competition {number}"])
    return show(
        request,
        "competition.html.j2",
        status,
        found=found,
        rules=found.rules,
        outcome=outcome,
        holds=outcome is not None
        and reckoned_again(found.rules, found.row.outcome or "") == found.row.outcome,
        entrants=entrants,
        runs=runs,
        own=own,
        own_entry=own_entry,
        entered=entered,
        names=names,
        zone=places[0].timezone if places else "UTC",
        complaint=complaint,
        **_choices(to_run),
    )


def _choices(to_run: tuple[Showroom, ...]) -> dict[str, object]:
    return {
        "to_run": to_run,
        "companies": sorted({each.company for each in to_run}),
        "elements": ELEMENTS,
        "betweens": BETWEEN,
        "ties": TIES,
        "most_elements": MOST_ELEMENTS,
        "usual_n": USUAL_N,
        "small": SMALL_SAMPLE,
    }


def _shown(
    session: Session, found: Competition, places: tuple[Showroom, ...], own: str | None, *, runs: bool
) -> list[ShownEntrant]:
    """The lines that somebody may read: of people all to who runs the competition, and to everybody else their own."""
    outcome = found.outcome
    if outcome is None:
        return []
    if found.rules.between == "people":
        in_it = names_in(session, found.row.id)
        called = {who: row.person for who, row in in_it.items() if runs or row.person == own}
    else:
        called = {f"showroom {each.id}": each.name for each in places}
        called |= {each.who: each.who for each in outcome.entrants if each.who not in called}
    lines = [
        ShownEntrant(called[each.who], each, each.who in outcome.winners)
        for each in outcome.entrants
        if each.who in called
    ]
    return sorted(
        lines,
        key=lambda each: (
            (each.entrant.place.rank_low, each.entrant.place.rank_high) if each.entrant.place else (10**6, 0),
            each.name,
        ),
    )


def _within_reach(house: House, session: Session, viewer: Viewer, number: int) -> Competition:
    try:
        found = competition(session, number, house.now_wall_s())
    except CompetitionStepError:
        raise HTTPException(404) from None
    if not _reaches(session, viewer, found):
        raise HTTPException(404)
    return found


def _reaches(session: Session, viewer: Viewer, found: Competition) -> bool:
    if found.state == "draft" or (found.state == "called_off" and found.row.announced_wall_s is None):
        return _runs(session, viewer, found)
    within = {each.id for each in viewer.showrooms(session, "see_competitions")}
    return any(each.id in within for each in competing_showrooms(session, found.rules))


def _runs(session: Session, viewer: Viewer, found: Competition) -> bool:
    """Whether somebody runs competitions in every showroom of this one."""
    within = {each.id for each in viewer.showrooms(session, "run_competitions")}
    places = competing_showrooms(session, found.rules)
    return bool(places) and all(each.id in within for each in places)


def _step(request: Request, viewer: Viewer, number: int, step: Callable[[Session, Taking], None]) -> Response:
    house = house_of(request)
    try:
        with house.writing() as session:
            found = _within_reach(house, session, viewer, number)
            if viewer.right == "run_competitions" and not _runs(session, viewer, found):
                raise HTTPException(404)
            step(session, _taking(house, session, viewer))
    except (CompetitionStepError, BadRulesError) as error:
        return _one(request, viewer, number, 422, told(request, error))
    return go_to(f"/competitions/{number}")


def _taking(house: House, session: Session, viewer: Viewer) -> Taking:
    return Taking(viewer.account.id, house.now_wall_s(), house.standards(session))


def _rules_of_form(session: Session, viewer: Viewer, form: Mapping[str, str]) -> CompetitionRules:
    """The rules that a form asks for.

    Raises:
        BadRulesError: A field holds something that cannot be.
    """

    def read(name: str) -> str:
        return form.get(name, "").strip()

    places = viewer.showrooms(session, "run_competitions")
    scope = read("scope")
    place = next((each for each in places if f"showroom {each.id}" == scope), None)
    company = next((each.company for each in places if f"company {each.company}" == scope), None)
    if place is None and company is None:
        raise BadRulesError("choose a showroom or a company within your roles")
    chosen = {
        read(f"element_{number}"): read(f"weight_{number}") or "1"
        for number in range(1, MOST_ELEMENTS + 1)
        if read(f"element_{number}")
    }
    try:
        return CompetitionRules.model_validate(
            {
                "between": read("between"),
                "company": place.company if place else company,
                "showroom": place.name if place else "",
                "weights": chosen,
                "first_day": read("first_day"),
                "last_day": read("last_day"),
                "least_n": read("least_n"),
                "ties": read("ties"),
                "seed": new_seed(),
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRulesError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
