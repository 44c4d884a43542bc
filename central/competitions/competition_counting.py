"""Counts what whoever competes came to, from the same verdicts as every other figure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from central.appraisal.gathering import DoneThere, Period, work_there
from central.competitions.competition_rules import CompetitionRules, came_to
from central.people.shifts import UNKNOWN
from central.showrooms.premises import Showroom, showrooms
from central.showrooms.profiles import TEAM_OF
from central.standards.in_force import StandardsInForce
from central.statistics.ranking import PairOfCounts


@dataclass(frozen=True, slots=True)
class CountedCompetition:
    """What there is to rank."""

    counts: dict[str, tuple[PairOfCounts, ...] | None]
    figures_shown: bool
    standards: tuple[str, ...]


def competing_showrooms(session: Session, rules: CompetitionRules) -> tuple[Showroom, ...]:
    """The showrooms in which a competition takes place."""
    return tuple(
        each
        for each in showrooms(session)
        if each.company == rules.company and rules.showroom in {"", each.name}
    )


def counted_competition(
    session: Session, rules: CompetitionRules, entries: Mapping[str, str], standards: StandardsInForce
) -> CountedCompetition:
    """Count what the rules ask for.

    Args:
        session: Where to read.
        rules: Of the competition.
        entries: Of people who entered and did not withdraw: their pseudonym, and what stands for it in the outcome.
        standards: What was in force.
    """
    done: list[tuple[Showroom, DoneThere]] = []
    labels: list[str] = []
    for place in competing_showrooms(session, rules):
        there = work_there(session, place, Period(rules.first_day, rules.last_day, place.timezone), standards)
        done += ((place, each) for each in there.done)
        labels += (rule.standard.label for rule in there.rules)
    held = tuple(dict.fromkeys(labels))
    if rules.between == "people":
        return CountedCompetition(
            _of_people(rules, entries, done), _nobody_is_told(rules, entries, done), held
        )
    groups: dict[str, list[DoneThere]] = defaultdict(list)
    for place, each in done:
        groups[each.desk.device if rules.between == "desks" else f"showroom {place.id}"].append(each)
    counts = {
        who: pairs_of(rules, some) if of_enough_people(rules.elements, some) else None
        for who, some in groups.items()
    }
    return CountedCompetition(counts, figures_shown=True, standards=held)


def pairs_of(rules: CompetitionRules, done: Iterable[DoneThere]) -> tuple[PairOfCounts, ...]:
    """Met and decided, of each element."""
    every = list(done)
    return tuple(pair_of(every, element) for element in rules.elements)


def pair_of(done: Iterable[DoneThere], element: str) -> PairOfCounts:
    """Met and decided of one element."""
    told = [met for each in done if (met := came_to(each.work.outcomes, element)) is not None]
    return sum(told), len(told)


def of_enough_people(elements: Iterable[str], done: Iterable[DoneThere]) -> bool:
    """Whether a figure is nobody's: many were on duty, or nobody ever signed in."""
    people = {each.person for each in done if _counts(elements, each)} - {UNKNOWN}
    return not people or len(people) >= TEAM_OF


def _counts(elements: Iterable[str], each: DoneThere) -> bool:
    return any(came_to(each.work.outcomes, element) is not None for element in elements)


def _of_people(
    rules: CompetitionRules, entries: Mapping[str, str], done: Iterable[tuple[Showroom, DoneThere]]
) -> dict[str, tuple[PairOfCounts, ...] | None]:
    own: dict[str, list[DoneThere]] = {person: [] for person in entries}
    for _, each in done:
        if each.person in own:
            own[each.person].append(each)
    return {entries[person]: pairs_of(rules, some) for person, some in own.items()}


def _nobody_is_told(
    rules: CompetitionRules, entries: Mapping[str, str], done: Iterable[tuple[Showroom, DoneThere]]
) -> bool:
    """Whether nobody's figure comes out of those of the entrants and of the whole showroom, which other pages show: of one or two others it does."""
    others: dict[int, set[str]] = defaultdict(set)
    for place, each in done:
        if each.person not in entries and each.person != UNKNOWN and _counts(rules.elements, each):
            others[place.id].add(each.person)
    return all(len(people) >= TEAM_OF for people in others.values())
