"""Visits and calls as the API says them: with the verdicts that are kept, and in as few statements for many desks as for one."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from central.accounts.roles import may_as
from central.appraisal.appraisal_steps import contested_among
from central.desks.desk_profiles import profiles_of_desks
from central.desks.registry import RegisteredDesk, stays_of
from central.people.duty_roster import LOOKED_BACK_S, shifts_in
from central.people.exempt_stretches import exempt_at, exempt_in
from central.people.shifts import on_duty_at
from central.records.exclusions import excluded_among
from central.records.measured import Measured
from central.records.query import DeskStretch
from central.reports.profile_view import shown_visit
from central.scoring.scored import score_call, score_encounter
from central.scoring.verdict import Verdict
from central.standards.in_force import StandardsInForce
from central.verdicts.stored import kept_on
from central.web.api.api_access import Caller
from central.web.api.shapes import CallShape, VisitShape, verdict_shape
from central.web.api.utc_moments import moment
from protocol.measurements import Call, Encounter
from protocol.standard import Standard

TOGETHER_S = LOOKED_BACK_S
"""What began within so long of each other at a desk is looked up as one stretch: sign-ins are read from so long before each stretch anyway."""
_Judged = Measured[Encounter] | Measured[Call]


def shapes_for(
    session: Session, caller: Caller, rules: StandardsInForce, items: Sequence[Measured[Any]]
) -> list[VisitShape | CallShape]:
    """Those of some visits and calls that a caller may read one by one, with their verdicts, in the order given.

    Verdicts are read where they are kept. What has none yet is judged here; and so is a visit of which the profile of the showroom leaves out
    something that was measured, for what is kept was judged from all of it.

    Args:
        session: Where to read.
        caller: Who asks; the profile of the showroom says by which roles.
        rules: What was in force where and when.
        items: Encounters and calls.
    """
    devices = {_device(item) for item in items}
    places = stays_of(session, devices)
    there = profiles_of_desks(session, devices)
    chosen: list[tuple[_Judged, RegisteredDesk, Standard]] = []
    for item in items:
        place = next(each for each in places[_device(item)] if each.stood_at(item.wall_s))
        readers = there.at(place.device, item.wall_s).visit_readers
        if may_as(caller.account.grants, caller.right, readers, place.company, place.showroom):
            chosen.append((item, place, rules.at(place.showroom_id, item.wall_s).standard))
    kept = kept_on(session, [(item.id, standard) for item, _, standard in chosen])
    people = _people(session, [item for item, _, _ in chosen])
    names = [_name(item) for item, _, _ in chosen]
    excluded, contested = excluded_among(session, names), contested_among(session, names)
    shapes = []
    for item, place, standard in chosen:
        shown, verdicts = item, kept.get(item.id)
        if isinstance(item.data, Encounter):
            profile = there.at(place.device, item.wall_s)
            shown = shown_visit(item, profile)
            verdicts = verdicts if shown.data == item.data else None
        on_duty, exempt = people[item.id]
        marks = {"excluded": item.id in excluded, "contested": item.id in contested}
        judged = _verdicts(shown, standard, exempt, verdicts)
        shapes.append(_shape(shown, place, on_duty, standard, judged, marks))
    return shapes


def _people(session: Session, items: Sequence[Measured[Any]]) -> dict[str, tuple[str, Collection[str]]]:
    """Who was on duty when each began, and the clauses from which they are exempt."""
    together = [*_together(items)]
    stretches = [
        DeskStretch(_device(found[0]), found[0].wall_s, found[-1].wall_s + 1.0) for found in together
    ]
    rosters = shifts_in(session, stretches)
    exempt = exempt_in(session, stretches, rosters)
    return {
        item.id: (on_duty_at(shifts, item.wall_s), exempt_at(clauses, item.wall_s))
        for found, shifts, clauses in zip(together, rosters, exempt, strict=True)
        for item in found
    }


def _together(items: Sequence[Measured[Any]]) -> Iterator[list[Measured[Any]]]:
    """What is looked up as one stretch: of one desk, ascending."""
    by_device: dict[str, list[Measured[Any]]] = defaultdict(list)
    for item in sorted(items, key=lambda item: item.wall_s):
        by_device[_device(item)].append(item)
    for of_desk in by_device.values():
        found: list[Measured[Any]] = []
        for item in of_desk:
            if found and item.wall_s - found[-1].wall_s > TOGETHER_S:
                yield found
                found = []
            found.append(item)
        yield found


def _verdicts(
    item: _Judged, standard: Standard, exempt: Collection[str], kept: tuple[Verdict, ...] | None
) -> tuple[Verdict, ...]:
    if isinstance(item.data, Encounter):
        return score_encounter(item, standard, exempt, kept).verdicts
    return score_call(item, standard, exempt, kept).verdicts


def _shape(
    item: _Judged,
    place: RegisteredDesk,
    on_duty: str,
    standard: Standard,
    verdicts: Sequence[Verdict],
    marks: dict[str, bool],
) -> VisitShape | CallShape:
    data = item.data
    common: dict[str, Any] = {
        "id": item.id,
        "device": place.device,
        "company": place.company,
        "showroom": place.showroom,
        "began": moment(item.wall_s),
        "ended": moment(item.end_wall_s),
        "clock_was_set": item.synced,
        "on_duty": on_duty,
        "standard": standard.label,
        "verdicts": tuple(map(verdict_shape, verdicts)),
        "measurement": data,
        **marks,
    }
    if isinstance(data, Encounter):
        return VisitShape(
            **common, wait_s=data.wait_s, wait_ended_by=data.wait_ended_by, party_size=data.party_size
        )
    return CallShape(
        **common,
        line=data.line,
        outcome=data.outcome,
        rings_begun=data.rings_begun,
        answered_ring=data.answered_ring,
    )


def _name(item: Measured[Any]) -> tuple[str, str, int]:
    device, bootid, sequence = item.id.split("/")
    return device, bootid, int(sequence)


def _device(item: Measured[Any]) -> str:
    return item.id.split("/")[0]
