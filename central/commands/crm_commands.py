"""`deskside-central crm ...`: the links to ticket systems."""

from typing import Annotated

import typer

from central.commands.options import ConfigFile, DatabaseUrl

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Ticket systems, whose cases are to be replied to."
)


@app.command("list")
def list_command(config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """List the ticket systems of the settings: when each was last read, and what is wrong with it."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.arguments import read_settings
    from central.commands.command_database import reading
    from central.commands.options import CONFIG
    from central.crm.link_states import link_states
    from central.reports import wording
    from protocol.printable import printable

    table = Table(
        "name", "kind", "last read (UTC)", "cases", "not readable", "what is wrong, and since when (UTC)"
    )
    links = read_settings(config, CONFIG).crm
    with reading(config, db) as session:
        for each in link_states(session, links):
            read = "never" if each.ok_wall_s is None else wording.moment(each.ok_wall_s, "UTC")
            wrong = ""
            if each.error is not None and each.error_wall_s is not None:
                wrong = f"{printable(each.error)}, {wording.moment(each.error_wall_s, 'UTC')}"
            cells = (each.name, each.kind, read, str(each.cases), str(each.unread), wrong)
            table.add_row(*map(Text, cells))
    nothing = Text("The settings name no ticket system: central.toml takes one as [[crm]].")
    Console(markup=False, emoji=False).print(table if table.rows else nothing)


@app.command("pull")
def pull_command(
    name: Annotated[str, typer.Argument(help="Of the settings.")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Read a ticket system once, now; the service does so every minute."""
    import time

    from central.arguments import read_settings
    from central.commands.command_database import database_url
    from central.commands.options import CONFIG
    from central.crm.link_states import link_named
    from central.crm.linking import ticket_system
    from central.crm.pulling import Pull
    from central.database.engine import disposing, open_for_changes
    from protocol.printable import printable

    link = link_named(read_settings(config, CONFIG).crm, name)
    system = ticket_system(link)
    if system is None:
        print(f"{name} is given its cases and is not read.")
        return
    with disposing(open_for_changes(database_url(config, db))) as engine:
        pull = Pull(engine, link.name, system, link.since_days)
        trouble = pull.run(time.time())
        pull.close()
    if trouble is not None:
        print(printable(f"{name} was not read to the end: {trouble}"))
        raise typer.Exit(2)
    print(f"{name} was read.")
