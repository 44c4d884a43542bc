"""The central service's command line: `deskside-central serve | report | standards | desks | registry | duty | requests | exempt | profiles | persons | accounts | tokens | audit | rejected | backup | restore | migrate`.

Commands import what they need when they run: `deskside-central --help` waits for no database library.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from central.commands import (
    account_commands,
    audit_commands,
    crm_commands,
    database_commands,
    desk_commands,
    duty_commands,
    exemption_commands,
    person_commands,
    profile_commands,
    registry_commands,
    request_commands,
    simulation_commands,
    standard_commands,
    token_commands,
    trouble_commands,
)
from central.commands.options import CONFIG, ConfigFile, DatabaseUrl, StandardsFolder
from protocol.program import run_to_its_end

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=__doc__.split("\n")[0],
)
for group in (database_commands, trouble_commands, simulation_commands):
    app.add_typer(group.app)
for name, group in (
    ("standards", standard_commands),
    ("desks", desk_commands),
    ("registry", registry_commands),
    ("duty", duty_commands),
    ("requests", request_commands),
    ("exempt", exemption_commands),
    ("profiles", profile_commands),
    ("persons", person_commands),
    ("accounts", account_commands),
    ("tokens", token_commands),
    ("audit", audit_commands),
    ("crm", crm_commands),
):
    app.add_typer(group.app, name=name)


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

    from central.alerts.alert_book import forget_old_alerts
    from central.alerts.alert_thread import telling_alerts
    from central.arguments import changed, make_own_folder, network_address, read_settings
    from central.crm.linking import pulling_cases
    from central.ingest.own_broker import own_broker
    from central.ingest.runner import serve_until_signalled
    from central.privacy.ageing import ageing
    from central.verdicts.keeper import keeping_verdicts
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
        if not serve_until_signalled(
            settings,
            lambda _: keeping_verdicts(settings),
            lambda _: pulling_cases(settings),
            lambda _: ageing(
                settings, lambda session, kept, now_s: forget_old_alerts(session, kept.alerts_days, now_s)
            ),
            lambda _: telling_alerts(settings),
            *pages_beside(settings),
        ):
            raise typer.Exit(1)


@app.command()
def report(
    config: ConfigFile = None,
    db: DatabaseUrl = None,
    standard: Annotated[
        str | None, typer.Option(help="Name of a standard, or its file.", show_default="those in force")
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
    """Score what was measured, and show it day by day: under what was in force where and when, or all under one standard that is named."""
    from rich.console import Console
    from rich.text import Text

    from central.arguments import one_day, read_settings, write_page
    from central.commands.command_database import reading
    from central.reports.page import render_page
    from central.reports.report import build_report, report_json
    from central.reports.terminal import print_report
    from central.standards.in_force import StandardsInForce
    from central.verdicts.rules import standards_in_force
    from protocol.standards_folder import copied_name, find_standard

    settings = read_settings(config, CONFIG)
    folder = standards or settings.standards.folder
    named = standard or settings.standards.default
    chosen = find_standard(named, folder)
    if copied := copied_name(chosen, named, folder):
        print(copied, file=sys.stderr)
    only_day = one_day(day) if day else None
    with reading(config, db or settings.database.used_url) as session:
        rules = StandardsInForce(chosen) if standard else standards_in_force(session, chosen)
        result = build_report(session, rules, day=only_day, device=desk)
    if out is not None:
        write_page(out, render_page(result))
    if as_json:
        sys.stdout.buffer.write(report_json(result) + b"\n")
        return
    console = Console(markup=False, emoji=False)
    print_report(result, console)
    if out is not None:
        console.print(Text(f"The report page is {out}"))


def main() -> None:
    """Run the command line; what the user can mend ends it with its text, not with a traceback."""
    run_to_its_end(app)


if __name__ == "__main__":
    main()
