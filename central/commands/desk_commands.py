"""`deskside-central desks ...`: where each desk stands."""

from typing import Annotated

import typer

from central.commands.options import CONFIG, ConfigFile, DatabaseUrl

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="The registry: where each desk stands.")


@app.command("list")
def list_desks(config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """List every desk that ever reported or was entered."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.commands.command_database import reading
    from central.desks.desk_faults import conditions, faults
    from central.desks.registry import desks
    from central.reports.terminal import print_condition, print_faults

    table = Table("device", "company", "showroom", "called", "time zone", "state")
    with reading(config, db) as session:
        known = desks(session)
        told = conditions(session)
        open_faults = faults(session)
    for desk in known:
        cells = (
            desk.device,
            desk.company,
            desk.showroom,
            desk.label,
            desk.timezone,
            desk.state or "never seen",
        )
        table.add_row(*map(Text, cells))
    console = Console(markup=False, emoji=False)
    console.print(table)
    for desk in known:
        if desk.device in told:
            print_condition(told[desk.device], desk, console)
        elif found := [fault for fault in open_faults if fault.device == desk.device]:
            console.print(Text(f"\n{desk.device} itself has told nothing of its health yet"))
            print_faults(found, desk, console)


@app.command("set")
def set_desk(
    device: Annotated[str, typer.Argument(help="The desk.")],
    company: Annotated[str | None, typer.Option(show_default=False)] = None,
    showroom: Annotated[str | None, typer.Option(show_default=False)] = None,
    label: Annotated[str | None, typer.Option(help="What people call it.", show_default=False)] = None,
    timezone: Annotated[
        str | None, typer.Option(help="IANA time zone, of the showroom.", show_default=False)
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="MOMENT",
            help="It stands there from then on, as YYYY-MM-DD or 'YYYY-MM-DD HH:MM' in the showroom it leaves.",
            show_default="now",
        ),
    ] = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="It never stood where the registry says: nothing was moved.")
    ] = False,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Enter where a desk stands, before it is first heard of or after; what is not named stays as it is.

    A desk that stood in another showroom moves: what it measured there stays there.
    """
    from sqlalchemy.orm import Session

    from central.arguments import changed, one_moment, read_settings
    from central.commands.command_database import open_to_enter
    from central.database.engine import disposing
    from central.desks.registry import DeskDefaults, enter, known_desk

    settings = read_settings(config, CONFIG)
    changed(settings, {"registry": {"company": company, "showroom": showroom, "timezone": timezone}})
    with disposing(open_to_enter(settings, db)) as engine, Session(engine) as session, session.begin():
        usual = settings.registry
        since_s = one_moment("--since", since, known_desk(session, device).timezone) if since else None
        desk = enter(
            session,
            device,
            company=company,
            showroom=showroom,
            label=label,
            timezone=timezone,
            defaults=DeskDefaults(usual.company, usual.showroom, usual.timezone),
            since_wall_s=since_s,
            correct=correct,
        )
    place = ", ".join(filter(None, (desk.company, desk.showroom, desk.label)))
    unseen = "" if desk.state else " It has not been heard of yet."
    print(f"{desk.device} is entered as {place}, in {desk.timezone}.{unseen}")
