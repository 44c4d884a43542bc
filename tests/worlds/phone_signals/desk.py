"""A day at one telephone: calls that are answered, given up or missed, between everything that is no call."""

import random
from dataclasses import dataclass, field, replace
from typing import Literal

from edge.cadence.cadence import AUTO, SHORTEST_BURST_S, Cadence, Profile
from edge.observation import Edge
from edge.phone.burst import SHORTEST_DUE_BURST_S
from edge.settings.desk_toml import PhoneLine
from protocol.measurements import Call
from tests.worlds.phone_signals import noises
from tests.worlds.phone_signals.exchange import Exchange, RingCurrent, Ringing, random_exchange
from tests.worlds.phone_signals.strays import Stray
from tests.worlds.phone_signals.wiring import Change, Wiring

GLIMPSE_S = 0.015
"""Heard for less before the pick-up, a ring is not told from the spike of the hook switch itself."""

OPEN_S = 9.0
"""After its last ring a call is open for as long as a next ring may come; what strays then disturbs it."""

NUDGE_FREE_S = 1.0
"""No nudge comes so soon before the pick-up that both are one movement."""


@dataclass(frozen=True)
class TrueCall:
    """What really happened."""

    start_s: float
    outcome: Literal["answered", "abandoned"]
    end_of_ringing_s: float
    """The pick-up, or when the caller gave up."""
    begun: int
    """Rings begun by then."""
    begun_for_sure: int
    """Rings begun so long before that any detector can have heard them."""
    completed: int
    talk_s: float | None
    distinctive: bool
    hook_moved: bool
    """Whether the hook switch had moved before: only then can it be believed that nobody answered."""


