"""Pulls every ticket system of the settings beside the ingest service, each on a thread of its own: a slow one holds up nobody else."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from central.crm.asking import Asking
from central.crm.pulled import TicketSystem
from central.crm.pulling import Pull, pull_safely
from central.crm.roundup import Roundup
from central.database.engine import open_for_writing
from central.settings import CentralSettings, TicketSystemLink

log = logging.getLogger(__name__)

PULL_EVERY_S = 60.0
"""A reply is due in hours."""
STOP_S = 35.0
"""Longest wait for the answer that is being waited for (`central.crm.asking.PATIENCE_S`)."""


def ticket_system(link: TicketSystemLink) -> TicketSystem:
    """What is asked at a ticket system of the settings."""
    asking = Asking(link.url, link.user, link.secret_file, {"accept": "application/json"})
    states = {each.name: each.means for each in link.states}
    return Roundup(asking, link.machines, link.place_field, states)


@contextmanager
def pulling_cases(settings: CentralSettings) -> Iterator[None]:
    """Cases are pulled for as long as the context lasts.

    Raises:
        UnusableDatabaseError: The database cannot be used.
    """
    if not settings.crm:
        yield
        return
    engine = open_for_writing(settings.database.used_url)
    stopping = threading.Event()
    pulls = [Pull(engine, link.name, ticket_system(link), link.since_days) for link in settings.crm]
    threads = [
        threading.Thread(target=_run, args=(each, stopping), name=f"crm {each.name}", daemon=True)
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


def _run(pull: Pull, stopping: threading.Event) -> None:
    trouble: str | None = None
    while not stopping.is_set():
        began_s = time.monotonic()
        found = pull_safely(pull, time.time(), stopping.is_set)
        if found != trouble:
            if found is not None:
                log.warning("%s is not read, and is tried again every minute: %s", pull.name, found)
            else:
                log.info("%s is read again", pull.name)
            trouble = found
        stopping.wait(max(began_s + PULL_EVERY_S - time.monotonic(), 0.0))
