"""Deletes appraisals: of whoever is erased, and those that are older than it is kept who was on duty."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from central.appraisal.appraisal_rows import AppraisalRemarkRow, AppraisalRow, ContestClaimRow
from central.database.engine import UnusableDatabaseError, in_words, open_for_writing
from central.settings import CentralSettings
from central.showrooms.profile_decisions import ProfilesInForce, decisions

log = logging.getLogger(__name__)

LOOK_S = 3600.0
"""Between two looks: time limits are days."""
STOP_S = 10.0
"""Longest wait for what is being deleted."""


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


@contextmanager
def ageing_appraisals(settings: CentralSettings) -> Iterator[None]:
    """Old appraisals are deleted for as long as the context lasts.

    Raises:
        UnusableDatabaseError: The database cannot be used.
    """
    engine = open_for_writing(settings.database.used_url)
    stopping = threading.Event()
    thread = threading.Thread(target=_run, args=(engine, settings, stopping), name="appraisals", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(STOP_S)
        engine.dispose()


def _run(engine: Engine, settings: CentralSettings, stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            with Session(engine) as session, session.begin():
                forget_old_appraisals(session, settings.retention.names_days, time.time())
        except (SQLAlchemyError, UnusableDatabaseError) as error:
            words = in_words(error) if isinstance(error, SQLAlchemyError) else str(error)
            log.warning("old appraisals are not deleted: %s", words)
        stopping.wait(LOOK_S)
