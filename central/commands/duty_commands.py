"""`deskside-central duty ...`: who was on duty at a desk, and what has to be corrected of it."""

from typing import Annotated

import typer

from central.commands.options import ConfigFile, DatabaseUrl

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Who was on duty at a desk, by signing in there."
)

LATEST_DAYS = 14
"""Days that are listed unless others are asked for: what was forgotten is mostly found within a fortnight."""
DAY_S = 86400.0
"""Seconds of a day; those that are an hour longer or shorter do not matter to a list."""


@app.command("list")
def list_command(
    desk: Annotated[str, typer.Argument(help="The desk.")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """List who was on duty in the last days, with what it rests on."""
    import time

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.commands.command_database import reading
    from central.desks.registry import known_desk
    from central.people.duty_roster import shifts_between
    from central.reports import wording

    table = Table("person", "from", "until", "signed in as", "corrected")
    with reading(config, db) as session:
        zone = known_desk(session, desk).timezone
        now_s = time.time()
        for shift in shifts_between(session, desk, now_s - LATEST_DAYS * DAY_S, now_s + DAY_S):
            until = "" if shift.until_s is None else wording.moment(shift.until_s, zone)
            why = f"{shift.correction.reason} ({shift.correction.made_by})" if shift.correction else ""
            cells = (
                shift.person,
                wording.moment(shift.from_s, zone),
                until,
                "\n".join(shift.measurements),
                why,
            )
            table.add_row(*map(Text, cells))
    Console(markup=False, emoji=False).print(
        table if table.rows else Text(f"Nobody signed in at {desk} in the last {LATEST_DAYS} days.")
    )


@app.command("correct")
def correct_command(
    desk: Annotated[str, typer.Argument(help="The desk.")],
    person: Annotated[str, typer.Option(help="Pseudonym of whoever was on duty.")],
    since: Annotated[
        str, typer.Option("--from", metavar="MOMENT", help="YYYY-MM-DD HH:MM by the desk's clock.")
    ],
    until: Annotated[str, typer.Option(metavar="MOMENT", help="YYYY-MM-DD HH:MM by the desk's clock.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    by: Annotated[str, typer.Option(help="Who says so.")],
    duty: Annotated[
        str | None,
        typer.Option(
            metavar="MEASUREMENT",
            help="Of `duty list`: the sign-in that is corrected.",
            show_default="nobody had signed in",
        ),
    ] = None,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Say who was on duty in place of what was measured, such as after a forgotten sign-out; what was measured stays."""
    from central.arguments import CommandError, one_moment
    from central.commands.command_database import changing
    from central.desks.registry import known_desk
    from central.people.duty_corrections import correct_duty
    from central.records.query import is_duty

    with changing(config, db) as session:
        zone = known_desk(session, desk).timezone
        if duty is not None and not is_duty(session, desk, duty):
            raise CommandError(f"--duty {duty!r} is no sign-in at {desk}: `duty list {desk}` names them")
        correct_duty(
            session,
            desk,
            measurement=duty,
            person=person,
            from_wall_s=one_moment("--from", since, zone),
            until_wall_s=one_moment("--until", until, zone),
            reason=reason,
            made_by=by,
        )
    print(f"{person} was on duty at {desk} from {since} until {until}; what was measured stays beside it.")
