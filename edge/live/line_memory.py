"""What the telephone's lines have learnt, kept on the disk from one start of the desk to the next, by a thread of its own."""

import json
import logging
import os
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge.phone.learnt import LearntLine
from edge.settings.desk_toml import PhoneLine

log = logging.getLogger(__name__)

FILE_NAME = "phone-lines.json"
"""Beside the spool."""
EVERY_S = 600.0
"""At most one write in so long: a card wears, and what is lost with the power are the calls of ten minutes."""
LARGEST_BYTES = 1_000_000
"""No two lines learn more than a tenth of this; a larger file is another's."""


class _KeptLine(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    settings: dict[str, object]
    """Those with which it was learnt: of a line that is wired or rings otherwise it says nothing."""
    learnt: LearntLine


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1]
    """Of this file; another is not read."""
    lines: Annotated[dict[str, _KeptLine], Field(max_length=16)]


class LineMemory:
    """Keeps what lines have learnt, and reads what they had learnt before. No method but ``close`` waits for the disk.

    Nothing is written before what was kept is read and taken: a disk that answers late would lose it otherwise.

    Args:
        folder: Where the file is.
        lines: Those of desk.toml.
    """

    def __init__(self, folder: Path, lines: Sequence[PhoneLine]) -> None:
        self._path = folder / FILE_NAME
        self._settings = {line.name: line.model_dump(mode="json") for line in lines}
        self._news = threading.Condition()
        self._read: dict[str, LearntLine] | None = None
        self._taken = False
        self._latest: dict[str, LearntLine] = {}
        self._kept: dict[str, LearntLine] = {}
        self._stopping = False
        self._refused = False
        self._thread = threading.Thread(target=self._run, name="line-memory", daemon=True)

    def take(self) -> dict[str, LearntLine] | None:
        """What the lines had learnt with the settings that they have now, by their names: once, when the disk has given it; None until then."""
        with self._news:
            if self._taken or self._read is None:
                return None
            self._taken = True
            return self._read

    def _recall(self) -> dict[str, LearntLine]:
        """What the file says; nothing where it is not to be used."""
        try:
            text = self._read_text()
            kept = _Kept.model_validate_json(text) if text is not None else None
        except (OSError, ValueError) as error:
            log.warning(
                "%s is damaged or another program's, and is left out: the telephone's lines learn anew how they ring (%s)",
                self._path,
                _in_short(error),
            )
            return {}
        lines = kept.lines if kept is not None else {}
        known = {
            name: line.learnt for name, line in lines.items() if line.settings == self._settings.get(name)
        }
        for name, learnt in known.items():
            log.info("phone %s: goes on with what %d calls have shown", name, len(learnt.calls))
        return known

    def _read_text(self) -> str | None:
        try:
            with self._path.open("rb") as file:
                text = file.read(LARGEST_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if len(text) > LARGEST_BYTES:
            raise ValueError(f"larger than {LARGEST_BYTES} bytes")
        return text.decode("utf-8")

    def start(self) -> None:
        """Begin to read, and then to write, in the background."""
        if self._settings:
            self._thread.start()

    def put(self, learnt: Mapping[str, LearntLine]) -> None:
        """Keep this within the next minutes; it waits for nothing. What lines knew before they were told what they had learnt is not kept."""
        with self._news:
            if self._taken:
                self._latest = dict(learnt)
                self._news.notify()

    def close(self, timeout_s: float) -> None:
        """Write what is not kept yet and end the thread; a disk that does not take it in time keeps the last."""
        with self._news:
            self._stopping = True
            self._news.notify()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        known = self._recall()
        with self._news:
            self._latest = self._kept = self._read = known
        stopping = False
        while not stopping:
            with self._news:
                self._news.wait_for(lambda: self._stopping or self._latest != self._kept)
                stopping, latest = self._stopping, self._latest
            if latest != self._kept:
                self._write(latest)
            until_s = time.monotonic() + EVERY_S
            with self._news:
                self._news.wait_for(lambda: self._stopping, until_s - time.monotonic())

    def _write(self, learnt: dict[str, LearntLine]) -> None:
        lines = {
            name: {"settings": self._settings[name], "learnt": line.model_dump(mode="json")}
            for name, line in learnt.items()
            if name in self._settings
        }
        try:
            new = self._path.with_suffix(".new")
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with new.open("w", encoding="utf-8") as file:
                json.dump({"version": 1, "lines": lines}, file)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            if not self._refused:
                log.warning(
                    "%s is not written (%s): after the next start the telephone's lines learn anew how they ring",
                    self._path,
                    error.strerror,
                )
            self._refused = True
            return
        self._refused = False
        self._kept = learnt


def _in_short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc'])) or 'the whole'}: {first['msg']}"
    return str(error)
