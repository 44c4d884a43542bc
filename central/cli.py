"""The central service's command line: `deskside-central serve | report | standards | desks | registry | duty | accounts | audit | rejected | backup | restore | migrate`.

Commands import what they need when they run: `deskside-central --help` waits for no database library.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from central.commands import duty_commands, registry_commands
from central.commands.options import CONFIG, ConfigFile, DatabaseUrl
from protocol.program import run_to_its_end

MOST_SHOWN = 200
"""Rejected messages that are listed: what is older says the same, mostly."""

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=__doc__.split("\n")[0],
)
standards_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The service standards that are scored by."
)
desks_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The registry: where each desk stands."
)
app.add_typer(standards_app, name="standards")
app.add_typer(desks_app, name="desks")
app.add_typer(registry_commands.app, name="registry")
app.add_typer(duty_commands.app, name="duty")

StandardsFolder = Annotated[
    Path | None, typer.Option("--standards", help="Where the service standards lie.", show_default=False)
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from protocol.software import running_software

        print(f"deskside-central {running_software()}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool, typer.Option("--version", help="Say what runs.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Options of the program itself."""


@app.command()
def serve(
    config: ConfigFile = None,
    broker: Annotated[
        str | None, typer.Option(help="host:port of the MQTT broker.", show_default=False)
    ] = None,
    db: DatabaseUrl = None,
    ca: Annotated[
        Path | None, typer.Option(help="Certificate authority of the broker.", show_default=False)
    ] = None,
    cert: Annotated[Path | None, typer.Option(help="This service's certificate.", show_default=False)] = None,
    key: Annotated[Path | None, typer.Option(help="This service's key.", show_default=False)] = None,
    tls: Annotated[
        bool | None,
        typer.Option(
            "--tls/--no-tls",
            help="Encrypt the connection; without --ca by the authorities that this machine trusts.",
            show_default="where --ca is given",
        ),
    ] = None,
    username: Annotated[
        str | None, typer.Option(help="This service's user name at the broker.", show_default=False)
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(help="File that holds its password.", show_default=False)
    ] = None,
    websockets: Annotated[
        str | None,
        typer.Option(
            metavar="PATH", help="Reach the broker at this path of a web server.", show_default=False
        ),
    ] = None,
    with_broker: Annotated[
        bool,
        typer.Option("--with-broker", help="Start a broker too, for trying: without TLS, and open to all."),
    ] = False,
    pages: Annotated[
        bool | None, typer.Option("--pages/--no-pages", help="Open the pages.", show_default="open")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Where the pages are opened.", show_default="127.0.0.1:8080"),
    ] = None,
) -> None:
    """Listen to the desks, keep what they measure and acknowledge it, and open the pages, until a signal ends it."""
    from contextlib import ExitStack

    from central.arguments import changed, make_own_folder, network_address, read_settings
    from central.ingest.own_broker import own_broker
    from central.ingest.runner import serve_until_signalled
    from central.web.beside import pages_beside

    host, port = network_address(broker) if broker else (None, None)
    web_host, web_port = network_address(at, "--at", "127.0.0.1:8080") if at else (None, None)
    changes: dict[str, dict[str, object]] = {
        "broker": {
            "host": host,
            "port": port,
            "ca_file": ca,
            "cert_file": cert,
            "key_file": key,
            "tls": tls,
            "username": username,
            "password_file": password_file,
            "transport": None if websockets is None else "websockets",
            "path": websockets,
        },
        "database": {"url": db},
        "web": {"serve": pages, "host": web_host, "port": web_port},
    }
    settings = changed(read_settings(config, CONFIG), changes)
    make_own_folder(settings)
    with ExitStack() as stack:
        if with_broker:
            settings = stack.enter_context(own_broker(settings))
        if not serve_until_signalled(settings, *pages_beside(settings)):
            raise typer.Exit(1)


