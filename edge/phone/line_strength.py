"""How strong the ringing of a line is, by the share of each half cycle in which its detector conducts: a neighbour's is weaker."""

import math
from collections import deque
from collections.abc import Sequence

CALLS_KEPT = 16
"""Calls whose strength is kept; a line whose exchange was replaced is learnt anew after so many."""
ANSWERED_KEPT = 5
"""Answered calls whose median is the line's own strength: three show that its voltage has changed."""

OWN_SPREAD = 0.06
"""Least spread of a threshold from call to call: exchanges and leads change the voltage by a twentieth."""
CONDUCTS_SPREAD = 0.02
"""Spread of the measured share of a half cycle, in a burst whose frequency drifts and with pulses missing."""
ALIKE = 0.5
"""Where fewer of the answered calls are as strong as their median, strength tells nothing; some had a neighbour's ringing among theirs."""
WEAKEST_OWN = 0.75
"""Largest share of the peak from which on a detector is built to conduct: one that needed more would miss ringing that is weak at the end
of a long line."""
STRONGEST_OTHER = 0.8
"""Largest share of its voltage that a line lets through to the one beside it."""
LEAST_THRESHOLD = 0.05
"""Nothing is known of a detector that conducts for longer."""
INSENSITIVE = 0.1
"""Share of detectors that are built otherwise."""
WEAK_CALL = 1e-4
"""Chance that a call is weaker than its line has ever been."""
STRONG_OTHER = 0.1
"""Least density of a neighbour's threshold, however strong: what is known of cables is known to no better."""
MISTAKEN = 0.01
"""Chance that the strongest call so far was measured wrongly, or was none, while nobody has answered any; of two as strong, that both were."""


def threshold_of(conducts: float) -> float:
    """The share of the voltage's peak from which on a detector conducts, by the share of a half cycle in which it does."""
    return max(math.cos(0.5 * math.pi * min(max(conducts, 0.0), 1.0)), LEAST_THRESHOLD)


class LineStrength:
    """The thresholds at which a line's ringing was seen, as shares of its own peak: the weaker the voltage, the larger."""

    def __init__(self) -> None:
        self.answered: deque[float] = deque(maxlen=ANSWERED_KEPT)
        """Those of calls that surely were this line's own."""
        self.heard: deque[float] = deque(maxlen=CALLS_KEPT)
        """Those of all calls."""

    def learn(self, threshold: float, *, answered: bool) -> None:
        """Take in the strength of one more call."""
        self.heard.append(threshold)
        if answered:
            self.answered.append(threshold)

    def odds(self, threshold: float) -> float:
        """By how much a strength speaks for the line's own ringing and against a neighbour's: the logarithm of the odds."""
        if self.answered:
            own = sorted(self.answered)[(len(self.answered) - 1) // 2]
            alike = [each for each in self.answered if each <= own / STRONGEST_OTHER]
            if len(alike) < ALIKE * len(self.answered):
                return 0.0
            return _log_odds(threshold, own, max(OWN_SPREAD, _spread(own, alike)), WEAK_CALL)
        if self.heard and threshold > min(self.heard):
            # A neighbour's ringing is weaker than the line's own: if one was stronger, this is none.
            strongest = min(self.heard)
            as_strong = sum(each <= strongest * (1.0 + 2.0 * OWN_SPREAD) for each in self.heard)
            return _log_odds(threshold, strongest, OWN_SPREAD, max(math.pow(MISTAKEN, as_strong), WEAK_CALL))
        return 0.0 if threshold <= WEAKEST_OWN else math.log(INSENSITIVE)


def _log_odds(threshold: float, own: float, spread: float, otherwise: float) -> float:
    """The same, where the line's own threshold is known with this relative spread, or is any other with this chance."""
    weaker = math.log(threshold / own)
    # A threshold near zero is where the detector conducts nearly always, and a little in the width is much of it.
    measured = 0.5 * math.pi * CONDUCTS_SPREAD * math.sqrt(max(1.0 - own**2, 0.0)) / own
    spread = math.hypot(spread, measured)
    call = math.exp(-0.5 * (max(weaker, 0.0) / spread) ** 2) / (spread * math.sqrt(2.0 * math.pi))
    # A neighbour's voltage is any share of the line's own up to the strongest, as likely each.
    reached = 0.5 * math.erfc((-math.log(STRONGEST_OTHER) - weaker) / (spread * math.sqrt(2.0)))
    other = reached * own / (threshold * STRONGEST_OTHER)
    return math.log((call + otherwise) / max(other, STRONG_OTHER))


def _spread(middle: float, values: Sequence[float] | deque[float]) -> float:
    """Half the distance to the weakest, relative: that is two spreads away."""
    return math.log(max(values) / middle) / 2.0
