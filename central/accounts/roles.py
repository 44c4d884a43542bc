"""Roles, their rights, and the part of the house that a grant reaches: pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal[
    "host", "showroom_manager", "area_manager", "technician", "auditor", "works_council", "administrator"
]
ROLES: tuple[Role, ...] = get_args(Role)

Right = Literal[
    "log_in",
    "see_desks",
    "see_showroom",
    "see_visits",
    "read_standards",
    "write_standards",
    "approve_standards",
    "manage_accounts",
    "read_audit",
    "sign_exemptions",
    "read_registry",
    "write_registry",
    "read_people",
    "correct_duty",
    "decide_profiles",
    "see_own_day",
    "link_people",
    "write_appraisals",
    "read_appraisals",
    "decide_contests",
    "read_fairness",
    "read_promises",
    "write_promises",
    "publish_promises",
    "read_monitoring",
    "write_monitoring",
    "read_evaluations",
    "write_evaluations",
    "see_competitions",
    "run_competitions",
]
"""``log_in``: what any account may, such as changing its own password. ``see_showroom``: a day's figures and its times. ``see_visits``: one
visit with its verdicts, which tells of whoever was on duty. ``write_standards``: drafts, and what they would change of past figures. ``approve_standards``: what
another wrote, and where it comes into force. ``sign_exemptions``: from which clauses somebody is exempt, and the reasons of those that one signed oneself.
``read_registry``: companies, regions, showrooms, and which desk stood where. ``read_people``: pseudonyms, and what each worked as. ``correct_duty``: who was
on duty in truth. ``decide_profiles``: what may be measured of people in a showroom, which one proposes and another signs.
``see_own_day``: what was measured while oneself was on duty. ``link_people``: which account belongs to which person.
``write_appraisals``: drafts of people, and the signature under them. ``read_appraisals``: those that are signed. ``decide_contests``: whether a measurement that
somebody contests counts on. ``read_fairness``: what parts groups of desks, shifts and places, and how many appraisals stand where.
``read_promises``: what is promised to customers, what it was weighed against, and how often it was kept. ``write_promises``: drafts of them.
``publish_promises``: what another wrote, and that it is withdrawn. ``read_monitoring``: what was found of customers, market, competitors and the team.
``write_monitoring``: which sources there are, and what is noted of them.
``read_evaluations``: regular evaluations that are signed. ``write_evaluations``: drafts of them, what they recommend, and the signature.
``see_competitions``: their rules, what desks and showrooms came to, and desks whose practice
is described. ``run_competitions``: to draft, announce and close them, to describe a desk, and to read what people came to who entered."""

RIGHTS: dict[Role, frozenset[Right]] = {
    "host": frozenset({"see_competitions", "see_showroom", "read_standards", "see_own_day", "read_promises"}),
    "showroom_manager": frozenset(
        {
            "see_competitions",
            "run_competitions",
            "see_desks",
            "see_showroom",
            "see_visits",
            "read_standards",
            "write_standards",
            "read_registry",
            "read_people",
            "link_people",
            "correct_duty",
            "write_appraisals",
            "read_appraisals",
            "decide_contests",
            "read_fairness",
            "read_promises",
            "write_promises",
            "read_monitoring",
            "write_monitoring",
            "read_evaluations",
            "write_evaluations",
        }
    ),
    "area_manager": frozenset(
        {
            "see_competitions",
            "run_competitions",
            "see_desks",
            "see_showroom",
            "see_visits",
            "read_standards",
            "write_standards",
            "approve_standards",
            "sign_exemptions",
            "read_registry",
            "read_people",
            "link_people",
            "correct_duty",
            "decide_profiles",
            "read_appraisals",
            "decide_contests",
            "read_fairness",
            "read_promises",
            "write_promises",
            "read_evaluations",
            "write_evaluations",
            "publish_promises",
            "read_monitoring",
            "write_monitoring",
        }
    ),
    "technician": frozenset({"see_desks", "read_standards", "read_registry"}),
    "auditor": frozenset(
        {
            "see_competitions",
            "read_standards",
            "read_audit",
            "read_fairness",
            "read_promises",
            "read_evaluations",
        }
    ),
    "works_council": frozenset(
        {
            "see_competitions",
            "read_standards",
            "read_audit",
            "decide_profiles",
            "read_fairness",
            "read_promises",
            "read_evaluations",
        }
    ),
    "administrator": frozenset(
        {
            "see_desks",
            "read_standards",
            "manage_accounts",
            "read_registry",
            "write_registry",
            "read_people",
            "link_people",
            "decide_profiles",
        }
    ),
}
"""What each role may beyond `OF_ALL`. Whoever administers accounts sees no visit by that: another role is given for it, which the audit log tells."""

OF_ALL: frozenset[Right] = frozenset({"log_in"})
"""What every account may, one without any role too."""

WHOLE_HOUSE: frozenset[Role] = frozenset({"auditor", "works_council", "administrator"})
"""Roles that are given for everything or not at all: accounts and the audit log are of no one showroom."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The desks that a grant reaches: all, those of a company, or those of one showroom of it."""

    company: str = ""
    showroom: str = ""

    def covers(self, company: str, showroom: str) -> bool:
        """Whether a desk that stands there is within.

        >>> Scope("North").covers("North", "Harbour"), Scope("North", "Harbour").covers("North", "Market")
        (True, False)
        """
        return self.company in {"", company} and self.showroom in {"", showroom}

    def and_also(self, other: "Scope") -> "Scope | None":
        """What lies within both; None where nothing does.

        >>> Scope("North").and_also(Scope("North", "Harbour")), Scope("North").and_also(Scope("South"))
        (Scope(company='North', showroom='Harbour'), None)
        """
        company, showroom = self.company or other.company, self.showroom or other.showroom
        both = self.covers(company, showroom) and other.covers(company, showroom)
        return Scope(company, showroom) if both else None


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and the desks it is given for."""

    role: Role
    scope: Scope = EVERYTHING


def may(grants: Iterable[Grant], right: Right) -> bool:
    """Whether a right is everybody's, or any of the grants gives it, wherever it reaches."""
    return right in OF_ALL or any(right in RIGHTS[grant.role] for grant in grants)


