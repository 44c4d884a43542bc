"""What the receiver means for ringing: bursts wait while it moves, a lift answers, and what rings while it is lifted speaks against the switch."""

from collections import deque
from typing import Literal

from edge.phone.burst import (
    SILENCE,
    Burst,
    BurstBegan,
    BurstEnded,
    BurstEvent,
    BurstWithdrawn,
)
from edge.phone.burst_route import BurstRoute
from edge.phone.events import LineEvent
from edge.phone.faults import Faults
from edge.phone.hook import HookChange, HookSwitch
from edge.phone.hook_trust import HookTrust
from edge.phone.noise import NoiseTally
from edge.phone.off_hook_ringing import OffHookRinging, is_ring_like

MOST_WAITING = 32
"""Burst events kept while it is open whether the receiver moved, at most 2 s: of no ringing come more."""


class Receiver:
    """Follows the receiver of one line, and leads its bursts to the tracker by where it is.

    Args:
        route: Where bursts go that ring with the receiver down.
        faults: The line's.
        tally: The line's.
        fitted: Whether there is a hook switch.
    """

    def __init__(self, route: BurstRoute, faults: Faults, tally: NoiseTally, *, fitted: bool) -> None:
        self.hook = HookSwitch(tally)
        self.trust = HookTrust(self.hook, faults, fitted=fitted)
        self._fitted = fitted
        self._route = route
        self._tracker = route.tracker
        self._detector = route.detector
        self._faults = faults
        self._tally = tally
        self._off_hook = OffHookRinging(route.tracker)
        self._sounding_at_change = SILENCE
        self.waiting: deque[BurstEvent] = deque(maxlen=MOST_WAITING)

    @property
    def moves(self) -> bool:
        """Whether it is open, for 2 s at most, if it is lifted or down; silence does not say yet whether somebody answered."""
        return self.trust.follows_receiver and self.hook.changing_since_s is not None

    @property
    def state(self) -> Literal["down", "lifted", "moving", "not seen", "not known"]:
        """Where it is, for the technician."""
        if not self._fitted:
            return "not seen"
        if not self.trust.follows_receiver:
            return "not known"
        if self.moves:
            return "moving"
        return "lifted" if self.hook.off_hook else "down"

    def judge(self) -> None:
        """Let the tracker know whether the switch is believed."""
        self._tracker.hook_believed = self.trust.tells_unanswered

    def on_edge(self, t_s: float, *, off_hook: bool) -> list[LineEvent]:
        """The switch opened or closed."""
        change = self.hook.on_edge(t_s, off_hook=off_hook)
        if change is None:
            return []
        if change.stage == "lost":
            return self._on_lost(change.t_s)
        self._sounding_at_change = self._detector.sounding(t_s)
        return []

    def on_time(self, now_s: float) -> list[LineEvent]:
        """The switch held its position until the deadline."""
        change = self.hook.on_time()
        return [] if change is None else self._on_change(change, now_s)

    def on_burst(self, event: BurstEvent, now_s: float) -> list[LineEvent]:
        """Something rang."""
        if self.moves:
            self.waiting.append(event)
            return []
        if self.trust.follows_receiver and self.hook.off_hook:
            return self._on_burst_off_hook(event, now_s)
        events = self._route.lead(event, now_s)
        if isinstance(event, BurstEnded) and is_ring_like(event.burst) and not self.hook.off_hook:
            self._off_hook.forget()
            events += self._faults.heal("hook_inverted", event.burst.end_s)
            self.judge()
        return events

    def _on_burst_off_hook(self, event: BurstEvent, now_s: float) -> list[LineEvent]:
        if isinstance(event, BurstEnded | BurstWithdrawn) and _start_s(event) < self._off_hook.lifted_s:
            end_s = event.burst.end_s if isinstance(event, BurstEnded) else now_s
            self._tracker.rang_on(_start_s(event), end_s)
        if not isinstance(event, BurstEnded):
            return []
        self._tally.off_hook += 1
        burst = event.burst
        if is_ring_like(burst) and burst.start_s >= self._off_hook.lifted_s:
            self._tracker.rang_again(burst)
        self._route.logbook.write_burst(burst, None)
        rung = self._off_hook.contradicts(
            burst, proven=self.trust.proven or self._tracker.state == "answered"
        )
        if not rung:
            return []
        events = self._faults.find("hook_inverted", burst.end_s)
        events += self._tracker.lose_receiver(burst.start_s)
        self.judge()
        return events + self._lead_all(_as_events(rung), now_s)

    def _on_change(self, change: HookChange, now_s: float) -> list[LineEvent]:
        healed: list[LineEvent] = []
        if change.stage == "settled" and self.hook.moved:
            healed = self.trust.moved(change.t_s)
        if change.stage == "found":
            healed = self._faults.heal("hook_unsteady", change.t_s)
        waiting = self._taken()
        self.judge()
        if not self.trust.follows_receiver:
            return healed + self._lead_all(waiting, now_s)
        if change.stage == "undone":
            # A nudge while the receiver was down hid nothing; in a flash of a call in progress no ringing is possible.
            return healed + (self._drop(waiting) if self.hook.off_hook else self._lead_all(waiting, now_s))
        if change.stage == "found":
            return healed + (self._tracker.find_lifted(change.t_s) if change.off_hook else [])
        if change.off_hook:
            return healed + self._on_lifted(change.t_s, waiting, now_s)
        events = self._tracker.hung_up(change.t_s)
        self._drop([event for event in waiting if _start_s(event) < change.t_s])
        since = [event for event in waiting if _start_s(event) >= change.t_s]
        return healed + events + self._lead_all(since, now_s)

    def _on_lifted(self, t_s: float, waiting: list[BurstEvent], now_s: float) -> list[LineEvent]:
        before = [event for event in waiting if _start_s(event) < t_s]
        self._drop([event for event in waiting if _start_s(event) >= t_s])
        # A burst that outlasts the lift is cut off by it; the tracker does that itself.
        events = self._lead_all(
            [event for event in before if not isinstance(event, BurstEnded) or event.burst.end_s < t_s], now_s
        )
        self._off_hook.lifted(t_s, ringing=self._tracker.state == "ringing")
        events += self._tracker.lifted(t_s, self._sounding_at_change)
        self._route.set_due()
        return events

    def _on_lost(self, t_s: float) -> list[LineEvent]:
        waiting = self._taken()
        events = self._faults.find("hook_unsteady", t_s) + self._tracker.lose_receiver(t_s)
        self.judge()
        return events + self._lead_all(waiting, t_s)

    def _taken(self) -> list[BurstEvent]:
        """What waited until it was known whether the receiver moved."""
        waiting = list(self.waiting)
        self.waiting.clear()
        return waiting

    def _lead_all(self, waiting: list[BurstEvent], now_s: float) -> list[LineEvent]:
        return [led for event in waiting for led in self._route.lead(event, now_s)]

    def _drop(self, waiting: list[BurstEvent]) -> list[LineEvent]:
        self._tally.off_hook += sum(isinstance(event, BurstEnded) for event in waiting)
        return []


def _as_events(bursts: list[Burst]) -> list[BurstEvent]:
    return [event for burst in bursts for event in (BurstBegan(burst.start_s), BurstEnded(burst))]


def _start_s(event: BurstEvent) -> float:
    return event.burst.start_s if isinstance(event, BurstEnded) else event.start_s
