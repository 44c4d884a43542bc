"""How much the times of what rang speak for a call: the cadences that a line may ring in, against noise that lasts anything."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import median
from typing import Literal

from edge.cadence.cadence import AUTO, LONGEST_HOLD_S, Cadence, Profile, known_cadences
from edge.phone.learning import CadenceLearner
from edge.phone.rings import Ring

PARTIAL = 0.35
"""Chance that a call's first ring lacks its beginning, or the last its end: a call comes in, and is given up, at any moment of the
exchange's cycle."""
WHOLE_END = 0.05
"""The same of the last ring's end, where the receiver is lifted in the pause after it: it had rung to its end."""
CUT_OFF_S = 0.6
"""A ring that ended so shortly before the lift may have been cut off by it, or have another burst to come."""
ODD = 0.05
"""Chance that a ring or a pause has not the cadence's times, with pulses lost in it or noise in between."""
ODD_OWN_PAUSE = 0.001
"""The same of a pause on a line that has shown its own: pulses that are lost at a burst's end change it by less than its spread."""
SPREAD, SPREAD_S = 0.06, 0.04
"""Spread of a time around an exchange's, relative and absolute: within 10 %, and a pulse more or less at either end."""
OWN_SPREAD, OWN_SPREAD_S = 0.02, 0.03
"""The same of a line's own time around its median: one exchange keeps its times far better than two have the same."""
OWN_LEVEL_SPREAD, OWN_LEVEL_SPREAD_S = 0.006, 0.016
"""The same where a level shows it: no pulse more or less at either end."""
STRETCH_S, STRETCH_SPREAD_S = 0.1, 0.08
"""By how much an envelope stretches the end of a burst, and how far that varies."""
ODD_TIME = 0.1
"""A time that fits no cadence is so many times as likely in a call as in noise."""

SHORTEST_NOISE_S, LONGEST_NOISE_S = 0.1, 60.0
"""A stretch of noise lasts from the shortest that is taken for a burst to a minute, each decade as likely."""
BLIP_S, BRIEFEST_S = 0.15, 0.03
"""Shorter ones are the likelier the shorter they are, down to the second: a wire that floats makes more of them than of any other."""
SHORTEST_REST_S, LONGEST_REST_S = 0.15, 8.0
"""The same of the rests in noise; after a longer one it is another."""
GOES_ON = 0.5
"""Chance that another stretch follows."""
ONE_RATE = 0.2
"""Share of the noise that comes of a wire which opens and closes at one rate, at random: many short times in a row are usual in it."""

LEARNT, DISTINCTIVE, STRANGER, NEW_ONCE_LEARNT = 0.9, 0.06, 0.01, 0.002
"""The first of these once the line has shown how it rings, those of callers with a ring of their own, and what is left for others and for none
of them: exchanges do not change."""
OWN, NAMED, KNOWN, NEW = 0.75, 0.08, 0.13, 0.04
"""Chances that a call rings as the line did before, as its settings say, as any cadence of the table, or as none of them."""
NEW_BEFORE_ALL, STRETCHED_NEW_BEFORE_ALL = 0.5, 0.2
"""The last of these where neither the settings nor a call before say how the line rings; an envelope's levels are less often a ring than a contact's."""
SHORTEST_WHOLE_S = 0.2
"""No exchange rings for less; the shortest burst of the table is 0.3 s, less a tenth and its first and last pulses."""
SHORTER_BURSTS = 1e-6
"""Share of the new ones that do."""
MORE_BURSTS = 0.001
"""Share of the new ones whose rings have more bursts than any of the table."""


