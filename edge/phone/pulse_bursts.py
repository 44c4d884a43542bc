"""Pulses of ringing current to bursts: a run of pulses is ringing when it keeps the beat of a ringing generator."""

from collections.abc import Sequence
from typing import Literal

from edge.cadence.cadence import SHORTEST_BURST_S
from edge.phone.beat import LONGEST_CYCLE_S, SHORTEST_CYCLE_S, Beat
from edge.phone.burst import (
    NEVER,
    SHORTEST_DUE_BURST_S,
    SILENCE,
    Burst,
    BurstBegan,
    BurstEnded,
    BurstEvent,
    BurstWithdrawn,
    Sounding,
)
from edge.phone.mains import MainsComb
from edge.phone.noise import NoiseTally
from edge.phone.pulses import PulseStarts

MOST_EDGES_A_PULSE = 2.5
"""Most edges for every pulse, bounces included. Interference far above ringing current comes in clumps of many: of each clump
the kernel's queue keeps what fits."""
RUN_GAP_S = 0.15
"""Silence that ends a run: two cycles at the lowest frequency, so that one pulse may be missing; shorter than the shortest
pause inside a ring, 0.2 s less 10 %."""
SLOW_PULSES_S = 0.4
"""How long single pulses too far apart keep a burst from ending: as long as hum over its end lasts, and shorter than a pause between
rings."""
HUM_BEFORE_S = 0.1
"""What began so shortly before a stretch of hum was found is its uneven beginning, and no ring: as long as the shortest one."""
TRIAL_S = 0.3
"""After so long without proof that it is ringing, a run starts over: ringing may begin while noise goes on."""
STILL_SOUNDING = 1.5
"""A burst sounds until so many pulse spacings after its last pulse: one that is due and half of another."""


