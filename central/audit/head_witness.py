"""A witness of the audit log's end: a file that holds the last entry's number and hash, so that a log cut short or written anew is found."""

import contextlib
import logging
import os
import re
import tempfile
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.audit_log import AuditRow, digest_at
from protocol.program import refusal

log = logging.getLogger(__name__)

_LINE = re.compile(r"([1-9]\d{0,18}):([0-9a-f]{64})\s*")


class HeadWitness:
    """Holds the last entry that the log was seen to have; it is carried on only while the log still has that one.

    The chain itself finds what was altered before its last entry. What was taken from its end, or written anew from some entry on, leaves a
    chain that holds: only a line that is kept outside of the database tells.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._complained = ""

    def lost(self, session: Session) -> int | None:
        """Number of the entry that the witness has seen and the log has no more as it was; None where it has, or nothing was seen yet."""
        seen = self._seen()
        return seen[0] if seen is not None and digest_at(session, seen[0]) != seen[1] else None

    def carry_on(self, session: Session) -> None:
        """Hold the log's last entry from now on, where the log still has the one that was held."""
        last = session.execute(
            select(AuditRow.number, AuditRow.digest).order_by(AuditRow.number.desc()).limit(1)
        ).first()
        seen = self._seen()
        if seen is not None and (last is None or digest_at(session, seen[0]) != seen[1]):
            self._complain(
                f"the audit log was cut short or written anew: it does not hold entry {seen[0]} as {self.file} has it; "
                "where an older copy of the database was put back on purpose, delete that file"
            )
            return
        if last is None or (seen is not None and seen[0] == last.number):
            return
        try:
            self._write(f"{last.number}:{last.digest}\n")
        except OSError as error:
            self._complain(
                f"the end of the audit log has no witness: {self.file} cannot be written: {refusal(error)}"
            )

    def _seen(self) -> tuple[int, str] | None:
        try:
            found = _LINE.fullmatch(self.file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        return (int(found[1]), found[2]) if found else None

    def _write(self, line: str) -> None:
        handle, name = tempfile.mkstemp(prefix=f".{self.file.name}.", dir=self.file.parent)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as opened:
                opened.write(line)
            Path(name).replace(self.file)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise

    def _complain(self, words: str) -> None:
        if words != self._complained:
            log.warning("%s", words)
        self._complained = words
