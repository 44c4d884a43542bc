"""`deskside-central requests ...`: what hosts asked for at their pages: help, and to look again at what was measured."""

from typing import TYPE_CHECKING, Annotated

import typer

from central.commands.options import ConfigFile, DatabaseUrl

if TYPE_CHECKING:
    from central.records.host_requests import HostRequest

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="What hosts asked for at their pages: help, and contests.",
)


@app.command("list")
def list_command(
    days: Annotated[float, typer.Option(min=0.01, max=3660.0, help="How far back to look.")] = 14.0,
    desk: Annotated[str | None, typer.Option(help="One desk only.", show_default="all of them")] = None,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """List who asked for help, and what is contested, the latest first."""
    import time

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.commands.command_database import reading
    from central.desks.registry import known_desk
    from central.people.duty_roster import who_was_on_duty
    from central.records.host_requests import requests_since
    from central.reports import wording

    now_s = time.time()
    table = Table("when", "desk", "on duty", "what", box=None, pad_edge=False)
    with reading(config, db) as session:
        asked = requests_since(session, now_s - days * 86400.0, desk)
        for each in asked:
            who = who_was_on_duty(session, each.device, each.wall_s - 1.0, each.wall_s + 1.0)
            zone = known_desk(session, each.device).timezone
            visit = None if each.visit_wall_s is None else wording.moment(each.visit_wall_s, zone)
            cells = (wording.moment(each.wall_s, zone), each.device, who(each.wall_s), _words(each, visit))
            table.add_row(*(Text(cell) for cell in cells))
    if not asked:
        print(f"nobody asked for anything in the last {days:g} days")
        return
    Console(markup=False, emoji=False).print(table)


def _words(asked: "HostRequest", visit: str | None) -> str:
    if asked.help_kind is not None:
        return f"{asked.help_kind} help"
    return "contests the numbers of the day" if visit is None else f"contests the visit of {visit}"
