"""Keeps the plan of standards that the central service has for this desk, and says which one is in force."""

import json
import logging
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from edge.finding import Finding
from edge.settings.last_good import Configuration, state_folder, write_beside
from edge.settings.plan_check import BadPlanError, CheckedPlan, checked_plan
from protocol.manner import MANNER, Manner
from protocol.program import refusal
from protocol.standard import Standard
from protocol.standard_plan import BadKeyLineError, StandardPlan, public_keys
from protocol.state import WallMapping
from protocol.toml_file import BadFileError, parse

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Taken:
    """The standard that was in force last, kept for the day on which the plan cannot be read."""

    number: int
    """Of its plan, or of a later one: what is older is not followed."""
    from_wall_s: float
    sha256: str
    text: str
    leaves_out: tuple[Manner, ...] | None = None
    """What the plan had the desk leave out; None where it said nothing of that."""


class PlanKeeper:
    """The plan in memory and on disk. ``take`` may be called from another thread than everything else.

    Args:
        folder: Where the desk keeps what it must not lose; None for the usual place.
        device: The desk's name.
        keys_file: The public keys of the central service; None where the desk works by its own file alone.
    """

    def __init__(self, folder: Path | None, device: str, keys_file: Path | None) -> None:
        folder = state_folder(folder)
        self._plan_file = folder / "standard-plan.json"
        self._taken_file = folder / "standard-taken.json"
        self._device = device
        self._keys_file = keys_file
        self._plan: CheckedPlan | None = None
        self._complaint: str | None = None
        self._running: str | None = None
        self._running_without: tuple[Manner, ...] | None = None
        self._taken = self._read_taken() if keys_file is not None else None
        self._payload = b""
        if keys_file is not None:
            self._load(keys_file)

    @property
    def number(self) -> int | None:
        """The number of the plan that the desk has."""
        plan = self._plan
        return None if plan is None else plan.plan.number

    @property
    def notes(self) -> tuple[str, ...]:
        """What a technician should know of it, while it lasts."""
        return () if self._complaint is None else (self._complaint,)

    def take(self, payload: bytes) -> int | None:
        """Take in what came as a plan: a good one is kept, a bad one is told and changes nothing. Returns the plan's number that holds now."""
        if not payload:
            return self.number
        if payload == self._payload:
            self._complaint = None
            return self.number
        try:
            plan = self._good_plan(payload)
        except BadPlanError as error:
            self._complain(
                f"the central service sent a standard that is not followed: {error}; the desk goes on with the one it has"
            )
            return self.number
        try:
            self._write(self._plan_file, payload.decode())
            self._remember(plan.plan)
        except OSError as error:
            # A desk that starts itself anew for a plan that it cannot keep would do so for ever.
            self._complain(
                f"the standard of the central service cannot be kept in {self._plan_file}: {refusal(error)}; the desk goes on with the one it has"
            )
            return self.number
        self._plan, self._payload, self._complaint = plan, payload, None
        labels = ", ".join(each.label for each in plan.standards) or "none: its own file holds again"
        log.info("standards from the central service, plan %d: %s", plan.plan.number, labels)
        return plan.plan.number

    def is_due(self, wall: WallMapping, now_s: float) -> bool:
        """Whether another standard is in force than the one that the desk works by, or something else is to be left out.

        Args:
            wall: Which wall time the timeline stands for.
            now_s: The present on the timeline.
        """
        if self._leaves_out() != self._running_without:
            return True
        return self._in_force(wall, now_s)[1] != self._running

    def found(self, own: Configuration, wall: WallMapping, now_s: float) -> Finding:
        """What is found of the standard that is in force; nothing is written."""
        standard, _, _ = self._in_force(wall, now_s)
        if self._keys_file is None:
            return Finding("standard", "good", f"{own.standard.label}, of its own file")
        if standard is None:
            words = f"{own.standard.label}, of its own file: the central service has put none into force here"
        else:
            plan = "" if self.number is None else f" in plan {self.number}"
            words = f"{standard.label}, put into force by the central service{plan}"
        if self._leaves_out():
            words += f"; by its showroom's profile it leaves out: {', '.join(self._leaves_out() or ())}"
        if self._complaint is None:
            return Finding("standard", "good", words)
        to_do = (
            f"mend {self._keys_file}"
            if "desk.standard_keys" in self._complaint
            else "let the desk reach the central service"
        )
        return Finding("standard", "bad", f"{words}; {self._complaint}", to_do)

    def laid_over(self, own: Configuration, wall: WallMapping, now_s: float) -> Configuration:
        """The configuration with the standard that is in force; the desk's own stays where none is. The desk works by it from now on.

        What the plan has the desk leave out takes the place of the profile of its own file.
        """
        standard, sha256, from_wall_s = self._in_force(wall, now_s)
        self._running, self._running_without = sha256, self._leaves_out()
        self._keep_taken(from_wall_s, sha256)
        if self._running_without is not None:
            section = own.settings.desk.under(self._running_without)
            settings = own.settings.model_copy(update={"desk": section})
            own = replace(own, settings=settings, told_to_leave_out=self._running_without)
        if standard is None:
            return replace(own, standard_plan=self.number)
        return replace(own, standard=standard, standard_sha256=sha256, standard_plan=self.number)

    def _in_force(self, wall: WallMapping, now_s: float) -> tuple[Standard | None, str | None, float]:
        """The standard in force, its hash and since when; None where the desk's own is."""
        plan, taken = self._plan, self._taken
        if plan is None:
            return self._last_good()
        place = plan.place_at(wall.offset_s + now_s)
        if wall.clock == "estimated" and taken is not None:
            # A clock without a battery begins in the past: what has been in force once is not before its moment.
            was = [
                number
                for number, each in enumerate(plan.plan.standards)
                if (each.from_wall_s, each.sha256) == (taken.from_wall_s, taken.sha256)
            ]
            place = max([*was, *([] if place is None else [place])], default=None)
        if place is None:
            return None, None, 0.0
        planned = plan.plan.standards[place]
        return plan.standards[place], planned.sha256, planned.from_wall_s

    def _leaves_out(self) -> tuple[Manner, ...] | None:
        """What is to be left out by the plan, or by the last one while it cannot be read."""
        if self._plan is not None:
            return self._plan.plan.leaves_out
        return None if self._taken is None else self._taken.leaves_out

    def _last_good(self) -> tuple[Standard | None, str | None, float]:
        taken = self._taken
        if taken is None or not taken.text:
            return None, None, 0.0
        try:
            return parse(taken.text, Standard, self._taken_file), taken.sha256, taken.from_wall_s
        except BadFileError:
            return None, None, 0.0

    def _good_plan(self, payload: bytes) -> CheckedPlan:
        """Check a plan that came.

        Raises:
            BadPlanError: It is not followed.
        """
        if self._keys_file is None:
            raise BadPlanError(
                "this desk has no keys to check it by: put the line of `deskside-central standards show-key` into a file and name it as "
                "desk.standard_keys in desk.toml"
            )
        plan = checked_plan(payload, self._device, self._keys(self._keys_file))
        latest = max(self.number or 0, 0 if self._taken is None else self._taken.number)
        if plan.plan.number < latest:
            raise BadPlanError(f"it is plan {plan.plan.number}, and the desk has had plan {latest} already")
        held = self._plan
        if held is not None and plan.plan.number == held.plan.number and plan.plan != held.plan:
            raise BadPlanError(f"it bears the number of plan {latest}, and is another")
        return plan

    def _load(self, keys_file: Path) -> None:
        """Read the plan that was kept; where it cannot be used, the standard that was in force last holds."""
        if not os.path.exists(self._plan_file) and self._taken is None:  # noqa: PTH110  A folder that may not be searched has none.
            self._check_keys(keys_file)
            return
        try:
            payload = self._plan_file.read_bytes()
            self._plan = self._good_plan(payload)
            self._payload = payload
        except (OSError, BadPlanError) as error:
            why = refusal(error) if isinstance(error, OSError) else str(error)
            self._complaint = (
                f"the plan of standards in {self._plan_file} cannot be used: {why}; the desk goes on with the last good one until the central "
                "service sends it again"
            )

    def _check_keys(self, keys_file: Path) -> None:
        try:
            self._keys(keys_file)
        except BadPlanError as error:
            self._complaint = str(error)

    def _keys(self, file: Path) -> dict[str, bytes]:
        try:
            return public_keys(file.read_text(encoding="ascii"))
        except OSError as error:
            raise BadPlanError(f"desk.standard_keys, {file}, cannot be read: {refusal(error)}") from None
        except UnicodeDecodeError:
            raise BadPlanError(f"desk.standard_keys, {file}, is no file of public keys") from None
        except BadKeyLineError as error:
            raise BadPlanError(f"desk.standard_keys, {file}: {error}") from None

    def _read_taken(self) -> _Taken | None:
        try:
            kept = json.loads(self._taken_file.read_bytes())
            return _Taken(
                int(kept["number"]),
                float(kept["from_wall_s"]),
                str(kept["sha256"]),
                str(kept["text"]),
                _parts(kept.get("leaves_out")),
            )
        except (OSError, ValueError, TypeError, KeyError, OverflowError):
            return None

    def _keep_taken(self, from_wall_s: float, sha256: str | None) -> None:
        """Keep what is in force beside the plan; nothing is written where that is known already, or the plan itself is not."""
        if self._plan is None:
            return
        plan = self._plan.plan
        text = next((each.text for each in plan.standards if each.sha256 == sha256), "")
        taken = _Taken(plan.number, from_wall_s, sha256 or "", text, plan.leaves_out)
        if taken != self._taken:
            try:
                self._write_taken(taken)
            except OSError as error:
                self._complain(f"{self._taken_file} cannot be written: {refusal(error)}")

    def _remember(self, plan: StandardPlan) -> None:
        """No older plan is followed any more, also if the file of this one is lost; and what it has the desk leave out stays left out."""
        taken = self._taken or _Taken(plan.number, 0.0, "", "")
        self._write_taken(replace(taken, number=plan.number, leaves_out=plan.leaves_out))

    def _write_taken(self, taken: _Taken) -> None:
        self._write(self._taken_file, json.dumps(asdict(taken)))
        self._taken = taken

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_beside(path, text).replace(path)

    def _complain(self, words: str) -> None:
        if words != self._complaint:
            log.error("%s", words)
        self._complaint = words


def _parts(kept: object) -> tuple[Manner, ...] | None:
    """What was kept of what is left out; None of what older software kept."""
    return tuple(part for part in MANNER if part in kept) if isinstance(kept, list) else None