class RingTimes:
    """Weighs the times of what rang on one line.

    Args:
        profile: How the settings say that the line rings.
        stretches: Whether the input may stretch the end of a burst.
        levels: Whether it shows a burst as one level.
    """

    def __init__(self, profile: Profile, *, stretches: bool, levels: bool) -> None:
        self._profile = profile
        self._stretches = stretches
        self._levels = levels
        self._new_before_all = STRETCHED_NEW_BEFORE_ALL if stretches else NEW_BEFORE_ALL

    def odds(self, rings: Sequence[Ring], learner: CadenceLearner, *, lacks_end: float) -> float:
        """By how much the times speak for a call: the logarithm of the odds.

        Args:
            rings: What rang, each with its times.
            learner: How the line rang so far.
            lacks_end: The chance that the last of them lacks its end.
        """
        if not rings:
            return 0.0
        pauses_s = [later.start_s - ring.end_s for ring, later in pairwise(rings)]
        noise = _as_noise(rings, pauses_s)
        kinds = [
            (math.log(weight), self._likelihood(rings, pauses_s, way, lacks_end=lacks_end))
            for weight, way in self._cadences(rings, learner)
        ]
        if learner.is_sure:
            new = NEW_ONCE_LEARNT
        else:
            new = self._new_before_all if self._profile.name == AUTO and learner.typical is None else NEW
        if any(len(ring.segments_s) // 2 + 1 > _most_bursts() for ring in rings):
            new *= MORE_BURSTS
        if any(time_s < SHORTEST_WHOLE_S for time_s in _whole_bursts(rings, cut=lacks_end > WHOLE_END)):
            new *= SHORTER_BURSTS
        kinds.append((math.log(new), self._as_a_new_one(rings, pauses_s, lacks_end=lacks_end)))
        return log_sum(weight + likelihood for weight, likelihood in kinds) - noise

    def _cadences(self, rings: Sequence[Ring], learner: CadenceLearner) -> list[tuple[float, "_Way"]]:
        """How a call may ring, and the chance of it."""
        typical = learner.typical
        found: list[tuple[float, _Way]] = []
        named, known = NAMED, KNOWN
        distinctive: list[Cadence] = []
        if typical is not None and typical.pause_s is not None:
            sure = learner.is_sure
            own: Literal["pulses", "levels"] = "levels" if self._levels else "pulses"
            found.append(
                (LEARNT if sure else OWN, _Way(typical.ring_s, typical.pause_s, own=own if sure else None))
            )
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

    def _as_a_new_one(self, rings: Sequence[Ring], pauses_s: Sequence[float], *, lacks_end: float) -> float:
        """In a cadence of which nothing is known but these rings: its own times are as likely as in noise."""
        middle = sorted(rings, key=lambda ring: ring.span_s)[len(rings) // 2]
        ring_s = middle.segments_s if len(middle.segments_s) % 2 else middle.segments_s[:-1]
        pause_s = median(pauses_s) if pauses_s else LONGEST_REST_S
        free = sum(math.log(_in_noise(time_s, rest=index % 2 == 1)) for index, time_s in enumerate(ring_s))
        free += math.log(_in_noise(pause_s, rest=True)) if pauses_s else 0.0
        way = _Way(ring_s, pause_s)
        fitted = self._likelihood(rings, pauses_s, way, lacks_end=lacks_end)
        # What was fitted fits best, which is no evidence.
        best = sum(math.log(_normal(time_s, time_s, way.spread_s(time_s))) for time_s in ring_s)
        best += math.log(_normal(pause_s, pause_s, way.spread_s(pause_s))) if pauses_s else 0.0
        return fitted + free - best

    def _likelihood(
        self, rings: Sequence[Ring], pauses_s: Sequence[float], way: "_Way", *, lacks_end: float
    ) -> float:
        """Logarithm of the likelihood of these rings, if a call rings in this way."""
        total = 0.0
        for index, ring in enumerate(rings):
            first, last = index == 0, index == len(rings) - 1
            odd = math.prod(
                _in_noise(time_s, rest=at % 2 == 1) * (1.0 if at % 2 else ODD_TIME)
                for at, time_s in enumerate(ring.segments_s)
            )
            fits = way.ring_density(ring, begins=PARTIAL * first, ends=lacks_end * last)
            total += math.log((1.0 - ODD) * fits + ODD * odd)
        for pause_s in pauses_s:
            odd = _in_noise(pause_s, rest=True)
            share = ODD_OWN_PAUSE if way.own else ODD
            total += math.log((1.0 - share) * way.pause_density(pause_s) + share * ODD_TIME * odd)
        return total


def odds_of_continuous(rings: Sequence[Ring], share: float) -> float:
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
    own: Literal["pulses", "levels"] | None = None
    """What showed these times on the line itself; None where they are the table's."""

    def spread_s(self, time_s: float) -> float:
        """How far a time lies from the one it should be."""
        if self.own == "levels":
            return OWN_LEVEL_SPREAD * time_s + OWN_LEVEL_SPREAD_S
        if self.own == "pulses":
            return OWN_SPREAD * time_s + OWN_SPREAD_S
        return SPREAD * time_s + SPREAD_S + (STRETCH_SPREAD_S if self.stretched else 0.0)

    def pause_density(self, seen_s: float) -> float:
        """Density of a pause between two rings."""
        at_s = max(self.pause_s - (STRETCH_S if self.stretched else 0.0), SHORTEST_REST_S)
        return _normal(seen_s, at_s, self.spread_s(self.pause_s))

    def ring_density(self, ring: Ring, *, begins: float, ends: float) -> float:
        """Density of a ring's times, which lack their beginning or their end with these chances."""
        own = self._density_in(ring, self.ring_s, begins, ends)
        if not (self.once_s and begins):
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


def _as_noise(rings: Sequence[Ring], pauses_s: Sequence[float]) -> float:
    """Logarithm of the likelihood of these times in noise: each lasts anything, or all come of a wire that changes at one rate."""
    free = sum(
        math.log(_in_noise(time_s, rest=index % 2 == 1))
        for ring in rings
        for index, time_s in enumerate(ring.segments_s)
    )
    free += sum(math.log(_in_noise(pause_s, rest=True)) for pause_s in pauses_s)
    times = sum(len(ring.segments_s) for ring in rings) + len(pauses_s)
    total_s = max(rings[-1].end_s - rings[0].start_s, SHORTEST_NOISE_S)
    # The product of exponential densities, over all rates, each decade of them as likely.
    decades = math.log(math.log(LONGEST_NOISE_S / SHORTEST_NOISE_S))
    one_rate = math.lgamma(times) - times * math.log(total_s) - decades
    either = log_sum((free + math.log(1.0 - ONE_RATE), one_rate + math.log(ONE_RATE)))
    return math.log(GOES_ON) * len(pauses_s) + either


def _whole_bursts(rings: Sequence[Ring], *, cut: bool) -> list[float]:
    """The lengths of all bursts but the first, and the last where it may be cut off."""
    bursts_s = [time_s for ring in rings for time_s in ring.segments_s[::2]]
    return bursts_s[1:-1] if cut else bursts_s[1:]


@cache
def _most_bursts() -> int:
    """So many bursts the rings of the table have at most."""
    return max(len((*cadence.once_s, *cadence.ring_s)) // 2 + 1 for cadence in known_cadences())


def _in_noise(time_s: float, *, rest: bool) -> float:
    """Density of a time, in seconds, in noise."""
    shortest_s, longest_s = (SHORTEST_REST_S, LONGEST_REST_S) if rest else (SHORTEST_NOISE_S, LONGEST_NOISE_S)
    density = 1.0 / (max(time_s, shortest_s) * math.log(longest_s / shortest_s))
    if rest or time_s >= BLIP_S:
        return density
    return (BLIP_S / max(time_s, BRIEFEST_S)) ** 2 / (BLIP_S * math.log(longest_s / shortest_s))


def _normal(value: float, at: float, spread: float) -> float:
    return math.exp(-0.5 * ((value - at) / spread) ** 2) / (spread * math.sqrt(2.0 * math.pi))


def log_sum(logarithms: Iterable[float]) -> float:
    """The logarithm of a sum, by those of what is added."""
    values = list(logarithms)
    largest = max(values)
    return largest + math.log(sum(math.exp(value - largest) for value in values))
