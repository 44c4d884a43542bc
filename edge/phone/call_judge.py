"""How sure it is that what rang was a call, from its sound, its times, the pick-up, and how much noise the line has."""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import median
from typing import Literal

from edge.cadence.cadence import AUTO, LONGEST_HOLD_S, Cadence, Profile, known_cadences
from edge.phone.learning import CadenceLearner
from edge.phone.line_sound import LineSound
from edge.phone.rings import Ring, Rings

Cause = Literal["hum", "crosstalk", "strange", "chatter"]
"""What it was that was no call: hum of the mains, a neighbour's ringing, bursts in no cadence, or what was no burst as a whole."""


@dataclass(frozen=True, slots=True)
class WeighedRinging:
    """What rang, weighed."""

    call: float
    """The probability, 0 to 1, that it was a call of this line."""
    ringing: float
    """That it was ringing, of this line or of one as strong."""
    cause: Cause
    """What rang, if it was no call."""


LEAST_FOR_AN_OUTCOME = 0.5
"""Below this a call's outcome is not claimed: it is as likely that nobody called."""
LEAST_FOR_A_CALL = 0.2
"""Below this what rang is no call; from here on it is one whose outcome nobody claims, so that nothing is hidden."""
CHATTER = 0.2
"""So many stretches that could be ringing come with one that could not, from the same wire."""
SURE = 0.98
"""From here on the line's own sound is learnt from a call: of a day of fifty, one at most teaches a wrong one."""

EVENTS_KEPT = 50
"""How noisy a line is is judged by the last calls and noises, a day or two of them."""
NOISE_FORGOTTEN_S = 86_400.0
"""A noise a day old says no more about now: what hums at work hums every day."""
STRETCH_OF_NOISE_S = 30.0
"""Noises that follow each other so soon come from one cause, and count as one."""
CALLS_BEFORE, NOISES_BEFORE = 5.0, 0.1
"""As many calls and noises as a line seems to have had before its first: fifty calls to a noise, as on a sound one."""

CALLS_TO_A_NEIGHBOURS = 200.0
"""So many calls of its own a line has to one that it picks up from a neighbour's: few cables let any through."""
CALLS_TO_ITS_FIRST = 100.0
"""The same of the strongest ringing so far, on a line that has not shown its own strength yet; somebody will answer and show it."""
CALLS_TO_AN_OPEN_ONE = 0.9
"""The same where there was stronger ringing before, or nobody can answer: nobody knows, and nothing is claimed."""
HUM_OR_RING = 0.49
"""Of what sounded once, at the mains' rate, no more than so much is held to be a call: hum that lasts as long as a ring is like one in all,
and a caller who gives up within one ring is held against nobody."""
NEIGHBOURS_AFTER_ONE = 20.0
"""After the first of those, one in ten that ring is another."""
ANSWERED = 0.7
"""Share of calls in which the receiver is lifted while it rings."""
LIFTED_BY_CHANCE = 0.03
"""Chance that the receiver is lifted for another reason in the seconds after a noise: one call out every five minutes."""
GIVEN_UP_AT_ONCE = 0.07
"""Share of calls in which the caller gives up in or after the first ring."""
GIVEN_UP_LATER = 0.23
"""The same after more rings."""

PARTIAL = 0.35
"""Chance that a call's first ring lacks its beginning, or the last its end: a call comes in, and is given up, at any moment of the
exchange's cycle."""
ODD = 0.05
"""Chance that a ring or a pause has not the cadence's times, with pulses lost in it or noise in between."""
SPREAD, SPREAD_S = 0.06, 0.04
"""Spread of a time around an exchange's, relative and absolute: within 10 %, and a pulse more or less at either end."""
OWN_SPREAD, OWN_SPREAD_S = 0.02, 0.03
"""The same of a line's own time around its median: one exchange keeps its times far better than two have the same."""
STRETCH_S, STRETCH_SPREAD_S = 0.1, 0.08
"""By how much an envelope stretches the end of a burst, and how far that varies."""
ODD_TIME = 0.1
"""A time that fits no cadence is so many times as likely in a call as in noise."""

