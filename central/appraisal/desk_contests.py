"""What hosts contested at the page of their desk becomes a contest of the appraisal that holds the visit."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.accounts.own_person import accounts_of_people
from central.appraisal.appraisal_rows import AppraisalRow, ContestClaimRow
from central.appraisal.reading_back import drawn_of
from central.audit.audit_log import note
from central.desks.registry import stays
from central.people.duty_roster import who_was_on_duty
from central.records.day import Day
from central.records.host_requests import HostContest, contests_between
from central.showrooms.premises import showrooms

LATEST_DAYS = 400
"""After the end of a period a touch at a desk's page can no longer mean a visit of it: a boot does not last so long, and the page shows a day."""
AROUND_S = 1.0
"""Who was on duty at a touch is looked up in a stretch this long before and after it."""


@dataclass(frozen=True, slots=True)
class ContestedDay:
    """That the numbers of a whole day were contested at a desk's page: nothing is excluded by that, whoever decides asks for the visits."""

    request: str
    device: str
    wall_s: float


def adopt_desk_contests(session: Session, row: AppraisalRow, now_wall_s: float) -> int:
    """Make a contest of each visit in an appraisal that the person contested at their desk's page; returns how many were new.

    A visit that was contested already, in any version or any other appraisal, is not contested a second time by the same touch once it was decided.

    Args:
        session: Its transaction takes them.
        row: The appraisal.
        now_wall_s: The present, as Unix time.
    """
    if row.withdrawn_wall_s is not None:
        return 0
    known = {each.measurement for each in _claims(session, ContestClaimRow.appraisal == row.id)}
    named = {
        "/".join(map(str, each.visit)): (each, each.visit)
        for each in _made_by(session, row, now_wall_s)
        if each.visit is not None and not _decided(session, each.request)
    }
    if named.keys() <= known:
        return 0
    held = {each.measurement for each in drawn_of(row.figures).work}
    new = [(name, *named[name]) for name in named if name in held - known]
    for name, each, (device, bootid, sequence) in new:
        claim = ContestClaimRow(
            appraisal=row.id,
            device=device,
            bootid=bootid,
            sequence=sequence,
            made_by=accounts_of_people(session).get(row.person),
            made_wall_s=each.wall_s,
            said="",
            request=each.request,
        )
        session.add(claim)
        session.flush()
        note(session, now_wall_s, device, "measurement contested", f"contest {claim.id}", name)
    return len(new)


def contested_days(session: Session, row: AppraisalRow, now_wall_s: float) -> tuple[ContestedDay, ...]:
    """When the person contested the numbers of a day of the period at a desk's page, ascending."""
    first_s, last_s = _period_s(session, row)
    return tuple(
        ContestedDay(each.request, each.device, each.wall_s)
        for each in _made_by(session, row, now_wall_s)
        if each.whole_day and first_s <= each.wall_s < last_s
    )


def _made_by(session: Session, row: AppraisalRow, now_wall_s: float) -> Iterable[HostContest]:
    """What the person of an appraisal contested at the desks of its showroom, from the first day of the period on."""
    first_s, last_s = _period_s(session, row)
    devices = [each.device for each in stays(session) if each.showroom_id == row.showroom_id]
    until_s = min(now_wall_s + AROUND_S, last_s + LATEST_DAYS * 86400.0)
    for each in contests_between(session, devices, first_s, until_s):
        on_duty = who_was_on_duty(session, each.device, each.wall_s - AROUND_S, each.wall_s + AROUND_S)
        if on_duty(each.wall_s) == row.person:
            yield each


def _period_s(session: Session, row: AppraisalRow) -> tuple[float, float]:
    zone = next(each.timezone for each in showrooms(session) if each.id == row.showroom_id)
    return Day(row.first_day, zone).start_s, Day(row.last_day, zone).end_s


def _decided(session: Session, request: str) -> bool:
    return any(each.outcome is not None for each in _claims(session, ContestClaimRow.request == request))


def _claims(session: Session, condition: object) -> tuple[ContestClaimRow, ...]:
    return tuple(session.scalars(select(ContestClaimRow).where(condition)))  # type: ignore[arg-type]
