"""Fills in verdicts beside the ingest service, on a thread of its own: what the desks send is kept and acknowledged without waiting for it."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, exists, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from central.database.engine import UnusableDatabaseError, in_words, open_for_writing
from central.records.event_row import EventRow
from central.settings import CentralSettings
from central.verdicts.filling import fill
from central.verdicts.verdict_row import VerdictDueRow, VerdictProgressRow
from protocol.standards_folder import find_standard
from protocol.toml_file import BadFileError

log = logging.getLogger(__name__)

LOOK_S = 0.5
"""Between two looks for what has come: pages judge themselves what is younger."""
RULES_S = 30.0
"""Between two looks at what is in force and where desks stand: a page that is ahead of it judges what it needs itself."""
STOP_S = 10.0
"""Longest wait for the part that is being judged."""


@contextmanager
def keeping_verdicts(settings: CentralSettings) -> Iterator[None]:
    """Verdicts are made for as long as the context lasts.

    Raises:
        UnusableDatabaseError: The database cannot be used.
    """
    engine = open_for_writing(settings.database.used_url)
    stopping = threading.Event()
    thread = threading.Thread(target=_run, args=(engine, settings, stopping), name="verdicts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(STOP_S)
        engine.dispose()


def _run(engine: Engine, settings: CentralSettings, stopping: threading.Event) -> None:
    trouble: str | None = None
    look_through, rules_due_s = True, 0.0
    while not stopping.is_set():
        try:
            more = False
            if time.monotonic() >= rules_due_s or _has_work(engine):
                default = find_standard(settings.standards.default, settings.standards.folder)
                with Session(engine) as session, session.begin():
                    more = fill(session, default, look_through=look_through) > 0
                look_through, rules_due_s = False, time.monotonic() + RULES_S
            trouble = None
        except (SQLAlchemyError, BadFileError, UnusableDatabaseError) as error:
            words = in_words(error) if isinstance(error, SQLAlchemyError) else str(error)
            if trouble != (trouble := words):
                log.warning("verdicts are not kept, and pages are slower: %s", trouble)
            more, rules_due_s = False, time.monotonic() + RULES_S
        if not more:
            stopping.wait(LOOK_S)


def _has_work(engine: Engine) -> bool:
    with engine.connect() as connection:
        reached = connection.scalar(select(VerdictProgressRow.reached)) or 0
        latest = connection.scalar(select(func.max(EventRow.id))) or 0
        return latest > reached or bool(connection.scalar(select(exists().select_from(VerdictDueRow))))
