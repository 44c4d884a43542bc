"""How strong the ringing of a line is, by the share of each half cycle in which its detector conducts: a neighbour's is weaker."""

import math
from collections import deque
from collections.abc import Iterable, Sequence

HEARD_KEPT = 32
"""Ringing whose strength is kept, a neighbour's among it; a line whose voltage has changed for good is learnt anew after so much."""
ANSWERED_KEPT = 5
"""Answered calls whose median is the line's own strength: three show that its voltage has changed."""

USUAL_SPREAD = 0.05
"""Spread of a threshold from call to call on a line of which too few are known: exchanges and leads change the voltage by a twentieth."""
USUAL_COUNTS = 2.0
"""As many calls as that is worth against those of the line itself, most of which repeat their strength to a hundredth."""
SMALLEST_SPREAD = 0.015
"""No line is known to keep its voltage closer than this."""
CONDUCTS_SPREAD = 0.015
"""Spread of the measured share of a half cycle, in a burst whose frequency drifts and with pulses missing."""
ALIKE = 0.5
"""Where fewer of the answered calls are as strong as their median, strength tells nothing; some had a neighbour's ringing among theirs."""
REPEATED = 2
"""As strong so often, and it is the line's own ringing where nobody answers: a measurement that went wrong does so once."""
SAME = 0.12
"""Strengths that differ by less are one line's: a neighbour's differ by a quarter at the least."""
SAME_UNANSWERED = 0.04
"""The same while nobody has answered: of two neighbours' calls the one is often weaker than the other by less than the former."""
STRONGEST_OTHER = 0.8
"""Largest share of its voltage that a line lets through to the one beside it."""
FAINT = 0.87
"""Ringing that conducts for less than a third of each half cycle is a neighbour's as likely as not, until a call was answered: detectors are made
to conduct for longer."""
LEAST_THRESHOLD = 0.05
"""Nothing is known of a detector that conducts for longer."""
WEAK_CALL = 1e-4
"""Chance that a call is weaker than its line has ever been."""
STRONG_OTHER = 0.1
"""Least density of a neighbour's threshold, however strong: what is known of cables is known to no better."""
MISTAKEN = 0.01
"""Chance that ringing was measured a quarter too strong, or was none; of two as strong, that both were."""


def threshold_of(conducts: float) -> float:
    """The share of the voltage's peak from which on a detector conducts, by the share of a half cycle in which it does."""
    return max(math.cos(0.5 * math.pi * min(max(conducts, 0.0), 1.0)), LEAST_THRESHOLD)


class LineStrength:
    """The thresholds at which a line's ringing was seen, as shares of its own peak: the weaker the voltage, the larger."""

    def __init__(self) -> None:
        self.answered: deque[float] = deque(maxlen=ANSWERED_KEPT)
        """Those of calls that surely were this line's own."""
        self.heard: deque[float] = deque(maxlen=HEARD_KEPT)
        """Those of all ringing."""

    def learn(self, threshold: float, *, answered: bool) -> None:
        """Take in the strength of more ringing, a neighbour's as well."""
        self.heard.append(threshold)
        if answered:
            self.answered.append(threshold)

    def own(self, *more: float) -> float | None:
        """The line's own strength: of the answered calls, else the strongest of all; None before it has repeated itself.

        Args:
            more: What was heard as well, and is not learnt yet.
        """
        heard = (*self.heard, *more)
        answered = sorted(self.answered)
        if not answered:
            strongest = min(heard, default=1.0)
            near = [each for each in heard if abs(math.log(each / strongest)) <= SAME_UNANSWERED]
            return strongest if len(near) >= REPEATED else None
        own = answered[(len(answered) - 1) // 2]
        return own if len(_near(own, heard)) >= REPEATED else None

    def odds(self, threshold: float) -> float | None:
        """By how much a strength speaks for the line's own ringing and against a neighbour's: the logarithm of the odds.

        None while that is open: no strength has repeated itself that is the line's own.
        """
        own = self.own(threshold)
        if own is None or (not self.answered and threshold < own / (1.0 + SAME)):
            return None
        alike = [each for each in self.answered if each <= own / STRONGEST_OTHER]
        if len(alike) < ALIKE * len(self.answered):
            return 0.0
        near = _near(own, self.heard) or alike
        mistaken = 0.0 if self.answered else MISTAKEN ** len(near)
        return _log_odds(threshold, own, near, max(WEAK_CALL, mistaken))

    def is_strongest(self, threshold: float) -> bool:
        """Whether no ringing was stronger so far: a neighbour's ringing is weaker than the line's own."""
        return all(threshold <= each * (1.0 + SAME) for each in self.heard)

    @property
    def weaker(self) -> int:
        """How much of the ringing was too weak to be this line's own."""
        own = self.own()
        return 0 if own is None else sum(each > own / STRONGEST_OTHER for each in self.heard)


def _near(own: float, heard: Iterable[float]) -> Sequence[float]:
    """The strengths that are the same as this one."""
    return [each for each in heard if abs(math.log(each / own)) <= SAME]


def _log_odds(threshold: float, own: float, near: Sequence[float], otherwise: float) -> float:
    """The same, where the line's own threshold is this one and was measured near it so often, or is any other with this chance."""
    weaker = math.log(threshold / own)
    # A threshold near zero is where the detector conducts nearly always, and a little in the width is much of it.
    measured = 0.5 * math.pi * CONDUCTS_SPREAD * math.sqrt(max(1.0 - own**2, 0.0)) / own
    usual = USUAL_SPREAD**2 + measured**2
    squares = sum(math.log(each / own) ** 2 for each in near)
    spread = max(math.sqrt((USUAL_COUNTS * usual + squares) / (USUAL_COUNTS + len(near))), SMALLEST_SPREAD)
    call = math.exp(-0.5 * (max(weaker, 0.0) / spread) ** 2) / (spread * math.sqrt(2.0 * math.pi))
    # A neighbour's voltage is any share of the line's own up to the strongest, as likely each.
    reached = 0.5 * math.erfc((-math.log(STRONGEST_OTHER) - weaker) / (spread * math.sqrt(2.0)))
    other = reached * own / (threshold * STRONGEST_OTHER)
    return math.log((call + otherwise) / max(other, STRONG_OTHER))
