"""Of whom or what somebody may read indicators: desks, showrooms, regions and companies within reach, and people where the profile allows it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from central.accounts.roles import may_as, may_at
from central.desks.registry import RegisteredDesk, stays
from central.reports.indicator_cells import IndicatorScope, ScopeKind
from central.showrooms.profile_decisions import ProfilesInForce, decisions
from central.web.access import Viewer

KINDS: tuple[ScopeKind, ...] = ("showroom", "desk", "region", "company")


@dataclass(frozen=True, slots=True)
class OfferedScope:
    """A scope within somebody's reach."""

    key: str
    """As it stands in addresses: ``showroom:3``, ``desk:harbour-1``, ``person:3:wren``."""
    scope: IndicatorScope
    title: str
    """In words for people."""
    company: str

    @property
    def timezone(self) -> str:
        """By which its present day is told."""
        return self.scope.stays[0].timezone


def offered_scopes(session: Session, viewer: Viewer) -> tuple[OfferedScope, ...]:
    """Every scope that somebody's right reaches wholly, but for people: showrooms, then desks, regions and companies."""
    every, reached = stays(session), viewer.stays(session)
    found: list[OfferedScope] = []
    for kind in KINDS:
        groups: dict[str, list[RegisteredDesk]] = {}
        for stay in reached:
            key = _key(kind, stay)
            if key is not None:
                groups.setdefault(key, []).append(stay)
        for key, held in sorted(groups.items(), key=lambda each: _title(kind, each[1][0])):
            whole = [stay for stay in every if _key(kind, stay) == key]
            # Figures of a part of a company would be taken for those of the whole.
            if kind in {"region", "company"} and len(whole) != len(held):
                continue
            first = held[0]
            scope = IndicatorScope(kind, tuple(held))
            found.append(OfferedScope(key, scope, _title(kind, first), first.company))
    return tuple(found)


def scope_of(
    session: Session, viewer: Viewer, offered: tuple[OfferedScope, ...], key: str
) -> OfferedScope | None:
    """The scope of a key; the first one where none is named, and None where it is not within reach."""
    if not key:
        return offered[0] if offered else None
    kind, _, rest = key.partition(":")
    if kind != "person":
        return next((each for each in offered if each.key == key), None)
    number, _, person = rest.partition(":")
    showroom = next((each for each in offered if each.key == f"showroom:{number}"), None)
    if showroom is None or not person or not people_are_open(session, viewer, showroom):
        return None
    scope = IndicatorScope("person", showroom.scope.stays, person)
    return OfferedScope(key, scope, f"{person} · {showroom.title}", showroom.company)


def people_are_open(session: Session, viewer: Viewer, offered: OfferedScope) -> bool:
    """Whether somebody may read there what single people's visits came to: as one visit is read, and by name."""
    held = ProfilesInForce(decisions(session))
    if offered.scope.kind != "showroom":
        return False
    return all(_open_at(viewer, stay, held) for stay in offered.scope.stays)


def _open_at(viewer: Viewer, stay: RegisteredDesk, held: ProfilesInForce) -> bool:
    grants = viewer.account.grants
    readers = held.at(stay.showroom_id, float("inf")).visit_readers
    named = may_at(grants, "read_people", stay.company, stay.showroom)
    return named and may_as(grants, "see_visits", readers, stay.company, stay.showroom)


def _key(kind: ScopeKind, stay: RegisteredDesk) -> str | None:
    match kind:
        case "desk":
            return f"desk:{stay.device}"
        case "showroom":
            return None if stay.showroom_id is None else f"showroom:{stay.showroom_id}"
        case "region":
            return f"region:{stay.company}/{stay.region}" if stay.region else None
        case _:
            return f"company:{stay.company}" if stay.company else None


def _title(kind: ScopeKind, stay: RegisteredDesk) -> str:
    match kind:
        case "desk":
            return " · ".join(_said(stay.company, stay.showroom, stay.label or stay.device))
        case "showroom":
            return " · ".join(_said(stay.company, stay.showroom))
        case "region":
            return " · ".join(_said(stay.company, stay.region))
        case _:
            return stay.company


def _said(*parts: str) -> Iterator[str]:
    return (part for part in parts if part)
