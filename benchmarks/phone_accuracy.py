"""How many of 20,000 generated calls are measured rightly, by input and hook switch, and how many calls noise alone makes.

Run with ``python -m benchmarks.phone_accuracy [CALLS]``.
"""

import math
import statistics
import sys
from collections import Counter, defaultdict

from rich.console import Console
from rich.progress import track
from rich.table import Table

from edge.cadence.cadence import AUTO, find_profile
from edge.phone.events import CallEnded
from tests.worlds.phone_signals.judge import Verdict, decode, judge
from tests.worlds.phone_signals.population import PROFILES, days, disturbed_nights

CALLS_A_DESK = 40
DISTURBANCES_A_NIGHT = 60
REQUIRED = 0.999


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    desks = math.ceil(calls / CALLS_A_DESK)
    console = Console()
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    pickup_errors_s: list[float] = []
    learned: Counter[str] = Counter()
    invented = 0
    for day in track(days(desks, calls=CALLS_A_DESK, seed=1), "calls", total=desks, console=console):
        settings = day.desk.settings
        judgement = judge(settings, decode(settings, day.desk.trace()), day.desk.calls)
        invented += len(judgement.invented)
        hook = "hook switch" if settings.hook_pin is not None else "no hook switch"
        for verdict in judgement.verdicts:
            for group in (
                f"{settings.input}, {hook}",
                f"cadence {settings.cadence if settings.cadence == AUTO else 'named'}",
                "all",
            ):
                _count(groups[group], verdict)
            pickup_errors_s += [verdict.pickup_error_s] if verdict.pickup_error_s is not None else []
        last = judgement.verdicts[-1].call
        if settings.cadence == AUTO and last is not None:
            names = {cadence.text for cadence in find_profile(day.profile).cadences}
            learned["right" if last.cadence in names else "other"] += 1
            learned["confidence"] += round(100 * last.cadence_confidence)
    from_noise = 0
    for night in track(
        disturbed_nights(len(PROFILES) * 4, disturbances=DISTURBANCES_A_NIGHT, seed=1),
        "noise",
        total=len(PROFILES) * 4,
        console=console,
    ):
        events = decode(night.desk.settings, night.desk.trace())
        from_noise += sum(isinstance(event, CallEnded) for event in events)

    table = Table(title=f"{groups['all']['calls']:,} calls on {desks} lines, every profile of the table")
    table.add_column("lines")
    for column in ("calls", "right", "exact", "not found", "whole rings right"):
        table.add_column(column, justify="right")
    for name in sorted(groups, key=lambda group: (group == "all", group)):
        count = groups[name]
        table.add_row(
            name,
            f"{count['calls']:,}",
            f"{count['right'] / count['calls']:.3%}",
            f"{count['exact'] / count['calls']:.3%}",
            str(count["missed"]),
            f"{count['completed'] / count['picked up']:.2%}" if count["picked up"] else "",
        )
    console.print(table)
    console.print(
        "right: ring count, answered ring and outcome; a ring cut off within three cycles of the current may be missing. "
        "exact: it may not. whole rings: those over before the pick-up, to the millisecond, where a hook switch tells."
    )
    console.print(f"calls that none of the generated calls explains: {invented}")
    console.print(
        f"calls made of noise alone: {from_noise} in {len(PROFILES) * 4 * DISTURBANCES_A_NIGHT:,} disturbances"
    )
    errors_ms = sorted(abs(error_s) * 1000.0 for error_s in pickup_errors_s)
    console.print(
        f"pick-up delay off by {statistics.median(errors_ms):.0f} ms (median), {errors_ms[int(0.99 * len(errors_ms))]:.0f} ms (99 %)"
    )
    tried = learned["right"] + learned["other"]
    console.print(
        f"auto named the line's own cadence on {learned['right']} of {tried} lines (times up to 10 % off), "
        f"and was sure to {learned['confidence'] / tried:.0f} % on average"
    )
    right = groups["all"]["right"] / groups["all"]["calls"]
    if right < REQUIRED or from_noise:
        sys.exit(
            f"below what is required: {right:.3%} right of {REQUIRED:.1%}, {from_noise} calls made of noise"
        )


def _count(count: Counter[str], verdict: Verdict) -> None:
    count["calls"] += 1
    count["right"] += verdict.right
    count["exact"] += verdict.exact
    count["missed"] += verdict.call is None
    if verdict.hook and verdict.call is not None and verdict.truth.outcome == "answered":
        count["picked up"] += 1
        count["completed"] += verdict.call.rings_completed == verdict.truth.completed


if __name__ == "__main__":
    main()
