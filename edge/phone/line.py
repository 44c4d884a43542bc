"""One telephone line: edges of its pins in; rings, receiver and calls out."""

from collections import deque
from dataclasses import replace
from math import isfinite
from typing import Literal

from edge.cadence.cadence import LONGEST_HOLD_S, find_profile
from edge.observation import Edge
from edge.phone.burst import (
    NEVER,
    SILENCE,
    Burst,
    BurstBegan,
    BurstDetector,
    BurstEnded,
    BurstEvent,
    BurstHeld,
    BurstWithdrawn,
)
from edge.phone.call_tracker import CallTracker
from edge.phone.events import CallEnded, FaultKind, LineEvent
from edge.phone.faults import Faults
from edge.phone.hook import HookChange, HookSwitch
from edge.phone.hook_trust import HookTrust
from edge.phone.inspection import LineView, Logbook, wiring_advice
from edge.phone.learnt import LearntLine
from edge.phone.level_bursts import LevelBursts
from edge.phone.mains import MAINS_RATES_HZ
from edge.phone.noise import NoiseTally
from edge.phone.off_hook_ringing import OffHookRinging, is_ring_like
from edge.phone.pulse_bursts import PulseBursts
from edge.phone.recollection import Recollection
from edge.phone.ring_level import STARTING_S, RingLevel
from edge.phone.stray_watch import StrayWatch
from edge.settings.desk_toml import PhoneLine
from protocol.standard import Phone

