"""Takes up what files kept aside hold: those that were damaged, and those of an older or, once it is known, a newer version."""

import json
import logging
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from edge.uplink.spool_aside import aside_files, give_up
from edge.uplink.spool_file import SpoolFile
from edge.uplink.spool_rows import SpoolBoot, SpoolRow, UnreadableRowError
from edge.uplink.spool_salvage import Salvage
from protocol.measurements import Gap, Measurement
from protocol.software import running_software

log = logging.getLogger(__name__)

STEP = 100
"""Measurements taken up in one transaction."""
TAKE_S = 0.2
"""How long taking up may hold up new measurements at a time."""

Run = tuple[int, int]
"""First and last of some numbers in a row."""


class TakingUp:
    """The files kept aside beside one spool, taken up one after the other while there is room."""

    def __init__(self, path: Path, device: str) -> None:
        """Begin with nothing known.

        Args:
            path: The spool's file.
            device: The desk's name.
        """
        self._path = path
        self._device = device
        self._because: dict[str, str] = {}
        self._held: dict[str, int] = {}
        self._waiting: list[Path] | None = None
        self._current: TakeUp | None = None
        self._taken_up: set[str] = set()

    @property
    def taken_up(self) -> frozenset[str]:
        """Names of the files kept aside of which this software has taken up all that it can read."""
        return frozenset(self._taken_up)

    def look_again(self) -> None:
        """Another file of the spool was opened, or one was kept aside."""
        if self._current is not None:
            self._current.close()
        self._waiting = self._current = None

    def kept(self, aside: Path, because: str, held: int) -> None:
        """A file was kept aside, why, and how many measurements waited in it as far as is known."""
        self._taken_up.discard(aside.name)
        self._because[aside.name] = because
        self._held[aside.name] = held
        self.look_again()

    @property
    def pending(self) -> int:
        """How many measurements wait to be taken up, as far as is known; at least one in each file that waits."""
        names = [*self._held] if self._waiting is None else [aside.name for aside in self._waiting]
        done = 0 if self._current is None else self._current.readable + self._current.absent
        left = [self._held.get(name, 1) - (done if place == 0 else 0) for place, name in enumerate(names)]
        return sum(max(1, count) for count in left)

    def step(self, file: SpoolFile, now_s: float) -> tuple[bool, list[Gap]]:
        """Take up some of what waits; whether anything was, and gaps for what is lost without a number.

        Raises as ``TakeUp.step`` does, and can be tried again.
        """
        moved = False
        if self._waiting is None:
            moved = _take_back_rows(file)
            self._waiting = self._unread(file)
        gaps: list[Gap] = []
        until_s = time.monotonic() + TAKE_S
        while self._waiting and time.monotonic() < until_s:
            aside = self._waiting[0]
            if self._current is None:
                before = file.aside().get(aside.name)
                try:
                    self._current = TakeUp(aside, self._device, None if before is None else before[1])
                except OSError:
                    self._waited(aside)
                    continue
            moved = True
            if self._current.step(file):
                gaps += self._finish(self._current, aside, file, now_s)
                self._current.close()
                self._current = None
                self._waited(aside)
        return moved, gaps

    def _waited(self, aside: Path) -> None:
        """It waits no longer."""
        self._held.pop(aside.name, None)
        if self._waiting:
            self._waiting.remove(aside)

    def _unread(self, file: SpoolFile) -> list[Path]:
        there = aside_files(self._path)
        self._held = {aside.name: self._held[aside.name] for aside in there if aside.name in self._held}
        if not there:
            return []
        software = str(running_software())
        read = {name for name, (by, _) in file.aside().items() if by == software}
        self._taken_up |= read
        return [aside for aside in there if aside.name not in read]

    def _finish(self, done: "TakeUp", aside: Path, file: SpoolFile, now_s: float) -> list[Gap]:
        first_time = aside.name not in file.aside()
        if not done.absent and done.knows_boots and not done.is_newer():
            log.warning(
                "spool %s: %d measurements were taken up from %s", self._path, done.readable, aside.name
            )
            give_up(aside)
            return []
        file.note_aside(aside.name, str(running_software()), done.missing)
        self._taken_up.add(aside.name)
        if not first_time and not done.readable:
            return []
        because = self._because.get(aside.name, "an earlier run could not read it")
        log.error(
            "spool %s: of %s %d measurements were taken up, and %d could not be read (%s); it is kept",
            self._path,
            aside.name,
            done.readable,
            done.absent,
            because,
        )
        if done.knows_boots and not done.is_newer():
            return []
        reason = f"the spool could not be read ({because}); it is kept as {aside.name}"
        return [Gap(start_s=now_s, end_s=now_s, what="spool", reason=reason)]


