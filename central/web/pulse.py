"""Notices what has changed at the desks, by looking into the database: so it also sees what another process wrote."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from central.database.engine import in_words
from central.desks.heard import Heard, heard
from central.records.event_row import EventRow
from central.web.house import House, Listening

log = logging.getLogger(__name__)

LOOK_S = 0.5
"""Between two looks: a visit stands on the page within 2 s of its end, and the page itself needs a part of that."""
REMEMBERED = 256
"""Changes remembered for browsers that are behind: two minutes of a change at every look."""
EVERYTHING_CHANGED = frozenset({"*"})
"""What concerns every page: the service's own way to the desks."""


@dataclass(frozen=True, slots=True)
class DesksNow:
    """The database as one look found it."""

    last_event: int
    states: dict[str, Heard]
    listening: Listening


@dataclass(slots=True)
class Changes:
    """What changed, counted up with each change."""

    count: int = 0
    kept: deque[tuple[int, frozenset[str]]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def add(self, devices: frozenset[str]) -> None:
        """Remember that something changed at these desks."""
        self.kept.append((self.count + 1, devices))
        self.count += 1

    def since(self, count: int) -> frozenset[str]:
        """The desks at which something changed after a count; everything where that is too long ago to be known."""
        later = [devices for number, devices in tuple(self.kept) if number > count]
        return EVERYTHING_CHANGED if len(later) < self.count - count else frozenset().union(*later)


class Pulse:
    """Looks again and again, on a thread of its own, until the house stops."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.changes = Changes()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait for the last look."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        before: DesksNow | None = None
        trouble: str | None = None
        while not self._house.stopping.wait(LOOK_S):
            try:
                with self._house.reading() as session:
                    now = _look(session, self._house.listening)
                    changed = frozenset() if before is None else _changed(session, before, now)
            except SQLAlchemyError as error:
                if trouble != (trouble := in_words(error)):
                    log.warning("the pages do not renew themselves: %s", trouble)
                continue
            before, trouble = now, None
            if changed:
                self.changes.add(changed)


def _look(session: Session, listening: Callable[[], Listening]) -> DesksNow:
    last_event = session.scalar(select(func.max(EventRow.id))) or 0
    return DesksNow(last_event, heard(session), listening())


def _changed(session: Session, before: DesksNow, now: DesksNow) -> frozenset[str]:
    if now.listening != before.listening:
        return EVERYTHING_CHANGED
    moved = {device for device, state in now.states.items() if before.states.get(device) != state}
    if now.last_event != before.last_event:
        moved.update(
            session.scalars(select(EventRow.device).where(EventRow.id > before.last_event).distinct())
        )
    return frozenset(moved)
