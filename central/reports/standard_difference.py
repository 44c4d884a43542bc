"""What differs between two standards, clause by clause and number by number, in the reader's words."""

from dataclasses import dataclass

from central.reports.language import gettext, later
from central.reports.wording import REACTIONS, asked, clause_title
from protocol.standard import CLAUSES, Standard, limits_of


@dataclass(frozen=True, slots=True)
class StandardLine:
    """One thing that two standards say."""

    what: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether they say it differently."""
        return self.before != self.after


BESIDE_CLAUSES = (
    ("near", "approach_m", later("A visit begins at"), "m"),
    ("near", "leave_m", later("A visit ends at"), "m"),
    ("near", "dwell_s", later("Standing that makes a visit"), "s"),
    ("respond", "counts", later("What counts as a reaction"), ""),
    ("smile", "practice_hold_s", later("Practice before the mirror"), "s"),
    ("phone", "counting", later("Which rings count"), ""),
    ("phone", "seconds_per_ring", later("Ringing without a pause: one ring for each"), "s"),
    ("reply", "within_h", later("Messages replied to within"), "h"),
    ("reply", "hours", later("Hours that count for it"), ""),
)
"""What a standard says beside its clauses: table and key, its words, and the unit of a number."""

CHOICES = {
    "begun": later("the one in progress at the pick-up too"),
    "completed": later("only rings that have ended"),
    "calendar": later("all hours"),
    "business": later("hours of business"),
    **REACTIONS,
}

MEASURED_BY = (("near", "approach_m"), ("near", "leave_m"), ("near", "dwell_s"))
"""By which the desk decides what a visit is at all: past visits were measured under others, and cannot be judged anew by these."""


def standard_lines(before: Standard, after: Standard) -> tuple[StandardLine, ...]:
    """Everything that the two say, in the order of the standard, whether it differs or not."""
    clauses = (
        StandardLine(
            clause_title(clause),
            asked(clause, limits_of(before, clause)),
            asked(clause, limits_of(after, clause)),
        )
        for clause in CLAUSES
    )
    beside = (
        StandardLine(gettext(words), _said(before, table, key, unit), _said(after, table, key, unit))
        for table, key, words, unit in BESIDE_CLAUSES
    )
    return (*clauses, *beside)


def changes_what_a_visit_is(before: Standard, after: Standard) -> bool:
    """Whether desks would begin and end visits elsewhere: then past visits tell less."""
    return any(
        getattr(getattr(before, table), key) != getattr(getattr(after, table), key)
        for table, key in MEASURED_BY
    )


def _said(standard: Standard, table: str, key: str, unit: str) -> str:
    value = getattr(getattr(standard, table), key)
    if isinstance(value, tuple):
        return ", ".join(gettext(CHOICES[each]) for each in sorted(value))
    if isinstance(value, str):
        return gettext(CHOICES[value])
    return f"{value:g} {unit}"