SECONDS_PER_RING = Phone().seconds_per_ring
"""Where no standard says otherwise."""
MOST_WAITING = 32
"""Burst events kept while it is open whether the receiver moved, at most 2 s: of no ringing come more."""


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
        self.hook = HookSwitch(self.tally)
        self.faults = Faults(settings.name)
        self.logbook = Logbook()
        self.now_s = float("-inf")
        self._began_s = NEVER
        self._level = RingLevel(profile.longest_cadence_burst_s, longest_hold_s)
        self._trust = HookTrust(self.hook, self.faults, fitted=settings.hook_pin is not None)
        self._off_hook = OffHookRinging(self.tracker)
        self._recollection = Recollection(self.tracker, self.detector, self.hook, self._trust)
        self._strays = StrayWatch(self.detector, self.tracker, self.faults)
        self._sounding_at_change = SILENCE
        self._waiting: deque[BurstEvent] = deque(maxlen=MOST_WAITING)
        self._carried_over: FaultKind | None = None

    @property
    def deadline_s(self) -> float:
        """When something will be decided though no edge comes; infinite when nothing is open."""
        # While the switch moves, for 2 s at most, silence does not say yet whether somebody answered.
        moves = self._trust.follows_receiver and self.hook.changing_since_s is not None
        silent_s = NEVER if moves else self.tracker.deadline_s
        return min(
            self.detector.deadline_s,
            self.hook.deadline_s,
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
        change = self.hook.on_edge(self.now_s, off_hook=off_hook)
        if change is not None and change.stage == "lost":
            return events + self._noted(self._on_receiver_lost(change.t_s))
        if change is not None:
            self._sounding_at_change = self.detector.sounding(self.now_s)
        return events

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
        self._judge_hook()

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
        found = self._trust.note(events)
        self._judge_hook()
        return events + found

    def _hum_rates(self) -> tuple[float, ...]:
        # Ringing current never ripples on a contact: whatever comes at the mains' rates is hum.
        return (
            MAINS_RATES_HZ
            if self.settings.input == "contact"
            else self.tracker.judge.sound.hum_rates(len(self.tracker.learner.calls))
        )

    def _judge_hook(self) -> None:
        self.tracker.hook_believed = self._trust.tells_unanswered

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
            events = self.tracker.on_time()
            self._set_due()
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
        if believed is None:
            return []
        event = believed
        if self._trust.follows_receiver:
            if self.hook.changing_since_s is not None:
                self._waiting.append(event)
                return []
            if self.hook.off_hook:
                return self._on_burst_off_hook(event)
        events = self._pass_on(event)
        if isinstance(event, BurstEnded) and is_ring_like(event.burst) and not self.hook.off_hook:
            self._off_hook.forget()
            events += self.faults.heal("hook_inverted", event.burst.end_s)
            self._judge_hook()
        return events

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

    def _pass_on(self, event: BurstEvent) -> list[LineEvent]:
        events: list[LineEvent] = []
        if isinstance(event, BurstBegan):
            events = self.tracker.burst_began(event.start_s)
        elif isinstance(event, BurstHeld):
            events = self.tracker.burst_held(event, self.now_s)
            self.logbook.holds += 1
        elif isinstance(event, BurstEnded):
            self.tracker.burst_ended(event.burst)
            self.logbook.write_burst(event.burst, self.tracker.rings.begun or None)
        else:
            events = self.tracker.burst_withdrawn(event)
            if event.reason != "hum":
                self.tracker.refuse_burst(event)
        self._set_due()
        return events

    def _set_due(self) -> None:
        window = self.tracker.due_window
        self.detector.due_from_s, self.detector.due_until_s = window if window is not None else (NEVER, NEVER)

    def _on_burst_off_hook(self, event: BurstEvent) -> list[LineEvent]:
        if isinstance(event, BurstEnded | BurstWithdrawn) and _start_s(event) < self._off_hook.lifted_s:
            end_s = event.burst.end_s if isinstance(event, BurstEnded) else self.now_s
            self.tracker.rang_on(_start_s(event), end_s)
        if not isinstance(event, BurstEnded):
            return []
        self.tally.off_hook += 1
        burst = event.burst
        if is_ring_like(burst) and burst.start_s >= self._off_hook.lifted_s:
            self.tracker.rang_again(burst)
        self.logbook.write_burst(burst, None)
        rung = self._off_hook.contradicts(
            burst, proven=self._trust.proven or self.tracker.state == "answered"
        )
        if not rung:
            return []
        events = self.faults.find("hook_inverted", burst.end_s)
        events += self.tracker.lose_receiver(burst.start_s)
        self._judge_hook()
        return events + self._pass_all(_as_events(rung))

    def _on_hook_change(self, change: HookChange) -> list[LineEvent]:
        healed: list[LineEvent] = []
        if change.stage == "settled" and self.hook.moved:
            healed = self._trust.moved(change.t_s)
        if change.stage == "found":
            healed = self.faults.heal("hook_unsteady", change.t_s)
        waiting = list(self._waiting)
        self._waiting.clear()
        self._judge_hook()
        if not self._trust.follows_receiver:
            return healed + self._pass_all(waiting)
        if change.stage == "undone":
            # A nudge while the receiver was down hid nothing; in a flash of a call in progress no ringing is possible.
            return healed + (self._drop(waiting) if self.hook.off_hook else self._pass_all(waiting))
        if change.stage == "found":
            return healed + (self.tracker.find_lifted(change.t_s) if change.off_hook else [])
        if change.off_hook:
            return healed + self._on_lifted(change.t_s, waiting)
        events = self.tracker.hung_up(change.t_s)
        self._drop([event for event in waiting if _start_s(event) < change.t_s])
        return healed + events + self._pass_all([event for event in waiting if _start_s(event) >= change.t_s])

    def _on_lifted(self, t_s: float, waiting: list[BurstEvent]) -> list[LineEvent]:
        before = [event for event in waiting if _start_s(event) < t_s]
        self._drop([event for event in waiting if _start_s(event) >= t_s])
        # A burst that outlasts the lift is cut off by it; the tracker does that itself.
        events = self._pass_all(
            [event for event in before if not isinstance(event, BurstEnded) or event.burst.end_s < t_s]
        )
        self._off_hook.lifted(t_s, ringing=self.tracker.state == "ringing")
        events += self.tracker.lifted(t_s, self._sounding_at_change)
        self._set_due()
        return events

    def _on_receiver_lost(self, t_s: float) -> list[LineEvent]:
        waiting = list(self._waiting)
        self._waiting.clear()
        events = self.faults.find("hook_unsteady", t_s) + self.tracker.lose_receiver(t_s)
        self._judge_hook()
        return events + self._pass_all(waiting)

    def _pass_all(self, waiting: list[BurstEvent]) -> list[LineEvent]:
        return [passed for event in waiting for passed in self._pass_on(event)]

    def _drop(self, waiting: list[BurstEvent]) -> list[LineEvent]:
        self.tally.off_hook += sum(isinstance(event, BurstEnded) for event in waiting)
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
            ring_active=self._level.active,
            receiver=self._receiver(),
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

    def _receiver(self) -> Literal["down", "lifted", "moving", "not seen", "not known"]:
        if self.settings.hook_pin is None:
            return "not seen"
        if not self._trust.follows_receiver:
            return "not known"
        if self.hook.changing_since_s is not None:
            return "moving"
        return "lifted" if self.hook.off_hook else "down"


def _as_events(bursts: list[Burst]) -> list[BurstEvent]:
    return [event for burst in bursts for event in (BurstBegan(burst.start_s), BurstEnded(burst))]


def _start_s(event: BurstEvent) -> float:
    return event.burst.start_s if isinstance(event, BurstEnded) else event.start_s
