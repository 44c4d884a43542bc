"""How many measurements a broker passes on at once, found out by what gets lost: pure, time is an argument."""

WINDOW = 100
"""Measurements under way at once: a tenth of what mosquitto queues for the central service while that is away."""
LEAST = 2
"""Fewer are never sent at once: of two, the answer to the second shows that the first was lost."""
GROW_EVERY_S = 600.0
"""After so long without a loss a quarter more are sent at once: a queue that was short for all desks together may have room again."""


class SendPace:
    """The size of the window: halved when the broker lost what was under way, and slowly grown again."""

    def __init__(self) -> None:
        self.size = WINDOW
        """Measurements that may be under way at once."""
        self.told = False
        """Whether it was told already what limits it."""
        self._grow_at_s = 0.0

    def lost(self, now_s: float) -> None:
        """Measurements were lost on the way, while others arrived."""
        self.size = max(LEAST, self.size // 2)
        self._grow_at_s = now_s + GROW_EVERY_S

    def arrived(self, now_s: float) -> None:
        """Measurements arrived."""
        if self.size < WINDOW and now_s >= self._grow_at_s:
            self.size = min(WINDOW, self.size + max(1, self.size // 4))
            self._grow_at_s = now_s + GROW_EVERY_S

    def forgive(self) -> None:
        """What was lost was lost for another reason than their number."""
        self.size = WINDOW
