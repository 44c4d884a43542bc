"""An encounter as a picture: distance, gaze, lift, teeth and posture over time, with the standard's limits and the moments marked."""

import io
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from edge.host.bearing import ON_DEG, served
from edge.host.host_now import HostNow
from edge.observation import Estimate
from edge.scene.scene_now import SceneNow
from protocol.measurements import Encounter
from protocol.standard import CLAUSES, Limits, Standard, limits_of

WIDTH_IN, HEIGHT_IN, DOTS_PER_IN = 11.0, 9.0, 110
"""Size of the picture in inches: a page on its side, sharp enough to print."""
_INK, _BAND, _ALLOWED, _LIMIT, _MARK = "#1f4e79", "#9dbfe0", "#e3f0e3", "#4c8c4a", "#8a8a8a"
_HOLE_S = 1.0
"""Points further apart are not joined: nothing was measured in between."""
_AROUND_S = 2.0
"""Shown before the first and after the last mark."""
_LABEL_ROWS = 6
"""Labels that may stand above one another where moments lie close together."""
_LABEL_SHARE = 0.16
"""Of the picture's width, taken by one label."""
_REACTIONS = {"turned": "turned", "smiled": "smiled", "stood_up": "stood up"}


@dataclass(frozen=True, slots=True)
class Sample:
    """What is drawn of one moment; None leaves a hole."""

    t_s: float
    distance_m: Estimate | None
    gaze_off_deg: Estimate | None
    lift_cm: Estimate | None
    teeth: Estimate | None
    lean_deg: Estimate | None


_CLAUSE_PANELS: dict[str, Callable[[Sample], Estimate | None]] = {
    "smile.lift_cm": lambda sample: sample.lift_cm,
    "smile.teeth": lambda sample: sample.teeth,
    "posture.forward_lean_deg": lambda sample: sample.lean_deg,
}
"""Clauses whose value is known at each moment, from the top down; title, unit and limits are the standard's."""
_LABEL_WIDTH = 14
"""Characters in a line of a panel's label, so that it stands beside the panel."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment worth a line through all panels."""

    t_s: float
    label: str


def sample(host: HostNow, scene: SceneNow) -> Sample:
    """What is drawn of one moment of the desk: the customer being served, and the host."""
    customer = served([track for track in scene.customers if track.visible])
    nearest = min(
        (track for track in scene.customers if track.visible and track.distance_m is not None),
        key=lambda track: 0.0 if track.distance_m is None else track.distance_m.value,
        default=None,
    )
    shown = customer if customer is not None else nearest
    seen = host.observed and host.t_s >= scene.t_s - _HOLE_S
    return Sample(
        t_s=max(host.t_s, scene.t_s),
        distance_m=None if shown is None else shown.distance_m,
        gaze_off_deg=host.gaze_off_deg if seen else None,
        lift_cm=host.lift_cm if seen else None,
        teeth=host.teeth if seen else None,
        lean_deg=host.lean_deg if seen else None,
    )


def marks(encounter: Encounter) -> tuple[Mark, ...]:
    """The moments of an encounter, in order of time."""
    found = [
        (encounter.came_near_s, "came near"),
        (encounter.stopped_s, "stood still"),
        (encounter.left_s, "left"),
        *((reaction.at_s, _REACTIONS[reaction.kind]) for reaction in encounter.reactions),
    ]
    if encounter.smile is not None:
        if all(reaction.kind != "smiled" for reaction in encounter.reactions):
            found.append((encounter.smile.onset_s, "smile begins"))
        found.append((encounter.smile.offset_s, "smile ends"))
    if encounter.posture is not None:
        found += [
            (encounter.posture.stopped_work_s, "work stopped"),
            (encounter.posture.resumed_work_s, "work resumed"),
        ]
    return tuple(sorted((Mark(t_s, label) for t_s, label in found if t_s is not None), key=lambda m: m.t_s))


