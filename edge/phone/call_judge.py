"""How sure it is that what rang was a call, from its sound, its times, the pick-up, and how much noise the line has."""

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal

from edge.cadence.cadence import Profile
from edge.phone.burst import Burst
from edge.phone.learning import CadenceLearner
from edge.phone.line_sound import LineSound
from edge.phone.ring_times import CUT_OFF_S, PARTIAL, WHOLE_END, RingTimes, log_sum, odds_of_continuous
from edge.phone.rings import Rings
from edge.settings.desk_toml import RingInput

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
    against: float
    """By how much its times, rates and strength speak against a call of this line: to compare what may be of it and what not."""


LEAST_FOR_AN_OUTCOME = 0.5
"""Below this a call's outcome is not claimed: it is as likely that nobody called."""
LEAST_FOR_A_CALL = 0.2
"""Below this what rang is no call; from here on it is one whose outcome nobody claims, so that nothing is hidden."""
LEAST_WITHOUT_A_HOOK = 0.1
"""The same on a line without a hook switch, where no pick-up can say that somebody heard it and no outcome is claimed."""
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
CALLS_BEFORE, NOISES_BEFORE, NOISES_OF_LEVELS_BEFORE = 5.0, 0.1, 0.5
"""As many calls and noises as a line seems to have had before its first: fifty calls to a noise, as on a sound one. An envelope's level shows no
frequency, and whatever touches its wire makes one."""
MOST_CALLS_TO_A_NOISE = 50.0
"""No line is held to be sounder than that, however long it has been quiet."""

CALLS_TO_A_NEIGHBOURS = 200.0
"""So many calls of its own a line has to one that it picks up from a neighbour's: few cables let any through."""
CALLS_TO_ITS_FIRST = 100.0
"""The same of the strongest ringing so far, on a line that has not shown its own strength yet; somebody will answer and show it."""
CALLS_TO_AN_OPEN_ONE = 0.9
"""The same where there was stronger ringing before, or nobody can answer: nobody knows, and nothing is claimed."""
HUM_OR_RING = 0.49
"""Of what sounded once, at the mains' rate, no more than so much is held to be a call: hum that lasts as long as a ring is like one in all,
and a caller who gives up within one ring is held against nobody."""
SHOWN, SHOWN_TO_NOBODY = 1.5, 2.5
"""What sounded once, as a level, on a line that has not surely shown its cadence, is held to be no more than that as well, unless its length speaks
for a cadence by as much: the logarithm of the odds. The latter where no hook switch is believed, and no outcome would be claimed anyway."""
REPEATED_SHOWN, MOST_TO_COMPARE = 4.0, 3
"""The same of what sounded two or three times: rings repeat each other and their pause, levels of a loose wire do not."""
STRANGE = -1.5
"""What shows as little, had ended before the receiver was lifted and speaks against every cadence by as much, is not made a call by that lift."""
HUMS_KEPT = 5
"""Stretches of hum that count against what else sounds: more of them say no more."""
HUM_BESIDE, HUM_BESIDE_S = 0.5, 10.0
"""So many noises is a stretch of hum worth that was taken away within so long of what rang: pieces of it may be left."""
NEIGHBOURS_AFTER_ONE = 20.0
"""After the first of those, one in ten that ring is another."""
CALLS_BESIDE = 0.02
"""So many calls begin within the seconds after a noise, or end within those before one, that both ring in a row: one every five minutes."""
ANSWERED = 0.7
"""Share of calls in which the receiver is lifted while it rings."""
HEARD_ANYWAY, HEARD_TOO_WEAK = 0.7, 0.45
"""What is answered is held to be a call with so much, however weak its voltage is today, unless it rings on: whoever lifts the receiver heard it.
The latter once so many calls as below have shown the line's own strength: receivers are lifted by chance while a neighbour's line rings."""
CALLS_TO_KNOW_STRENGTH = 2
"""So many answered calls as strong as each other are no chance: most lines repeat their strength to a hundredth."""
BRIEF_S = 0.09
"""What sounded for less before the receiver was lifted is no ring by itself: nobody is so quick."""
LIFTED_BY_CHANCE = 0.03
"""Chance that the receiver is lifted for another reason in the seconds after a noise: one call out every five minutes."""
GIVEN_UP_AT_ONCE = 0.07
"""Share of calls in which the caller gives up in or after the first ring."""
GIVEN_UP_LATER = 0.23
"""The same after more rings."""