@dataclass
class Desk:
    """Writes the trace of one line, and the truth beside it."""

    settings: PhoneLine
    exchange: Exchange
    wiring: Wiring
    rng: random.Random
    others: tuple[Exchange, ...] = ()
    """Distinctive patterns that some callers ring with."""
    t_s: float = 10.0
    calls: list[TrueCall] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    """Voltages that stray onto the ring pin."""
    rung: list[RingCurrent] = field(default_factory=list)
    """All ringing current so far."""
    _ring: list[Change] = field(default_factory=list)
    _hook: list[Change] = field(default_factory=list)

    def trace(self) -> list[Edge]:
        """Every edge in order of time."""
        line = self.settings
        changes = [*self._ring, *(change for stray in self.strays for change in stray.edges)]
        edges = [
            Edge(t_s, line.name, "ring", on == line.ring_active_high) for t_s, on in _as_one_pin(changes)
        ]
        if self.has_hook_switch:
            hook = [(0.0, False), *self._hook]
            edges += [Edge(t_s, line.name, "hook", on == line.hook_active_high) for t_s, on in hook]
        return sorted(edges, key=lambda edge: edge.t_s)

    def is_strayed_upon(self, truth: TrueCall) -> bool:
        """Whether something strays onto the pin while a call may still ring, or might have begun."""
        before_s, after_s = truth.start_s - OPEN_S, truth.end_of_ringing_s + OPEN_S
        return any(stray.edges and stray.touches(before_s, after_s) for stray in self.strays)

    def is_of_a_call(self, call: Call) -> bool:
        """Whether a true call is in it, though it seems to begin or end at another time."""
        return any(
            truth.start_s - 1.0 <= call.start_s + call.ring_s and call.start_s <= truth.end_of_ringing_s + 1.0
            for truth in self.calls
        )

    @property
    def has_hook_switch(self) -> bool:
        """Whether the line has one."""
        return self.settings.hook_pin is not None

    def wait(self, least_s: float = 12.0, most_s: float = 60.0) -> None:
        """Time passes."""
        self.t_s += self.rng.uniform(least_s, most_s)

    def call(self) -> None:
        """A call comes in."""
        rng = self.rng
        exchange = rng.choice(self.others) if self.others and rng.random() < 0.1 else self.exchange
        start_s = self.t_s
        if rng.random() < 0.1:
            self._ring += noises.spike(start_s - rng.uniform(0.2, 0.8), self.wiring, rng)
        first_on_s = exchange.cadence.cycle_s[0] * exchange.on_scale
        shortened = rng.random() < 0.2 and not exchange.cadence.once_s
        short_s = rng.uniform(0.0, max(first_on_s - 0.15, 0.0)) if shortened else 0.0
        cycle_s = sum(exchange.cadence.cycle_s) * exchange.off_scale
        answered = rng.random() < 0.7
        picked_up = answered and self.has_hook_switch
        # Ringing that ends within a splash's length, and nobody seen to lift the receiver, cannot be told from a splash.
        alone_s = 1.5 if self.settings.input == "envelope" else 1.1
        least_s = 0.2 if picked_up else (cycle_s * 1.1 + 1.2 if shortened else alone_s)
        ringing_s = max(rng.uniform(0.0, cycle_s * rng.randint(1, 7)), least_s)
        end_s = start_s + ringing_s
        trip_s = rng.uniform(0.02, 0.2) if answered else 0.0
        ringing = exchange.ring(start_s, end_s + trip_s, rng, short_s)
        self._ring += self.wiring.edges(ringing.bursts, rng)
        self.rung += ringing.bursts
        self._caller_id(ringing)
        hook_moved = bool(self._hook)
        self._nudge(start_s, end_s)
        self.t_s = end_s
        talk_s = self._talk() if answered else None
        # Two pulses may pass before a ring is heard; one lost to the detector makes it three.
        shortest_s = SHORTEST_DUE_BURST_S if self.has_hook_switch else SHORTEST_BURST_S
        unheard_s = 3.0 / exchange.hz + (GLIMPSE_S if picked_up else shortest_s)
        rang_until_s = end_s if picked_up else end_s + trip_s
        self.calls.append(
            TrueCall(
                start_s=start_s,
                outcome="answered" if answered else "abandoned",
                end_of_ringing_s=end_s,
                begun=ringing.begun(rang_until_s),
                begun_for_sure=max(ringing.begun(rang_until_s - unheard_s), 1),
                completed=ringing.completed(end_s),
                talk_s=talk_s,
                distinctive=exchange is not self.exchange,
                hook_moved=hook_moved,
            )
        )
        if not answered:
            self._late_lift(exchange, len(ringing.starts_s))

    def _nudge(self, start_s: float, end_s: float) -> None:
        """Somebody touches the cradle while it rings, or its contact is dirty: open for 0.05 to 0.3 s, and nobody answers."""
        if self.rng.random() < 0.1 and end_s - start_s > NUDGE_FREE_S:
            self._hook += noises.nudge(self.rng.uniform(start_s, end_s - NUDGE_FREE_S), self.rng)

    def _caller_id(self, ringing: Ringing) -> None:
        """Tones of caller ID in the first pause, where it is long enough for them."""
        if len(ringing.starts_s) > 1 and self.rng.random() < 0.3:
            pause_s = ringing.starts_s[1] - ringing.ends_s[0]
            if pause_s > 2.5:
                self._ring += noises.caller_id(ringing.ends_s[0] + 0.5, self.rng)

    def _late_lift(self, exchange: Exchange, rings: int) -> None:
        """The host lifts the receiver after the caller has gone: soon after the next ring was due."""
        if self.rng.random() < 0.2:
            due_s = (
                exchange.cadence.pause_s * max(exchange.off_scale, 1.0) * 1.45 + 0.8 if rings > 2 else 10.0
            )
            self.t_s += self.rng.uniform(due_s, due_s + 5.0)
            self._lift()
            self.t_s += self.rng.uniform(0.8, 5.0)
            self._hang_up()

    def _talk(self) -> float:
        rng = self.rng
        lifted_s = self.t_s
        self._lift()
        self.t_s += rng.uniform(0.8, 120.0)
        hung_up_s = self.t_s
        if hung_up_s - lifted_s > 10.0 and rng.random() < 0.1 and self.has_hook_switch:
            self._flash(lifted_s + rng.uniform(3.0, 6.0))
        self._hang_up()
        return hung_up_s - lifted_s

    def _flash(self, t_s: float) -> None:
        length_s = self.rng.uniform(0.09, 0.5)
        self._hook += [(t_s, False), (t_s + length_s, True)]
        self._ring += noises.hook_flash(t_s, self.wiring, self.rng)

    def _lift(self) -> None:
        self._hook += _settling(self.t_s, self.rng, off_hook=True)
        if self.rng.random() < 0.5:
            self._ring += noises.spike(self.t_s + self.rng.uniform(0.0, 0.01), self.wiring, self.rng)

    def _hang_up(self) -> None:
        self._hook += _settling(self.t_s, self.rng, off_hook=False)
        if self.rng.random() < 0.5:
            self._ring += noises.spike(self.t_s + self.rng.uniform(0.0, 0.01), self.wiring, self.rng)

    def _dial(self) -> None:
        # Where pulses a cycle are unknown, spikes of equal break and make are those of a 20 Hz ringing current.
        told = self.settings.pulses_per_cycle is not None or self.settings.input != "pulses"
        ratio = 0.0 if told else 1.35
        digits = self.rng.randint(1, 8)
        dialled = noises.dial_pulses(self.t_s, self.wiring, self.rng, digits=digits, least_ratio=ratio)
        self._ring += dialled
        self.t_s = dialled[-1][0] + 1.0

    def outgoing(self) -> None:
        """The host dials somebody."""
        self._lift()
        self.t_s += self.rng.uniform(0.5, 2.0)
        if self.rng.random() < 0.5:
            self._dial()
        self.t_s += self.rng.uniform(1.0, 60.0)
        self._hang_up()

    def noise(self) -> None:
        """Something disturbs the line while nobody calls."""
        rng = self.rng
        kind = rng.choice(
            ("spike", "bounces", "caller_id", "interference", "splash", "outgoing", "flash", "dialling")
        )
        if kind == "spike":
            self._ring += noises.spike(self.t_s, self.wiring, rng)
        elif kind == "bounces":
            self._ring += noises.bounces(self.t_s, rng)
        elif kind == "caller_id":
            self._ring += noises.caller_id(self.t_s, rng)
        elif kind == "interference":
            self._ring += noises.interference(self.t_s, rng.uniform(0.05, 0.4), rng)
        elif kind == "splash":
            self._ring += noises.message_waiting_splash(self.t_s, self.wiring, rng, self.exchange.hz)
        elif kind == "outgoing" or self.has_hook_switch:
            self.outgoing()
        elif kind == "flash":
            # Without a hook switch the ring pin alone sees what the receiver does, taps in a row included.
            for _ in range(rng.randint(1, 3)):
                self._ring += noises.hook_flash(self.t_s, self.wiring, rng)
                self.t_s += rng.uniform(1.0, 5.0)
        else:
            self._dial()


