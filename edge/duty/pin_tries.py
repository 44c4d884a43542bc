"""How often a PIN may be tried: pure, time is an argument."""

MOST_WRONG = 5
"""Wrong PINs in a row before the desk waits: whoever mistypes gets it right by then."""
WAIT_S = 60.0
"""How long it takes none then. Of six digits and twenty people, somebody who tries for ever finds one in a week."""


class PinTries:
    """Counts wrong PINs.

    Example:
        >>> tries = PinTries()
        >>> for second in range(MOST_WRONG):
        ...     tries.wrong(float(second))
        >>> tries.wait_s(10.0), tries.wait_s(64.0)
        (54.0, 0.0)
    """

    def __init__(self) -> None:
        self._wrong = 0
        self._until_s = float("-inf")

    def wait_s(self, t_s: float) -> float:
        """How long no PIN is taken from this moment on; 0 where one is."""
        return max(0.0, self._until_s - t_s)

    def wrong(self, t_s: float) -> None:
        """A PIN was wrong."""
        self._wrong += 1
        if self._wrong >= MOST_WRONG:
            self._wrong, self._until_s = 0, t_s + WAIT_S

    def right(self) -> None:
        """A PIN was right."""
        self._wrong = 0
