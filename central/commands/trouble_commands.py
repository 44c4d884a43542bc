"""`deskside-central rejected | faults`: what desks sent that cannot be used, and what is to be mended at them."""

from typing import Annotated

import typer

from central.commands.options import ConfigFile, DatabaseUrl

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="What is wrong at the desks.")

MOST_SHOWN = 200
"""Rejected messages that are listed: what is older says the same, mostly."""


@app.command("rejected")
def rejected_command(
    device: Annotated[str, typer.Argument(help="The desk.")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """List what a desk sent that could not be used, with the reason."""
    from datetime import UTC, datetime

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.commands.command_database import reading
    from central.desks.registry import known_desk
    from central.ingest.outstanding import dropped_count, rejected, rejected_count
    from protocol.printable import printable

    table = Table("received (UTC)", "channel", "number", "bytes", "reason")
    with reading(config, db) as session:
        rows = rejected(session, device, MOST_SHOWN)
        count, dropped = rejected_count(session, device), dropped_count(session, device)
        if not rows:
            known_desk(session, device)
        for row in rows:
            received = datetime.fromtimestamp(row.received_wall_s, UTC).strftime("%Y-%m-%d %H:%M:%S")
            cells = (
                received,
                printable(row.topic.rsplit("/", 1)[-1]),
                str(row.sequence or ""),
                str(len(row.payload) if row.size is None else row.size),
                printable(row.reason),
            )
            table.add_row(*map(Text, cells))
    Console(markup=False, emoji=False).print(
        table if rows else Text(f"Nothing that {device} sent was rejected.")
    )
    if count > len(rows):
        print(
            f"{count} in all, of which the latest {len(rows)} are shown; {dropped} had to make room for later ones."
        )


@app.command("faults")
def faults_command(
    desk: Annotated[str | None, typer.Option(help="Only this desk.", show_default="all")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Also those that are gone.")] = False,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """List what is to be mended at the desks, each from when it was found."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.commands.command_database import reading
    from central.desks.desk_faults import faults
    from central.desks.registry import known_desk
    from central.reports import wording

    table = Table("desk", "since (UTC)", "gone (UTC)", "what")
    with reading(config, db) as session:
        if desk is not None:
            known_desk(session, desk)
        found = faults(session, device=desk, closed=closed)
    for fault in found:
        gone = "" if fault.closed_wall_s is None else wording.moment(fault.closed_wall_s, "UTC")
        table.add_row(
            *map(Text, (fault.device, wording.moment(fault.opened_wall_s, "UTC"), gone, fault.text))
        )
    Console(markup=False, emoji=False).print(table if found else Text("No fault is known."))
