"""Forgets with time what the ingest service does not: appraisals, entries of competitions, the reasons of exclusions and exemptions, cases, and what others add to it."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Engine, delete, exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from central.appraisal.forgetting_appraisals import forget_old_appraisals
from central.competitions.forgetting_competitions import forget_old_entries
from central.crm.forgetting_cases import forget_old_cases
from central.database.engine import UnusableDatabaseError, in_words, open_for_writing
from central.desks.desk_faults import FaultRow
from central.desks.desk_profiles import profiles_of_desks
from central.ingest.fading import FADED
from central.people.exemptions import ExemptionEndRow, ExemptionRow
from central.people.shifts import ERASED
from central.records.event_row import EventRow
from central.records.exclusions import ExclusionRow
from central.records.query import DUTY
from central.settings import CentralSettings, Retention
from central.showrooms.premises import showrooms
from central.showrooms.profile_decisions import ProfilesInForce, decisions

log = logging.getLogger(__name__)

Forgetting = Callable[[Session, Retention, float], int]
"""Forgets what is too old at a Unix time, and returns how many rows it was."""

LOOK_S = 3600.0
"""Between two looks: time limits are days."""
STOP_S = 10.0
"""Longest wait for what is being deleted."""


def forget_with_time(session: Session, retention: Retention, now_wall_s: float) -> int:
    """Forget what is kept no longer, within the session's transaction; returns how many rows it was."""
    return (
        forget_old_appraisals(session, retention.names_days, now_wall_s)
        + forget_old_entries(session, retention.names_days, now_wall_s)
        + forget_old_exclusions(session, retention.names_days, now_wall_s)
        + forget_old_exemptions(session, retention.names_days, now_wall_s)
        + forget_old_cases(session, retention.cases_days, now_wall_s)
        + forget_old_faults(session, retention.events_days, now_wall_s)
    )


def forget_old_faults(session: Session, events_days: int | None, now_wall_s: float) -> int:
    """Delete what was to be mended at desks and was mended longer ago than measurements are kept; returns how much."""
    if events_days is None:
        return 0
    before_s = now_wall_s - timedelta(days=events_days).total_seconds()
    old = session.scalars(select(FaultRow.id).where(FaultRow.closed_wall_s < before_s)).all()
    session.execute(delete(FaultRow).where(FaultRow.id.in_(old)))
    return len(old)


def forget_old_exclusions(session: Session, names_days: int | None, now_wall_s: float) -> int:
    """Let exclusions forget why, once it is no longer kept who was on duty; the measurement stays out of every figure.

    Args:
        session: Its transaction changes them.
        names_days: Of the settings; None where they set none: then the profile of the showroom alone.
        now_wall_s: The present, as Unix time.
    """
    found = 0
    told = session.scalars(select(ExclusionRow).where(ExclusionRow.reason != FADED)).all()
    there = profiles_of_desks(session, {row.device for row in told})
    for row in told:
        days = _sooner(names_days, there.at(row.device, row.decided_wall_s).names_days)
        if _is_over(days, row.decided_wall_s, now_wall_s):
            row.reason = FADED
            found += 1
    session.flush()
    return found


def forget_old_exemptions(session: Session, names_days: int | None, now_wall_s: float) -> int:
    """Let exemptions that ended forget whose they were and why, once it is no longer kept anywhere who was on duty at that time.

    Until then a visit is judged by them. When at which desk a clause did not hold was kept as the names faded, and stays.

    Args:
        session: Its transaction changes them.
        names_days: Of the settings; None where they set none: then the longest of the profiles in force.
        now_wall_s: The present, as Unix time.
    """
    held = ProfilesInForce(decisions(session))
    limits = [held.at(place.id, now_wall_s).names_days for place in showrooms(session)]
    of_profiles = max((each for each in limits if each is not None), default=None)
    days = _sooner(names_days, None if None in limits else of_profiles)
    ended = session.execute(
        select(ExemptionRow, ExemptionEndRow.until_wall_s)
        .join(ExemptionEndRow, ExemptionEndRow.exemption == ExemptionRow.id)
        .where(ExemptionRow.person.not_like(f"{ERASED}%"))
    ).all()
    found = 0
    for row, until_s in ended:
        if _is_over(days, until_s, now_wall_s) and not _on_duty_before(session, row.person, until_s):
            row.person, row.reason, row.account = FADED, "", None
            found += 1
    session.flush()
    return found


def _on_duty_before(session: Session, person: str, wall_s: float) -> bool:
    """Whether a duty that began before a Unix time still has the name, as one that is not settled has."""
    named = EventRow.raw.contains(f'"person":{json.dumps(person, ensure_ascii=False)}', autoescape=True)
    asked = exists().where(EventRow.type == DUTY, EventRow.start_wall_s < wall_s, named)
    return bool(session.scalar(select(asked)))


def _sooner(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _is_over(days: int | None, since_s: float, now_wall_s: float) -> bool:
    return days is not None and since_s < now_wall_s - timedelta(days=days).total_seconds()


@contextmanager
def ageing(settings: CentralSettings, *more: Forgetting) -> Iterator[None]:
    """It is forgotten with time for as long as the context lasts.

    Args:
        settings: Of the service.
        more: What else is forgotten, of rooms above this one.

    Raises:
        UnusableDatabaseError: The database cannot be used.
    """
    engine = open_for_writing(settings.database.used_url)
    stopping = threading.Event()
    run = (engine, settings.retention, (forget_with_time, *more), stopping)
    thread = threading.Thread(target=_run, args=run, name="ageing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(STOP_S)
        engine.dispose()


def _run(
    engine: Engine, retention: Retention, steps: Sequence[Forgetting], stopping: threading.Event
) -> None:
    while not stopping.is_set():
        try:
            for step in steps:
                with Session(engine) as session, session.begin():
                    step(session, retention, time.time())
        except (SQLAlchemyError, UnusableDatabaseError) as error:
            words = in_words(error) if isinstance(error, SQLAlchemyError) else str(error)
            log.warning("what is no longer kept cannot be forgotten now: %s", words)
        stopping.wait(LOOK_S)
