"""Observations of a replay, in order of time: of several clips side by side, or of a recording."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from edge.camera.delivery import PATIENCE_S
from edge.camera.frame import Frame
from edge.camera.source import FrameSource, SourceError
from edge.observation import CameraBack, CameraLost, End, FrameSeen, Observation

NOT_BEGUN = "its footage has not begun yet"
ENDED = "its footage is over"
"""The reason of a loss: it ended before others did."""
SELDOM_STEPS = 3.0
"""A pause of this many times the step before it is no rhythm of taking pictures any more."""


class Observer(Protocol):
    """Says what a frame shows."""

    def observe(self, frame: Frame) -> FrameSeen:
        """What it shows; frames come in order of time."""
        ...


def observations(
    sources: Mapping[str, FrameSource], perceptions: Mapping[str, Observer]
) -> Iterator[Observation]:
    """What the clips of a rig show, merged into one timeline.

    A camera whose clip begins later, ends earlier or breaks off is told as lost for that time: what could not be seen is said.

    Args:
        sources: A source of frames for each camera, by the camera's name.
        perceptions: The cameras' perceptions, by the same names.
    """
    latest_s = 0.0
    over: list[CameraLost] = []
    for item in heapq.merge(*(_moments(name, source) for name, source in sources.items()), key=_time_of):
        latest_s = max(latest_s, item.t_s)
        if isinstance(item, CameraLost) and item.reason == ENDED:
            over.append(item)
            continue
        while over and over[0].t_s < item.t_s:
            yield over.pop(0)
        yield perceptions[item.camera].observe(item) if isinstance(item, Frame) else item
    # Clips that are over when the timeline is have left nothing unseen.
    yield from (lost for lost in over if lost.t_s < latest_s)
    yield End(latest_s)


def _moments(name: str, source: FrameSource) -> Iterator[Frame | CameraLost | CameraBack]:
    """A clip's frames, with the times around and between them in which it shows nothing."""
    latest_s: float | None = None
    step_s = 0.0
    try:
        for frame in source:
            lost = _lost_before(frame, latest_s, step_s)
            if lost is not None:
                yield lost
                yield CameraBack(frame.t_s, name)
            step_s = 0.0 if latest_s is None else frame.t_s - latest_s
            latest_s = frame.t_s
            yield frame
        reason = ENDED
    except SourceError as error:
        reason = str(error)
    finally:
        source.close()
    yield CameraLost(latest_s or 0.0, name, reason)


def _lost_before(frame: Frame, latest_s: float | None, step_s: float) -> CameraLost | None:
    """What the footage does not show before a frame: its own beginning, a damaged place, or nothing for as long as loses a live camera.

    Pictures that are taken seldom, one behind the other, are no loss.
    """
    since_s = frame.t_s - (latest_s or 0.0)
    if frame.damage is not None:
        return CameraLost(latest_s or 0.0, frame.camera, frame.damage)
    if latest_s is None:
        return CameraLost(0.0, frame.camera, NOT_BEGUN) if since_s > 0.0 else None
    if since_s > max(PATIENCE_S, SELDOM_STEPS * step_s):
        return CameraLost(latest_s, frame.camera, f"its footage shows nothing for {since_s:.1f} s")
    return None


def _time_of(item: Frame | CameraLost | CameraBack) -> float:
    return item.t_s


def until_end(recorded: Iterable[Observation]) -> Iterator[Observation]:
    """A recording's observations; one that broke off ends where it broke off."""
    latest_s = 0.0
    for observation in recorded:
        latest_s = max(latest_s, observation.t_s)
        yield observation
        if isinstance(observation, End):
            return
    yield End(latest_s)
