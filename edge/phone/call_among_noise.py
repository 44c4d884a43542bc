"""Which of the rings in a row are a call: all of them, or those that are left without the noise that came shortly before or after."""

from collections.abc import Iterator
from dataclasses import dataclass

from edge.cadence.cadence import TOLERANCE, Profile
from edge.phone.call_judge import CallJudge, WeighedRinging
from edge.phone.expectation import CADENCE_TOLERANCE
from edge.phone.learning import CadenceLearner
from edge.phone.measured_cadence import LARGEST_STRETCH_S
from edge.phone.rings import Rings
from edge.settings.desk_toml import PhoneLine

SPLASH_TOLERANCE_S = 0.1
"""A message-waiting splash may last this much longer: exchange's tolerance, pulses or stretch."""
SAME_PAUSE, SAME_PAUSE_S = 0.01, 0.03
"""Pauses of one exchange differ by less, relative and absolute."""
MOST_LEFT_OUT = 5
"""So many rings at either end may be noise: each part is weighed, and the light waits for that."""


@dataclass(frozen=True, slots=True)
class Found:
    """What may be a call, weighed."""

    rings: Rings
    weighed: WeighedRinging


class CallAmongNoise:
    """Finds the call in what rang on one line."""

    def __init__(
        self, settings: PhoneLine, profile: Profile, judge: CallJudge, learner: CadenceLearner
    ) -> None:
        self._profile = profile
        self._judge = judge
        self._learner = learner
        self._has_hook_switch = settings.hook_pin is not None
        splash_s = 0.0 if profile.is_continuous else settings.message_waiting_splash_s
        stretch_s = LARGEST_STRETCH_S if settings.input == "envelope" else 0.0
        self.short_s = splash_s + SPLASH_TOLERANCE_S + stretch_s if splash_s else 0.0
        """A ring that is no longer may be a message-waiting splash; 0 where none is expected."""

    def find(self, rings: Rings, *, answered: bool, t_s: float) -> Found:
        """The likeliest call in what rang.

        Args:
            rings: What rang, to its end.
            answered: Whether the receiver was lifted while it rang: the last of it is then the call's.
            t_s: When it ended.
        """
        best = Found(rings, self._judge.weigh(rings, self._learner, answered=answered, t_s=t_s))
        if rings.seconds_per_ring is not None or rings.begun != len(rings.kept):
            return best
        for late in (True,) if answered else (True, False):
            for part in self._parts(best.rings, late=late):
                if self._keeps_the_pause(best.rings, part, late=late):
                    continue
                if not (answered or self.is_longer_than_a_splash(part)):
                    continue
                sides = (part.first_start_s > rings.first_start_s) + (part.last_end_s < rings.last_end_s)
                end_s = t_s if answered else part.last_end_s
                weighed = self._judge.weigh(
                    part, self._learner, answered=answered, t_s=end_s, noisy_sides=sides
                )
                if weighed.against < best.weighed.against:
                    best = Found(part, weighed)
        return best

    def _keeps_the_pause(self, rings: Rings, part: Rings, *, late: bool) -> bool:
        """Whether what would be left out rang a pause of the line's own away from the rest: noise does that by chance alone."""
        typical = self._learner.typical
        if typical is None or typical.pause_s is None or not self._learner.is_sure:
            return False
        pauses_s = rings.pauses_s
        left_out = len(rings.kept) - len(part.kept)
        pause_s = pauses_s[left_out - 1] if late else pauses_s[len(part.kept) - 1]
        return abs(pause_s - typical.pause_s) <= SAME_PAUSE * typical.pause_s + SAME_PAUSE_S

    @staticmethod
    def _parts(rings: Rings, *, late: bool) -> Iterator[Rings]:
        for left_out in range(1, min(rings.begun, MOST_LEFT_OUT + 1)):
            yield rings.part(left_out + 1, rings.begun) if late else rings.part(1, rings.begun - left_out)

    def is_longer_than_a_splash(self, rings: Rings) -> bool:
        """Whether any ring is longer than a splash, or short rings keep the line's cadence.

        Without a hook switch the latter may as well be hook flashes.
        """
        # Where a hook switch is fitted, no flash of it is among the bursts: whatever makes one ring belongs together.
        inner_s = self._profile.new_ring_gap_s if self._has_hook_switch else self._profile.inner_pause_s
        if self.short_s == 0.0 or any(ring.unbroken_s(inner_s) > self.short_s for ring in rings.kept):
            return True
        if not self._has_hook_switch:
            return False
        typical = self._learner.typical
        known_s = (
            [cadence.pause_s for cadence in self._profile.cadences]
            if len(self._profile.cadences) == 1
            else []
        )
        known_s += [typical.pause_s] if typical is not None and typical.pause_s is not None else []
        return any(
            abs(pause_s - expected_s) <= CADENCE_TOLERANCE / 2.0 * expected_s + TOLERANCE
            for pause_s in rings.pauses_s
            for expected_s in known_s
        )