@app.command()
def report(
    config: ConfigFile = None,
    db: DatabaseUrl = None,
    standard: Annotated[
        str | None, typer.Option(help="Name of a standard, or its file.", show_default=False)
    ] = None,
    standards: StandardsFolder = None,
    day: Annotated[
        str | None, typer.Option(help="Only this day, as YYYY-MM-DD.", show_default="the latest days")
    ] = None,
    desk: Annotated[str | None, typer.Option(help="Only this desk.", show_default="all")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the report page to this file.", show_default=False)
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON and nothing else.")
    ] = False,
) -> None:
    """Score what was measured under a standard, and show it day by day."""
    from rich.console import Console
    from rich.text import Text
    from sqlalchemy.orm import Session

    from central.arguments import one_day, read_settings, write_page
    from central.database.engine import disposing, open_for_reading
    from central.reports.page import render_page
    from central.reports.report import build_report, report_json
    from central.reports.terminal import print_report
    from protocol.standards_folder import copied_name, find_standard

    settings = read_settings(config, CONFIG)
    folder = standards or settings.standards.folder
    named = standard or settings.standards.default
    chosen = find_standard(named, folder)
    if copied := copied_name(chosen, named, folder):
        print(copied, file=sys.stderr)
    only_day = one_day(day) if day else None
    with disposing(open_for_reading(db or settings.database.used_url)) as engine, Session(engine) as session:
        result = build_report(session, chosen, day=only_day, device=desk)
    if out is not None:
        write_page(out, render_page(result))
    if as_json:
        sys.stdout.buffer.write(report_json(result) + b"\n")
        return
    console = Console(markup=False, emoji=False)
    print_report(result, console)
    if out is not None:
        console.print(Text(f"The report page is {out}"))


