"""One telephone line: edges of its pins in; rings, receiver and calls out."""

from collections import deque
from dataclasses import replace
from math import isfinite
from typing import Literal

from edge.cadence.cadence import find_profile
from edge.observation import Edge
from edge.phone.burst import (
    NEVER,
    SILENCE,
    Burst,
    BurstBegan,
    BurstDetector,
    BurstEnded,
    BurstEvent,
)
from edge.phone.call_judge import SURE
from edge.phone.call_tracker import CallTracker
from edge.phone.events import CallEnded, LineEvent
from edge.phone.faults import NOISE_GONE_S, Faults
from edge.phone.hook import HookChange, HookSwitch
from edge.phone.inspection import LineView, Logbook, wiring_advice
from edge.phone.level_bursts import LevelBursts
from edge.phone.noise import NoiseTally
from edge.phone.pulse_bursts import PulseBursts
from edge.phone.rings import Rings
from edge.settings.desk_toml import PhoneLine

MOST_HELD = 32
"""Burst events kept while it is open whether the receiver moved, at most 2 s: of no ringing come more."""
RINGS_OFF_HOOK = 2
"""So many rings of a call while the hook switch shows a lifted receiver: no exchange rings a line in use. One more where calls were answered
with that switch before, for it may be noise."""
CALLS_OFF_HOOK = 1
"""So many calls of one ring before such a one."""
LIKELY = 0.8
"""A single burst is taken for a ring from here on; it is never as certain as two in their cadence."""
RING_TRIP_S = 3.0
"""Ringing this long after the lift is no longer the end of the ring that was answered: exchanges trip within 0.2 s, private ones
within a burst."""
RING_LIKE_S = 0.3
"""A burst this long is ringing and no spike or dial pulse; the shortest of the table is 0.3 s."""
STRANGE = 5
"""So many bursts in no cadence within an hour, and somebody is sent to look at the wire: a hand at it makes one or two."""
CALLS_UNMOVED = 3
"""So many calls before the hook switch was ever seen to move, and somebody is sent to look at it."""
CALLS_STILL = 20
"""So many calls without any movement of a hook switch that did move before: its wire is off, or nobody is there."""


