"""What a competition came to: counts, places with their intervals and who won, as one text that is reckoned again byte for byte; pure."""

from collections.abc import Mapping
from typing import Literal

from central.appraisal.frozen_text import canonical
from central.competitions.competition_rules import CompetitionRules
from central.statistics.ranking import PairOfCounts, placed, winners
from protocol.measurements import Message

OUTCOME_FORMAT = 1
"""Raised with every change by which the same counts give another text."""
WhyNoPlace = Literal["too_few", "few_people"]
"""``too_few``: fewer decided cases than the rules ask for. ``few_people``: the figures would be those of one or two people, who did not enter."""


class EntrantPlace(Message):
    """Where somebody stands."""

    score: float
    low: float
    high: float
    """95-percent interval of the score."""
    rank_low: int
    rank_high: int
    """95-percent interval of the rank."""
    best: float
    """How likely it is that nobody is better."""


class Entrant(Message):
    """One who competed."""

    who: str
    """``entry 12`` of a person, by the number of their entry; the name of a desk, or the number of a showroom."""
    counts: tuple[PairOfCounts, ...]
    """Of each element the cases met and decided; empty where they are not kept."""
    place: EntrantPlace | None = None
    why_not: WhyNoPlace | None = None


class CompetitionOutcome(Message):
    """What a competition came to."""

    format: int = OUTCOME_FORMAT
    rules: str
    """SHA-256 of the rules."""
    scoring: int
    standards: tuple[str, ...]
    """That held in the period."""
    figures_shown: bool
    """Whether counts and scores may be shown: not where, with the figures of a showroom, they would tell of one or two people who did not enter."""
    entrants: tuple[Entrant, ...]
    winners: tuple[str, ...]
    level: tuple[str, ...]
    """Whom nobody can tell apart at the top: one who won alone, or several."""

    @property
    def text(self) -> str:
        """As the one text that it has."""
        return canonical(self.model_dump(mode="json"))


def outcome_of(
    rules: CompetitionRules,
    counts: Mapping[str, tuple[PairOfCounts, ...] | None],
    *,
    scoring: int,
    standards: tuple[str, ...],
    figures_shown: bool,
) -> CompetitionOutcome:
    """Rank whoever has enough cases; the order in which they are given does not matter.

    Args:
        rules: Of the competition.
        counts: Of each entrant, of each element in the order of the rules; None where they are not to be kept.
        scoring: Version by which cases were decided.
        standards: That held.
        figures_shown: See `CompetitionOutcome`.
    """
    ranked = [
        who
        for who in sorted(counts)
        if (of := counts[who]) is not None and all(whole >= rules.least_n for _, whole in of)
    ]
    found: dict[str, EntrantPlace] = {}
    level: tuple[str, ...] = ()
    if ranked:
        weights = [rules.weights[each] for each in rules.elements]
        places = placed([counts[who] or () for who in ranked], weights, rules.seed, rules.draws)
        found = {
            who: EntrantPlace(
                score=round(each.score, 6),
                low=round(each.low, 6),
                high=round(each.high, 6),
                rank_low=each.rank_low,
                rank_high=each.rank_high,
                best=round(each.best, 6),
            )
            for who, each in zip(ranked, places, strict=True)
        }
        level = tuple(ranked[each] for each in winners(places))
    return CompetitionOutcome(
        rules=rules.sha256,
        scoring=scoring,
        standards=standards,
        figures_shown=figures_shown,
        entrants=tuple(_entrant(who, counts[who], found.get(who)) for who in sorted(counts)),
        winners=level if len(level) == 1 or rules.ties == "shared" else (),
        level=level,
    )


def _entrant(who: str, counts: tuple[PairOfCounts, ...] | None, place: EntrantPlace | None) -> Entrant:
    if counts is None:
        return Entrant(who=who, counts=(), why_not="few_people")
    return Entrant(who=who, counts=counts, place=place, why_not=None if place else "too_few")


def reckoned_again(rules: CompetitionRules, text: str) -> str:
    """The text that the counts of an outcome give under its rules: the same, byte for byte, where nobody changed it."""
    kept = CompetitionOutcome.model_validate_json(text)
    counts = {each.who: None if each.why_not == "few_people" else each.counts for each in kept.entrants}
    return outcome_of(
        rules,
        counts,
        scoring=kept.scoring,
        standards=kept.standards,
        figures_shown=kept.figures_shown,
    ).text
