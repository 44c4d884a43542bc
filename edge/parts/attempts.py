"""Opens a part on a thread of its own, again and again until it is had: a driver that hangs or refuses holds nobody up."""

import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from edge.parts.reopening import Reopening

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class AttemptFailed:
    """An attempt failed."""

    reason: str
    """In words."""


class Attempts(Generic[Part]):
    """One part that is opened, and opened again while it refuses.

    Args:
        opener: Opens the part; whatever it raises is a refusal, with the error's words as its reason.
        now_s: The present on the timeline of the caller.
        within_s: How long an attempt may take until it counts as a refusal. It goes on, and may still succeed.

    Example:
        >>> attempts = Attempts(lambda: "a light", now_s=0.0, within_s=5.0)
        >>> attempts.wait(5.0)
        >>> attempts.poll(0.1)
        'a light'
        >>> attempts.poll(0.2) is None
        True
    """

    def __init__(self, opener: Callable[[], Part], now_s: float, within_s: float) -> None:
        self._opener = opener
        self._began_s = now_s
        self._within_s = within_s
        self._reopening: Reopening | None = None
        self._attempt: Future[Part | AttemptFailed] | None = self._tried()

    def wait(self, longest_s: float) -> None:
        """Wait for the attempt that is under way."""
        if self._attempt is not None:
            wait([self._attempt], longest_s)

    def poll(self, now_s: float) -> Part | AttemptFailed | None:
        """What came of the latest attempt, once; None while there is nothing new. Never waits."""
        if self._attempt is None:
            if self._reopening is not None and self._reopening.due(now_s):
                self._attempt = self._tried()
            return None
        if not self._attempt.done():
            if self._reopening is not None or now_s - self._began_s < self._within_s:
                return None
            self._reopening = Reopening(now_s)
            return AttemptFailed(f"it does not open within {self._within_s:.0f} s: its driver hangs")
        outcome, self._attempt = self._attempt.result(), None
        if not isinstance(outcome, AttemptFailed):
            self._reopening = None
        elif self._reopening is None:
            self._reopening = Reopening(now_s)
        else:
            self._reopening.failed(now_s)
        return outcome

    def lose(self, now_s: float) -> None:
        """Note that a part that was had fails: it is opened anew."""
        self._reopening = Reopening(now_s)

    def _tried(self) -> Future[Part | AttemptFailed]:
        opener = self._opener

        def attempt() -> Part | AttemptFailed:
            try:
                return opener()
            except Exception as error:  # noqa: BLE001 - a part may refuse in whatever way its driver likes
                reason = str(error) or type(error).__name__
                _forget(error)
                return AttemptFailed(reason)

        return in_background(attempt, "open-part")


Result = TypeVar("Result")


def in_background(act: Callable[[], Result], name: str) -> Future[Result]:
    """Do something on a thread that nobody waits for: a driver may hang in it for ever."""
    doing: Future[Result] = Future()

    def run() -> None:
        try:
            doing.set_result(act())
        except Exception as error:  # noqa: BLE001 - it is raised where the result is asked for
            doing.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return doing


def _forget(error: BaseException | None) -> None:
    """Let go of what the frames of an error hold: a half-made device in one of them would keep its pin from the next attempt."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