class LineDecoder:
    """Follows one line.

    Times are seconds on the kernel's monotonic clock and must not run backwards: an edge that comes late counts as
    simultaneous with the last. What is returned depends on the edges and their times alone, not on how often ``advance`` was
    called in between, so that a recorded trace replays to the same events.

    Example:
        >>> line = LineDecoder(PhoneLine(ring_pin=23, input="contact", ring_active_high=True, cadence="DE"))
        >>> line.observe(Edge(10.0, "1", "ring", level=True))
        []
        >>> line.advance(10.5)
        [Ringing(t_s=10.0, line='1', ring_number=1)]
    """

    def __init__(self, settings: PhoneLine) -> None:
        self.settings = settings
        self.tally = NoiseTally()
        self._longest_burst_s = find_profile(settings.cadence).longest_burst_s
        self.tracker = CallTracker(settings, self.tally)
        hum_rates_hz = self.tracker.judge.sound.hum_rates()
        self.detector: BurstDetector = (
            PulseBursts(settings.pulses_per_cycle, self.tally, self._longest_burst_s, hum_rates_hz)
            if settings.input == "pulses"
            else LevelBursts(self.tally, self._longest_burst_s, settings.input, hum_rates_hz)
        )
        self.hook = HookSwitch(self.tally)
        self.faults = Faults(settings.name)
        self.logbook = Logbook()
        self.now_s = float("-inf")
        self._ring_active: bool | None = None
        self._level_deadline_s = NEVER
        self._sounding_at_change = SILENCE
        self._held: deque[BurstEvent] = deque(maxlen=MOST_HELD)
        self._lifted_s = float("-inf")
        self._hook_proven = False
        self._rung_off_hook: Rings = self.tracker.no_rings()
        self._calls_off_hook = 0
        self._calls_unmoved = 0
        self._hums = 0
        self._strange_s: deque[float] = deque(maxlen=STRANGE)

    @property
    def deadline_s(self) -> float:
        """When something will be decided though no edge comes; infinite when nothing is open."""
        # While the switch moves, for 2 s at most, silence does not say yet whether somebody answered.
        moves = self._follows_receiver and self.hook.changing_since_s is not None
        silent_s = NEVER if moves else self.tracker.deadline_s
        return min(
            self.detector.deadline_s,
            self.hook.deadline_s,
            silent_s,
            self._level_deadline_s,
            self.faults.deadline_s,
        )

    @property
    def _follows_receiver(self) -> bool:
        """Whether it is known where the receiver is."""
        inverted = "hook_inverted" in self.faults.standing
        return self.settings.hook_pin is not None and self.hook.steady and not inverted

    def observe(self, edge: Edge) -> list[LineEvent]:
        """Take an edge of either pin; one of a hook pin that the settings do not name changes nothing."""
        if edge.pin == "ring":
            return self._on_ring_edge(edge.t_s, active=edge.level == self.settings.ring_active_high)
        if self.settings.hook_pin is None:
            return []
        return self._on_hook_edge(edge.t_s, off_hook=edge.level == self.settings.hook_active_high)

    def _on_ring_edge(self, t_s: float, *, active: bool) -> list[LineEvent]:
        events = [] if self.now_s <= t_s < self.deadline_s else self._move_to(t_s)
        self.now_s = max(self.now_s, t_s)
        if active != self._ring_active:
            self._ring_active = active
            waits = active != ("ring_stuck" in self.faults.standing)
            self._level_deadline_s = self.now_s + self._longest_burst_s if waits else NEVER
        self.logbook.edges += 1
        begun: list[LineEvent] = []
        for burst_event in self.detector.on_edge(self.now_s, active=active):
            begun += self._on_burst_event(burst_event)
        return events + self._noted(begun)

    def _on_hook_edge(self, t_s: float, *, off_hook: bool) -> list[LineEvent]:
        events = self._move_to(t_s)
        change = self.hook.on_edge(self.now_s, off_hook=off_hook)
        if change is not None and change.stage == "lost":
            return events + self._noted(self._on_receiver_lost(change.t_s))
        if change is not None:
            self._sounding_at_change = self.detector.sounding(self.now_s)
        return events

    def lose(self, edges: int) -> None:
        """Edges were lost between the pin and here; they are counted with the noise."""
        self.tally.dropped += edges

    def advance(self, t_s: float) -> list[LineEvent]:
        """Time passes without edges up to ``t_s``."""
        return self._move_to(t_s) if t_s >= self.now_s else []

    def finish(self, t_s: float) -> list[LineEvent]:
        """The timeline ends at ``t_s``: a call in progress is measured as far as it went."""
        return self.advance(t_s) + self._noted(self.tracker.finish(self.now_s))

    def _noise_found(self) -> list[LineEvent]:
        """Faults that what was refused since the last time is a sign of."""
        found: list[LineEvent] = []
        if self.detector.hums > self._hums:
            self._hums = self.detector.hums
            found += self._find_hum(self.detector.hum_hz)
        for cause, hz in self.tracker.take_refused():
            if cause == "hum":
                found += self._find_hum(hz)
            elif cause == "crosstalk":
                found += self.faults.find_noise("ring_crosstalk", self.now_s)
            else:
                self._strange_s.append(self.now_s)
                if len(self._strange_s) == STRANGE and self.now_s - self._strange_s[0] <= NOISE_GONE_S:
                    found += self.faults.find_noise("ring_floating", self.now_s)
        return found

    def _find_hum(self, pulse_hz: float) -> list[LineEvent]:
        mains_hz = min(50, 60, 100, 120, key=lambda hz: abs(hz - pulse_hz))
        return self.faults.find_noise("ring_hum", self.now_s, hz=mains_hz if mains_hz <= 60 else mains_hz / 2)

    def _noted(self, events: list[LineEvent]) -> list[LineEvent]:
        """The events, and what the calls among them say about the hook switch."""
        if self.detector.hums > self._hums or self.tracker.refused:
            events = events + self._noise_found()
        if not events:
            return events
        self.logbook.write_events(events)
        found: list[LineEvent] = []
        for event in events:
            if isinstance(event, CallEnded):
                self._hook_proven |= event.call.outcome == "answered"
                self.detector.hum_rates_hz = self.tracker.judge.sound.hum_rates()
            if isinstance(event, CallEnded) and self._follows_receiver:
                self._calls_unmoved += 1
                if self._calls_unmoved >= (CALLS_STILL if self.hook.moved else CALLS_UNMOVED):
                    found += self.faults.find("hook_unmoved", event.call.end_s, count=self._calls_unmoved)
        self._judge_hook()
        return events + found

    def _judge_hook(self) -> None:
        still = "hook_unmoved" in self.faults.standing
        self.tracker.hook_believed = self._follows_receiver and self.hook.moved and not still

    def _move_to(self, t_s: float) -> list[LineEvent]:
        if not isfinite(t_s):
            raise ValueError(f"line {self.settings.name}: {t_s} is no time")
        if t_s < self.now_s:
            self.tally.late += 1
            return []
        events: list[LineEvent] = []
        while (deadline_s := self.deadline_s) <= t_s:
            self.now_s = max(self.now_s, deadline_s)
            # What was found at a deadline is noted at once: it counts for the next, and bears this one's time.
            events += self._noted(self._on_deadline(deadline_s))
        self.now_s = t_s
        return events

    def _on_deadline(self, deadline_s: float) -> list[LineEvent]:
        if deadline_s == self.detector.deadline_s:
            return [event for burst in self.detector.on_time() for event in self._on_burst_event(burst)]
        if deadline_s == self.hook.deadline_s:
            change = self.hook.on_time()
            return [] if change is None else self._on_hook_change(change)
        if deadline_s == self.tracker.deadline_s:
            self._judge_hook()
            events = self.tracker.silent()
            self._set_due()
            return events
        if deadline_s == self.faults.deadline_s:
            return self.faults.on_time()
        self._level_deadline_s = NEVER
        if self._ring_active:
            return self.faults.find("ring_stuck", deadline_s)
        return self.faults.heal("ring_stuck", deadline_s)

    def _on_burst_event(self, event: BurstEvent) -> list[LineEvent]:
        if "ring_stuck" in self.faults.standing and self.settings.input != "pulses":
            # Pulses are ringing whichever level they rest at; levels of an inverted input are the pauses.
            return []
        if self._follows_receiver:
            if self.hook.changing_since_s is not None:
                self._held.append(event)
                return []
            if self.hook.off_hook:
                return self._on_burst_off_hook(event)
        events = self._pass_on(event)
        if isinstance(event, BurstEnded) and _is_ring_like(event.burst) and not self.hook.off_hook:
            self._forget_off_hook()
            events += self.faults.heal("hook_inverted", event.burst.end_s)
            self._judge_hook()
        return events

    def _pass_on(self, event: BurstEvent) -> list[LineEvent]:
        events: list[LineEvent] = []
        if isinstance(event, BurstBegan):
            events = self.tracker.burst_began(event.start_s)
        elif isinstance(event, BurstEnded):
            self.tracker.burst_ended(event.burst)
            self.logbook.write_burst(event.burst, self.tracker.rings.begun or None)
        else:
            events = self.tracker.burst_withdrawn(event)
            if event.reason != "hum":
                self.tracker.refuse_burst(event.start_s)
        self._set_due()
        return events

    def _set_due(self) -> None:
        window = self.tracker.due_window
        self.detector.due_from_s, self.detector.due_until_s = window if window is not None else (NEVER, NEVER)

    def _on_burst_off_hook(self, event: BurstEvent) -> list[LineEvent]:
        if not isinstance(event, BurstEnded):
            return []
        self.tally.off_hook += 1
        burst = event.burst
        self.logbook.write_burst(burst, None)
        if not _is_ring_like(burst) or burst.start_s < self._lifted_s + RING_TRIP_S:
            return []
        if not self._contradicts(burst):
            return []
        rung = list(self._rung_off_hook.bursts)
        self._forget_off_hook()
        events = self.faults.find("hook_inverted", burst.end_s)
        events += self.tracker.lose_receiver(burst.start_s)
        self._judge_hook()
        return events + self._pass_all(_as_events(rung))

    def _contradicts(self, burst: Burst) -> bool:
        """Whether the bursts with the receiver lifted are ringing for certain, which no exchange sends to a line in use."""
        rings = self._rung_off_hook
        if burst.start_s - rings.last_end_s > self.tracker.silence_s:
            self._calls_off_hook += rings.begun == 1 and self._is_call(rings, LIKELY)
            self._rung_off_hook = rings = self.tracker.no_rings()
        rings.burst_began(burst.start_s)
        rings.burst_ended(burst)
        if rings.begun >= RINGS_OFF_HOOK + self._hook_proven:
            return self._is_call(rings, SURE)
        # A switch that is the wrong way round hides the calls that ring once as well.
        once_more = rings.begun == 1 and self._is_call(rings, LIKELY)
        return once_more and not self._hook_proven and self._calls_off_hook >= CALLS_OFF_HOOK

    def _is_call(self, rings: Rings, least: float) -> bool:
        judge, learner = self.tracker.judge, self.tracker.learner
        return judge.confidence(rings, learner, answered=False, t_s=rings.last_end_s) >= least

    def _forget_off_hook(self) -> None:
        self._rung_off_hook, self._calls_off_hook = self.tracker.no_rings(), 0

    def _on_hook_change(self, change: HookChange) -> list[LineEvent]:
        healed: list[LineEvent] = []
        if change.stage == "settled" and self.hook.moved:
            self._calls_unmoved = 0
            healed = self.faults.heal("hook_unmoved", change.t_s)
        if change.stage == "found":
            healed = self.faults.heal("hook_unsteady", change.t_s)
        held = list(self._held)
        self._held.clear()
        self._judge_hook()
        if not self._follows_receiver:
            return healed + self._pass_all(held)
        if change.stage == "undone":
            # A nudge while the receiver was down hid nothing; in a flash of a call in progress no ringing is possible.
            return healed + (self._drop(held) if self.hook.off_hook else self._pass_all(held))
        if change.stage == "found":
            return healed + (self.tracker.find_lifted(change.t_s) if change.off_hook else [])
        if change.off_hook:
            return healed + self._on_lifted(change.t_s, held)
        events = self.tracker.hung_up(change.t_s)
        self._drop([event for event in held if _start_s(event) < change.t_s])
        return healed + events + self._pass_all([event for event in held if _start_s(event) >= change.t_s])

    def _on_lifted(self, t_s: float, held: list[BurstEvent]) -> list[LineEvent]:
        self._lifted_s = t_s
        before = [event for event in held if _start_s(event) < t_s]
        self._drop([event for event in held if _start_s(event) >= t_s])
        # A burst that outlasts the lift is cut off by it; the tracker does that itself.
        events = self._pass_all(
            [event for event in before if not isinstance(event, BurstEnded) or event.burst.end_s < t_s]
        )
        events += self.tracker.lifted(t_s, self._sounding_at_change)
        self._set_due()
        return events

    def _on_receiver_lost(self, t_s: float) -> list[LineEvent]:
        held = list(self._held)
        self._held.clear()
        events = self.faults.find("hook_unsteady", t_s) + self.tracker.lose_receiver(t_s)
        self._judge_hook()
        return events + self._pass_all(held)

    def _pass_all(self, held: list[BurstEvent]) -> list[LineEvent]:
        return [passed for event in held for passed in self._pass_on(event)]

    def _drop(self, held: list[BurstEvent]) -> list[LineEvent]:
        self.tally.off_hook += sum(isinstance(event, BurstEnded) for event in held)
        return []

    def inspect(self) -> LineView:
        """What the pins show and how it is read."""
        tracker, noise, logbook = self.tracker, replace(self.tally), self.logbook
        levels = self.detector.levels if isinstance(self.detector, PulseBursts) else 0
        kind = self.settings.input
        return LineView(
            line=self.settings.name,
            now_s=self.now_s,
            input=kind,
            ring_active=self._ring_active,
            receiver=self._receiver(),
            state=tracker.state,
            edges=logbook.edges,
            burst_since_s=tracker.rings.burst_start_s,
            rings_begun=tracker.rings.begun,
            bursts=tuple(logbook.bursts),
            calls=tuple(logbook.calls),
            faults=tuple(self.faults.standing.values()),
            cadence=tracker.learner.estimate(),
            profile=self.settings.cadence,
            noise=noise,
            advice=wiring_advice(kind, levels=levels, bursts=logbook.bursts_so_far, noise=noise),
        )

    def _receiver(self) -> Literal["down", "lifted", "moving", "not seen", "not known"]:
        if self.settings.hook_pin is None:
            return "not seen"
        if not self._follows_receiver:
            return "not known"
        if self.hook.changing_since_s is not None:
            return "moving"
        return "lifted" if self.hook.off_hook else "down"


def _is_ring_like(burst: Burst) -> bool:
    return burst.end_s - burst.start_s >= RING_LIKE_S


def _as_events(bursts: list[Burst]) -> list[BurstEvent]:
    return [event for burst in bursts for event in (BurstBegan(burst.start_s), BurstEnded(burst))]


def _start_s(event: BurstEvent) -> float:
    return event.burst.start_s if isinstance(event, BurstEnded) else event.start_s
