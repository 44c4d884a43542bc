"""Watches the charts and tells of alerts beside the service, on a thread of its own."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from central.alerts.alert_book import due_tellings, note_telling
from central.alerts.telling import alert_text, tell
from central.alerts.watching import look_at_charts, look_at_sources
from central.database.engine import UnusableDatabaseError, in_words, open_for_reading, open_for_writing
from central.reports.language import speaking
from central.settings import CentralSettings
from central.showrooms.premises import showrooms
from protocol.toml_file import BadFileError

log = logging.getLogger(__name__)

CHARTS_S = 3600.0
"""Between two looks at the charts: their points are days."""
TELL_S = 20.0
"""Between two looks for what is due."""
FIRST_S = 60.0
"""After the start, before the charts are looked at: what waited at the broker comes first."""
STOP_S = 10.0
"""Longest wait for what is being told."""


@contextmanager
def telling_alerts(settings: CentralSettings) -> Iterator[None]:
    """Alerts are opened and told for as long as the context lasts.

    Raises:
        UnusableDatabaseError: The database cannot be used.
    """
    engine = open_for_writing(settings.database.used_url)
    reading = open_for_reading(settings.database.used_url)
    stopping = threading.Event()
    thread = threading.Thread(
        target=_run, args=(engine, reading, settings, stopping), name="alerts", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(STOP_S)
        engine.dispose()
        reading.dispose()


def tell_what_is_due(engine: Engine, settings: CentralSettings, now_wall_s: float) -> None:
    """Tell everything that is due, and keep after each what came of it: a service that ends amid it tells no more than one again."""
    with Session(engine) as session:
        due = due_tellings(session, now_wall_s)
        places = {place.id: place for place in showrooms(session)} if due else {}
    channels = {each.name: each for each in settings.alert}
    for each in due:
        channel = channels.get(each.channel)
        place = places[each.alert.showroom_id]
        trouble: str | None = "central.toml has no such channel any more"
        if channel is not None:
            from central.reports.catalogues import catalogue  # noqa: PLC0415  (needs what pages need: a service without them keeps measurements)

            with speaking(catalogue(channel.language)):
                text = alert_text(each.alert, place, settings.web.shown_url)
            subject = f"Deskside: {place.name}"
            trouble = tell(channel, settings.mail, subject, text, now_wall_s)
        if trouble is not None:
            log.warning("the channel %s could not be told of an alert: %s", each.channel, trouble)
        with Session(engine) as session, session.begin():
            note_telling(session, each.number, trouble, now_wall_s)


def _run(engine: Engine, reading: Engine, settings: CentralSettings, stopping: threading.Event) -> None:
    trouble: str | None = None
    charts_due_s = time.monotonic() + FIRST_S
    while not stopping.wait(TELL_S):
        try:
            if time.monotonic() >= charts_due_s:
                charts_due_s = time.monotonic() + CHARTS_S
                look_at_charts(engine, settings, time.time(), reading)
            look_at_sources(engine, settings, time.time())
            tell_what_is_due(engine, settings, time.time())
            trouble = None
        except (SQLAlchemyError, BadFileError, UnusableDatabaseError) as error:
            words = in_words(error) if isinstance(error, SQLAlchemyError) else str(error)
            if trouble != (trouble := words):
                log.warning("alerts are not looked after: %s", trouble)