class CallJudge:
    """Weighs what rang on one line.

    Args:
        profile: How the settings say that the line rings.
        pulses_per_cycle: Pulses a cycle, where the settings name them.
        kind: What the line is heard with: an envelope may stretch the end of a burst, and pulses show their rate.
    """

    def __init__(self, profile: Profile, pulses_per_cycle: int | None, *, kind: RingInput) -> None:
        self.answerable = False
        """Whether a hook switch that is believed would show that somebody answers."""
        self._times = RingTimes(profile, stretches=kind == "envelope", levels=kind != "pulses")
        self._rippling = kind == "envelope"
        self._pulses = kind == "pulses"
        self._noises_before = NOISES_OF_LEVELS_BEFORE if kind == "envelope" else NOISES_BEFORE
        self.sound = LineSound(profile, pulses_per_cycle, pulses=kind == "pulses")
        self._events: deque[tuple[float, Cause, float]] = deque(maxlen=EVENTS_KEPT)
        self._hummed_s: deque[float] = deque(maxlen=HUMS_KEPT)

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

    def note_hum(self, t_s: float) -> None:
        """The detector found hum, and took it away; pieces of it may be left."""
        self._hummed_s.append(t_s)

    def take_back(self) -> None:
        """What was noted last was something else."""
        if self._events:
            self._events.pop()

    def weigh(
        self,
        rings: Rings,
        learner: CadenceLearner,
        *,
        answered: bool,
        t_s: float,
        noisy_sides: int = 0,
    ) -> WeighedRinging:
        """How likely it is that what rang was a call, and what else it was.

        Args:
            rings: What rang, to its end.
            learner: How the line rang so far.
            answered: Whether the receiver was lifted while it rang, or when the next ring was due.
            t_s: When it ended.
            noisy_sides: At how many of its ends something rang that is held to be noise.
        """
        kept = [ring for ring in rings.kept if ring.segments_s]
        in_pause = answered and t_s - rings.last_end_s > CUT_OFF_S
        lacks_end = WHOLE_END if in_pause else 1.0 - PARTIAL if answered else PARTIAL
        times = (
            self._times.odds(kept, learner, lacks_end=lacks_end)
            if rings.seconds_per_ring is None
            else odds_of_continuous(kept, learner.continuous_share)
        )
        hums = self.sound.hums(rings.bursts)
        shown = learner.typical is not None or rings.seconds_per_ring is not None
        noise = (
            -(noisy_sides * math.log(CALLS_BESIDE) if noisy_sides else self._prior(t_s, shown=shown))
            - self.sound.of_rate(rings.bursts)
            - times
        )
        strength = self._strength(rings)
        once = rings.begun == 1 and rings.seconds_per_ring is None
        if answered:
            by_chance = math.log(LIFTED_BY_CHANCE / ANSWERED)
            ringing = _probability(noise + by_chance)
            unshown = self._rippling and learner.typical is None and not self.sound.shows_rate(rings.bursts)
            longest_s = max((_length_s(burst) for burst in rings.bursts), default=0.0)
            brief = longest_s < BRIEF_S and rings.seconds_per_ring is None
            may_hum = once and hums and self.sound.pulse_hz is None
            if brief or (in_pause and (may_hum or (unshown and times < STRANGE))):
                ringing = min(ringing, HUM_OR_RING)
            own = max(_probability(self._neighbour(rings) + by_chance), self._heard_anyway())
            against = noise - (strength or 0.0)
            return WeighedRinging(min(ringing, own), ringing, "hum" if hums else "strange", against)
        noise -= math.log(GIVEN_UP_AT_ONCE if once else GIVEN_UP_LATER)
        neighbour = self._neighbour(rings)
        call = _probability(log_sum((noise, neighbour)))
        ringing = _probability(noise) if strength is None else call
        if (once and hums) or self._shows_little(rings, times, learner, t_s):
            call, ringing = min(call, HUM_OR_RING), min(ringing, HUM_OR_RING)
        crosstalk = strength is not None and neighbour > 0.0
        return WeighedRinging(
            call,
            ringing,
            "crosstalk" if crosstalk else "hum" if hums else "strange",
            noise - (strength or 0.0),
        )

    def _heard_anyway(self) -> float:
        """What is answered is held to be a call with so much at the least, as far as its strength goes."""
        known = len(self.sound.strength.answered) >= CALLS_TO_KNOW_STRENGTH
        return HEARD_TOO_WEAK if known else HEARD_ANYWAY

    def _shows_little(self, rings: Rings, times: float, learner: CadenceLearner, t_s: float) -> bool:
        """Whether what sounded a few times is levels of which nothing but their lengths is known, and these speak for no cadence."""
        if self._pulses or rings.begun > MOST_TO_COMPARE or rings.seconds_per_ring is not None:
            return False
        if self._rippling and self.sound.shows_rate(rings.bursts):
            return False
        if rings.begun > 1:
            return times < REPEATED_SHOWN
        if not self._rippling and len(rings.bursts) > 1 and self._noises(t_s, ("strange", "chatter")) == 0:
            # A contact that has shown no noise so far, and closes more than once.
            return False
        return not learner.is_sure and times < (SHOWN if self.answerable else SHOWN_TO_NOBODY)

    def _strength(self, rings: Rings) -> float | None:
        """How strength speaks for the line's own ringing; None while that is open, and where somebody may yet answer what is strong."""
        if self.answerable and self.sound.is_faint(rings.bursts):
            return None
        return self.sound.of_strength(rings.bursts)

    def _neighbour(self, rings: Rings) -> float:
        """By how much it is likelier a neighbour's ringing than this line's: the logarithm of the odds."""
        strength = self._strength(rings)
        return -self._whose(rings) if strength is None else -strength - self._own_to_others()

    def _noises(self, t_s: float, causes: tuple[Cause, ...]) -> int:
        """How many noises of these causes there were within a day."""
        return sum(
            cause in causes and call < LEAST_FOR_AN_OUTCOME and t_s - at_s < NOISE_FORGOTTEN_S
            for at_s, cause, call in self._events
        )

    def _own_to_others(self) -> float:
        """How much more often this line's own ringing is heard than a neighbour's: the logarithm of the odds."""
        return math.log(CALLS_TO_A_NEIGHBOURS / (1.0 + NEIGHBOURS_AFTER_ONE * self.sound.strength.weaker))

    def _whose(self, rings: Rings) -> float:
        """The same while the line has not shown its own strength."""
        strongest = self.sound.is_strongest(rings.bursts) and not self.sound.is_faint(rings.bursts)
        first = self.answerable and strongest
        return math.log(CALLS_TO_ITS_FIRST if first else CALLS_TO_AN_OPEN_ONE)

    def _prior(self, t_s: float, *, shown: bool) -> float:
        calls = sum(call for _, _, call in self._events)
        # A line that has shown its cadence needs no frequency, and how rarely a level is held for long says its length.
        noises = NOISES_BEFORE if shown else self._noises_before
        noises += sum(
            (1.0 - call) * (CHATTER if cause == "chatter" else 1.0)
            for at_s, cause, call in self._events
            if cause != "crosstalk" and t_s - at_s < NOISE_FORGOTTEN_S
        )
        noises += HUM_BESIDE * sum(abs(t_s - at_s) < HUM_BESIDE_S for at_s in self._hummed_s)
        return math.log(min((CALLS_BEFORE + calls) / noises, MOST_CALLS_TO_A_NOISE))


def _length_s(burst: Burst) -> float:
    return burst.end_s - burst.start_s


def _probability(against: float) -> float:
    """By the logarithm of the odds against."""
    return 1.0 / (1.0 + math.exp(min(against, 50.0)))