TRIP_S = 0.6
"""Exchanges stop ringing within 0.2 s of the pick-up, and an envelope stretches the end by as much again."""
RING_TRIP_S = 3.0
"""Ringing this long after the lift is no longer the end of the ring that was answered: private exchanges trip within a burst."""
RINGS_ON, RINGS_ON_AND_ON = 0.05, 0.00001
"""Share of lines on which it goes on for longer than the first, and than the second."""
RINGS_AGAIN = 0.02
"""Share of the calls after whose pick-up something like a ring comes before the next would have: a line in use does not ring."""
SHORTEST_NOISE_S, LONGEST_NOISE_S = 0.1, 60.0
"""A stretch of noise lasts from the shortest that is taken for a burst to a minute, each decade as likely."""
SHORTEST_REST_S, LONGEST_REST_S = 0.15, 8.0
"""The same of the rests in noise; after a longer one it is another."""
GOES_ON = 0.5
"""Chance that another stretch follows."""

LEARNT, DISTINCTIVE, STRANGER = 0.9, 0.06, 0.01
"""The first of these once the line has shown how it rings, those of callers with a ring of their own, and what is left for others: exchanges
do not change."""
OWN, NAMED, KNOWN, NEW = 0.75, 0.08, 0.13, 0.04
"""Chances that a call rings as the line did before, as its settings say, as any cadence of the table, or as none of them."""
NEW_BEFORE_ALL = 0.5
"""The last of these where neither the settings nor a call before say how the line rings."""
MORE_BURSTS = 0.001
"""Share of the new ones whose rings have more bursts than any of the table."""


