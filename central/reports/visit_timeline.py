"""The picture of one visit: what happened when, from coming near to leaving, in rows over one axis of seconds."""

from dataclasses import dataclass
from typing import Literal

from central.reports.language import later
from central.scoring.verdict import Outcome
from central.scoring.wait import Wait
from protocol.measurements import Encounter

WIDTH = 760
"""Of the picture, in SVG units, as of the picture of a day."""
LEFT, RIGHT, TOP, BOTTOM = 96, 20, 8, 26
"""Margins in SVG units: room for the rows' names on the left, for half a label on the right, for the seconds below."""
ROW = 40
"""Height of a row in SVG units: a bar with its words above it."""
MOST_TICKS = 8
"""More labels of seconds than these touch each other where the picture is at its narrowest."""
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
"""Seconds between two labels: the first of these that leaves few enough."""
BEFORE_S = 1.0
"""The picture begins so long before coming near, for a host who had turned already."""

HOST_DID = {
    "turned": later("the host turned to the customer"),
    "smiled": later("the host smiled"),
    "stood_up": later("the host stood up"),
}

RowName = Literal["customer", "wait", "reactions", "smile", "work"]


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """Something that lasted."""

    x: float
    width: float
    kind: str
    """By which it is coloured: an outcome, or the row's own name."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something that happened."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One row."""

    name: RowName
    y: float
    """Its middle."""
    stretches: tuple[TimelineBar, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the table beside the picture."""

    after_s: float
    """Seconds after coming near."""
    se_s: float | None
    """Its standard error, where the desk sent one."""
    label: str


@dataclass(frozen=True, slots=True)
class VisitTimeline:
    """Everything the page draws, in SVG units, and the same as a table."""

    rows: tuple[TimelineRow, ...]
    ticks: tuple[tuple[float, int], ...]
    """Place and seconds of each label on the axis."""
    limit_x: float | None
    """Where the longest wait that the standard allows ends; None where that is beyond the visit."""
    height: float
    moments: tuple[Moment, ...]


def draw_visit(encounter: Encounter, wait: Wait, outcome: Outcome, limit_s: float | None) -> VisitTimeline:
    """Lay out a visit.

    Args:
        encounter: The visit.
        wait: How long its customer waited, under the standard that the page shows.
        outcome: The verdict on that wait.
        limit_s: The longest wait that the standard allows.
    """
    moments = _moments(encounter)
    end_s = max([wait.seconds, *(moment.after_s for moment in moments)])
    begin_s = min([-BEFORE_S, *(moment.after_s for moment in moments)])
    step_s = next((step for step in STEPS_S if end_s / step <= MOST_TICKS), STEPS_S[-1])

    def x(after_s: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (after_s - begin_s) / (end_s - begin_s)

    def bar(from_s: float, to_s: float, kind: str) -> TimelineBar:
        return TimelineBar(x(from_s), max(0.0, x(to_s) - x(from_s)), kind)

    content = _content(encounter, wait, outcome, end_s)
    rows = tuple(
        TimelineRow(
            name,
            TOP + ROW * (index + 0.6),
            tuple(bar(*stretch) for stretch in stretches),
            tuple(Point(x(moment.after_s), moment.label) for moment in points),
        )
        for index, (name, stretches, points) in enumerate(content)
    )
    return VisitTimeline(
        rows=rows,
        ticks=tuple((x(second), second) for second in range(0, int(end_s) + 1, step_s)),
        limit_x=x(limit_s) if limit_s is not None and limit_s <= end_s else None,
        height=TOP + ROW * len(rows) + BOTTOM,
        moments=moments,
    )


_Content = tuple[RowName, list[tuple[float, float, str]], list[Moment]]


def _content(encounter: Encounter, wait: Wait, outcome: Outcome, end_s: float) -> list[_Content]:
    """The rows that have something to show, in seconds after coming near."""
    near_s = encounter.came_near_s
    gone_s = (encounter.last_seen_s if encounter.left_s is None else encounter.left_s) - near_s
    stopped = (
        []
        if encounter.stopped_s is None
        else [Moment(encounter.stopped_s - near_s, None, later("the customer stood still"))]
    )
    rows: list[_Content] = [
        ("customer", [(0.0, gone_s, "customer")], stopped),
        ("wait", [(0.0, wait.seconds, outcome)], []),
        ("reactions", [], _reactions(encounter)),
    ]
    smile = encounter.smile
    if smile is not None and smile.onset_s is not None:
        until_s = end_s if smile.offset_s is None else smile.offset_s - near_s
        rows.append(("smile", [(smile.onset_s - near_s, until_s, "smile")], []))
    posture = encounter.posture
    if posture is not None and posture.stopped_work_s is not None:
        work = [(0.0, posture.stopped_work_s - near_s, "work")]
        if posture.resumed_work_s is not None:
            work.append((posture.resumed_work_s - near_s, end_s, "work"))
        rows.append(("work", work, []))
    return rows


def _reactions(encounter: Encounter) -> list[Moment]:
    return [
        Moment(reaction.delay_s, reaction.se_s, HOST_DID[reaction.kind]) for reaction in encounter.reactions
    ]


def _moments(encounter: Encounter) -> tuple[Moment, ...]:
    """Everything that has its own moment, in order of time."""
    near_s, smile, posture = encounter.came_near_s, encounter.smile, encounter.posture
    known: list[tuple[float | None, float | None, str]] = [
        (encounter.came_near_s, encounter.came_near_se_s, later("the customer came near")),
        (encounter.stopped_s, encounter.stopped_se_s, later("the customer stood still")),
        (encounter.left_s, encounter.left_se_s, later("the customer left")),
        (encounter.host_changed_s, None, later("another person came to the desk")),
    ]
    if smile is not None:
        known.append((smile.onset_s, smile.onset_se_s, later("a smile began")))
        known.append((smile.offset_s, smile.offset_se_s, later("the last smile ended")))
    if posture is not None:
        known.append((posture.stopped_work_s, None, later("work was put down")))
        known.append((posture.resumed_work_s, None, later("work was taken up again")))
    if encounter.left_s is None:
        known.append((encounter.last_seen_s, None, later("the customer was last seen")))
    found = [Moment(at_s - near_s, se_s, label) for at_s, se_s, label in known if at_s is not None]
    return tuple(sorted([*found, *_reactions(encounter)], key=lambda moment: moment.after_s))
