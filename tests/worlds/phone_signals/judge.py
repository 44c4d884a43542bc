"""Holds what a line decoded against what really happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from edge.observation import Edge
from edge.phone.call_judge import LEAST_FOR_AN_OUTCOME
from edge.phone.events import CallEnded, LineEvent
from edge.phone.line import LineDecoder
from edge.settings.desk_toml import PhoneLine
from protocol.measurements import Call
from tests.worlds.phone_signals.desk import TrueCall

START_TOLERANCE_S = 1.0
"""A call is the one that began at this distance: a burst cut short may be lost to missing pulses, and none begins so soon
after another."""


@dataclass(frozen=True)
class Verdict:
    """One true call, and what was made of it."""

    truth: TrueCall
    call: Call | None
    """None when it was not found."""
    hook: bool

    @property
    def exact(self) -> bool:
        """Every ring that had begun, however briefly, is counted, and the outcome is right."""
        return self._right(least=self.truth.begun)

    @property
    def right(self) -> bool:
        """Ring count, answered ring and outcome are right; a ring cut off before a detector can have heard it may be missing.

        A call of which it is not sure has no outcome, and does not say that it was given up: that is not wrong.
        """
        return self.right_and_sure or (self.is_unsure and self.truth.outcome == "abandoned")

    @property
    def right_and_sure(self) -> bool:
        """The same, where a call given up of which it is not sure is wrong as well."""
        return self._right(least=self.truth.begun_for_sure)

    @property
    def is_unsure(self) -> bool:
        """Whether its rings are right, and it is not sure to be a call."""
        call, truth = self.call, self.truth
        return (
            call is not None
            and truth.begun_for_sure <= call.rings_begun <= truth.begun
            and call.outcome == "unknown"
            and not is_claimed(call)
        )

    def _right(self, least: int) -> bool:
        call, truth = self.call, self.truth
        if call is None or not least <= call.rings_begun <= truth.begun:
            return False
        if not self.hook:
            return call.outcome == "unknown" and call.answered_ring is None
        answered = truth.outcome == "answered"
        outcome = truth.outcome if answered or truth.hook_moved else "unknown"
        return call.outcome == outcome and call.answered_ring == (call.rings_begun if answered else None)

    @property
    def pickup_error_s(self) -> float | None:
        """By how much the pick-up delay is off."""
        if self.call is None or self.call.pickup_delay_s is None:
            return None
        return self.call.pickup_delay_s - (self.truth.end_of_ringing_s - self.truth.start_s)


@dataclass(frozen=True)
class Judgement:
    """One trace, judged."""

    verdicts: tuple[Verdict, ...]
    invented: tuple[Call, ...]
    """Calls where there was none."""


def is_claimed(call: Call) -> bool:
    """Whether a call says that somebody called; one that is unsure of it, with no outcome, does not."""
    return call.outcome != "unknown" or call.confidence is None or call.confidence >= LEAST_FOR_AN_OUTCOME


def decode(settings: PhoneLine, trace: Iterable[Edge]) -> list[LineEvent]:
    """Everything a new line makes of a trace."""
    line = LineDecoder(settings)
    events: list[LineEvent] = []
    t_s = 0.0
    for edge in trace:
        t_s = edge.t_s
        events += line.observe(edge)
    return events + line.finish(t_s + 60.0)


def judge(settings: PhoneLine, events: Iterable[LineEvent], truths: Sequence[TrueCall]) -> Judgement:
    """Match calls to what happened by when they began."""
    calls = [event.call for event in events if isinstance(event, CallEnded)]
    verdicts = []
    for truth in truths:
        near = [call for call in calls if abs(call.start_s - truth.start_s) <= START_TOLERANCE_S]
        call = near[0] if near else None
        if call is not None:
            calls.remove(call)
        verdicts.append(Verdict(truth, call, settings.hook_pin is not None))
    return Judgement(tuple(verdicts), tuple(calls))
