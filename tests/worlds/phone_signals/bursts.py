"""Pulses of ringing current at chosen moments, and what a burst detector makes of them until nothing more can come."""

from collections.abc import Iterable

from edge.phone.burst import BurstDetector, BurstEnded, BurstEvent


def run(detector: BurstDetector, edges: Iterable[tuple[float, bool]]) -> list[BurstEvent]:
    events: list[BurstEvent] = []
    for t_s, active in edges:
        while detector.deadline_s <= t_s:
            events += detector.on_time()
        events += detector.on_edge(t_s, active=active)
    while detector.deadline_s < float("inf"):
        events += detector.on_time()
    return events


def pulses(times_s: Iterable[float], width_s: float = 0.004) -> list[tuple[float, bool]]:
    return [edge for t_s in times_s for edge in ((t_s, True), (t_s + width_s, False))]


def ringing(hz: float, per_cycle: int, start_s: float, end_s: float) -> list[float]:
    spacing_s = 1.0 / (hz * per_cycle)
    return [start_s + number * spacing_s for number in range(int((end_s - start_s) / spacing_s))]


def bursts(events: Iterable[BurstEvent]) -> list[BurstEnded]:
    return [event for event in events if isinstance(event, BurstEnded)]
