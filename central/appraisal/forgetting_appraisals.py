"""Deletes appraisals: of whoever is erased, and those that are older than it is kept who was on duty."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from central.appraisal.appraisal_rows import AppraisalRemarkRow, AppraisalRow, ContestClaimRow
from central.showrooms.profile_decisions import ProfilesInForce, decisions


def forget_appraisals(session: Session, numbers: Sequence[int]) -> None:
    """Delete appraisals with what was said of them and contested; what a contest excluded stays out of every figure, and names nobody."""
    for table in (ContestClaimRow, AppraisalRemarkRow):
        session.execute(delete(table).where(table.appraisal.in_(numbers)))
    session.execute(delete(AppraisalRow).where(AppraisalRow.id.in_(numbers)))


def forget_old_appraisals(session: Session, names_days: int | None, now_wall_s: float) -> int:
    """Delete the appraisals of periods that ended before it is kept who was on duty; returns how many.

    An appraisal tells who was on duty: it is kept no longer than that is, by the settings and by the profile of the showroom, whichever ends first.

    Args:
        session: Its transaction deletes them.
        names_days: Of the settings; None where they set none.
        now_wall_s: The present, as Unix time.
    """
    held = ProfilesInForce(decisions(session))
    today = datetime.fromtimestamp(now_wall_s, UTC).date()
    old = []
    for number, showroom_id, last_day in session.execute(
        select(AppraisalRow.id, AppraisalRow.showroom_id, AppraisalRow.last_day)
    ):
        limits = [names_days, held.at(showroom_id, now_wall_s).names_days]
        days = min((each for each in limits if each is not None), default=None)
        if days is not None and last_day < today - timedelta(days=days):
            old.append(number)
    forget_appraisals(session, old)
    return len(old)
