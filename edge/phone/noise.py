"""What a line heard and did not take for ringing, counted by kind."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class NoiseCounts:
    """Noise rejected since the end of the call before."""

    bounces: int = 0
    """Edges too close to the one before to be ringing current: switch bounce, chatter."""
    slow: int = 0
    """Runs of pulses slower than any ringing current: dial pulses."""
    fast: int = 0
    """Runs of pulses or chatter faster than any ringing current: caller-ID tones, interference."""
    short: int = 0
    """Bursts too short for ringing: a line reversal, a spike of the hook switch."""
    off_hook: int = 0
    """Bursts while the receiver was lifted or in a hook flash."""
    splashes: int = 0
    """Ringing that stopped after one short burst: a message-waiting splash."""
    flashes: int = 0
    """Hook flashes and bounces of the hook switch."""
    stuck: int = 0
    """Bursts longer than any ring: mains hum, a stuck input."""
    late: int = 0
    """Edges that arrived with a time before one already seen, taken as simultaneous with it."""
    dropped: int = 0
    """Edges that a full queue between the pin and the decoder lost."""

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(getattr(self, field.name) for field in fields(self))


class NoiseTally:
    """Counts noise until somebody takes the counts."""

    __slots__ = (*(field.name for field in fields(NoiseCounts)),)
    bounces: int
    slow: int
    fast: int
    short: int
    off_hook: int
    splashes: int
    flashes: int
    stuck: int
    late: int
    dropped: int

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin again from nothing."""
        for name in self.__slots__:
            setattr(self, name, 0)

    def counts(self) -> NoiseCounts:
        """What was counted so far."""
        return NoiseCounts(**{name: getattr(self, name) for name in self.__slots__})
