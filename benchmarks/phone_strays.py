"""How the telephone counts while voltages stray onto its pin: hours of calls of every cadence among hum, floating wires and crosstalk.

Run with ``python -m benchmarks.phone_strays [HOURS [SEED]]``. Two worlds make the traces, which share no code that does: in the first each
desk has strays of one kind, in the second all of them. A call is claimed where it has an outcome, or is likelier one than not.
"""

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.progress import track
from rich.table import Table

from protocol.measurements import Call
from tests.worlds.mixed_lines import mixed_lines
from tests.worlds.phone_signals.judge import Judgement, decode, is_claimed, judge
from tests.worlds.phone_signals.population import stray_days
from tests.worlds.phone_signals.strays import Kind

HOURS_A_DESK = 0.5
HOURS_A_LINE = 2.0
KINDS: tuple[Kind, ...] = ("hum", "float", "crosstalk")
HOURS_A_DAY = 24.0


@dataclass(frozen=True)
class Judged:
    """One line, with what it made of its trace."""

    name: str
    hours: float
    strays: int
    judgement: Judgement
    false: tuple[Call, ...]
    """Calls that no true one explains."""
    touched: tuple[bool, ...]
    """Of each true call, whether something strayed onto the pin while it rang, or shortly before or after."""


def first_world(kind: Kind, hours: float, seed: int) -> Iterator[Judged]:
    """Desks with strays of one kind."""
    desks = math.ceil(hours / HOURS_A_DESK)
    for day in stray_days(desks, seconds=HOURS_A_DESK * 3600.0, seed=seed, kinds=(kind,)):
        desk = day.desk
        judgement = judge(desk.settings, decode(desk.settings, desk.trace()), desk.calls)
        yield Judged(
            f"{kind}, {desk.settings.input}",
            HOURS_A_DESK,
            len(desk.strays),
            judgement,
            tuple(call for call in judgement.invented if not desk.is_of_a_call(call)),
            tuple(desk.is_strayed_upon(verdict.truth) for verdict in judgement.verdicts),
        )


def second_world(hours: float, seed: int) -> Iterator[Judged]:
    """Lines with everything at once."""
    for line in mixed_lines(math.ceil(hours / HOURS_A_LINE), hours=HOURS_A_LINE, seed=seed):
        judgement = judge(line.settings, decode(line.settings, line.trace()), line.calls)
        yield Judged(
            f"all at once, {line.settings.input}",
            HOURS_A_LINE,
            len(line.disturbances),
            judgement,
            tuple(
                call
                for call in judgement.invented
                if not line.explains(call.start_s, call.start_s + call.ring_s)
            ),
            tuple(line.disturbed(verdict.truth) for verdict in judgement.verdicts),
        )


def main() -> None:
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    console = Console()
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    lengths: dict[str, float] = defaultdict(float)
    worlds = {f"first world, {kind}": first_world(kind, hours, seed) for kind in KINDS}
    worlds["second world"] = second_world(hours, seed)
    for world, lines in worlds.items():
        for line in track(lines, world, console=console):
            for group in (line.name, f"= {world.partition(',')[0]}"):
                lengths[group] += line.hours
                _count(groups[group], line)
    table = Table(title=f"{hours:g} hours of each, every profile of the table")
    table.add_column("strays, input")
    for column in (
        "hours",
        "strays",
        "calls",
        "right",
        "and sure",
        "calls touched",
        "right",
        "invented",
        "of them claimed",
        "a day",
    ):
        table.add_column(column, justify="right")
    for name in sorted(groups):
        count = groups[name]
        table.add_row(
            name,
            f"{lengths[name]:g}",
            str(count["strays"]),
            str(count["clear"]),
            f"{count['clear right'] / max(count['clear'], 1):.2%}",
            f"{count['clear sure'] / max(count['clear'], 1):.2%}",
            str(count["touched"]),
            f"{count['touched right'] / max(count['touched'], 1):.2%}",
            str(count["invented"]),
            str(count["claimed"]),
            f"{count['claimed'] / lengths[name] * HOURS_A_DAY:.1f}",
        )
    console.print(table)
    console.print("right: a call given up may be unsure, with no outcome. and sure: it may not.")


def _count(count: Counter[str], line: Judged) -> None:
    count["strays"] += line.strays
    count["invented"] += len(line.false)
    count["claimed"] += sum(is_claimed(call) for call in line.false)
    for verdict, touched in zip(line.judgement.verdicts, line.touched, strict=True):
        name = "touched" if touched else "clear"
        count[name] += 1
        count[f"{name} right"] += verdict.right
        count[f"{name} sure"] += verdict.right_and_sure


if __name__ == "__main__":
    main()
