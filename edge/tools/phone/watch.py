"""What the telephone's pins see and how it is read, drawn live for the technician who wires a desk."""

from collections.abc import Callable, Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from edge.observation import Edge, EdgesLost, Tick
from edge.phone.inspection import BurstView, LineView
from edge.phone.telephone import Telephone
from protocol.measurements import Call
from protocol.rings_by_time import CONTINUOUS

STRIP_S = 30.0
"""How much of the past the strip shows."""
STRIP_CELLS = 60
"""Half a second each, so that the shortest pause inside a ring does not show and the one between two rings does; 80 columns hold them."""
STATES = {
    "idle": "quiet",
    "ringing": "ringing",
    "answered": "answered, talking",
    "dialled": "receiver lifted, no call came in",
}


def watch(
    observations: Iterable[Edge | EdgesLost | Tick],
    telephone: Telephone,
    console: Console,
    problem: Callable[[], str | None] = lambda: None,
) -> None:
    """Show all lines live, drawn anew at each tick, until the observations end or the technician interrupts.

    Args:
        observations: Edges as they come; the time in them and in the ticks is all the time this knows.
        telephone: What decodes them, as on a desk at work.
        console: Where to draw.
        problem: What keeps the pins from being watched, if anything.
    """
    with Live(console=console, auto_refresh=False) as live:
        for observation in observations:
            if isinstance(observation, Tick):
                telephone.advance(observation.t_s)
                live.update(render(telephone.inspect(), problem()), refresh=True)
            else:
                telephone.observe(observation)


def render(views: Sequence[LineView], problem: str | None = None) -> RenderableType:
    """A picture of all lines; depends on nothing but what they show of themselves."""
    parts: list[RenderableType] = [render_line(view) for view in views]
    if problem is not None:
        parts.insert(0, Panel(Text(problem), title=Text("The pins cannot be watched"), border_style="red"))
    return Group(*parts)


def render_line(view: LineView) -> RenderableType:
    """A picture of one line: the pin, the last bursts as a strip, the rings, the cadence and what was rejected."""
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bold")
    facts.add_column()
    facts.add_row("ring pin", _pin(view))
    facts.add_row("receiver", view.receiver)
    facts.add_row("state", _state(view))
    facts.add_row(f"last {STRIP_S:.0f} s", strip(view))
    facts.add_row("cadence", _cadence(view))
    facts.add_row("rejected", _noise(view))
    parts: list[RenderableType] = [facts]
    if view.bursts:
        parts.append(_bursts(view))
    if view.calls:
        parts.append(_calls(view.calls))
    parts += [Text(f"! {fault.advice}", style="red") for fault in view.faults]
    parts += [Text(f"? {advice}", style="yellow") for advice in view.advice]
    return Panel(Group(*parts), title=Text(f"Line {view.line}"), title_align="left")


def strip(view: LineView) -> Text:
    """The last seconds, oldest on the left: a ring's number where it began, a bar where it sounded, a dot where not."""
    cells = ["·"] * STRIP_CELLS
    oldest_s = view.now_s - STRIP_S
    cell_s = STRIP_S / STRIP_CELLS
    seen: set[int] = set()
    open_burst = (
        [BurstView(view.burst_since_s, view.now_s, None, view.rings_begun)]
        if view.burst_since_s is not None
        else []
    )
    for burst in (*view.bursts, *open_burst):
        first = int((burst.start_s - oldest_s) / cell_s)
        last = int((burst.end_s - oldest_s) / cell_s)
        for cell in range(max(first, 0), min(last, STRIP_CELLS - 1) + 1):
            cells[cell] = "x" if burst.ring_number is None else "█"
        number = burst.ring_number
        if number is not None and number not in seen and 0 <= first < STRIP_CELLS:
            cells[first] = str(number % 10)
        seen |= {number} if number is not None else set()
    return Text("".join(cells))


def _pin(view: LineView) -> str:
    if view.ring_active is None:
        return "no edge yet"
    return f"{'active' if view.ring_active else 'quiet'}, {view.edges} edges, read as {view.input}"


def _state(view: LineView) -> str:
    if not view.rings_begun:
        return STATES[view.state]
    held = f": held for {view.now_s - view.burst_since_s:.0f} s" if view.burst_since_s is not None else ""
    return f"{STATES[view.state]}, ring {view.rings_begun}{' by time' + held if view.rings_by_time else ''}"


def _cadence(view: LineView) -> str:
    cadence = view.cadence
    if cadence.calls == 0:
        return f"{view.profile}: nothing rang yet"
    if cadence.name == CONTINUOUS:
        return f"{view.profile}: rings without a pause, rings are counted by time"
    profiles = f" ({', '.join(cadence.profiles[:6])}{', ...' if len(cadence.profiles) > 6 else ''})"
    name = cadence.name + (profiles if cadence.profiles and view.profile == "auto" else "")
    if cadence.fit == 0.0:
        return f"{name}: measured {cadence.measured}, which does not fit"
    calls = f"{cadence.calls} call{'s' if cadence.calls > 1 else ''}"
    return f"{name}: measured {cadence.measured}, fit {cadence.fit:.0%}, sure to {cadence.confidence:.0%} from {calls}"


def _noise(view: LineView) -> str:
    noise = view.noise
    counts = {
        "bounces": noise.bounces,
        "too slow": noise.slow,
        "too fast": noise.fast,
        "too short": noise.short,
        "receiver lifted": noise.off_hook,
        "splashes": noise.splashes,
        "flashes": noise.flashes,
        "stuck": noise.stuck,
        "late": noise.late,
        "lost": noise.dropped,
    }
    return ", ".join(f"{name} {count}" for name, count in counts.items() if count) or "nothing"


def _bursts(view: LineView) -> RenderableType:
    table = Table(title="Bursts", title_justify="left", box=None, padding=(0, 2))
    table.add_column("ago", justify="right")
    table.add_column("length", justify="right")
    table.add_column("current", justify="right")
    table.add_column("read as")
    for burst in view.bursts[-6:]:
        table.add_row(
            f"{view.now_s - burst.start_s:.1f} s",
            f"{burst.end_s - burst.start_s:.2f} s",
            "" if burst.ring_hz is None else f"{burst.ring_hz:.1f} Hz",
            "no ringing: receiver lifted" if burst.ring_number is None else f"ring {burst.ring_number}",
        )
    return table


def _calls(calls: Sequence[Call]) -> RenderableType:
    table = Table(title="Calls", title_justify="left", box=None, padding=(0, 2))
    for column in ("rings", "rang", "outcome", "pick-up", "talked", "pattern"):
        table.add_column(column)
    for call in calls:
        answered = "" if call.answered_ring is None else f" in ring {call.answered_ring}"
        table.add_row(
            f"{call.rings_begun} ({call.rings_completed} whole)",
            f"{call.ring_s:.1f} s",
            (call.outcome if call.answered_elsewhere is None else f"elsewhere: {call.answered_elsewhere}")
            + answered,
            _seconds(call.pickup_delay_s),
            _seconds(call.talk_s),
            call.pattern or "",
        )
    return table


def _seconds(value_s: float | None) -> str:
    return "" if value_s is None else f"{value_s:.1f} s"
