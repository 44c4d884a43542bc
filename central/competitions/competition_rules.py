"""What is counted in a competition, between whom, from when to when, and how ties are decided: written down before it begins; pure."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from central.appraisal.frozen_text import canonical, digest_of_text
from central.statistics.ranking import DRAWS
from central.statistics.share import SMALL_SAMPLE
from protocol.errors import MendableError
from protocol.measurements import Message
from protocol.standard import CLAUSES

KEPT = "kept"
"""The element that is every clause at once: visits and calls in which no clause failed, among those of which it can be told."""
ELEMENTS = (KEPT, *(clause for clause in CLAUSES if clause.partition(".")[0] not in {"presence", "reply"}))
"""What can be counted: `KEPT`, and each clause that is held against a visit or a call."""
LONGEST_DAYS = 184
"""Of a competition: half a year."""

Between = Literal["people", "desks", "showrooms"]
BETWEEN: tuple[Between, ...] = ("people", "desks", "showrooms")
Ties = Literal["shared", "nobody"]
"""``shared``: all whom nobody can tell apart at the top win together. ``nobody``: then nobody wins."""
TIES: tuple[Ties, ...] = ("shared", "nobody")
CompetitionKind = Literal["individuals", "organisations", "element", "combination"]
"""The four kinds: who competes by all clauses at once, or which element or combination of them is competed in."""


class BadRulesError(MendableError):
    """A competition cannot have such rules; the text says why."""


class CompetitionRules(Message):
    """The rules of one competition."""

    between: Between
    company: str
    showroom: str
    """Empty: all of the company."""
    weights: Annotated[dict[str, Annotated[float, Field(gt=0, le=1000)]], Field(min_length=1)]
    """Of each element (`ELEMENTS`); only their proportions matter."""
    first_day: date
    last_day: date
    """Both included, by the clock of each showroom."""
    least_n: Annotated[int, Field(ge=SMALL_SAMPLE, le=100_000)]
    """Decided cases of every element, below which there is no place."""
    ties: Ties
    seed: Annotated[int, Field(ge=0, lt=2**32)]
    """Of the draws: chosen before anything is measured."""
    draws: int = DRAWS

    @property
    def kind(self) -> CompetitionKind:
        """Which of the four it is."""
        if len(self.weights) > 1:
            return "combination"
        if KEPT not in self.weights:
            return "element"
        return "individuals" if self.between == "people" else "organisations"

    @property
    def elements(self) -> tuple[str, ...]:
        """In the one order in which they are counted."""
        return tuple(each for each in ELEMENTS if each in self.weights)

    @property
    def text(self) -> str:
        """The rules as the one text that they have."""
        return canonical(self.model_dump(mode="json"))

    @property
    def sha256(self) -> str:
        """Of the text."""
        return digest_of_text(self.text)


def checked(rules: CompetitionRules) -> CompetitionRules:
    """The rules, if a competition can have them.

    Raises:
        BadRulesError: It cannot.
    """
    unknown = sorted(set(rules.weights) - set(ELEMENTS))
    if unknown:
        raise BadRulesError(f"{', '.join(unknown)} cannot be counted; there are: {', '.join(ELEMENTS)}")
    if not 1 <= (rules.last_day - rules.first_day).days + 1 <= LONGEST_DAYS:
        raise BadRulesError(f"a competition has its first day first, and {LONGEST_DAYS} days at most")
    if rules.between == "showrooms" and rules.showroom:
        raise BadRulesError("showrooms compete within a company: leave the showroom open")
    return rules


def rules_of(text: str) -> CompetitionRules:
    """The rules of a text that was kept."""
    return CompetitionRules.model_validate_json(text)


def came_to(outcomes: Mapping[str, str], element: str) -> bool | None:
    """Whether a visit or call met an element; None where that is not decided.

    Args:
        outcomes: Of each clause its letter (`central.verdicts.packing`).
        element: One of `ELEMENTS`.

    >>> came_to({"respond.within_s": "p", "smile.teeth": "i"}, KEPT), came_to({"respond.within_s": "i"}, "respond.within_s")
    (True, None)
    """
    letters = set(outcomes.values()) if element == KEPT else {outcomes.get(element)}
    if "f" in letters:
        return False
    return True if "p" in letters else None