@app.command("migrate")
def migrate_command(config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """Bring the tables of a database up to this software's version; what is in them is kept."""
    from central.arguments import read_settings
    from central.database.engine import disposing, migrate, open_for_migration

    with disposing(open_for_migration(db or read_settings(config, CONFIG).database.used_url)) as engine:
        migrate(engine)
    print("The tables are up to date.")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The copy, a file that is not there yet.")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Copy the whole database to a file; the service may go on meanwhile."""
    from central.arguments import read_settings
    from central.database.backup import back_up

    back_up(db or read_settings(config, CONFIG).database.used_url, file)
    print(f"The copy is {file}.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `backup` made.")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Make a database of a copy, where there is none yet; the service must not run."""
    from central.arguments import read_settings
    from central.database import backup as copies

    url = db or read_settings(config, CONFIG).database.used_url
    copies.restore(file, url)
    print(
        "The database is restored. What came since the copy the desks send again, as far as they still hold it."
    )


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
    from sqlalchemy.orm import Session

    from central.arguments import read_settings
    from central.database.engine import disposing, open_for_reading
    from central.desks.registry import known_desk
    from central.ingest.outstanding import dropped_count, rejected, rejected_count
    from protocol.printable import printable

    url = db or read_settings(config, CONFIG).database.used_url
    table = Table("received (UTC)", "channel", "number", "bytes", "reason")
    with disposing(open_for_reading(url)) as engine, Session(engine) as session:
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
    from sqlalchemy.orm import Session

    from central.arguments import read_settings
    from central.database.engine import disposing, open_for_reading
    from central.desks.desk_faults import faults
    from central.desks.registry import known_desk
    from central.reports import wording

    url = db or read_settings(config, CONFIG).database.used_url
    table = Table("desk", "since (UTC)", "gone (UTC)", "what")
    with disposing(open_for_reading(url)) as engine, Session(engine) as session:
        if desk is not None:
            known_desk(session, desk)
        found = faults(session, device=desk, closed=closed)
    for fault in found:
        gone = "" if fault.closed_wall_s is None else wording.moment(fault.closed_wall_s, "UTC")
        table.add_row(
            *map(Text, (fault.device, wording.moment(fault.opened_wall_s, "UTC"), gone, fault.text))
        )
    Console(markup=False, emoji=False).print(table if found else Text("No fault is known."))


@standards_app.command("list")
def list_standards(config: ConfigFile = None, standards: StandardsFolder = None) -> None:
    """List the standards there are."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.arguments import read_settings
    from protocol.standard import CLAUSES, limits_of
    from protocol.standards_folder import find_standard, standard_names

    folder = standards or read_settings(config, CONFIG).standards.folder
    shown = ("respond.within_s", "phone.rings")
    table = Table("name", "version", "title", *(CLAUSES[clause].title.lower() for clause in shown))
    for name in standard_names(folder):
        found = find_standard(name, folder)
        asked = (CLAUSES[clause].asked(limits_of(found, clause)) for clause in shown)
        table.add_row(found.name, str(found.version), Text(found.title), *asked)
    Console(markup=False, emoji=False).print(table)


@standards_app.command("check")
def check_standard(
    names: Annotated[list[str], typer.Argument(help="Names of standards, or files.")],
    config: ConfigFile = None,
    standards: StandardsFolder = None,
) -> None:
    """Check standards: every error at once, each with its key, its line and what is allowed."""
    from central.arguments import CommandError, read_settings
    from protocol.standards_folder import copied_name, find_standard
    from protocol.toml_file import BadFileError

    folder = standards or read_settings(config, CONFIG).standards.folder
    complaints = []
    for name in names:
        try:
            found = find_standard(name, folder)
            print(f"{found.label} is good.")
            if copied := copied_name(found, name, folder):
                complaints.append(copied)
        except BadFileError as error:
            complaints.append(str(error))
    if complaints:
        raise CommandError("\n".join(complaints))


@desks_app.command("list")
def list_desks(config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """List every desk that ever reported or was entered."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text
    from sqlalchemy.orm import Session

    from central.arguments import read_settings
    from central.database.engine import disposing, open_for_reading
    from central.desks.desk_faults import conditions, faults
    from central.desks.registry import desks
    from central.reports.terminal import print_condition, print_faults

    url = db or read_settings(config, CONFIG).database.used_url
    table = Table("device", "company", "showroom", "called", "time zone", "state")
    with disposing(open_for_reading(url)) as engine, Session(engine) as session:
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


@desks_app.command("set")
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

    from central.arguments import changed, make_own_folder, one_moment, read_settings
    from central.database.engine import disposing, open_for_changes, open_for_writing
    from central.desks.registry import DeskDefaults, enter, known_desk

    settings = read_settings(config, CONFIG)
    changed(settings, {"registry": {"company": company, "showroom": showroom, "timezone": timezone}})
    if db is None:
        # The service's own, which may just be starting for the first time.
        make_own_folder(settings)
        opened = open_for_writing(settings.database.used_url)
    else:
        opened = open_for_changes(db)
    with disposing(opened) as engine, Session(engine) as session, session.begin():
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


accounts_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The accounts by which people log in to the pages."
)
audit_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The audit log: who did and who read what."
)
app.add_typer(accounts_app, name="accounts")
app.add_typer(audit_app, name="audit")


@accounts_app.command("link")
def account_link(
    name: Annotated[str, typer.Argument(help="The account.")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Make a one-time link by which an account's owner chooses a password, as when the only administrator has forgotten theirs."""
    import time

    from sqlalchemy.orm import Session

    from central.accounts.account_book import AccountError, account_named
    from central.accounts.invitations import invite
    from central.arguments import read_settings
    from central.audit.audit_log import COMMAND_LINE, note
    from central.database.engine import disposing, open_for_changes

    settings = read_settings(config, CONFIG)
    opened = open_for_changes(db or settings.database.used_url)
    with disposing(opened) as engine, Session(engine) as session, session.begin():
        account = account_named(session, name)
        if account is None:
            raise AccountError(f"there is no account named {name!r}")
        code = invite(session, account.id, time.time())
        note(session, time.time(), COMMAND_LINE, "link made", account.actor)
    print(f"{settings.web.shown_url}/invitation/{code}")


@audit_app.command("verify")
def verify_audit(
    holds: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER:HASH",
            help="A line that this command printed before: the log must still hold it.",
            show_default=False,
        ),
    ] = None,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Go along the chain of the audit log: one letter that was changed is found, and ends this with exit code 1."""
    from sqlalchemy.orm import Session

    from central.arguments import numbered_hash, read_settings
    from central.audit.audit_log import digest_at, verify
    from central.database.engine import disposing, open_for_reading

    kept = numbered_hash(holds) if holds is not None else None
    url = db or read_settings(config, CONFIG).database.used_url
    with disposing(open_for_reading(url)) as engine, Session(engine) as session:
        found = verify(session)
        rewritten = kept is not None and digest_at(session, kept[0]) != kept[1]
    if found.broken_at is not None:
        print(
            f"The audit log is not as it was written: entry {found.broken_at} does not fit the one before it."
        )
        raise typer.Exit(1)
    if kept is not None and rewritten:
        print(f"The audit log was written anew: its entry {kept[0]} is not the one that was kept.")
        raise typer.Exit(1)
    print(f"{found.entries} entries, and their chain holds. Keep this elsewhere, for --holds:")
    print(f"{found.entries}:{found.head}")


def main() -> None:
    """Run the command line; what the user can mend ends it with its text, not with a traceback."""
    run_to_its_end(app)


if __name__ == "__main__":
    main()
