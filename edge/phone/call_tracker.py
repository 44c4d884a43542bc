"""Rings and the receiver to calls: the state machine of one line."""

from statistics import median
from typing import Literal

from edge.cadence.cadence import find_profile
from edge.phone.answered_call import AnsweredCall
from edge.phone.burst import NEVER, Burst, BurstHeld, BurstWithdrawn, Sounding
from edge.phone.call_among_noise import CallAmongNoise
from edge.phone.call_judge import (
    LEAST_FOR_A_CALL,
    LEAST_FOR_AN_OUTCOME,
    LEAST_WITHOUT_A_HOOK,
    Cause,
    WeighedRinging,
)
from edge.phone.events import CallEnded, LineEvent, OffHook, OnHook, Ringing, RingingStopped
from edge.phone.expectation import Expectation, expect
from edge.phone.measured_call import CallMeasurer
from edge.phone.noise import NoiseTally
from edge.phone.rings import Rings
from edge.settings.desk_toml import PhoneLine
from protocol.measurements import Call

GLIMPSE_S = 0.012
"""A ring that is due counts when it sounded this long before the pick-up; spikes of the hook switch itself come closer."""
UNEXPECTED_GLIMPSE_S = 0.05
"""The same for a ring whose time is not known: longer than a line reversal with the bounces of its contact."""


