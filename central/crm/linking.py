"""Pulls every ticket system of the settings beside the ingest service, each on a thread of its own: a slow one holds up nobody else."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from central.crm.asking import Asking
from central.crm.case_rows import CrmRow
from central.crm.pulled import TicketSystem
from central.crm.pulling import Pull, pull_safely
from central.crm.roundup import Roundup
from central.database.engine import open_for_writing
from central.settings import CentralSettings, TicketSystemLink

log = logging.getLogger(__name__)

PULL_EVERY_S = 60.0
"""A reply is due in hours; a webhook that is lost costs a minute."""
LOOK_S = 1.0
"""Between two looks whether a webhook said that something changed."""
STOP_S = 35.0
"""Longest wait for the answer that is being waited for (`central.crm.asking.PATIENCE_S`)."""


def ticket_system(link: TicketSystemLink) -> TicketSystem | None:
    """What is asked at a ticket system of the settings; None of one that sends its cases itself."""
    if link.url is None or link.kind == "given":
        return None
    asking = Asking(link.url, link.user, link.secret_file, {"accept": "application/json"})
    states = {each.name: each.means for each in link.states}
    return Roundup(asking, link.machines, link.place_field, states)


@contextmanager
def pulling_cases(settings: CentralSettings) -> Iterator[None]:
    """Cases are pulled for as long as the context lasts.

    Raises:
        UnusableDatabaseError: The database cannot be used.
    """
    pulled = [(link, system) for link in settings.crm if (system := ticket_system(link)) is not None]
    if not pulled:
        yield
        return
    engine = open_for_writing(settings.database.used_url)
    stopping = threading.Event()
    pulls = [Pull(engine, link.name, system, link.since_days) for link, system in pulled]
    threads = [
        threading.Thread(target=_run, args=(engine, each, stopping), name=f"crm {each.name}", daemon=True)
        for each in pulls
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(STOP_S)
        for each in pulls:
            each.close()
        engine.dispose()


def hint(session: Session, name: str, now_wall_s: float) -> bool:
    """Note that a ticket system said that something changed: it is pulled at once. Whether it is pulled at all."""
    row = session.scalar(select(CrmRow).where(CrmRow.name == name))
    if row is None:
        return False
    row.hinted_wall_s = now_wall_s
    return True


def _run(engine: Engine, pull: Pull, stopping: threading.Event) -> None:
    trouble: str | None = None
    while not stopping.is_set():
        began_wall_s, began_s = time.time(), time.monotonic()
        found = pull_safely(pull, began_wall_s, stopping.is_set)
        if found != trouble:
            if found is not None:
                log.warning("%s is not read, and is tried again every minute: %s", pull.name, found)
            else:
                log.info("%s is read again", pull.name)
            trouble = found
        while not stopping.wait(LOOK_S):
            if time.monotonic() - began_s >= PULL_EVERY_S or _hinted(engine, pull.name, began_wall_s):
                break


def _hinted(engine: Engine, name: str, since_wall_s: float) -> bool:
    try:
        with engine.connect() as connection:
            hinted = connection.scalar(select(CrmRow.hinted_wall_s).where(CrmRow.name == name))
    except SQLAlchemyError:
        return False
    return hinted is not None and hinted > since_wall_s
