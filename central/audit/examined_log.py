"""The audit log as a page examines it: what came since it was examined last, and all of it once a day or when asked."""

from sqlalchemy.orm import Session

from central.audit.audit_log import verify
from central.audit.chain import ChainState

WHOLE_AFTER_S = 86400.0
"""After a day the whole chain is gone along again: an old entry that was changed since is found then, or when asked for."""


class ExaminedLog:
    """Remembers, for as long as the service runs, what was found; nobody who writes into the database can change that."""

    def __init__(self) -> None:
        self._known: tuple[float, ChainState] | None = None

    def examine(self, session: Session, now_wall_s: float, *, whole: bool = False) -> ChainState:
        """Examine the log.

        Args:
            session: Where to read.
            now_wall_s: The present, as Unix time.
            whole: All of it, whenever that was done last.
        """
        known = self._known
        if known is None or whole or now_wall_s - known[0] > WHOLE_AFTER_S:
            known = (now_wall_s, verify(session))
        else:
            known = (known[0], verify(session, known[1]))
        self._known = known
        return known[1]
