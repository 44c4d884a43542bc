"""One telephone line: edges of its pins in; rings, receiver and calls out."""

from dataclasses import replace
from math import isfinite

from edge.cadence.cadence import LONGEST_HOLD_S, find_profile
from edge.observation import Edge
from edge.phone.burst import (
    NEVER,
    BurstDetector,
    BurstEvent,
    BurstHeld,
    BurstWithdrawn,
)
from edge.phone.burst_route import BurstRoute
from edge.phone.call_tracker import CallTracker
from edge.phone.events import CallEnded, FaultKind, LineEvent
from edge.phone.faults import Faults
from edge.phone.inspection import LineView, Logbook, wiring_advice
from edge.phone.learnt import LearntLine
from edge.phone.level_bursts import LevelBursts
from edge.phone.mains import MAINS_RATES_HZ
from edge.phone.noise import NoiseTally
from edge.phone.pulse_bursts import PulseBursts
from edge.phone.receiver import Receiver
from edge.phone.recollection import Recollection
from edge.phone.ring_level import STARTING_S, RingLevel
from edge.phone.stray_watch import StrayWatch
from edge.settings.desk_toml import PhoneLine
from protocol.standard import Phone

SECONDS_PER_RING = Phone().seconds_per_ring
"""Where no standard says otherwise."""