class CallJudge:
    """Weighs what rang on one line.

    Args:
        profile: How the settings say that the line rings.
        pulses_per_cycle: Pulses a cycle, where the settings name them.
        stretches: Whether the input may stretch the end of a burst.
    """

    def __init__(self, profile: Profile, pulses_per_cycle: int | None, *, stretches: bool) -> None:
        self._profile = profile
        self.answerable = False
        """Whether a hook switch that is believed would show that somebody answers."""
        self._stretches = stretches
        self.sound = LineSound(profile, pulses_per_cycle)
        self._events: deque[tuple[float, Cause, float]] = deque(maxlen=EVENTS_KEPT)

    def note(self, t_s: float, cause: Cause, call: float = 0.0) -> None:
        """Something was there, which was a call with this probability, and otherwise had this cause."""
        if self._events and call < LEAST_FOR_AN_OUTCOME:
            last_s, last_cause, last_call = self._events[-1]
            same = cause in (last_cause, "chatter") or last_cause == "chatter"
            if last_call < LEAST_FOR_AN_OUTCOME and same and t_s - last_s < STRETCH_OF_NOISE_S:
                cause = last_cause if cause == "chatter" else cause
                self._events[-1] = (t_s, cause, min(call, last_call))
                return
        self._events.append((t_s, cause, call))

    def weigh(self, rings: Rings, learner: CadenceLearner, *, answered: bool, t_s: float) -> WeighedRinging:
        """How likely it is that what rang was a call, and what else it was.

        Args:
            rings: What rang, to its end.
            learner: How the line rang so far.
            answered: Whether the receiver was lifted while it rang, or when the next ring was due.
            t_s: When it ended.
        """
        kept = [ring for ring in rings.kept if ring.segments_s]
        times = (
            self._from_times(kept, learner, answered=answered)
            if rings.seconds_per_ring is None
            else _of_continuous(kept, learner.continuous_share)
        )
        hums = self.sound.hums(rings.bursts)
        noise = -self._prior(t_s) - self.sound.of_rate(rings.bursts) - times
        if answered:
            # Whoever lifts the receiver heard this line ring, however weak its voltage is today.
            call = 1.0 / (1.0 + math.exp(min(noise + math.log(LIFTED_BY_CHANCE / ANSWERED), 50.0)))
            return WeighedRinging(call, call, "hum" if hums else "strange")
        strength = self.sound.of_strength(rings.bursts)
        once = rings.begun == 1 and rings.seconds_per_ring is None
        noise -= math.log(GIVEN_UP_AT_ONCE if once else GIVEN_UP_LATER)
        neighbour = -self._whose(rings) if strength is None else -strength - self._own_to_others()
        call = 1.0 / (1.0 + math.exp(min(_log_sum((noise, neighbour)), 50.0)))
        ringing = 1.0 / (1.0 + math.exp(min(noise, 50.0))) if strength is None else call
        if once and hums:
            call, ringing = min(call, HUM_OR_RING), min(ringing, HUM_OR_RING)
        crosstalk = strength is not None and neighbour > 0.0
        return WeighedRinging(call, ringing, "crosstalk" if crosstalk else "hum" if hums else "strange")

    def _own_to_others(self) -> float:
        """How much more often this line's own ringing is heard than a neighbour's: the logarithm of the odds."""
        return math.log(CALLS_TO_A_NEIGHBOURS / (1.0 + NEIGHBOURS_AFTER_ONE * self.sound.strength.weaker))

    def _whose(self, rings: Rings) -> float:
        """The same while the line has not shown its own strength."""
        first = self.answerable and self.sound.is_strongest(rings.bursts)
        return math.log(CALLS_TO_ITS_FIRST if first else CALLS_TO_AN_OPEN_ONE)

    def _prior(self, t_s: float) -> float:
        calls = sum(call for _, _, call in self._events)
        noises = sum(
            (1.0 - call) * (CHATTER if cause == "chatter" else 1.0)
            for at_s, cause, call in self._events
            if cause != "crosstalk" and t_s - at_s < NOISE_FORGOTTEN_S
        )
        return math.log(min((CALLS_BEFORE + calls) / (NOISES_BEFORE + noises), CALLS_BEFORE / NOISES_BEFORE))

    def _from_times(self, rings: Sequence[Ring], learner: CadenceLearner, *, answered: bool) -> float:
        if not rings:
            return 0.0
        pauses_s = [later.start_s - ring.end_s for ring, later in pairwise(rings)]
        noise = math.log(GOES_ON) * len(pauses_s)
        noise += sum(
            math.log(_in_noise(time_s, rest=index % 2 == 1))
            for ring in rings
            for index, time_s in enumerate(ring.segments_s)
        )
        noise += sum(math.log(_in_noise(pause_s, rest=True)) for pause_s in pauses_s)
        kinds = [
            (math.log(weight), self._likelihood(rings, pauses_s, way, answered=answered))
            for weight, way in self._cadences(rings, learner)
        ]
        new = NEW_BEFORE_ALL if self._profile.name == AUTO and learner.typical is None else NEW
        if any(len(ring.segments_s) // 2 + 1 > _most_bursts() for ring in rings):
            new *= MORE_BURSTS
        kinds.append((math.log(new), self._as_a_new_one(rings, pauses_s, answered=answered)))
        return _log_sum(weight + likelihood for weight, likelihood in kinds) - noise

    def _cadences(self, rings: Sequence[Ring], learner: CadenceLearner) -> list[tuple[float, "_Way"]]:
        """How a call may ring, and the chance of it."""
        typical = learner.typical
        found: list[tuple[float, _Way]] = []
        named, known = NAMED, KNOWN
        distinctive: list[Cadence] = []
        if typical is not None and typical.pause_s is not None:
            sure = learner.is_sure
            found.append((LEARNT if sure else OWN, _Way(typical.ring_s, typical.pause_s, own=sure)))
            if sure:
                named, known = STRANGER, STRANGER
                distinctive = [cadence for cadence in known_cadences() if cadence.kind == "distinctive"]
        elif self._profile.name != AUTO:
            named += OWN
        else:
            known += OWN
        period_s = rings[-1].start_s - rings[0].start_s
        periods = rings[-1].number - rings[0].number
        for share, cadences in (
            (named, self._profile.cadences),
            (known, known_cadences()),
            (DISTINCTIVE, distinctive),
        ):
            for cadence in cadences:
                ratio = period_s / periods / sum(cadence.cycle_s) if periods else 1.0
                scale = min(max(ratio, cadence.scale[0]), cadence.scale[1])
                ring_s = tuple(time_s * scale for time_s in cadence.ring_s)
                way = _Way(ring_s, cadence.pause_s * scale, cadence.once_s, stretched=self._stretches)
                found.append((share / len(cadences), way))
        return found

    def _as_a_new_one(self, rings: Sequence[Ring], pauses_s: Sequence[float], *, answered: bool) -> float:
        """In a cadence of which nothing is known but these rings: its own times are as likely as in noise."""
        middle = sorted(rings, key=lambda ring: ring.span_s)[len(rings) // 2]
        ring_s = middle.segments_s if len(middle.segments_s) % 2 else middle.segments_s[:-1]
        pause_s = median(pauses_s) if pauses_s else LONGEST_REST_S
        free = sum(math.log(_in_noise(time_s, rest=index % 2 == 1)) for index, time_s in enumerate(ring_s))
        free += math.log(_in_noise(pause_s, rest=True)) if pauses_s else 0.0
        way = _Way(ring_s, pause_s)
        fitted = self._likelihood(rings, pauses_s, way, answered=answered)
        # What was fitted fits best, which is no evidence.
        best = sum(math.log(_normal(time_s, time_s, way.spread_s(time_s))) for time_s in ring_s)
        best += math.log(_normal(pause_s, pause_s, way.spread_s(pause_s))) if pauses_s else 0.0
        return fitted + free - best

    def _likelihood(
        self, rings: Sequence[Ring], pauses_s: Sequence[float], way: "_Way", *, answered: bool
    ) -> float:
        """Logarithm of the likelihood of these rings, if a call rings in this way."""
        total = 0.0
        for index, ring in enumerate(rings):
            first, last = index == 0, index == len(rings) - 1
            odd = math.prod(
                _in_noise(time_s, rest=at % 2 == 1) * (1.0 if at % 2 else ODD_TIME)
                for at, time_s in enumerate(ring.segments_s)
            )
            fits = way.ring_density(ring, first=first, last=last, cut=last and answered)
            total += math.log((1.0 - ODD) * fits + ODD * odd)
        for pause_s in pauses_s:
            odd = _in_noise(pause_s, rest=True)
            total += math.log((1.0 - ODD) * way.pause_density(pause_s) + ODD * ODD_TIME * odd)
        return total


def after_ringing_on(confidence: float, after_s: float) -> float:
    """The probability that it was a call, once what rang has gone on for so long with the receiver lifted."""
    if after_s < TRIP_S:
        return confidence
    share = RINGS_ON if after_s < RING_TRIP_S else RINGS_ON_AND_ON
    return confidence * share / (confidence * share + (1.0 - confidence) * GOES_ON)


def after_ringing_again(confidence: float) -> float:
    """The same, once a burst as long as a ring has come with the receiver lifted, when the next ring might have."""
    return confidence * RINGS_AGAIN / (confidence * RINGS_AGAIN + (1.0 - confidence) * GOES_ON)


def _of_continuous(rings: Sequence[Ring], share: float) -> float:
    """By how much levels without a cadence speak for a call: hardly, since both last anything; by how many calls of the line ring so."""
    held_s = [time_s for ring in rings for time_s in ring.segments_s[::2]]
    call_s = math.log(LONGEST_HOLD_S / SHORTEST_NOISE_S)
    return math.log(share) + sum(
        math.log(1.0 / (max(time_s, SHORTEST_NOISE_S) * call_s) / _in_noise(time_s, rest=False))
        for time_s in held_s
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to ring."""

    ring_s: tuple[float, ...]
    """On, off, ..., on of one ring."""
    pause_s: float
    once_s: tuple[float, ...] = ()
    """On, off, ... that comes once, before the first ring."""
    stretched: bool = False
    """Whether the input stretches these times by something unknown; those that a line was measured at contain it."""
    own: bool = False
    """Whether these times were measured on the line itself, and not taken from the table."""

    def spread_s(self, time_s: float) -> float:
        """How far a time lies from the one it should be."""
        if self.own:
            return OWN_SPREAD * time_s + OWN_SPREAD_S
        return SPREAD * time_s + SPREAD_S + (STRETCH_SPREAD_S if self.stretched else 0.0)

    def pause_density(self, seen_s: float) -> float:
        """Density of a pause between two rings."""
        at_s = max(self.pause_s - (STRETCH_S if self.stretched else 0.0), SHORTEST_REST_S)
        return _normal(seen_s, at_s, self.spread_s(self.pause_s))

    def ring_density(self, ring: Ring, *, first: bool, last: bool, cut: bool) -> float:
        """Density of a ring's times; the first ring may lack its beginning, and the last its end."""
        begins = PARTIAL if first else 0.0
        ends = (1.0 - PARTIAL if cut else PARTIAL) if last else 0.0
        own = self._density_in(ring, self.ring_s, begins, ends)
        if not (self.once_s and first):
            return own
        return max(own, self._density_in(ring, (*self.once_s, *self.ring_s), begins, ends))

    def _density_in(self, ring: Ring, ring_s: tuple[float, ...], begins: float, ends: float) -> float:
        """The same for one pattern, of which beginning and end may be missing with these chances."""
        seen = ring.segments_s if len(ring.segments_s) % 2 else ring.segments_s[:-1]
        if len(seen) == 1 and len(ring_s) > 1:
            # Its pauses may be stretched shut, or it was cut off in its first burst or began in its last.
            share = begins + ends - begins * ends
            if not self.stretched:
                longest_s = max(ring_s[::2])
                return share / longest_s if ring.span_s <= longest_s + self.spread_s(longest_s) else 0.0
            span_s = sum(ring_s) + STRETCH_S
            merged = _normal(ring.span_s, span_s, self.spread_s(span_s))
            part = 1.0 / span_s if ring.span_s <= span_s else 0.0
            return (1.0 - share) * merged + share * part
        places = range(0, len(ring_s) - len(seen) + 1, 2)
        total = 0.0
        for place in places:
            late, early = place > 0, place + len(seen) < len(ring_s)
            chance = (begins if late else 1.0) * (ends if early else 1.0) / max(len(places) - 1, 1)
            if chance == 0.0:
                continue
            total += chance * math.prod(
                self._time_density(
                    seen_s,
                    ring_s[place + at],
                    rest=at % 2 == 1,
                    part=max(begins if at == 0 else 0.0, ends if at == len(seen) - 1 else 0.0),
                )
                for at, seen_s in enumerate(seen)
            )
        return total

    def _time_density(self, seen_s: float, time_s: float, *, rest: bool, part: float) -> float:
        stretch_s = STRETCH_S if self.stretched else 0.0
        at_s = max(time_s - stretch_s, 0.0) if rest else time_s + stretch_s
        whole = _normal(seen_s, at_s, self.spread_s(time_s))
        return (1.0 - part) * whole + part * (1.0 / at_s if 0.0 < seen_s <= at_s else 0.0)


@cache
def _most_bursts() -> int:
    """So many bursts the rings of the table have at most."""
    return max(len((*cadence.once_s, *cadence.ring_s)) // 2 + 1 for cadence in known_cadences())


def _in_noise(time_s: float, *, rest: bool) -> float:
    """Density of a time, in seconds, in noise."""
    shortest_s, longest_s = (SHORTEST_REST_S, LONGEST_REST_S) if rest else (SHORTEST_NOISE_S, LONGEST_NOISE_S)
    return 1.0 / (max(time_s, shortest_s) * math.log(longest_s / shortest_s))


def _normal(value: float, at: float, spread: float) -> float:
    return math.exp(-0.5 * ((value - at) / spread) ** 2) / (spread * math.sqrt(2.0 * math.pi))


def _log_sum(logarithms: Iterable[float]) -> float:
    values = list(logarithms)
    largest = max(values)
    return largest + math.log(sum(math.exp(value - largest) for value in values))
