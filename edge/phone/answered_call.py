"""A call that was answered, and what sounds after the pick-up: no exchange rings a line in use."""

import math
from collections.abc import Sequence
from statistics import median

from edge.phone.burst import Burst
from edge.phone.call_judge import LEAST_FOR_AN_OUTCOME, WeighedRinging
from protocol.measurements import Call
from protocol.rings_by_time import CONTINUOUS

TRIP_S, STRETCHED_S = 0.28, 0.2
"""Exchanges stop ringing within 0.2 s of the pick-up, seen to a cycle and a half; an envelope stretches the end by as much as the second."""
RING_TRIP_S = 3.0
"""Ringing this long after the lift is no longer the end of the ring that was answered: private exchanges trip within a burst."""
RINGS_ON, RINGS_ON_AND_ON = 0.05, 0.00001
"""Share of lines on which it goes on for longer than the first, and than the second."""
RINGS_LONGER = 0.002
"""The same, where it makes the burst longer than any of the line's cadence: an exchange that trips late ends its burst."""
RINGS_AGAIN = 0.02
"""Share of the calls after whose pick-up something like a ring comes before the next would have: a line in use does not ring."""
RINGS_AGAIN_THE_SAME = 0.0001
"""The same of what comes when the next ring was due, at the frequency and with the strength of those before: it rings on as if nobody had
answered, on a neighbour's line."""
GOES_ON = 0.5
"""Chance that another stretch of noise follows, or another ring of a neighbour's call."""
MOST_AGAIN = 2
"""So many bursts after the pick-up count against the call; what comes later strays while somebody talks."""
SAME_RATE, SAME_WIDTH = 0.1, 0.1
"""One generator's bursts differ by less in their frequency, and one line's in how long a pulse lasts."""
BURST_TOLERANCE, BURST_TOLERANCE_S = 0.1, 0.3
"""A burst that an exchange lengthens and an envelope stretches is this much longer than its cadence says, and no more."""


class AnsweredCall:
    """Holds a call from its pick-up to its end, and how sure it still is that it was one.

    Args:
        call: The call, as it was measured at the pick-up.
        weighed: How sure it was then.
        bursts: What rang, to the burst that the pick-up cut off.
        lifted_s: When the receiver was lifted.
        due_s: Between these the next ring would have begun; None while unknown.
        silence_s: Silence after which the ringing would have been over.
        longest_burst_s: The longest burst of the line's cadence.
        stretches: Whether the input may stretch the end of a burst.
    """

    def __init__(
        self,
        call: Call,
        weighed: WeighedRinging,
        bursts: Sequence[Burst],
        *,
        lifted_s: float,
        due_s: tuple[float, float] | None,
        silence_s: float,
        longest_burst_s: float,
        stretches: bool,
    ) -> None:
        self.confidence = weighed.call
        self.ringing = weighed.ringing
        """How sure it was that it rang at all, here or on a neighbour's line."""
        self.bursts = tuple(bursts)
        self._call = call
        self._lifted_s = lifted_s
        self._due_s = due_s
        self._silence_s = silence_s
        self._longest_burst_s = longest_burst_s * (1.0 + BURST_TOLERANCE) + BURST_TOLERANCE_S
        self._trip_s = TRIP_S + (STRETCHED_S if stretches else 0.0)
        self._again = 0
        self._doubted = False

    @property
    def is_refuted(self) -> bool:
        """Whether what came after the pick-up says that nobody called."""
        return self._doubted and self.confidence < LEAST_FOR_AN_OUTCOME

    def is_silent(self, t_s: float) -> bool:
        """Whether it has been silent until then, for as long as it would be if the ringing were over."""
        return self._again == 0 and t_s - self._lifted_s >= self._silence_s

    def ended(self, t_s: float, *, talk_s: float | None) -> Call:
        """The call, once the receiver is hung up or nobody knows where it is."""
        known: dict[str, object] = {"end_s": t_s, "talk_s": talk_s, "confidence": round(self.confidence, 3)}
        if self.confidence < LEAST_FOR_AN_OUTCOME:
            # The receiver was lifted, perhaps by chance: nobody knows whether a call of this line was answered.
            known |= {"outcome": "unknown", "answered_ring": None, "pickup_delay_s": None, "talk_s": None}
        return self._call.model_copy(update=known)

    def rang_on(self, start_s: float, end_s: float) -> None:
        """What rang when the receiver was lifted went on: exchanges stop at once, private ones within a burst."""
        after_s = end_s - self._lifted_s
        if self._call.cadence == CONTINUOUS or after_s < self._trip_s:
            return
        if after_s >= RING_TRIP_S:
            self._weigh(RINGS_ON_AND_ON)
        else:
            self._weigh(RINGS_ON if end_s - start_s <= self._longest_burst_s else RINGS_LONGER)

    def rang_again(self, burst: Burst) -> None:
        """Something like a ring came after the pick-up: it says that what rang before was none, while the next ring might have come."""
        if self._call.cadence == CONTINUOUS or self._again >= MOST_AGAIN:
            return
        if burst.start_s - self._lifted_s <= self._silence_s:
            self._again += 1
            self._weigh(RINGS_AGAIN_THE_SAME if self._is_next(burst) else RINGS_AGAIN)

    def _is_next(self, burst: Burst) -> bool:
        """Whether it is the next ring of what rang before: when that was due, and as it sounded."""
        if self._due_s is None or not self._due_s[0] <= burst.start_s <= self._due_s[1]:
            return False
        rates_hz = [each.pulse_hz for each in self.bursts if each.pulse_hz is not None]
        widths_s = [each.width_s for each in self.bursts if each.width_s is not None]
        if not rates_hz or not widths_s or burst.pulse_hz is None or burst.width_s is None:
            return False
        same_rate = abs(math.log(burst.pulse_hz / median(rates_hz))) <= SAME_RATE
        return same_rate and abs(burst.width_s / median(widths_s) - 1.0) <= SAME_WIDTH

    def _weigh(self, share: float) -> None:
        """Take in what a share of the calls does, and most of what is none."""
        self._doubted = True
        call = self.confidence * share
        self.confidence = call / (call + (1.0 - self.confidence) * GOES_ON)
