"""A day at a desk as the profile of its showroom lets it be shown, from the verdicts that are kept."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from central.people.exempt_stretches import who_is_exempt
from central.people.shifts import UNKNOWN, Shift, on_duty_at
from central.records.day import Day
from central.records.measured import Measured
from central.records.query import measured_between
from central.reports.profile_view import day_as_shown
from central.showrooms.profiles import ShowroomProfile
from central.statistics.desk_day import DeskDay, score_day
from central.verdicts.rules import RuledStay
from central.verdicts.stored import kept_verdicts
from protocol.measurements import Measurement


def scored_day(
    session: Session,
    held: RuledStay,
    day: Day,
    profile: ShowroomProfile | None,
    shifts: Sequence[Shift],
    *,
    named: bool,
) -> DeskDay | None:
    """A day under the standard that held; None when nothing was measured. What has no verdict yet is judged here.

    Args:
        session: Where to read.
        held: The desk, in its place under its standard.
        day: Which.
        profile: What it shows of one person, and of a team; None to show all that is kept.
        shifts: That touch the day: how many people make its figures.
        named: Whether each visit and call stands with who was on duty.

    Raises:
        UnusableDatabaseError: A stored event can no longer be read.
    """
    device, from_s, to_s = held.stay.device, day.start_s, day.end_s
    measured = measured_between(session, device, from_s, to_s)
    if not measured:
        return None
    exempt = who_is_exempt(session, device, from_s, to_s)
    kept = kept_verdicts(session, device, held.standard, from_s, to_s)
    whole = {item.id: item.data for item in measured}

    def on_duty(wall_s: float) -> str:
        return on_duty_at(shifts, wall_s) if named else UNKNOWN

    def score(items: Sequence[Measured[Measurement]]) -> DeskDay:
        # What is kept was judged from all that was measured, and says nothing of a visit of which a part is not shown.
        unchanged = {
            item.id: kept[item.id] for item in items if item.id in kept and item.data == whole[item.id]
        }
        return score_day(items, held.standard, day, on_duty, exempt, unchanged)

    if profile is None:
        return score(measured)
    return day_as_shown(score, measured, profile, {shift.person for shift in shifts})
