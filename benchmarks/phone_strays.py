"""How the telephone counts while voltages stray onto its pin: hours of calls of every cadence among hum, floating wires and crosstalk.

Run with ``python -m benchmarks.phone_strays [HOURS [SEED]]``. A call is claimed where it has an outcome, or is likelier one than not.
"""

import math
import sys
from collections import Counter, defaultdict

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.worlds.phone_signals.judge import decode, is_claimed, judge
from tests.worlds.phone_signals.population import stray_days
from tests.worlds.phone_signals.strays import Kind

HOURS_A_DESK = 0.5
KINDS: tuple[Kind, ...] = ("hum", "float", "crosstalk")


def main() -> None:
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    desks = math.ceil(hours / HOURS_A_DESK)
    console = Console()
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for kind in KINDS:
        days = stray_days(desks, seconds=HOURS_A_DESK * 3600.0, seed=seed, kinds=(kind,))
        for day in track(days, kind, total=desks, console=console):
            settings = day.desk.settings
            judgement = judge(settings, decode(settings, day.desk.trace()), day.desk.calls)
            for group in (f"{kind}, {settings.input}", f"{kind}, all"):
                count = groups[group]
                count["hours"] += 1
                count["strays"] += len(day.desk.strays)
                false = [call for call in judgement.invented if not day.desk.is_of_a_call(call)]
                count["invented"] += len(false)
                count["claimed"] += sum(is_claimed(call) for call in false)
                for verdict in judgement.verdicts:
                    touched = day.desk.is_strayed_upon(verdict.truth)
                    name = "touched" if touched else "clear"
                    count[name] += 1
                    count[f"{name} right"] += verdict.right
    table = Table(title=f"{desks * HOURS_A_DESK:g} hours of each kind, every profile of the table")
    table.add_column("strays, input")
    for column in (
        "hours",
        "strays",
        "calls",
        "right",
        "calls touched",
        "right",
        "invented",
        "of them claimed",
    ):
        table.add_column(column, justify="right")
    for name in sorted(groups):
        count = groups[name]
        table.add_row(
            name,
            f"{count['hours'] * HOURS_A_DESK:g}",
            str(count["strays"]),
            str(count["clear"]),
            f"{count['clear right'] / max(count['clear'], 1):.2%}",
            str(count["touched"]),
            f"{count['touched right'] / max(count['touched'], 1):.2%}",
            str(count["invented"]),
            str(count["claimed"]),
        )
    console.print(table)


if __name__ == "__main__":
    main()
