"""One pull of a ticket system: all that changed since the last one, and a little before, taken in page by page.

The cursor is moved with what it stands for, in one transaction: a pull that ends in the middle, by whatever it is ended, is gone on with at
the next one. It overlaps: what was committed there a little later than its time stamp says, or in the same second, is asked for again, and is
kept once.
"""

import logging
from collections.abc import Callable, Sequence

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from central.crm.pulled import PAGE, ChangedCase, CrmAwayError, PulledCase, TicketSystem, UnreadableCaseError
from central.crm.taking_in import crm_row, note_unread, take_in_case, unread

log = logging.getLogger(__name__)

OVERLAP_S = 300.0
"""How far before the cursor is asked again: longer than a transaction of a ticket system lasts, and than clocks that are set by the network
differ."""
DAY_S = 86_400.0
"""Of a clock without changes: of how far back a first pull goes."""


class Pull:
    """The pulls of one ticket system."""

    def __init__(self, engine: Engine, name: str, system: TicketSystem, since_days: int) -> None:
        """Prepare them.

        Args:
            engine: Of the database that cases are taken into.
            name: Of the ticket system in the settings.
            system: What is asked.
            since_days: How far back the first pull goes.
        """
        self._engine, self.name = engine, name
        self._system = system
        self._since_days = since_days

    def close(self) -> None:
        """Hang up."""
        self._system.close()

    def run(self, now_wall_s: float, stopped: Callable[[], bool] = lambda: False) -> str | None:
        """Pull once; what was wrong with the ticket system, or None.

        Args:
            now_wall_s: The present, as Unix time.
            stopped: Whether to end early; what was read by then is kept.

        Raises:
            SQLAlchemyError: The database takes nothing.
        """
        with Session(self._engine) as session, session.begin():
            row = crm_row(session, self.name)
            row.tried_wall_s = now_wall_s
            cursor_s = row.cursor_wall_s
            waiting = [each.external_id for each in unread(session, row.id)]
        begin_s = now_wall_s - self._since_days * DAY_S if cursor_s is None else cursor_s
        trouble: str | None = None
        try:
            self._pull(begin_s - OVERLAP_S, now_wall_s, stopped)
            self._read([ChangedCase(each, begin_s) for each in waiting], None, now_wall_s, stopped)
        except CrmAwayError as error:
            trouble = str(error)
        with Session(self._engine) as session, session.begin():
            row = crm_row(session, self.name)
            if trouble is None:
                row.error = row.error_wall_s = None
                row.ok_wall_s = row.ok_wall_s if stopped() else now_wall_s
            else:
                row.error_wall_s = now_wall_s if row.error is None else row.error_wall_s
                row.error = trouble
        return trouble

    def _pull(self, since_s: float, now_wall_s: float, stopped: Callable[[], bool]) -> None:
        seen: set[ChangedCase] = set()
        page, in_vain = 1, 0
        while not stopped():
            found = self._system.changed(since_s, page)
            self._read([each for each in found if each not in seen], now_wall_s, now_wall_s, stopped)
            in_vain = in_vain + 1 if seen.issuperset(found) else 0
            if in_vain > len(seen) // PAGE + 1:
                raise CrmAwayError("it tells the same cases again and again, whichever it is asked for")
            seen.update(found)
            if len(found) < PAGE:
                return
            # On from the last one's time, by time and never by number: cases that change meanwhile move to the end, and pages with them.
            if found[-1].changed_s > since_s:
                since_s, page = found[-1].changed_s, 1
            else:
                page += 1

    def _read(
        self,
        cases: Sequence[ChangedCase],
        cursor_until_s: float | None,
        now_wall_s: float,
        stopped: Callable[[], bool],
    ) -> None:
        """Read cases, and keep what could be read, however this ends."""
        read: list[tuple[ChangedCase, PulledCase | str]] = []
        try:
            for each in cases:
                if stopped():
                    break
                try:
                    read.append((each, self._system.read(each.external_id)))
                except UnreadableCaseError as error:
                    read.append((each, str(error)))
        finally:
            self._keep(read, cursor_until_s, now_wall_s)

    def _keep(
        self,
        read: Sequence[tuple[ChangedCase, PulledCase | str]],
        cursor_until_s: float | None,
        now_wall_s: float,
    ) -> None:
        if not read:
            return
        with Session(self._engine) as session, session.begin():
            row = crm_row(session, self.name)
            for changed, case in read:
                if isinstance(case, str):
                    note_unread(session, row.id, changed.external_id, case, now_wall_s)
                else:
                    take_in_case(session, row.id, case)
            if cursor_until_s is not None:
                # A clock that runs ahead there must not carry the cursor beyond what is still to come.
                reached_s = min(read[-1][0].changed_s, cursor_until_s)
                row.cursor_wall_s = max(reached_s, row.cursor_wall_s or reached_s)


def pull_safely(pull: Pull, now_wall_s: float, stopped: Callable[[], bool]) -> str | None:
    """Pull once; what was wrong with the ticket system or with the database, or None."""
    try:
        return pull.run(now_wall_s, stopped)
    except SQLAlchemyError as error:
        return f"the database takes nothing: {type(error).__name__}"
    except Exception as error:  # Nothing that a ticket system sends may end the pulling of it.
        log.exception("a pull of %s ended in the middle", pull.name)
        return f"a fault of this program: {type(error).__name__}"
