"""Parts that refuse are tried again, without holding up whoever asks."""

import threading
from collections.abc import Callable

from edge.parts.attempts import AttemptFailed, Attempts

LONG_S = 30.0


class Refusing:
    """A part that refuses the first attempts."""

    def __init__(self, refusals: int) -> None:
        self.tries = 0
        self._refusals = refusals

    def __call__(self) -> str:
        self.tries += 1
        if self.tries <= self._refusals:
            raise OSError(f"busy {self.tries}")
        return "the part"


def polled(attempts: Attempts[str], at_s: float) -> str | AttemptFailed | None:
    """What a poll brings, after the attempt that it may begin."""
    outcome = attempts.poll(at_s)
    if outcome is None:
        attempts.wait(LONG_S)
        outcome = attempts.poll(at_s)
    return outcome


def test_a_part_that_is_free_is_had_at_once_and_once() -> None:
    attempts = Attempts(Refusing(0), 0.0, 15.0)
    assert polled(attempts, 0.0) == "the part"
    assert [polled(attempts, float(t_s)) for t_s in range(100)] == [None] * 100


def test_a_part_that_refuses_is_tried_soon_and_then_ever_more_seldom_until_it_is_had() -> None:
    opener = Refusing(5)
    attempts = Attempts(opener, 100.0, 15.0)
    outcomes = {t_s - 100: outcome for t_s in range(100, 200) if (outcome := polled(attempts, float(t_s)))}
    assert {t_s: isinstance(each, AttemptFailed) for t_s, each in outcomes.items()} == {
        0: True,
        1: True,
        3: True,
        8: True,
        18: True,
        48: False,
    }
    assert opener.tries == 6


def test_a_driver_that_hangs_holds_nobody_up_is_a_refusal_once_and_may_still_come() -> None:
    freed = threading.Event()

    def hangs() -> str:
        assert freed.wait(LONG_S)
        return "the part"

    attempts = Attempts(hangs, 0.0, 15.0)
    outcomes = [attempts.poll(float(t_s)) for t_s in range(60)]
    assert [t_s for t_s, outcome in enumerate(outcomes) if outcome is not None] == [15]
    assert outcomes[15] == AttemptFailed("it does not open within 15 s: its driver hangs")
    freed.set()
    attempts.wait(LONG_S)
    assert attempts.poll(61.0) == "the part"


def test_a_part_that_is_lost_is_opened_anew() -> None:
    attempts = Attempts(Refusing(0), 0.0, 15.0)
    assert polled(attempts, 0.0) == "the part"
    attempts.lose(50.0)
    assert [t_s for t_s in (50.0, 50.9, 51.0, 52.0) if polled(attempts, t_s)] == [51.0]


def test_what_a_refused_attempt_left_half_made_is_let_go() -> None:
    class Device:
        ends = 0

        def __del__(self) -> None:
            Device.ends += 1

    def inner() -> str:
        device = Device()
        raise OSError("busy", type(device))

    def outer(inner: Callable[[], str] = inner) -> str:
        try:
            return inner()
        except OSError as error:
            raise RuntimeError("it is busy") from error

    attempts = Attempts(outer, 0.0, 15.0)
    assert polled(attempts, 0.0) == AttemptFailed("it is busy")
    assert Device.ends == 1
