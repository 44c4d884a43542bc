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
from edge.phone.call_tracker import CallTracker
from edge.phone.events import CallEnded, LineEvent, LineFault
from edge.phone.hook import HookChange, HookSwitch
from edge.phone.inspection import BURSTS_SHOWN, CALLS_SHOWN, BurstView, LineView, wiring_advice
from edge.phone.level_bursts import LevelBursts
from edge.phone.noise import NoiseTally
from edge.phone.pulse_bursts import PulseBursts
from edge.settings.desk_toml import PhoneLine

MOST_HELD = 32
"""Burst events kept while it is open whether the receiver moved: some 0.6 s, in which no ringing has more."""
RINGS_OFF_HOOK = 2
"""So many bursts of ringing while the hook switch shows a lifted receiver: no exchange rings a line in use."""
RING_TRIP_S = 3.0
"""Ringing this long after the lift is no longer the end of the ring that was answered: exchanges trip within 0.2 s, private ones
within a burst."""
RING_LIKE_S = 0.3
"""A burst this long is ringing and no spike or dial pulse; the shortest of the table is 0.3 s."""


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
        longest_s = find_profile(settings.cadence).longest_burst_s
        self.detector: BurstDetector = (
            PulseBursts(settings.pulses_per_cycle, self.tally, longest_s)
            if settings.input == "pulses"
            else LevelBursts(self.tally, longest_s)
        )
        self.tracker = CallTracker(settings, self.tally)
        self.hook = HookSwitch(self.tally)
        self.now_s = float("-inf")
        self._ring_active: bool | None = None
        self._sounding_at_change = SILENCE
        self._held: deque[BurstEvent] = deque(maxlen=MOST_HELD)
        self._lifted_s = float("-inf")
        self._edges = 0
        self._bursts = 0
        self._recent: deque[BurstView] = deque(maxlen=BURSTS_SHOWN)
        self._calls: deque[CallEnded] = deque(maxlen=CALLS_SHOWN)
        self._faults: deque[LineFault] = deque(maxlen=CALLS_SHOWN)
        self._rings_off_hook = 0

    @property
    def deadline_s(self) -> float:
        """When something will be decided though no edge comes; infinite when nothing is open."""
        return min(self.detector.deadline_s, self.hook.deadline_s, self.tracker.deadline_s)

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
        self._ring_active = active
        self._edges += 1
        for burst_event in self.detector.on_edge(self.now_s, active=active):
            events += self._on_burst_event(burst_event)
        if events:
            self._remember(events)
        return events

    def _on_hook_edge(self, t_s: float, *, off_hook: bool) -> list[LineEvent]:
        events = self._move_to(t_s)
        change = self.hook.on_edge(self.now_s, off_hook=off_hook)
        if change is not None:
            self._sounding_at_change = self.detector.sounding(self.now_s)
        self._remember(events)
        return events

    def lose(self, edges: int) -> None:
        """Edges were lost between the pin and here; they are counted with the noise."""
        self.tally.dropped += edges

    def advance(self, t_s: float) -> list[LineEvent]:
        """Time passes without edges up to ``t_s``."""
        events = self._move_to(t_s) if t_s >= self.now_s else []
        self._remember(events)
        return events

    def finish(self, t_s: float) -> list[LineEvent]:
        """The timeline ends at ``t_s``: a call in progress is measured as far as it went."""
        events = self.advance(t_s)
        last = self.tracker.finish(self.now_s)
        self._remember(last)
        return events + last

    def inspect(self) -> LineView:
        """What the pins show and how it is read."""
        tracker, noise = self.tracker, replace(self.tally)
        receiver: Literal["down", "lifted", "moving", "not seen"] = "lifted" if self.hook.off_hook else "down"
        if self.hook.changing_since_s is not None:
            receiver = "moving"
        levels = self.detector.levels if isinstance(self.detector, PulseBursts) else 0
        return LineView(
            line=self.settings.name,
            now_s=self.now_s,
            input=self.settings.input,
            ring_active=self._ring_active,
            receiver=receiver if self.settings.hook_pin is not None else "not seen",
            state=tracker.state,
            edges=self._edges,
            burst_since_s=tracker.rings.burst_start_s,
            rings_begun=tracker.rings.begun,
            bursts=tuple(self._recent),
            calls=tuple(ended.call for ended in self._calls),
            faults=tuple(self._faults),
            cadence=tracker.learner.estimate(),
            profile=self.settings.cadence,
            noise=noise,
            advice=wiring_advice(self.settings.input, levels=levels, bursts=self._bursts, noise=noise),
        )

    def _remember(self, events: list[LineEvent]) -> None:
        for event in events:
            if isinstance(event, CallEnded):
                self._calls.append(event)
            elif isinstance(event, LineFault):
                self._faults.append(event)

    def _show(self, burst: Burst, ring_number: int | None) -> None:
        self._bursts += 1
        self._recent.append(BurstView(burst.start_s, burst.end_s, burst.ring_hz, ring_number))

    def _move_to(self, t_s: float) -> list[LineEvent]:
        if not isfinite(t_s):
            raise ValueError(f"line {self.settings.name}: {t_s} is no time")
        if t_s < self.now_s:
            self.tally.late += 1
            return []
        events: list[LineEvent] = []
        while (deadline_s := self.deadline_s) <= t_s:
            self.now_s = max(self.now_s, deadline_s)
            if deadline_s == self.detector.deadline_s:
                for burst_event in self.detector.on_time():
                    events += self._on_burst_event(burst_event)
            elif deadline_s == self.hook.deadline_s:
                change = self.hook.on_time()
                events += [] if change is None else self._on_hook_settled(change)
            else:
                events += self.tracker.silent()
                self._set_due()
        self.now_s = t_s
        return events

    def _on_burst_event(self, event: BurstEvent) -> list[LineEvent]:
        if self.hook.changing_since_s is not None:
            self._held.append(event)
            return []
        if self.hook.off_hook:
            return self._off_hook_burst(event)
        return self._pass_on(event)

    def _pass_on(self, event: BurstEvent) -> list[LineEvent]:
        events: list[LineEvent] = []
        if isinstance(event, BurstBegan):
            events = self.tracker.burst_began(event.start_s)
        elif isinstance(event, BurstEnded):
            self.tracker.burst_ended(event.burst)
            self._show(event.burst, self.tracker.rings.begun or None)
        else:
            events = self.tracker.burst_withdrawn(event)
        self._set_due()
        return events

    def _set_due(self) -> None:
        window = self.tracker.due_window
        self.detector.due_from_s, self.detector.due_until_s = window if window is not None else (NEVER, NEVER)

    def _off_hook_burst(self, event: BurstEvent) -> list[LineEvent]:
        if not isinstance(event, BurstEnded):
            return []
        self.tally.off_hook += 1
        burst = event.burst
        self._show(burst, None)
        if burst.end_s - burst.start_s < RING_LIKE_S or burst.start_s < self._lifted_s + RING_TRIP_S:
            return []
        self._rings_off_hook += 1
        if self._rings_off_hook != RINGS_OFF_HOOK:
            return []
        advice = "it rings while the hook switch shows a lifted receiver: check hook_active_high and the hook switch"
        return [LineFault(burst.start_s, self.settings.name, "rings_off_hook", advice)]

    def _on_hook_settled(self, change: HookChange) -> list[LineEvent]:
        held = list(self._held)
        self._held.clear()
        if change.stage == "undone":
            # A spike while the receiver was down hid nothing; in a flash of a call in progress no ringing is possible.
            return self._drop(held) if self.hook.off_hook else self._pass_all(held)
        if change.off_hook:
            return self._on_lifted(change.t_s, held)
        self._rings_off_hook = 0
        events = self.tracker.hung_up(change.t_s)
        self._drop([event for event in held if _start_s(event) < change.t_s])
        return events + self._pass_all([event for event in held if _start_s(event) >= change.t_s])

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

    def _pass_all(self, held: list[BurstEvent]) -> list[LineEvent]:
        return [passed for event in held for passed in self._pass_on(event)]

    def _drop(self, held: list[BurstEvent]) -> list[LineEvent]:
        self.tally.off_hook += sum(isinstance(event, BurstEnded) for event in held)
        return []


def _start_s(event: BurstEvent) -> float:
    return event.burst.start_s if isinstance(event, BurstEnded) else event.start_s