class LineDecoder:
    """Follows one line.

    Times are seconds on the kernel's monotonic clock and must not run backwards: an edge that comes late counts as
    simultaneous with the last. What is returned depends on the edges and their times alone, not on how often ``advance`` was
    called in between, so that a recorded trace replays to the same events.

    Args:
        settings: How the line is wired and rings.
        seconds_per_ring: How long a ring takes by the standard where ringing has no cadence.

    Example:
        >>> line = LineDecoder(PhoneLine(ring_pin=23, input="contact", ring_active_high=True, cadence="DE"))
        >>> line.observe(Edge(10.0, "1", "ring", level=True))
        []
        >>> line.advance(10.5)
        [Ringing(t_s=10.0, line='1', ring_number=1)]
    """

    def __init__(self, settings: PhoneLine, seconds_per_ring: float = SECONDS_PER_RING) -> None:
        self.settings = settings
        self.tally = NoiseTally()
        profile = find_profile(settings.cadence)
        longest_burst_s = profile.longest_burst_s
        # The level of an envelope may be hum, which lasts anything.
        longest_hold_s = max(LONGEST_HOLD_S if settings.input == "contact" else 0.0, longest_burst_s)
        self.tracker = CallTracker(settings, self.tally, seconds_per_ring)
        hum_rates_hz = self._hum_rates()
        self.detector: BurstDetector = (
            PulseBursts(settings.pulses_per_cycle, self.tally, longest_burst_s, hum_rates_hz)
            if settings.input == "pulses"
            else LevelBursts(self.tally, longest_burst_s, longest_hold_s, settings.input, hum_rates_hz)
        )
        self.faults = Faults(settings.name)
        self.logbook = Logbook()
        self.now_s = float("-inf")
        self._began_s = NEVER
        self._level = RingLevel(profile.longest_cadence_burst_s, longest_hold_s)
        self._route = BurstRoute(self.detector, self.tracker, self.logbook)
        self._receiver = Receiver(self._route, self.faults, self.tally, fitted=settings.hook_pin is not None)
        self._recollection = Recollection(
            self.tracker, self.detector, self._receiver.hook, self._receiver.trust
        )
        self._strays = StrayWatch(self.detector, self.tracker, self.faults)
        self._carried_over: FaultKind | None = None

    @property
    def deadline_s(self) -> float:
        """When something will be decided though no edge comes; infinite when nothing is open."""
        silent_s = NEVER if self._receiver.moves else self.tracker.deadline_s
        return min(
            self.detector.deadline_s,
            self._receiver.hook.deadline_s,
            silent_s,
            self._level.deadline_s,
            self.faults.deadline_s,
        )

    def observe(self, edge: Edge) -> list[LineEvent]:
        """Take an edge of either pin; one of a hook pin that the settings do not name changes nothing."""
        self._began_s = min(self._began_s, edge.t_s)
        carried_over: list[LineEvent] = []
        if self._carried_over is not None:
            carried_over = self.faults.find(self._carried_over, edge.t_s)
            self._carried_over = None
        if edge.pin == "ring":
            return carried_over + self._on_ring_edge(
                edge.t_s, active=edge.level == self.settings.ring_active_high
            )
        if self.settings.hook_pin is None:
            return carried_over
        return carried_over + self._on_hook_edge(
            edge.t_s, off_hook=edge.level == self.settings.hook_active_high
        )

    def _on_ring_edge(self, t_s: float, *, active: bool) -> list[LineEvent]:
        events = [] if self.now_s <= t_s < self.deadline_s else self._move_to(t_s)
        if active != self._level.active:
            starting = t_s < self._began_s + STARTING_S
            self._level.on_edge(max(self.now_s, t_s), active=active, starting=starting)
        self.now_s = max(self.now_s, t_s)
        self.logbook.edges += 1
        begun: list[LineEvent] = []
        for burst_event in self.detector.on_edge(self.now_s, active=active):
            begun += self._on_burst_event(burst_event)
        return events + self._noted(begun)

    def _on_hook_edge(self, t_s: float, *, off_hook: bool) -> list[LineEvent]:
        events = self._move_to(t_s)
        return events + self._noted(self._receiver.on_edge(self.now_s, off_hook=off_hook))

    @property
    def learnt(self) -> LearntLine:
        """What the line has learnt of itself."""
        inverted = "hook_inverted" in self.faults.standing or self._carried_over is not None
        return self._recollection.learnt(hook_inverted=inverted)

    def recall(self, learnt: LearntLine) -> None:
        """Go on with what the line had learnt before, with the same settings; what it has learnt since is newer."""
        if self._recollection.recall(learnt):
            self._carried_over = "hook_inverted"
        self.detector.hum_rates_hz = self._hum_rates()
        self._receiver.judge()

    def lose(self, edges: int) -> None:
        """Edges were lost between the pin and here; they are counted with the noise."""
        self.tally.dropped += edges

    def advance(self, t_s: float) -> list[LineEvent]:
        """Time passes without edges up to ``t_s``."""
        return self._move_to(t_s) if t_s >= self.now_s else []

    def finish(self, t_s: float) -> list[LineEvent]:
        """The timeline ends at ``t_s``: a call in progress is measured as far as it went."""
        return self.advance(t_s) + self._noted(self.tracker.finish(self.now_s))

    def _noted(self, events: list[LineEvent]) -> list[LineEvent]:
        """The events, and what they and what was refused say about the wiring."""
        if self._strays.has_news:
            events = events + self._strays.find(self.now_s)
        if not events:
            return events
        self.logbook.write_events(events)
        if any(isinstance(event, CallEnded) for event in events):
            self.detector.hum_rates_hz = self._hum_rates()
            self._learn_pulses()
        found = self._receiver.trust.note(events)
        self._receiver.judge()
        return events + found

    def _learn_pulses(self) -> None:
        shown = self.tracker.judge.sound.pulses_a_cycle
        if isinstance(self.detector, PulseBursts) and self.settings.pulses_per_cycle is None and shown:
            self.detector.pulses_per_cycle = shown

    def _hum_rates(self) -> tuple[float, ...]:
        # Ringing current never ripples on a contact: whatever comes at the mains' rates is hum.
        return (
            MAINS_RATES_HZ
            if self.settings.input == "contact"
            else self.tracker.judge.sound.hum_rates(len(self.tracker.learner.calls))
        )

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
        if deadline_s == self._receiver.hook.deadline_s:
            return self._receiver.on_time(self.now_s)
        if deadline_s == self.tracker.deadline_s:
            self._receiver.judge()
            events = self.tracker.on_time()
            self._route.set_due()
            return events
        if deadline_s == self.faults.deadline_s:
            return self.faults.on_time()
        found = self._level.on_time()
        if found is None:
            return []
        report = self.faults.find if found == "stuck" else self.faults.heal
        return report("ring_stuck", deadline_s)

    def _on_burst_event(self, event: BurstEvent) -> list[LineEvent]:
        believed = self._believed(event)
        return [] if believed is None else self._receiver.on_burst(believed, self.now_s)

    def _believed(self, event: BurstEvent) -> BurstEvent | None:
        """What a burst is: the levels of an input that is the wrong way round are the pauses, and those of a stuck one nothing."""
        if self.settings.input == "pulses":
            # Pulses are ringing whichever level they rest at.
            return event
        if self._level.stuck:
            return None
        if self._level.holds_believed:
            return event
        if isinstance(event, BurstHeld):
            return BurstWithdrawn(event.start_s, "stuck")
        return event if self.tracker.rings.seconds_per_ring is None else None

    def inspect(self) -> LineView:
        """What the pins show and how it is read."""
        tracker, noise, logbook = self.tracker, replace(self.tally), self.logbook
        levels = self.detector.levels if isinstance(self.detector, PulseBursts) else 0
        kind = self.settings.input
        return LineView(
            line=self.settings.name,
            now_s=self.now_s,
            input=kind,
            ring_active=self._level.active,
            receiver=self._receiver.state,
            state=tracker.state,
            edges=logbook.edges,
            burst_since_s=tracker.rings.burst_start_s,
            rings_begun=tracker.rings.begun,
            rings_by_time=tracker.rings.seconds_per_ring is not None,
            bursts=tuple(logbook.bursts),
            calls=tuple(logbook.calls),
            faults=tuple(self.faults.standing.values()),
            cadence=tracker.learner.estimate(),
            profile=self.settings.cadence,
            noise=noise,
            advice=wiring_advice(
                kind,
                self.settings.cadence,
                levels=levels,
                bursts=logbook.bursts_so_far,
                holds=logbook.holds,
                noise=noise,
            ),
        )
