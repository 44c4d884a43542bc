"""Deletes, while the service runs, what is kept about people no longer than who was on duty: appraisals, and entries of competitions."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from central.appraisal.forgetting_appraisals import forget_old_appraisals
from central.competitions.forgetting_competitions import forget_old_entries
from central.database.engine import UnusableDatabaseError, in_words, open_for_writing
from central.settings import CentralSettings

log = logging.getLogger(__name__)

LOOK_S = 3600.0
"""Between two looks: time limits are days."""
STOP_S = 10.0
"""Longest wait for what is being deleted."""


@contextmanager
def ageing_of_people(settings: CentralSettings) -> Iterator[None]:
    """What is too old is deleted for as long as the context lasts.

    Raises:
        UnusableDatabaseError: The database cannot be used.
    """
    engine = open_for_writing(settings.database.used_url)
    stopping = threading.Event()
    thread = threading.Thread(target=_run, args=(engine, settings, stopping), name="ageing", daemon=True)
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
                forget_old_entries(session, settings.retention.names_days, time.time())
        except (SQLAlchemyError, UnusableDatabaseError) as error:
            words = in_words(error) if isinstance(error, SQLAlchemyError) else str(error)
            log.warning("what is too old about people is not deleted: %s", words)
        stopping.wait(LOOK_S)