class PulseBursts:
    """A burst detector for an optocoupler's pulses; see ``BurstDetector``."""

    def __init__(
        self,
        pulses_per_cycle: Literal[1, 2] | None,
        tally: NoiseTally,
        longest_burst_s: float = 5.0,
        hum_rates_hz: tuple[float, ...] = (),
    ) -> None:
        self.comb = MainsComb(hum_rates_hz)
        self.hums = 0
        self._starts = PulseStarts(tally)
        self._tally = tally
        self._longest_burst_s = longest_burst_s
        self._beats = (
            [Beat(pulses_per_cycle, tolerant=True)]
            if pulses_per_cycle
            else [Beat(1, tolerant=False), Beat(2, tolerant=True)]
        )
        self.pulses_per_cycle: Literal[1, 2] | None = pulses_per_cycle
        """How many pulses make a cycle, once it is known; it counts from the next run of pulses on."""
        self.due_from_s = NEVER
        self.due_until_s = NEVER
        self._forget()

    def _forget(self) -> None:
        self.deadline_s = NEVER
        self._pulses = 0
        self._state: Literal["trial", "burst", "stuck"] = "trial"

    def _begin(self, t_s: float) -> None:
        known = self.pulses_per_cycle
        if known is not None and (len(self._beats) > 1 or self._beats[0].pulses != known):
            self._beats = [Beat(known, tolerant=True)]
        for beat in self._beats:
            beat.clear()
        self._pulses = 1
        self._starts.measure_anew()
        self._edges_before = self._starts.edges - 1
        self._first_s = self._start_s = self._last_s = self._end_s = t_s
        self._before_s = self._long_before_s = float("-inf")
        self.deadline_s = t_s + RUN_GAP_S

    @property
    def hum_hz(self) -> float:
        """Pulses a second of the last hum."""
        return self.comb.hz

    @property
    def hum_rates_hz(self) -> tuple[float, ...]:
        """Pulses a second that are hum."""
        return self.comb.rates_hz

    @hum_rates_hz.setter
    def hum_rates_hz(self, rates_hz: tuple[float, ...]) -> None:
        self.comb.rates_hz = rates_hz

    @property
    def levels(self) -> int:
        """Levels too long to be pulses."""
        return self._starts.levels

    def on_edge(self, t_s: float, *, active: bool) -> Sequence[BurstEvent]:
        """The input became active or inactive."""
        hums = self.comb.since_s is not None
        if active and self.comb.takes(t_s):
            return () if hums else self._on_hum()
        if not self._starts.starts(t_s, active=active):
            return ()
        if self._pulses == 0:
            self._begin(t_s)
            return ()
        self._add(t_s)
        if self._state == "trial":
            return self._judge(t_s)
        if self._state == "burst" and t_s - self._start_s > self._longest_burst_s:
            self._state = "stuck"
            self._tally.stuck += 1
            return (BurstWithdrawn(self._start_s, "stuck"),)
        return ()

    def _on_hum(self) -> Sequence[BurstEvent]:
        """The last pulses turn out to be hum: what sounded before them is over, and they are nothing."""
        self._tally.mains += 1
        self.hums += 1
        state, since_s = self._state, self.comb.since_s
        rang_before = (
            since_s is not None and self._start_s < since_s - HUM_BEFORE_S if self._pulses else False
        )
        events: Sequence[BurstEvent] = ()
        if self._pulses and state == "burst":
            if rang_before and since_s is not None:
                # Its frequency is not known any more: the first pulses of the hum are among its own.
                events = (BurstEnded(Burst(self._start_s, min(self._end_s, since_s), None)),)
            else:
                events = (BurstWithdrawn(self._start_s, "hum"),)
        self._forget()
        return events

    def _add(self, t_s: float) -> None:
        spacing_s = t_s - self._last_s
        possible = False
        unproven = not any(beat.good for beat in self._beats)
        for beat in self._beats:
            began_s, before_s = (
                (self._last_s, self._before_s) if beat.pulses == 1 else (self._before_s, self._long_before_s)
            )
            if began_s == float("-inf"):
                continue
            possible |= beat.add(t_s - began_s, t_s - before_s)
            if unproven and beat.good:
                unproven = False
                self._start_s = began_s
        if possible:
            self._end_s = t_s
        if possible or (spacing_s >= SHORTEST_CYCLE_S / 2.0 and t_s - self._end_s < SLOW_PULSES_S):
            self.deadline_s = t_s + RUN_GAP_S
        self._pulses += 1
        self._long_before_s = self._before_s
        self._before_s = self._last_s
        self._last_s = t_s

    def _judge(self, t_s: float) -> Sequence[BurstEvent]:
        due = self.due_from_s <= self._start_s <= self.due_until_s
        needed_s = SHORTEST_DUE_BURST_S if due else SHORTEST_BURST_S
        # Two spikes of one dial pulse look like two pulses of ringing current, while it is unknown how many make a cycle.
        fewest_cycles = len(self._beats)
        elapsed_s = t_s - self._first_s
        chatters = self._starts.edges - self._edges_before > MOST_EDGES_A_PULSE * self._pulses
        if (
            not chatters
            and max(beat.sounded_s(self._pulses, elapsed_s, fewest_cycles) for beat in self._beats)
            >= needed_s
        ):
            self._state = "burst"
            return (BurstBegan(self._start_s),)
        if t_s - self._first_s > TRIAL_S:
            self._reject()
            self._begin(t_s)
        return ()

    def _reject(self) -> None:
        if self._pulses < 3:
            self._tally.short += 1
            return
        spacing_s = (self._last_s - self._first_s) / (self._pulses - 1)
        fewest = self._beats[0].pulses
        if spacing_s * fewest > LONGEST_CYCLE_S:
            self._tally.slow += 1
        elif spacing_s * self._beats[-1].pulses < SHORTEST_CYCLE_S:
            self._tally.fast += 1
        else:
            self._tally.short += 1

    def on_time(self) -> Sequence[BurstEvent]:
        """The deadline passed without a pulse that would carry the run on."""
        state = self._state
        ended: Sequence[BurstEvent] = ()
        if state == "trial":
            self._reject()
        elif state == "burst" and not any(beat.keeps for beat in self._beats):
            self._tally.fast += 1
            ended = (BurstWithdrawn(self._start_s, "noise"),)
        elif state == "burst":
            ended = (BurstEnded(self._burst()),)
        self._forget()
        return ended

    def _burst(self) -> Burst:
        best = max(self._beats, key=lambda beat: beat.share)
        clear = all(beat is best or beat.share < best.share / 2.0 for beat in self._beats)
        ring_hz = best.good / best.good_s if clear and best.good else None
        return Burst(self._start_s, self._end_s, ring_hz, _pulse_hz(best), self._starts.median_width_s)

    def _spacing_s(self) -> float:
        return (self._last_s - self._first_s) / (self._pulses - 1) if self._pulses > 1 else RUN_GAP_S

    def sounding(self, t_s: float) -> Sounding:
        """What sounds at this moment, between two pulses."""
        if self._pulses == 0 or self._state == "stuck":
            return SILENCE
        sounds = t_s - self._last_s <= STILL_SOUNDING * self._spacing_s()
        if self._state == "burst":
            best = max(self._beats, key=lambda beat: beat.share)
            return Sounding(
                self._start_s, None, self._end_s, sounds, _pulse_hz(best), self._starts.median_width_s
            )
        noise = all(beat.seen > 1 and beat.good == 0 for beat in self._beats)
        return SILENCE if noise else Sounding(None, self._start_s, self._last_s, sounds)


def _pulse_hz(beat: Beat) -> float | None:
    return beat.pulses * beat.good / beat.good_s if beat.good else None
