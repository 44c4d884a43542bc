"""Bursts to rings: one ring a cycle of the cadence, however many bursts it has."""

from collections import deque
from dataclasses import dataclass, replace

from edge.phone.burst import NEVER, Burst
from protocol.rings_by_time import rings_by_time

MOST_SEGMENTS = 15
"""On and off times kept of one ring: eight bursts, twice what any cadence of the table has."""
RINGS_KEPT = 48
"""Finished rings kept of one call; a count goes on without them."""


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring, from its first burst's start to its last burst's end."""

    number: int
    start_s: float
    end_s: float
    segments_s: tuple[float, ...]
    """On, off, ..., on; at most ``MOST_SEGMENTS`` of them."""

    @property
    def span_s(self) -> float:
        """From the first burst's start to the last burst's end."""
        return self.end_s - self.start_s

    def unbroken_s(self, longest_pause_s: float) -> float:
        """The longest part of it without a pause longer than this."""
        longest = sounded = self.segments_s[0] if self.segments_s else 0.0
        for pause_s, burst_s in zip(self.segments_s[1::2], self.segments_s[2::2], strict=False):
            sounded = sounded + pause_s + burst_s if pause_s <= longest_pause_s else burst_s
            longest = max(longest, sounded)
        return longest


class Rings:
    """The rings of one ringing, counted as their bursts come in, or by time where it has no cadence.

    Args:
        new_ring_gap_s: Silence from which on the next burst begins a new ring.
        seconds_per_ring: How long a ring takes where they are counted by time; None where they are counted by their bursts.
    """

    def __init__(self, new_ring_gap_s: float, seconds_per_ring: float | None = None) -> None:
        self._new_ring_gap_s = new_ring_gap_s
        self.seconds_per_ring = seconds_per_ring
        self.begun = 0
        self.first_start_s = 0.0
        self.finished: deque[Ring] = deque(maxlen=RINGS_KEPT)
        """Rings that were followed by another."""
        self.current: Ring | None = None
        """The ring begun last."""
        self.burst_start_s: float | None = None
        """Start of the burst that sounds now."""
        self.bursts: deque[Burst] = deque(maxlen=RINGS_KEPT)
        """The bursts that ended by themselves, as the detector measured them."""
        self._hz_sum = 0.0
        self._hz_bursts = 0

    def burst_began(self, start_s: float) -> int | None:
        """A burst began; returns the number of the ring that begins with it, or None within a ring."""
        self.burst_start_s = start_s
        current = self.current
        by_time = self.seconds_per_ring is not None
        if current is not None and (by_time or start_s - current.end_s < self._new_ring_gap_s):
            segments = current.segments_s
            if len(segments) + 2 <= MOST_SEGMENTS:
                segments = (*segments, start_s - current.end_s)
            self.current = Ring(current.number, current.start_s, start_s, segments)
            return self.pass_time(start_s)
        return self._begin(start_s)

    def count_by_time(self, seconds_per_ring: float) -> None:
        """The burst that sounds is a contact held while it rings: count by time, from the first ring on."""
        self.seconds_per_ring = seconds_per_ring

    def pass_time(self, t_s: float) -> int | None:
        """Time passed while it rings; returns the number of the ring that began by then, or None where no other did."""
        begun = self._by_time(t_s)
        if begun is None or begun <= self.begun:
            return None
        self.begun = begun
        return begun

    @property
    def next_ring_s(self) -> float:
        """When the next ring begins though nothing else happens; infinite unless one sounds whose rings are counted by time."""
        if self.seconds_per_ring is None or self.burst_start_s is None:
            return NEVER
        return self.first_start_s + self.begun * self.seconds_per_ring

    def _by_time(self, t_s: float) -> int | None:
        """Rings begun by then, the one that begins at that moment among them."""
        if self.seconds_per_ring is None:
            return None
        return rings_by_time(t_s - self.first_start_s, self.seconds_per_ring).completed + 1

    def _begin(self, start_s: float) -> int:
        if self.current is not None:
            self.finished.append(self.current)
        else:
            self.first_start_s = start_s
        self.begun += 1
        self.current = Ring(self.begun, start_s, start_s, ())
        return self.begun

    def burst_ended(self, burst: Burst) -> None:
        """The burst that began last is over."""
        current = self.current
        if current is None or self.burst_start_s is None:
            return
        segments = current.segments_s
        if len(segments) % 2 == 0:
            segments = (*segments, burst.end_s - self.burst_start_s)
        self.current = Ring(current.number, current.start_s, burst.end_s, segments)
        self.burst_start_s = None
        self.bursts.append(burst)
        if burst.ring_hz is not None:
            self._hz_sum += burst.ring_hz
            self._hz_bursts += 1

    def cut(self, t_s: float, pulse_hz: float | None = None, width_s: float | None = None) -> None:
        """The burst that sounds is cut off: the receiver was lifted.

        Args:
            t_s: When it was last heard; before its own beginning, where it was only found to be one afterwards.
            pulse_hz: Pulses a second of it, as far as they are known.
            width_s: How long a pulse of it lasted.
        """
        if self.burst_start_s is not None:
            end_s = max(t_s, self.burst_start_s)
            self.burst_ended(Burst(self.burst_start_s, end_s, None, pulse_hz, width_s))

    def take_back(self) -> None:
        """The burst that sounds is no ringing: forget it, and the ring that began with it."""
        current, began_s = self.current, self.burst_start_s
        self.burst_start_s = None
        if current is None or began_s is None:
            return
        if current.start_s < began_s:
            segments = current.segments_s[:-1] if len(current.segments_s) % 2 == 0 else current.segments_s
            ended_s = (
                began_s - current.segments_s[-1] if segments is not current.segments_s else current.end_s
            )
            self.current = Ring(current.number, current.start_s, ended_s, segments)
            self.begun = self._by_time(ended_s) or self.begun
            return
        self.begun = current.number - 1
        self.current = self.finished.pop() if self.finished else None

    def part(self, first: int, last: int) -> "Rings":
        """Some of the rings kept, as if nothing else had rung; with the numbers of the first and the last."""
        part = Rings(self._new_ring_gap_s, self.seconds_per_ring)
        rings = [
            replace(ring, number=ring.number - first + 1)
            for ring in self.kept
            if first <= ring.number <= last
        ]
        part.finished.extend(rings[:-1])
        part.current = rings[-1]
        part.begun = len(rings)
        part.first_start_s = rings[0].start_s
        part.bursts.extend(
            burst for burst in self.bursts if part.first_start_s <= burst.start_s <= part.last_end_s
        )
        shown_hz = [burst.ring_hz for burst in part.bursts if burst.ring_hz is not None]
        part._hz_sum, part._hz_bursts = sum(shown_hz), len(shown_hz)
        return part

    @property
    def last_end_s(self) -> float:
        """End of the last burst that ended."""
        return self.current.end_s if self.current is not None else self.first_start_s

    @property
    def last_span_s(self) -> float:
        """Length of the ring begun last, as far as it is over."""
        return self.current.span_s if self.current is not None else 0.0

    @property
    def ring_hz(self) -> float | None:
        """Mean frequency of the ringing current; None where the input does not show it."""
        return self._hz_sum / self._hz_bursts if self._hz_bursts else None

    @property
    def pauses_s(self) -> tuple[float, ...]:
        """The pauses between the rings kept, oldest first."""
        rings = self.kept
        return tuple(rings[i + 1].start_s - rings[i].end_s for i in range(len(rings) - 1))

    @property
    def kept(self) -> tuple[Ring, ...]:
        """The rings kept, oldest first, with the one begun last."""
        return (*self.finished, *(() if self.current is None else (self.current,)))