class CallTracker:
    """Follows one line from idle to ringing to talking. Calls come in order of time."""

    def __init__(self, settings: PhoneLine, tally: NoiseTally, seconds_per_ring: float) -> None:
        self._settings = settings
        self._tally = tally
        self._has_hook_switch = settings.hook_pin is not None
        self._profile = find_profile(settings.cadence)
        self._seconds_per_ring = seconds_per_ring
        self._measurer = CallMeasurer(settings, tally)
        self.learner, self.judge = self._measurer.learner, self._measurer.judge
        self.refused: list[tuple[Cause, float]] = []
        """What rang and was no call, with its pulses a second, since the line last looked."""
        self._among_noise = CallAmongNoise(settings, self._profile, self.judge, self.learner)
        self.state: Literal["idle", "ringing", "answered", "dialled"] = "idle"
        self.rings = self.no_rings()
        self._lifted_s = 0.0
        self._answered: AnsweredCall | None = None
        self.deadline_s = NEVER
        """When silence will end the ringing, or the next ring that is counted by time begins."""
        self.due_window: tuple[float, float] | None = None
        """When the next ring is due."""

    @property
    def hook_believed(self) -> bool:
        """Whether a receiver that stays down says that nobody answered."""
        return self.judge.answerable

    @hook_believed.setter
    def hook_believed(self, believed: bool) -> None:
        self.judge.answerable = believed

    def no_rings(self) -> Rings:
        """What has rung before anything did."""
        by_time = self._seconds_per_ring if self._profile.is_continuous else None
        return Rings(self._profile.new_ring_gap_s, by_time)

    @property
    def silence_s(self) -> float:
        """Silence that ends the ringing, as far as the line is known."""
        return self._expectation().silence_s

    def _expectation(self) -> Expectation:
        return expect(self.rings, self._profile, self.learner, short_s=self._among_noise.short_s)

    def burst_began(self, start_s: float) -> list[LineEvent]:
        """A burst of ringing began, with the receiver on its hook."""
        self.state = "ringing"
        number = self.rings.burst_began(start_s)
        self.deadline_s = self.rings.next_ring_s
        return [] if number is None else [Ringing(start_s, self._settings.name, number)]

    def burst_held(self, held: BurstHeld, t_s: float) -> list[LineEvent]:
        """The burst that began last goes on without a pause: rings are counted by time from now on."""
        if self.state != "ringing" or held.start_s != self.rings.burst_start_s:
            return []
        self.rings.count_by_time(self._seconds_per_ring)
        return self._pass_time(t_s)

    def _pass_time(self, t_s: float) -> list[LineEvent]:
        number = self.rings.pass_time(t_s)
        self.deadline_s = self.rings.next_ring_s
        if number is None:
            return []
        began_s = self.rings.first_start_s + (number - 1) * self._seconds_per_ring
        return [Ringing(began_s, self._settings.name, number)]

    def burst_ended(self, burst: Burst) -> None:
        """The burst that began last is over."""
        if self.state == "ringing" and burst.start_s == self.rings.burst_start_s:
            self.rings.burst_ended(burst)
            self._await_next_ring()

    def burst_withdrawn(self, burst: BurstWithdrawn) -> list[LineEvent]:
        """The burst that began last is no ringing."""
        if self.state != "ringing" or burst.start_s != self.rings.burst_start_s:
            return []
        self.rings.take_back()
        if self.rings.begun:
            self._await_next_ring()
            return []
        return [self._no_call()]

    def _await_next_ring(self) -> None:
        expectation = self._expectation()
        self.deadline_s = self.rings.last_end_s + expectation.silence_s
        if self._has_hook_switch:
            # Otherwise the spike of the receiver being lifted would count as a ring.
            self.due_window = expectation.due_window(self.rings.last_end_s)

    def on_time(self) -> list[LineEvent]:
        """The deadline passed: another ring began by time, or it has been silent for longer than any pause between rings."""
        if self.rings.burst_start_s is not None:
            return self._pass_time(self.deadline_s)
        return self._unanswered(self.rings.last_end_s)

    def lifted(self, t_s: float, sounding: Sounding) -> list[LineEvent]:
        """The receiver was lifted.

        Args:
            t_s: When.
            sounding: What sounded at that moment.
        """
        events: list[LineEvent] = []
        if self.state == "ringing":
            events += self._glimpse(t_s, sounding)
            expectation = self._expectation()
            if self.rings.burst_start_s is None and expectation.is_overdue(t_s, self.rings.last_end_s):
                events += self._unanswered(self.rings.last_end_s)
            else:
                events += self._answer(t_s, sounding)
        self._lifted_s = t_s
        if self.state != "answered":
            self.state = "dialled"
        return [*events, OffHook(t_s, self._settings.name, incoming=self.state == "answered")]

    def _glimpse(self, t_s: float, sounding: Sounding) -> list[LineEvent]:
        """Count a ring that was cut off by the pick-up before it was certain."""
        start_s = sounding.candidate_start_s
        if start_s is None or self.rings.burst_start_s is not None:
            return []
        window = self._expectation().due_window(self.rings.last_end_s)
        due = window is not None and window[0] <= start_s <= window[1]
        if t_s - start_s < (GLIMPSE_S if due else UNEXPECTED_GLIMPSE_S):
            return []
        number = self.rings.burst_began(start_s)
        return [] if number is None else [Ringing(start_s, self._settings.name, number)]

    def _answer(self, t_s: float, sounding: Sounding) -> list[LineEvent]:
        rings = self.rings
        in_burst = rings.burst_start_s is not None and sounding.sounds
        rings.cut(t_s if sounding.sounds else sounding.sounded_until_s, sounding.pulse_hz, sounding.width_s)
        weighed = self._find(answered=True, t_s=t_s)
        rings, expectation = self.rings, self._expectation()
        completed = rings.begun
        if in_burst or expectation.may_go_on(rings.last_span_s, t_s - rings.last_end_s):
            completed -= 1
        if weighed.call < LEAST_FOR_A_CALL:
            return [self._refuse(t_s, weighed.cause)]
        call = self._measurer.measure(
            rings, t_s, completed=completed, outcome="answered", last_is_cut=in_burst, weighed=weighed
        )
        self.state = "answered"
        self._answered = AnsweredCall(
            call,
            weighed,
            rings.bursts,
            lifted_s=t_s,
            due_s=expectation.due_window(rings.last_end_s),
            silence_s=expectation.silence_s,
            longest_burst_s=self._measurer.longest_burst_s,
            stretches=self._settings.input == "envelope",
        )
        self._forget_rings()
        return [RingingStopped(t_s, self._settings.name, "answered")]

    def rang_on(self, start_s: float, end_s: float) -> None:
        """What rang when the receiver was lifted went on, from the one to the other."""
        if self._answered is not None:
            self._answered.rang_on(start_s, end_s)
            self._doubt(self._answered)

    def rang_again(self, burst: Burst) -> None:
        """Something like a ring came after the pick-up."""
        if self._answered is not None:
            self._answered.rang_again(burst)
            self._doubt(self._answered)

    def _doubt(self, answered: AnsweredCall) -> None:
        """What was answered may turn out to be no call."""
        if not answered.is_refuted:
            return
        self._tally.strange += 1
        self.refused.append(("strange", 0.0))
        self.judge.take_back()
        self.judge.note(self._lifted_s, "strange", answered.confidence)
        self._answered, self.state = None, "dialled"

    def _end_answered(self, t_s: float, *, talk_s: float | None) -> Call | None:
        """The call that was answered is over; None where none was."""
        answered, self._answered = self._answered, None
        self.state = "idle"
        if answered is None:
            return None
        self._measurer.learn_answered(answered, t_s)
        return answered.ended(t_s, talk_s=talk_s)

    def hung_up(self, t_s: float) -> list[LineEvent]:
        """The receiver was hung up."""
        call = self._end_answered(t_s, talk_s=t_s - self._lifted_s)
        line = self._settings.name
        if call is None:
            return [OnHook(t_s, line, incoming=False)]
        return [OnHook(t_s, line, incoming=True), CallEnded(call)]

    def lose_receiver(self, t_s: float) -> list[LineEvent]:
        """Nobody knows any more where the receiver is: a call that was answered ends here, its length unknown."""
        if self.state == "ringing":
            return []
        call = self._end_answered(t_s, talk_s=None)
        return [] if call is None else [CallEnded(call)]

    def find_lifted(self, t_s: float) -> list[LineEvent]:
        """The receiver turns out to be lifted, since when nobody knows: whether a call was answered is unknown."""
        ended: list[LineEvent] = []
        if self.state == "ringing":
            ended = self._unanswered(self.rings.last_end_s, outcome="unknown")
        self._lifted_s, self.state = t_s, "dialled"
        return [*ended, OffHook(t_s, self._settings.name, incoming=False)]

    def finish(self, t_s: float) -> list[LineEvent]:
        """The timeline ends: a call in progress is measured as far as it went."""
        if self.state == "ringing":
            self.rings.cut(t_s)
            return self._unanswered(t_s, outcome="unknown")
        call = self._end_answered(t_s, talk_s=None)
        return [] if call is None else [CallEnded(call)]

    def _unanswered(
        self, t_s: float, outcome: Literal["abandoned", "unknown"] | None = None
    ) -> list[LineEvent]:
        if not self._among_noise.is_longer_than_a_splash(self.rings):
            self._tally.splashes += 1
            return [self._no_call()]
        over_s = self.rings.last_end_s
        weighed = self._find(answered=False, t_s=t_s)
        if self.rings.last_end_s < over_s:
            t_s = self.rings.last_end_s
        if weighed.call < (LEAST_FOR_A_CALL if self._has_hook_switch else LEAST_WITHOUT_A_HOOK):
            return [self._refuse(t_s, weighed.cause)]
        if weighed.ringing < LEAST_FOR_AN_OUTCOME and self.rings.seconds_per_ring is None:
            self._suspect(weighed.cause)
        rings, expectation, elsewhere = self.rings, self._expectation(), None
        if outcome is None:
            elsewhere = self._measurer.elsewhere(rings, expectation)
            sure = self.hook_believed and weighed.call >= LEAST_FOR_AN_OUTCOME and elsewhere is None
            outcome = "abandoned" if sure else "unknown"
        cut = rings.begun > 1 and not expectation.is_whole(rings.last_span_s)
        completed = rings.begun - cut
        call = self._measurer.measure(
            rings,
            t_s,
            completed=completed,
            outcome=outcome,
            last_is_cut=cut or outcome == "unknown",
            weighed=weighed,
            elsewhere=elsewhere,
        )
        self._forget_rings()
        self.state = "idle"
        return [RingingStopped(t_s, self._settings.name, "silence"), CallEnded(call)]

    def _find(self, *, answered: bool, t_s: float) -> WeighedRinging:
        """Keep of what rang the likeliest call; what is left out was noise."""
        rings = self.rings
        found = self._among_noise.find(rings, answered=answered, t_s=t_s)
        if found.rings is not rings:
            self._tally.strange += rings.begun - found.rings.begun
            self.refused.append(("strange", 0.0))
            self.judge.note(found.rings.first_start_s, "strange")
            self.rings = found.rings
        return found.weighed

    def _refuse(self, t_s: float, cause: Cause) -> RingingStopped:
        """What rang was no call."""
        self._tally.strange += 1
        self._suspect(cause)
        self.judge.note(t_s, cause)
        if cause == "crosstalk":
            self.judge.sound.learn_other(self.rings.bursts)
        return self._no_call()

    def _suspect(self, cause: Cause) -> None:
        """Let the line know what rang, if it was no call."""
        rates = [burst.pulse_hz for burst in self.rings.bursts if burst.pulse_hz is not None]
        self.refused.append((cause, median(rates) if rates else 0.0))

    def refuse_burst(self, burst: BurstWithdrawn) -> None:
        """A burst was withdrawn that lasted too long, or was no ringing as a whole."""
        cause: Cause = "chatter" if burst.reason == "noise" else "strange"
        self.refused.append((cause, 0.0))
        self.judge.note(burst.start_s, cause)

    def take_refused(self) -> list[tuple[Cause, float]]:
        """What was refused since the last time."""
        refused, self.refused = self.refused, []
        return refused

    def _no_call(self) -> RingingStopped:
        stopped_s = self.rings.last_end_s
        self._forget_rings()
        self.state = "idle"
        return RingingStopped(stopped_s, self._settings.name, "no_call")

    def _forget_rings(self) -> None:
        self.rings = self.no_rings()
        self.deadline_s = NEVER
        self.due_window = None
