"""The way of a burst from the detector to the tracker, with a line in the logbook, and back: when the next is due."""

from edge.phone.burst import NEVER, BurstBegan, BurstDetector, BurstEnded, BurstEvent, BurstHeld
from edge.phone.call_tracker import CallTracker
from edge.phone.events import LineEvent
from edge.phone.inspection import Logbook


class BurstRoute:
    """Leads what one line's detector finds to its tracker."""

    def __init__(self, detector: BurstDetector, tracker: CallTracker, logbook: Logbook) -> None:
        self.detector = detector
        self.tracker = tracker
        self.logbook = logbook

    def lead(self, event: BurstEvent, now_s: float) -> list[LineEvent]:
        """Something rang with the receiver down."""
        events: list[LineEvent] = []
        if isinstance(event, BurstBegan):
            events = self.tracker.burst_began(event.start_s)
        elif isinstance(event, BurstHeld):
            events = self.tracker.burst_held(event, now_s)
            self.logbook.holds += 1
        elif isinstance(event, BurstEnded):
            self.tracker.burst_ended(event.burst)
            self.logbook.write_burst(event.burst, self.tracker.rings.begun or None)
        else:
            events = self.tracker.burst_withdrawn(event)
            if event.reason != "hum":
                self.tracker.refuse_burst(event)
        self.set_due()
        return events

    def set_due(self) -> None:
        """Let the detector know when the next ring is due."""
        window = self.tracker.due_window
        self.detector.due_from_s, self.detector.due_until_s = window if window is not None else (NEVER, NEVER)