# A title such as "2 $ off" is text, and no formula.
@mpl.rc_context({"text.parse_math": False})
def plot_encounter(series: Sequence[Sample], standard: Standard, moments: Sequence[Mark]) -> bytes:
    """A PNG of an encounter.

    Args:
        series: What was measured over time, in order; more than the encounter does no harm.
        standard: Whose limits are drawn.
        moments: What is marked; `marks` gives an encounter's.
    """
    start_s, end_s = _span(series, moments)
    shown = [s for s in series if start_s <= s.t_s <= end_s]
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DOTS_PER_IN)
    FigureCanvasAgg(figure)
    count = 2 + len(_CLAUSE_PANELS)
    grid = figure.add_gridspec(1 + count, 1, height_ratios=[0.8] + [1] * count, hspace=0.14)
    panels = [figure.add_subplot(grid[0])]
    panels += [figure.add_subplot(grid[row], sharex=panels[0]) for row in range(1, 1 + count)]
    _name(panels[0], moments, start_s, end_s)
    near = standard.near
    _panel(panels[1], shown, lambda s: s.distance_m, "customer\n(m)")
    panels[1].set_ylim(bottom=0.0)
    for level, label in ((near.approach_m, "near"), (near.leave_m, "gone")):
        _limit(panels[1], level, label)
    _panel(panels[2], shown, lambda s: s.gaze_off_deg, "gaze off\ncustomer (°)")
    panels[2].set_ylim(bottom=0.0)
    _allowed(panels[2], Limits(max=ON_DEG))
    for panel, (clause, pick) in zip(panels[3:], _CLAUSE_PANELS.items(), strict=True):
        text = CLAUSES[clause]
        _panel(panel, shown, pick, textwrap.fill(f"{text.title} ({text.unit})", _LABEL_WIDTH))
        # Zero is always in the picture, so that heights can be compared.
        panel.set_ylim(bottom=min(0.0, panel.get_ylim()[0]))
        _allowed(panel, limits_of(standard, clause))
    for panel in panels[1:]:
        for moment in moments:
            panel.axvline(moment.t_s, color=_MARK, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    for panel in panels[1:-1]:
        panel.tick_params(labelbottom=False)
    panels[-1].set_xlabel("seconds on the desk's timeline")
    panels[0].set_xlim(start_s, end_s)
    panels[0].set_title(
        f"Encounter, held against {standard.title} ({standard.label})", loc="left", fontsize=12
    )
    return _png(figure)


def _span(series: Sequence[Sample], moments: Sequence[Mark]) -> tuple[float, float]:
    times = [m.t_s for m in moments] or [s.t_s for s in series] or [0.0]
    return min(times) - _AROUND_S, max(times) + _AROUND_S


def _name(axes: Axes, moments: Sequence[Mark], start_s: float, end_s: float) -> None:
    """Write each moment's name above its line, on rows so that names do not run into each other."""
    axes.set_ylim(0, _LABEL_ROWS)
    axes.axis("off")
    room = (end_s - start_s) * _LABEL_SHARE
    free_from = [start_s - room] * _LABEL_ROWS
    for moment in moments:
        # From the top down: a later line, being shorter, then crosses no earlier name.
        free = [row for row in range(_LABEL_ROWS) if free_from[row] <= moment.t_s]
        row = free[-1] if free else free_from.index(min(free_from))
        free_from[row] = moment.t_s + room
        axes.plot([moment.t_s, moment.t_s], [-0.3, row + 0.5], color=_MARK, linewidth=0.8, clip_on=False)
        late = moment.t_s > end_s - room
        text = f"{moment.label} {moment.t_s:.1f} s"
        axes.text(
            moment.t_s,
            row + 0.5,
            f"{text} " if late else f" {text}",
            fontsize=8,
            va="center",
            ha="right" if late else "left",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )


def _panel(
    axes: Axes, shown: Sequence[Sample], pick: Callable[[Sample], Estimate | None], label: str
) -> None:
    axes.set_ylabel(label, fontsize=9, rotation=0, ha="right", va="center")
    axes.grid(visible=True, axis="y", color="#eeeeee", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    runs = _runs(shown, pick)
    if not runs:
        axes.text(0.5, 0.5, "not measured", transform=axes.transAxes, ha="center", va="center", color=_MARK)
        axes.set_yticks([])
        return
    for run in runs:
        times, values, errors = zip(*run, strict=True)
        low = [v - e for v, e in zip(values, errors, strict=True)]
        high = [v + e for v, e in zip(values, errors, strict=True)]
        axes.fill_between(times, low, high, color=_BAND, alpha=0.45, linewidth=0, zorder=2)
        axes.plot(times, values, color=_INK, linewidth=1.4, zorder=3)


def _runs(
    shown: Sequence[Sample], pick: Callable[[Sample], Estimate | None]
) -> list[list[tuple[float, float, float]]]:
    """The stretches in which a value was measured without a hole."""
    runs: list[list[tuple[float, float, float]]] = []
    for moment in shown:
        estimate = pick(moment)
        if estimate is None:
            continue
        point = (moment.t_s, estimate.value, estimate.se)
        if runs and moment.t_s - runs[-1][-1][0] <= _HOLE_S:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _allowed(axes: Axes, limits: Limits) -> None:
    """Shade what the standard allows, and draw its ends."""
    if limits.min is None and limits.max is None:
        return
    low, high = axes.get_ylim()
    ends = [end for end in (limits.min, limits.max) if end is not None]
    low, high = min(low, *ends), max(high, *(1.15 * end for end in ends))
    axes.set_ylim(low, high)
    axes.axhspan(
        low if limits.min is None else limits.min,
        high if limits.max is None else limits.max,
        color=_ALLOWED,
        zorder=0,
        linewidth=0,
    )
    for end, word in ((limits.min, "at least"), (limits.max, "at most")):
        if end is not None:
            _limit(axes, end, f"{word} {end:g}")


def _limit(axes: Axes, level: float, label: str) -> None:
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, level), max(high, level * 1.1))
    axes.axhline(level, color=_LIMIT, linewidth=1.0, zorder=1)
    axes.annotate(
        label,
        (1.0, level),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        fontsize=8,
        color=_LIMIT,
        va="center",
    )


def _png(figure: Figure) -> bytes:
    held = io.BytesIO()
    figure.savefig(held, format="png", bbox_inches="tight", pad_inches=0.2)
    return held.getvalue()
