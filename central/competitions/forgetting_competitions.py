"""Takes people out of competitions: whoever is erased, and everybody once it is kept no longer who was on duty."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.competitions.competition_counting import competing_showrooms
from central.competitions.competition_rows import CompetitionEntryRow
from central.competitions.competition_steps import competitions
from central.showrooms.profile_decisions import ProfilesInForce, decisions


def entries_of_person(session: Session, person: str) -> tuple[CompetitionEntryRow, ...]:
    """The competitions that somebody entered."""
    chosen = select(CompetitionEntryRow).where(CompetitionEntryRow.person == person)
    return tuple(session.scalars(chosen.order_by(CompetitionEntryRow.id)))


def forget_entries(rows: Iterable[CompetitionEntryRow], name: str, now_wall_s: float) -> None:
    """Let entries name nobody; the outcomes, in which their numbers stand, stay as they were hashed."""
    for row in rows:
        row.person = name
        if row.withdrawn_wall_s is None:
            row.withdrawn_wall_s = now_wall_s


def forget_old_entries(session: Session, names_days: int | None, now_wall_s: float) -> int:
    """Let the entries of competitions that ended before it is kept who was on duty name nobody; returns how many.

    Args:
        session: Its transaction changes them.
        names_days: Of the settings; None where they set none.
        now_wall_s: The present, as Unix time.
    """
    held = ProfilesInForce(decisions(session))
    today = datetime.fromtimestamp(now_wall_s, UTC).date()
    forgotten = 0
    for each in competitions(session, now_wall_s):
        places = competing_showrooms(session, each.rules)
        limits = [names_days, *(held.at(place.id, now_wall_s).names_days for place in places)]
        days = min((limit for limit in limits if limit is not None), default=None)
        if days is None or each.rules.last_day >= today - timedelta(days=days):
            continue
        chosen = select(CompetitionEntryRow).where(
            CompetitionEntryRow.competition == each.row.id, CompetitionEntryRow.person.not_like("forgotten-%")
        )
        for row in session.scalars(chosen):
            forget_entries((row,), f"forgotten-{row.id}", now_wall_s)
            forgotten += 1
    return forgotten