def may_at(grants: Iterable[Grant], right: Right, company: str, showroom: str) -> bool:
    """Whether any of the grants gives a right over a desk that stands there."""
    return any(right in RIGHTS[grant.role] and grant.scope.covers(company, showroom) for grant in grants)


def may_for_company(grants: Iterable[Grant], right: Right, company: str | None) -> bool:
    """Whether any of the grants gives a right over what belongs to a company as a whole, or, of None, to every company.

    >>> north = [Grant("area_manager", Scope("North", "Harbour"))]
    >>> [may_for_company(north, "approve_standards", whose) for whose in ("North", "South", None)]
    [True, False, False]
    """
    return any(right in RIGHTS[grant.role] and grant.scope.company in {"", company} for grant in grants)


def narrowed(grants: Iterable[Grant], scope: Scope) -> tuple[Grant, ...]:
    """What grants give within a part of the house; those that reach nothing of it are left out."""
    cut = ((grant.role, grant.scope.and_also(scope)) for grant in grants)
    return tuple(Grant(role, within) for role, within in cut if within is not None)


def may_as(
    grants: Iterable[Grant], right: Right, roles: Collection[str], company: str, showroom: str
) -> bool:
    """Whether any of the grants gives a right over a desk that stands there, in one of these roles."""
    return may_at([grant for grant in grants if grant.role in roles], right, company, showroom)


def why_not(grant: Grant) -> str | None:
    """Why such a grant cannot be given, in words; None of one that can."""
    if grant.scope.showroom and not grant.scope.company:
        return "a showroom is named together with its company"
    if grant.role in WHOLE_HOUSE and grant.scope != EVERYTHING:
        return "this role is given for everything, or not at all"
    return None
