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
    with disposing(open_for_changes(database_url(config, db))) as engine:
        pull = Pull(engine, link.name, ticket_system(link), link.since_days)
        trouble = pull.run(time.time())
        pull.close()
    if trouble is not None:
        print(printable(f"{name} was not read to the end: {trouble}"))
        raise typer.Exit(2)
    print(f"{name} was read.")


@app.command("due")
def due_command(
    explain: Annotated[
        bool, typer.Option("--explain", help="Also every stretch that is counted, and why others are not.")
    ] = False,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """List what is to be replied to, the late ones first, each with its deadline by the clock of its showroom."""
    import time

    from central.arguments import read_settings
    from central.commands.command_database import reading
    from central.commands.options import CONFIG
    from central.reports import wording
    from central.reports.reply_book import case_clocks, still_unanswered
    from central.verdicts.rules import standards_in_force
    from protocol.printable import printable
    from protocol.standards_folder import find_standard

    settings = read_settings(config, CONFIG)
    now_s = time.time()
    with reading(config, db) as session:
        standards = standards_in_force(
            session, find_standard(settings.standards.default, settings.standards.folder)
        )
        open_ones = still_unanswered(case_clocks(session, settings.crm, standards, 0.0, now_s), now_s)
    for each in open_ones:
        clock, zone = each.clock, each.showroom.timezone
        due = "no deadline while the customer is waited for"
        if clock.due_s is not None:
            due = f"due {wording.moment(clock.due_s, zone)} ({zone})"
        elif clock.refused:
            due = clock.refused
        late = "late, " if clock.outcome == "missed" else ""
        warned = each.warned_s is not None and each.warned_s <= now_s and not late
        state = late or ("soon, " if warned else "")
        print(
            printable(f"{each.showroom.name}: case {each.case.external_id} of {each.case.crm}, {state}{due}")
        )
        for part in clock.explained if explain else ():
            told = f"{wording.moment(part.from_s, zone)} to {wording.moment(part.to_s, zone)}: {part.why}"
            counted = f", {part.seconds / 3600:.2f} h counted" if part.counted else f" {part.title}".rstrip()
            print(printable(f"    {told}{counted}"))
    if not open_ones:
        print("Nothing is to be replied to.")
