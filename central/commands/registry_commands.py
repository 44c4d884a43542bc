"""`deskside-central registry ...`: companies, showrooms, desks and people as sheets, and when a showroom is open."""

from pathlib import Path
from typing import Annotated

import typer

from central.commands.options import CONFIG, ConfigFile, DatabaseUrl

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Companies, showrooms, desks and people: as sheets, in and out.",
)

SHOWN_DAYS = 7
"""Days of opening hours that are shown of a showroom: a week has every weekday once."""


@app.command("import")
def import_command(
    files: Annotated[list[Path], typer.Argument(help="Sheets, as CSV files.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would become of them; write nothing.")
    ] = False,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Take sheets into the registry: all of them, or nothing where anything is wrong, and then every error is listed."""
    from sqlalchemy.orm import Session

    from central.arguments import read_settings
    from central.commands.command_database import open_to_enter
    from central.database.engine import disposing, open_for_reading
    from central.registry_files.importing import read_files, take_sheets

    settings = read_settings(config, CONFIG)
    read = read_files(files)
    opened = open_for_reading(db or settings.database.used_url) if dry_run else open_to_enter(settings, db)
    with disposing(opened) as engine, Session(engine) as session, session.begin():
        taken = take_sheets(session, read, dry_run=dry_run)
    for sheet in taken:
        print(f"{sheet.sheet}: {sheet.new} new, {sheet.changed} changed, {sheet.same} as they were")
    print("Nothing is wrong; nothing was written." if dry_run else "Everything is taken in.")


@app.command("export")
def export_command(
    folder: Annotated[Path, typer.Argument(help="Where to write them.")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Write the registry as sheets that an import reads again."""
    from central.commands.command_database import reading
    from central.registry_files.exporting import write_sheets

    with reading(config, db) as session:
        for file in write_sheets(session, folder):
            print(file)


@app.command("showrooms")
def showrooms_command(config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """List the showrooms, each with the hours in which it is open in the week that begins today."""
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.calendars.opening_times import open_between
    from central.commands.command_database import reading
    from central.showrooms.hours import opening_times
    from central.showrooms.premises import showrooms

    table = Table("company", "region", "showroom", "time zone", "law")
    table.add_column("open", no_wrap=True)
    with reading(config, db) as session:
        for showroom in showrooms(session):
            zone = ZoneInfo(showroom.timezone)
            midnight = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
            until_s = (midnight + timedelta(days=SHOWN_DAYS)).timestamp()
            hours = open_between(opening_times(session, showroom), midnight.timestamp(), until_s)
            shown = "\n".join(
                f"{datetime.fromtimestamp(from_s, zone):%a %Y-%m-%d %H:%M} to {datetime.fromtimestamp(to_s, zone):%H:%M}"
                for from_s, to_s in hours
            )
            cells = (
                showroom.company,
                showroom.region,
                showroom.name,
                showroom.timezone,
                showroom.jurisdiction,
            )
            table.add_row(*map(Text, (*cells, shown or "no hours are entered")))
    Console(markup=False, emoji=False).print(table)


@app.command("holidays")
def holidays_command(
    showroom: Annotated[str, typer.Argument(help="Its name.")],
    country: Annotated[
        str, typer.Argument(help="Two letters, such as DE; '' for none any more.", metavar="COUNTRY")
    ],
    part: Annotated[
        str, typer.Option(help="Part of it, as in ISO 3166-2, such as BY.", show_default="all of it")
    ] = "",
    company: Annotated[str | None, typer.Option(help="Its company, where two have one of that name.")] = None,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Close a showroom on a country's public holidays, save where an exception of its own says how it is open."""
    from central.commands.command_database import changing
    from central.showrooms.hours import keep_holidays
    from central.showrooms.premises import known_showroom

    with changing(config, db) as session:
        days = keep_holidays(
            session, known_showroom(session, showroom, company), country.upper(), part.upper()
        )
    print(
        f"{showroom} is closed on {days} public holidays from 2020 to 2040."
        if days
        else f"{showroom} keeps no public holidays."
    )
