"""What a line saw and did not take for ringing, counted by kind."""

from dataclasses import dataclass, fields


@dataclass(slots=True)
class NoiseTally:
    """Noise rejected since the end of the call before; the parts of a line count in it."""

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
    mains: int = 0
    """Stretches of pulses at the mains' frequency, and bursts of them."""
    strange: int = 0
    """Ringing that was none as a whole: not as this line rings, too weak, or in no cadence."""
    late: int = 0
    """Edges that arrived with a time before one already seen, taken as simultaneous with it."""
    dropped: int = 0
    """Edges that a full queue between the pin and the decoder lost."""

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(getattr(self, field.name) for field in fields(self))

    def clear(self) -> None:
        """Begin again from nothing."""
        for field in fields(self):
            setattr(self, field.name, 0)
