"""The steps of a competition: drafted, announced before it begins, entered by whoever wants to, and closed once after it is over."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.accounts.own_person import person_of
from central.appraisal.appraisal_steps import Taking
from central.appraisal.frozen_text import digest_of_text
from central.audit.audit_log import note
from central.competitions.competition_counting import competing_showrooms, counted_competition
from central.competitions.competition_outcome import CompetitionOutcome, outcome_of
from central.competitions.competition_rows import CompetitionEntryRow, CompetitionRow, CompetitionRulesRow
from central.competitions.competition_rules import KEPT, CompetitionRules, checked, rules_of
from central.records.day import Day
from central.reports.profile_view import level_of_clause
from central.scoring.judging import SCORING_VERSION
from central.showrooms.premises import NAME_LIMIT
from central.showrooms.profile_decisions import ProfilesInForce, decisions
from protocol.errors import RefusalError

SEEDS = 2**32
"""From which that of a competition is drawn."""
CompetitionState = Literal["draft", "announced", "running", "over", "closed", "called_off"]
"""``over``: its last day has passed, and nobody closed it yet."""


class CompetitionStepError(RefusalError):
    """The step cannot be taken; the text says why."""


@dataclass(frozen=True, slots=True)
class Competition:
    """A competition with the rules that hold."""

    row: CompetitionRow
    rules: CompetitionRules
    version: int
    state: CompetitionState

    @property
    def outcome(self) -> CompetitionOutcome | None:
        """None before it is closed."""
        return None if self.row.outcome is None else CompetitionOutcome.model_validate_json(self.row.outcome)


def draft_competition(session: Session, by: Taking, title: str, rules: CompetitionRules) -> int:
    """Draft a competition; returns its number.

    Raises:
        CompetitionStepError: It has no title.
        BadRulesError: It cannot have such rules.
    """
    if not 0 < len(title.strip()) <= NAME_LIMIT:
        raise CompetitionStepError(
            "a competition has a title of up to {name_limit} letters", name_limit=NAME_LIMIT
        )
    row = CompetitionRow(title=title.strip(), made_by=by.account, made_wall_s=by.now_wall_s)
    session.add(row)
    session.flush()
    _keep_rules(session, by, row.id, 1, rules)
    _note(session, by, "competition drafted", row.id, checked(rules).sha256)
    return row.id


def new_seed() -> int:
    """A seed that nobody chose."""
    return secrets.randbelow(SEEDS)


def change_rules(session: Session, by: Taking, number: int, rules: CompetitionRules) -> None:
    """Give a draft another version of its rules.

    Raises:
        CompetitionStepError: It was announced: from then on its rules stay as they were read.
        BadRulesError: It cannot have such rules.
    """
    found = competition(session, number, by.now_wall_s)
    if found.state != "draft":
        raise CompetitionStepError("its rules were announced and stay: call it off, and draft another one")
    _keep_rules(session, by, number, found.version + 1, rules)
    _note(session, by, "competition rules changed", number, rules.sha256)


def announce(session: Session, by: Taking, number: int, seen_sha256: str) -> None:
    """Announce a competition: its rules are shown to everybody whom it is about, and stay.

    Args:
        session: Its transaction takes it.
        by: Who announces.
        number: Of the competition.
        seen_sha256: Of the rules that were read.

    Raises:
        CompetitionStepError: It is no draft, other rules were read, it has begun, or people may not be compared so.
    """
    found = competition(session, number, by.now_wall_s)
    if found.state != "draft":
        raise CompetitionStepError("it was announced already")
    if found.rules.sha256 != seen_sha256:
        raise CompetitionStepError("its rules were changed meanwhile: read them again before you announce it")
    places = competing_showrooms(session, found.rules)
    if not places:
        raise CompetitionStepError("there is no such showroom")
    if min(Day(found.rules.first_day, each.timezone).start_s for each in places) <= by.now_wall_s:
        raise CompetitionStepError("rules are shown before a competition begins: choose a later first day")
    if found.rules.between == "people":
        held = ProfilesInForce(decisions(session))
        for place, element in ((place, element) for place in places for element in found.rules.elements):
            profile = held.at(place.id, by.now_wall_s)
            if element != KEPT and level_of_clause(profile, element) != "person":
                raise CompetitionStepError(
                    "the profile of {place_name} shows no figure of one person for {element}: people cannot compete in it",
                    place_name=place.name,
                    element=element,
                )
    found.row.announced_by, found.row.announced_wall_s = by.account, by.now_wall_s
    session.flush()
    _note(session, by, "competition announced", number, found.rules.sha256)


def enter_competition(session: Session, by: Taking, number: int) -> None:
    """Enter a competition oneself.

    Raises:
        CompetitionStepError: It is not between people, or not open; or nobody has said whose the account is.
    """
    found = competition(session, number, by.now_wall_s)
    if found.rules.between != "people":
        raise CompetitionStepError("desks and showrooms compete here: nobody enters by themselves")
    if found.state != "announced":
        raise CompetitionStepError(
            "one enters after it is announced and before it begins: who enters later knows how well they did"
        )
    person = _own_person(session, by)
    row = _entry(session, number, person)
    if row is None:
        session.add(CompetitionEntryRow(competition=number, person=person, entered_wall_s=by.now_wall_s))
    elif row.withdrawn_wall_s is not None:
        row.entered_wall_s, row.withdrawn_wall_s = by.now_wall_s, None
    session.flush()
    _note(session, by, "competition entered", number)


def withdraw_entry(session: Session, by: Taking, number: int) -> None:
    """Withdraw from a competition: from then on one is shown in it no more, also after it is closed.

    Raises:
        CompetitionStepError: One did not enter.
    """
    row = _entry(session, number, _own_person(session, by))
    if row is None or row.withdrawn_wall_s is not None:
        raise CompetitionStepError("you are not in this competition")
    row.withdrawn_wall_s = by.now_wall_s
    session.flush()
    _note(session, by, "competition entry withdrawn", number)


def close_competition(session: Session, by: Taking, number: int) -> None:
    """Reckon a competition that is over, once.

    Raises:
        CompetitionStepError: It is not over, or was closed already.
    """
    found = competition(session, number, by.now_wall_s)
    if found.state != "over":
        raise CompetitionStepError("a competition is reckoned once, after its last day")
    text = reckoned_now(session, by, found).text
    found.row.outcome, found.row.outcome_sha256 = text, digest_of_text(text)
    found.row.closed_by, found.row.closed_wall_s = by.account, by.now_wall_s
    session.flush()
    _note(session, by, "competition closed", number, digest_of_text(text))


def reckoned_now(session: Session, by: Taking, found: Competition) -> CompetitionOutcome:
    """What the database gives for a competition now."""
    entries = {
        each.person: f"entry {each.id}"
        for each in entries_of(session, found.row.id)
        if each.withdrawn_wall_s is None
    }
    counted = counted_competition(session, found.rules, entries, by.standards)
    return outcome_of(
        found.rules,
        counted.counts,
        scoring=SCORING_VERSION,
        standards=counted.standards,
        figures_shown=counted.figures_shown,
    )


def call_off(session: Session, by: Taking, number: int) -> None:
    """Call a competition off.

    Raises:
        CompetitionStepError: It was closed or called off already.
    """
    found = competition(session, number, by.now_wall_s)
    if found.state in {"closed", "called_off"}:
        raise CompetitionStepError("it is closed already")
    found.row.called_off_by, found.row.called_off_wall_s = by.account, by.now_wall_s
    session.flush()
    _note(session, by, "competition called off", number)


def competition(session: Session, number: int, now_wall_s: float) -> Competition:
    """One competition.

    Raises:
        CompetitionStepError: There is none of this number.
    """
    for each in competitions(session, now_wall_s, (number,)):
        return each
    raise CompetitionStepError("there is no such competition")


def competitions(
    session: Session, now_wall_s: float, numbers: Sequence[int] | None = None
) -> tuple[Competition, ...]:
    """Every competition, latest first, or those of some numbers."""
    latest = (
        select(CompetitionRulesRow.competition, func.max(CompetitionRulesRow.version).label("version"))
        .group_by(CompetitionRulesRow.competition)
        .subquery()
    )
    chosen = (
        select(CompetitionRow, CompetitionRulesRow)
        .join(CompetitionRulesRow, CompetitionRulesRow.competition == CompetitionRow.id)
        .join(
            latest,
            (latest.c.competition == CompetitionRulesRow.competition)
            & (latest.c.version == CompetitionRulesRow.version),
        )
        .order_by(CompetitionRow.id.desc())
    )
    if numbers is not None:
        chosen = chosen.where(CompetitionRow.id.in_(numbers))
    found = []
    for row, held in session.execute(chosen):
        rules = rules_of(held.rules)
        zones = [each.timezone for each in competing_showrooms(session, rules)] or ["UTC"]
        found.append(Competition(row, rules, held.version, _state(row, rules, zones, now_wall_s)))
    return tuple(found)


def entries_of(session: Session, number: int) -> tuple[CompetitionEntryRow, ...]:
    """Who entered a competition, those who withdrew included, in the order in which they first did."""
    chosen = select(CompetitionEntryRow).where(CompetitionEntryRow.competition == number)
    return tuple(session.scalars(chosen.order_by(CompetitionEntryRow.id)))


def names_in(session: Session, number: int) -> Mapping[str, CompetitionEntryRow]:
    """What stands in the outcome for each person who is in a competition still."""
    return {f"entry {each.id}": each for each in entries_of(session, number) if each.withdrawn_wall_s is None}


def _state(
    row: CompetitionRow, rules: CompetitionRules, zones: Sequence[str], now_wall_s: float
) -> CompetitionState:
    if row.called_off_wall_s is not None:
        return "called_off"
    if row.outcome is not None:
        return "closed"
    if row.announced_wall_s is None:
        return "draft"
    today = [datetime.fromtimestamp(now_wall_s, ZoneInfo(zone)).date() for zone in zones]
    if all(day > rules.last_day for day in today):
        return "over"
    return "running" if any(day >= rules.first_day for day in today) else "announced"


def _keep_rules(session: Session, by: Taking, number: int, version: int, rules: CompetitionRules) -> None:
    text = checked(rules).text
    session.add(
        CompetitionRulesRow(
            competition=number,
            version=version,
            rules=text,
            sha256=digest_of_text(text),
            made_by=by.account,
            made_wall_s=by.now_wall_s,
        )
    )
    session.flush()


def _own_person(session: Session, by: Taking) -> str:
    person = person_of(session, by.account)
    if person is None:
        raise CompetitionStepError(
            "nobody has said yet which person this account belongs to: whoever manages people does"
        )
    return person


def _entry(session: Session, number: int, person: str) -> CompetitionEntryRow | None:
    return session.scalar(
        select(CompetitionEntryRow).where(
            CompetitionEntryRow.competition == number, CompetitionEntryRow.person == person
        )
    )


def _note(session: Session, by: Taking, action: str, number: int, detail: str = "") -> None:
    note(session, by.now_wall_s, f"account {by.account}", action, f"competition {number}", detail)
