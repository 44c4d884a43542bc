"""What is measured of a call once its ringing is over: rings, times, cadence, and whether somebody else may have answered."""

from typing import Literal

from edge.cadence.cadence import AUTO, find_profile, known_cadences, written
from edge.phone.answered_call import AnsweredCall
from edge.phone.call_judge import HEARD_ANYWAY, LEAST_FOR_AN_OUTCOME, SURE, CallJudge, WeighedRinging
from edge.phone.expectation import Expectation
from edge.phone.learning import CadenceLearner
from edge.phone.measured_cadence import MeasuredCadence, best_fit, measure
from edge.phone.noise import NoiseTally
from edge.phone.rings import Rings
from edge.settings.desk_toml import PhoneLine
from protocol.measurements import Call
from protocol.rings_by_time import CONTINUOUS, rings_by_time

ELSEWHERE_S = 2.0
"""What answers after a set time takes the line within so many seconds of it: machines poll, exchanges forward in a second or two."""
UNKNOWN_PAUSE_S = 4.0
"""The pause between rings, where it is not known: most of the table's."""


class CallMeasurer:
    """Measures the calls of one line, and learns from them how it rings."""

    def __init__(self, settings: PhoneLine, tally: NoiseTally) -> None:
        self._settings = settings
        self._tally = tally
        self._profile = find_profile(settings.cadence)
        self._stretches = settings.input == "envelope"
        self.learner = CadenceLearner(self._profile, stretches=self._stretches)
        self.judge = CallJudge(self._profile, settings.pulses_per_cycle, kind=settings.input)

    def elsewhere(self, rings: Rings, expectation: Expectation) -> Literal["possible", "likely"] | None:
        """Whether ringing that stopped, and was not answered here, was answered elsewhere."""
        after_s = self._settings.answered_elsewhere_after_s
        if after_s is not None:
            margin_s = ELSEWHERE_S
            if rings.seconds_per_ring is None:
                # It is answered in a pause as well, of which the ring pin shows nothing but the ring before.
                margin_s += expectation.pause_s or expectation.longest_pause_s or UNKNOWN_PAUSE_S
            if abs(rings.last_end_s - rings.first_start_s - after_s) <= margin_s:
                return "likely"
        return "possible" if self._settings.shared else None

    def measure(
        self,
        rings: Rings,
        t_s: float,
        *,
        completed: int,
        outcome: Literal["answered", "abandoned", "unknown"],
        last_is_cut: bool,
        weighed: WeighedRinging,
        elsewhere: Literal["possible", "likely"] | None = None,
    ) -> Call:
        """The call that rang, as far as it is known when its ringing ends.

        Args:
            rings: What rang.
            t_s: When the receiver was lifted, or the last ring ended.
            completed: Rings that were over by then, where they are counted by their bursts.
            outcome: How it ended.
            last_is_cut: Whether the last ring was cut off.
            weighed: How sure it is that it was a call.
            elsewhere: Whether somebody else answered.
        """
        answered = outcome == "answered"
        begun, pattern = rings.begun, None
        measured = None
        if rings.seconds_per_ring is not None:
            counted = rings_by_time(t_s - rings.first_start_s, rings.seconds_per_ring)
            begun, completed = counted.begun, counted.completed
        else:
            measured = measure(rings.kept, rings.pauses_s, last_is_cut=last_is_cut)
            pattern = self._pattern(measured)
        if weighed.ringing >= LEAST_FOR_AN_OUTCOME or rings.seconds_per_ring is None:
            # A level that is held may be how the line rings, as long as none of its calls was sure; it says nothing of noise.
            self.judge.note(t_s, weighed.cause, weighed.ringing)
        if weighed.ringing >= LEAST_FOR_AN_OUTCOME:
            if measured is not None:
                self.learner.learn(measured)
            else:
                self.learner.learn_continuous()
        elif weighed.cause == "crosstalk":
            self.judge.sound.learn_other(rings.bursts)
        if weighed.ringing >= SURE:
            self.judge.sound.count_pulses(rings.bursts)
        if weighed.ringing >= SURE and not answered:
            # What was answered is learnt from once it is known what came after the pick-up.
            self.judge.sound.learn(rings.bursts, own=False)
        estimate = self.learner.estimate()
        call = Call(
            start_s=rings.first_start_s,
            end_s=t_s,
            line=self._settings.name,
            rings_begun=begun,
            rings_completed=max(completed, 0),
            ring_s=t_s - rings.first_start_s,
            answered_ring=begun if answered else None,
            pickup_delay_s=t_s - rings.first_start_s if answered else None,
            outcome=outcome,
            talk_s=None,
            pattern=pattern,
            cadence=estimate.name if measured is not None else CONTINUOUS,
            cadence_confidence=(
                estimate.confidence if measured is not None else self.learner.continuous_share
            ),
            noise_rejected=self._tally.total,
            confidence=round(weighed.call, 3),
            answered_elsewhere=elsewhere,
            ring_hz=None if rings.ring_hz is None else round(rings.ring_hz, 2),
        )
        self._tally.clear()
        return call

    @property
    def longest_burst_s(self) -> float:
        """The longest burst of the line's cadence: of its own, once that is known, else of the profile's."""
        typical = self.learner.typical
        if typical is not None:
            return max((*typical.first_s[::2], *typical.ring_s[::2]))
        return self._profile.longest_cadence_burst_s

    def learn_answered(self, answered: AnsweredCall, t_s: float) -> None:
        """Learn how the line sounds from a call that was answered, and is over at ``t_s``."""
        # However weak it was: what falls silent with the pick-up is this line's own.
        if answered.ringing >= SURE and (answered.confidence > HEARD_ANYWAY or answered.is_silent(t_s)):
            self.judge.sound.learn(answered.bursts, own=True)

    def _pattern(self, measured: MeasuredCadence) -> str | None:
        """The times of a distinctive ring, as the table writes them where it knows them; None for the line's own ring."""
        if len(measured.ring_s) < 2 and not measured.first_s:
            return None
        own = self.learner.typical
        found = best_fit(measured, (*self._profile.cadences, *known_cadences()), stretches=self._stretches)
        if found is None:
            usual = own is not None and len(own.ring_s) == len(measured.ring_s)
            return None if usual else measured.text
        if self._profile.name != AUTO:
            usual = found.cadence in self._profile.cadences
        elif own is not None:
            usual = best_fit(own, (found.cadence,), stretches=self._stretches) is not None
        else:
            usual = found.cadence.kind == "line"
        return None if usual else written((*found.cadence.once_s, *found.cadence.cycle_s))
