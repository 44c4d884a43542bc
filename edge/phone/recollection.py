"""What a line knows of itself, gathered from its parts and given back to them after a restart."""

from collections import deque
from collections.abc import Iterable
from typing import TypeVar

from edge.phone.burst import BurstDetector
from edge.phone.call_tracker import CallTracker
from edge.phone.hook import HookSwitch
from edge.phone.hook_trust import HookTrust
from edge.phone.learnt import LearntLine
from edge.phone.pulse_bursts import PulseBursts

Value = TypeVar("Value")


class Recollection:
    """Reads and refreshes what the parts of one line have learnt."""

    def __init__(
        self, tracker: CallTracker, detector: BurstDetector, hook: HookSwitch, trust: HookTrust
    ) -> None:
        self._tracker = tracker
        self._detector = detector
        self._hook = hook
        self._trust = trust

    def learnt(self, *, hook_inverted: bool) -> LearntLine:
        """All of it by now.

        Args:
            hook_inverted: Whether the hook switch is the wrong way round.
        """
        sound, learner, detector = self._tracker.judge.sound, self._tracker.learner, self._detector
        return LearntLine(
            bursts_hz=tuple(sound.bursts_hz),
            answered=tuple(sound.strength.answered),
            heard=tuple(sound.strength.heard),
            calls=learner.calls,
            held=learner.held,
            pulses_per_cycle=detector.pulses_per_cycle if isinstance(detector, PulseBursts) else None,
            hook_moved=self._hook.moved,
            hook_proven=self._trust.proven,
            calls_unmoved=self._trust.calls_unmoved,
            hook_inverted=hook_inverted,
        )

    def recall(self, learnt: LearntLine) -> bool:
        """Put what was learnt before a restart in front of what was learnt since; whether the hook switch may still be the wrong way round."""
        sound = self._tracker.judge.sound
        _put_before(sound.bursts_hz, learnt.bursts_hz)
        _put_before(sound.strength.answered, learnt.answered)
        _put_before(sound.strength.heard, learnt.heard)
        self._tracker.learner.recall(learnt.calls, learnt.held)
        if isinstance(self._detector, PulseBursts):
            self._detector.pulses_per_cycle = self._detector.pulses_per_cycle or learnt.pulses_per_cycle
        answered_since = self._trust.proven
        if not self._hook.moved:
            self._trust.calls_unmoved += learnt.calls_unmoved
        self._hook.moved |= learnt.hook_moved
        self._trust.proven |= learnt.hook_proven
        return learnt.hook_inverted and not answered_since


def _put_before(kept: deque[Value], earlier: Iterable[Value]) -> None:
    """Of both together, the latest that fit."""
    values = [*earlier, *kept]
    kept.clear()
    kept.extend(values)
