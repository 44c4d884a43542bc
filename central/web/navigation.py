"""The pages in groups, as the bar at the top of every page shows them: a row of groups, below it the pages of the group one is in."""

from collections.abc import Iterable
from dataclasses import dataclass

from central.accounts.roles import Grant, Right, may
from central.reports.language import later


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the bar."""

    right: Right
    """Whoever has it anywhere sees the page."""
    to: str
    words: str
    """In English; put into the reader's language where it is shown."""
    also: tuple[str, ...] = ()
    """Where other pages begin that belong to this one."""

    def holds(self, path: str) -> bool:
        """Whether a page is this one, or one below it."""
        return any(path == each or path.startswith(f"{each}/") for each in (self.to, *self.also))


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that one goes between."""

    words: str
    entries: tuple[Entry, ...]

    def current(self, path: str) -> bool:
        """Whether a page is in this group."""
        return any(each.holds(path) for each in self.entries)


GROUPS = (
    Group(
        later("My work"),
        (
            Entry("see_own_day", "/my-day", later("My day")),
            Entry("see_own_day", "/my-appraisals", later("My appraisals")),
        ),
    ),
    Group(
        later("Visits"),
        (
            Entry("see_showroom", "/today", later("Today"), ("/visits",)),
            Entry("see_showroom", "/month", later("Month")),
            Entry("see_visits", "/staffing", later("What it would take")),
        ),
    ),
    Group(
        later("Indicators"),
        (
            Entry("see_showroom", "/indicators", later("Indicators")),
            Entry("see_showroom", "/alerts", later("Alerts")),
            Entry("see_showroom", "/wall", later("Wall")),
            Entry("read_evaluations", "/evaluations", later("Evaluations")),
        ),
    ),
    Group(
        later("Standards"),
        (
            Entry("read_standards", "/standards", later("Standards"), ("/standard-draft",)),
            Entry("see_desks", "/desk-standards", later("Which desk runs what")),
        ),
    ),
    Group(
        later("Customers"),
        (
            Entry("see_showroom", "/replies", later("Replies")),
            Entry("read_promises", "/promises", later("Promises")),
            Entry("read_monitoring", "/monitoring", later("Monitoring")),
        ),
    ),
    Group(
        later("People"),
        (
            Entry("read_people", "/people", later("People")),
            Entry("read_appraisals", "/appraisals", later("Appraisals")),
            Entry("read_fairness", "/fairness", later("Fairness")),
            Entry("see_competitions", "/competitions", later("Competitions")),
            Entry("see_competitions", "/benchmarks", later("Benchmarks")),
            Entry("sign_exemptions", "/exemptions", later("Exemptions")),
        ),
    ),
    Group(
        later("Service"),
        (
            Entry("see_desks", "/desks", later("Desks")),
            Entry("decide_profiles", "/profiles", later("Profiles")),
            Entry("manage_accounts", "/accounts", later("Accounts")),
            Entry("read_audit", "/audit", later("Audit log")),
        ),
    ),
)
"""From what a host looks at every day to what an administrator looks at now and then."""


def groups_for(grants: Iterable[Grant]) -> tuple[Group, ...]:
    """The groups with the pages that these grants open; a group without any is left out."""
    held = tuple(grants)
    of_viewer = (Group(each.words, tuple(e for e in each.entries if may(held, e.right))) for each in GROUPS)
    return tuple(each for each in of_viewer if each.entries)