def _settling(t_s: float, rng: random.Random, *, off_hook: bool) -> list[Change]:
    """The hook switch changes, and bounces for up to 15 ms."""
    edges = [(t_s, off_hook)]
    for _ in range(rng.choice((0, 0, 1, 4))):
        back_s = edges[-1][0] + rng.uniform(0.0003, 0.0015)
        edges += [(back_s, not off_hook), (back_s + rng.uniform(0.0003, 0.0015), off_hook)]
    return edges


def _as_one_pin(edges: list[Change]) -> list[Change]:
    """Signals laid over each other on one pin: active while any of them is."""
    changes = sorted((t_s, 1 if on else -1) for t_s, on in edges)
    level = 0
    pin: list[Change] = []
    for t_s, change in changes:
        before, level = level, level + change
        if (before > 0) != (level > 0):
            pin.append((t_s, level > 0))
    return pin


def random_desk(
    profile: Profile,
    settings: PhoneLine,
    wiring: Wiring,
    rng: random.Random,
    distinctive: tuple[Cadence, ...],
) -> Desk:
    """A desk on a line of this profile; without a profile's name the longest pauses that ``auto`` knows are left out."""
    longest_s = 6.5 if settings.cadence == AUTO else 8.0
    exchange = random_exchange(rng.choice(profile.cadences), rng, longest_pause_s=longest_s)
    # One generator rings a line, in whatever pattern.
    others = (
        tuple(
            replace(random_exchange(cadence, rng), hz=exchange.hz, hz_drift=exchange.hz_drift)
            for cadence in distinctive
        )
        if rng.random() < 0.3
        else ()
    )
    return Desk(settings=settings, exchange=exchange, wiring=wiring, rng=rng, others=others)
