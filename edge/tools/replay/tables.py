"""Measurements of a replay as tables for the terminal; times count from the start of the rig's timeline."""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from protocol.measurements import Call, Encounter, Gap, Measurement, Quantity
from protocol.standard import Standard


def tables(measured: list[Measurement], standard: Standard) -> Iterator[Table | Text]:
    """A table for each kind of measurement that there is."""
    encounters = [each for each in measured if isinstance(each, Encounter)]
    yield _encounters(encounters, standard) if encounters else Text("no visit was measured")
    if calls := [each for each in measured if isinstance(each, Call)]:
        yield _calls(calls)
    if gaps := [each for each in measured if isinstance(each, Gap)]:
        yield _gaps(gaps)


def _encounters(encounters: list[Encounter], standard: Standard) -> Table:
    heads = ("visit", "near", "stood", "left", "attended to after", "smile", "lift, cm", "teeth")
    table = Table(
        *heads, title=f"Visits under {standard.label}, times in seconds", box=SIMPLE_HEAD, padding=(0, 1)
    )
    for encounter in encounters:
        smile = encounter.smile
        table.add_row(
            f"{encounter.visit}" + (f" ({encounter.party_size})" if encounter.party_size > 1 else ""),
            f"{encounter.came_near_s:.1f}",
            _seconds(encounter.stopped_s),
            _seconds(encounter.left_s if encounter.left_s is not None else encounter.last_seen_s),
            _attended(encounter),
            _seconds(smile.held_s if smile else None),
            _quantity(smile.peak_lift_cm if smile else None),
            _quantity(smile.teeth if smile else None),
        )
    return table


def _attended(encounter: Encounter) -> str:
    match encounter.wait_ended_by:
        case "reaction":
            return f"{encounter.wait_s:.1f}, {encounter.reaction_kind}"
        case "customer_left":
            return f"no, left after {encounter.wait_s:.1f}"
        case _:
            return "not observed"


def _calls(calls: list[Call]) -> Table:
    table = Table(
        "line",
        "began",
        "rings",
        "answered in ring",
        "pick-up after",
        "outcome",
        "talked",
        "cadence",
        title="Calls",
    )
    for call in calls:
        answered = "-" if call.answered_ring is None else str(call.answered_ring)
        cadence = f"{call.cadence} ({call.cadence_confidence:.0%})"
        row = (_seconds(call.pickup_delay_s), call.outcome, _seconds(call.talk_s), cadence)
        table.add_row(call.line, f"{call.start_s:.2f}", str(call.rings_begun), answered, *row)
    return table


def _gaps(gaps: list[Gap]) -> Table:
    table = Table("what", "from", "to", "why", title="Not measured", box=SIMPLE_HEAD)
    for gap in gaps:
        table.add_row(gap.what, f"{gap.start_s:.2f}", f"{gap.end_s:.2f}", gap.reason)
    return table


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _quantity(quantity: Quantity | None) -> str:
    return "-" if quantity is None else f"{quantity.value:.1f}±{quantity.se:.1f}"
