"""What was refused as no ringing, as a sign of what is wrong with a line's wiring."""

from collections import deque

from edge.phone.burst import BurstDetector
from edge.phone.call_tracker import CallTracker
from edge.phone.events import LineEvent
from edge.phone.faults import NOISE_GONE_S, Faults

STRANGE = 5
"""So many bursts in no cadence within an hour, and somebody is sent to look at the wire: a hand at it makes one or two."""


class StrayWatch:
    """Finds hum, crosstalk and a floating wire by what detector and tracker refused."""

    def __init__(self, detector: BurstDetector, tracker: CallTracker, faults: Faults) -> None:
        self._detector = detector
        self._tracker = tracker
        self._faults = faults
        self._hums = 0
        self._strange_s: deque[float] = deque(maxlen=STRANGE)

    @property
    def has_news(self) -> bool:
        """Whether something was refused since the last time."""
        return self._detector.hums > self._hums or bool(self._tracker.refused)

    def find(self, t_s: float) -> list[LineEvent]:
        """The faults that it is a sign of."""
        found: list[LineEvent] = []
        if self._detector.hums > self._hums:
            self._hums = self._detector.hums
            self._tracker.judge.note_hum(t_s)
            found += self._find_hum(t_s, self._detector.hum_hz)
        for cause, hz in self._tracker.take_refused():
            if cause == "hum":
                found += self._find_hum(t_s, hz)
            elif cause == "crosstalk":
                found += self._faults.find_noise("ring_crosstalk", t_s)
            else:
                self._strange_s.append(t_s)
                if len(self._strange_s) == STRANGE and t_s - self._strange_s[0] <= NOISE_GONE_S:
                    found += self._faults.find_noise("ring_floating", t_s)
        return found

    def _find_hum(self, t_s: float, pulse_hz: float) -> list[LineEvent]:
        mains_hz = min(50, 60, 100, 120, key=lambda hz: abs(hz - pulse_hz))
        return self._faults.find_noise("ring_hum", t_s, hz=mains_hz if mains_hz <= 60 else mains_hz / 2)
