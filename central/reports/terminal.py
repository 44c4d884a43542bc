"""The report as tables for a terminal."""

from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from central.desks.desk_faults import Condition, Fault
from central.desks.registry import RegisteredDesk
from central.reports import wording
from central.reports.report import DeskReport, Report
from central.scoring.scored import ScoredEncounter
from central.scoring.verdict import Outcome, Verdict
from central.statistics.desk_day import DeskDay

STYLES: dict[Outcome, str] = {
    "pass": "green",
    "fail": "red",
    "indeterminate": "yellow",
    "not_applicable": "dim",
}
"""Colour of each outcome, beside its sign."""


def print_report(report: Report, console: Console) -> None:
    """Print every desk and day."""
    for standard in report.standards:
        console.print(Text("Scored under ").append(standard.title, "bold").append(f" ({standard.label})"))
    for part in report.desks:
        for day in part.days:
            _print_day(part, day, console)
        if part.condition is not None:
            print_condition(part.condition, part.desk, console)


def _print_day(part: DeskReport, day: DeskDay, console: Console) -> None:
    console.print()
    console.rule(Text(f"{part.desk.label}, {day.day.date.isoformat()} ({day.day.timezone})"), align="left")
    console.print(Text(wording.headline(day)))
    if day.encounters:
        console.print(Text(f"Median wait: {wording.median_text(day.waiting)}"))
    for name, value in wording.service_level_lines(day.service_level):
        console.print(Text(f"Calls: {value} {name}"))
    if day.tallies or day.presence:
        console.print(_clauses(day))
    if len(day.encounters) > wording.FEW_ENCOUNTERS:
        console.print(_encounters(day))
    else:
        for encounter in day.encounters:
            console.print(_encounter(encounter, day))
    if day.calls:
        console.print(_calls(day))
    for gap in day.coverage.gaps if day.coverage else ():
        lasted = wording.duration(gap.to_s - gap.from_s)
        since = wording.clock_time(gap.from_s, day.day.timezone)
        console.print(
            Text(f"Not measured: {gap.what}, from {since} for {lasted}: {gap.reason}", style="yellow")
        )
    if part.awaited:
        console.print(
            Text(f"{part.awaited} measurements are still on the way from this desk.", style="yellow")
        )


def print_condition(condition: Condition, desk: RegisteredDesk, console: Console) -> None:
    """Print how a desk itself was doing when it last told of it, and what is to be mended there."""
    health = condition.health
    told = wording.moment(condition.wall_s, desk.timezone)
    console.print()
    console.print(Text(f"{desk.device} itself, {told}: {', '.join(wording.machine_lines(health))}"))
    for camera in health.cameras:
        console.print(Text(f"Camera {wording.camera_rate(camera)}"))
    print_faults(condition.faults, desk, console)


def print_faults(faults: Iterable[Fault], desk: RegisteredDesk, console: Console) -> None:
    """Print what is to be mended at a desk, each since when."""
    for fault in faults:
        since = wording.moment(fault.opened_wall_s, desk.timezone)
        console.print(Text(f"Fault since {since}: {fault.text}", style="yellow"))


def _clauses(day: DeskDay) -> Table:
    table = Table("clause", "asked", title="Clause by clause", title_justify="left", box=SIMPLE_HEAD)
    for sign, _ in wording.OUTCOMES.values():
        table.add_column(sign, justify="right")
    table.add_column("met")
    table.caption = "  ".join(f"{sign} {words}" for sign, words in wording.OUTCOMES.values())
    table.caption_justify = "left"
    outcomes = tuple(wording.OUTCOMES)
    for tally in day.tallies:
        counts = [Text(str(n), style=STYLES[o] if n else "dim") for o in outcomes for n in [tally.count(o)]]
        table.add_row(
            wording.clause_title(tally.clause),
            wording.asked(tally.clause, tally.limits),
            *counts,
            wording.interval(tally.passed),
        )
    for verdict in day.presence:
        marks = [_sign(verdict) if verdict.outcome == outcome else Text("") for outcome in outcomes]
        table.add_row(
            wording.clause_title(verdict.clause),
            wording.asked(verdict.clause, verdict.limits),
            *marks,
            wording.measured_value(verdict),
        )
    return table


def _encounter(encounter: ScoredEncounter, day: DeskDay) -> Table:
    """An encounter in full."""
    came = wording.clock_time(encounter.measured.wall_s, day.day.timezone)
    title = f"Visit at {came}: {wording.wait_text(encounter.wait)}, {wording.reaction_text(encounter.wait)}"
    table = Table("", "clause", title=title, title_justify="left", box=SIMPLE_HEAD)
    for heading in ("asked", "measured"):
        table.add_column(heading, no_wrap=True)
    for verdict in encounter.verdicts:
        why = "" if verdict.outcome == "pass" else f"\n{verdict.reason}"
        table.add_row(
            _sign(verdict),
            Text.assemble(wording.clause_title(verdict.clause), (why, "dim")),
            wording.asked(verdict.clause, verdict.limits),
            wording.measured_value(verdict),
        )
    stayed = f"Stayed {wording.stay_text(encounter.measured.data)}"
    signed_in = f"on duty: {encounter.on_duty}"
    table.caption = "; ".join((stayed, signed_in, *wording.encounter_remarks(encounter.measured.data))) + "."
    table.caption_justify = "left"
    return table


def _encounters(day: DeskDay) -> Table:
    """Many encounters, each with what was not plainly met."""
    table = Table(
        "time",
        "on duty",
        "wait",
        "reaction",
        "verdicts",
        title="Visits",
        title_justify="left",
        box=SIMPLE_HEAD,
    )
    for encounter in day.encounters:
        lines = [_line(v) for v in encounter.verdicts if v.outcome in {"fail", "indeterminate"}]
        table.add_row(
            wording.clock_time(encounter.measured.wall_s, day.day.timezone),
            Text(encounter.on_duty),
            wording.wait_text(encounter.wait),
            wording.reaction_text(encounter.wait),
            Text("\n").join(lines) if lines else Text("all met", style=STYLES["pass"]),
        )
    return table


def _calls(day: DeskDay) -> Table:
    table = Table(
        "time",
        "on duty",
        "line",
        "answered",
        "outcome",
        "verdict",
        title="Telephone",
        title_justify="left",
        box=SIMPLE_HEAD,
    )
    for call in day.calls:
        table.add_row(
            wording.clock_time(call.measured.wall_s, day.day.timezone),
            Text(call.on_duty),
            Text(call.measured.data.line),
            wording.rings_text(call.measured.data),
            wording.outcome_text(call.measured.data),
            Text("\n").join(_line(verdict) for verdict in call.verdicts),
        )
    return table


def _line(verdict: Verdict) -> Text:
    return Text.assemble(
        _sign(verdict),
        f" {wording.clause_title(verdict.clause)}: {wording.measured_value(verdict)}, ",
        (verdict.reason, "dim"),
    )


def _sign(verdict: Verdict) -> Text:
    return Text(wording.OUTCOMES[verdict.outcome][0], style=STYLES[verdict.outcome])