class TakeUp:
    """Takes up one file that was kept aside: what can be read goes into the spool under its own numbers, what cannot becomes gaps.

    Where an earlier version of the software has already sent gaps, what it could not read is taken up under a bootid of its own.
    """

    def __init__(self, aside: Path, device: str, missing_before: str | None) -> None:
        """Look through the file.

        Args:
            aside: The file.
            device: The desk's name.
            missing_before: What was missing when another version read it (``missing``); None if none did.

        Raises:
            OSError: It cannot be opened.
        """
        self._aside = aside
        self._before = _runs(missing_before)
        self._salvage = Salvage(aside, device)
        self._boots = self._salvage.boots
        self._next: int | None = None
        self._missing: dict[str, list[Run]] = {}
        self.readable = 0
        """Measurements that are in the spool now."""
        self.absent = 0
        """Measurements that could not be read."""
        self._time_s = 0.0

    def close(self) -> None:
        """Let go of the file."""
        self._salvage.__exit__()

    def is_newer(self) -> bool:
        """Whether only a later version of the software can read it."""
        return self._salvage.is_newer

    def step(self, file: SpoolFile) -> bool:
        """Take up some more; whether that was all.

        Raises:
            SpoolDamagedError: The spool that takes it up cannot be read.
            sqlite3.Error: It takes nothing now; the same step may be tried again.
        """
        if not self._boots:
            return True
        boot = self._boots[0]
        if self._before is None:
            done = self._step_of(file, boot)
        else:
            done = self._step_of_missing(file, boot, self._before.get(boot.bootid, []))
        if done:
            self._boots.pop(0)
            self._next = None
        return not self._boots

    @property
    def knows_boots(self) -> bool:
        """Whether it is known what the file held."""
        return self._salvage.knows_boots

    @property
    def missing(self) -> str:
        """Which numbers of which boot could not be read, to be kept for later versions."""
        return json.dumps(self._missing)

    def _step_of(self, file: SpoolFile, boot: SpoolBoot) -> bool:
        if self._next is None:
            self._next = max(boot.acknowledged, file.last_of(boot.bootid)) + 1
        numbers = range(self._next, min(self._next + STEP, boot.last + 1))
        found = [self._salvage.measurement(boot, number) for number in numbers]
        if numbers:
            file.adopt(boot, numbers.start, self._with_gaps(boot, numbers, found))
            for number, measurement in zip(numbers, found, strict=True):
                self._count(boot, number, measurement)
        self._next = numbers.stop
        return self._next > boot.last

    def _step_of_missing(self, file: SpoolFile, boot: SpoolBoot, runs: Sequence[Run]) -> bool:
        """Under a bootid of its own: the same however often it is tried, and another for what still another version reads."""
        again = replace(boot, bootid=uuid.uuid5(uuid.UUID(boot.bootid), f"{runs}").hex)
        numbers = [number for first, last in runs for number in range(first, last + 1)]
        found = [(number, self._salvage.measurement(boot, number)) for number in numbers]
        readable = [measurement for _, measurement in found if measurement is not None]
        for start in range(file.last_of(again.bootid), len(readable), STEP):
            file.adopt(again, start + 1, readable[start : start + STEP])
        for number, measurement in found:
            self._count(boot, number, measurement)
        return True

    def _count(self, boot: SpoolBoot, number: int, measurement: Measurement | None) -> None:
        if measurement is not None:
            self.readable += 1
            return
        self.absent += 1
        runs = self._missing.setdefault(boot.bootid, [])
        if runs and runs[-1][1] == number - 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))

    def _with_gaps(
        self, boot: SpoolBoot, numbers: range, found: Sequence[Measurement | None]
    ) -> list[Measurement]:
        whole: list[Measurement] = []
        for place, measurement in enumerate(found):
            if measurement is not None:
                self._time_s = measurement.start_s
                whole.append(measurement)
                continue
            after_s = next((each.start_s for each in found[place:] if each is not None), self._time_s)
            start_s, end_s = sorted((self._time_s or after_s, after_s))
            reason = (
                f"measurement {numbers[place]} of the boot {boot.bootid} could not be read on the desk; "
                f"the file is kept as {self._aside.name}"
            )
            whole.append(Gap(start_s=start_s, end_s=end_s, what="spool", reason=reason))
        return whole


def _take_back_rows(file: SpoolFile) -> bool:
    """Deliver the rows that another version of the software could not read and this one can; whether there were any."""
    software = str(running_software())
    by_boot: dict[str, list[tuple[SpoolRow, Measurement]]] = {}
    for row in file.unreadable_to_others(software):
        with suppress(UnreadableRowError):
            by_boot.setdefault(row.bootid, []).append((row, row.read()))
    for readable in by_boot.values():
        file.take_back(readable)
    file.note_unreadable(software)
    return bool(by_boot)


def _runs(missing: str | None) -> dict[str, list[Run]] | None:
    """What was missing before, as ``TakeUp.missing`` wrote it; None where nothing was sent of the file."""
    if missing is None:
        return None
    with suppress(ValueError, TypeError, AttributeError):
        return {
            str(bootid): [(int(first), int(last)) for first, last in runs]
            for bootid, runs in json.loads(missing).items()
        } or None
    return None
