"""`deskside-central exempt ...`: by which clauses somebody is not judged."""

from typing import Annotated

import typer

from central.commands.options import ConfigFile, DatabaseUrl

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="By which clauses somebody is not judged; the reason is read on the pages, by them and by whoever signed.",
)

By = Annotated[str, typer.Option(metavar="ACCOUNT", help="Account of whoever signs, with a role that may.")]


@app.command("give")
def give_command(
    person: Annotated[str, typer.Argument(help="Their pseudonym.")],
    clause: Annotated[str, typer.Argument(help="Such as smile.teeth.")],
    reason: Annotated[str, typer.Option(help="Why; read by that person and the signer only.")],
    by: By,
    account: Annotated[
        str, typer.Option(help="The person's own account, by which they read it.", show_default="none")
    ] = "",
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="MOMENT", help="YYYY-MM-DD HH:MM in UTC.", show_default="now"),
    ] = None,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Exempt somebody from a clause, from a moment on."""
    import time

    from central.arguments import one_moment
    from central.commands.command_database import changing
    from central.reports.exemption_book import sign, signing_account

    now_wall_s = time.time()
    from_wall_s = now_wall_s if since is None else one_moment("--from", since, "UTC")
    with changing(config, db) as session:
        made = sign(
            session,
            signing_account(session, by),
            person=person,
            clause=clause,
            reason=reason,
            own_account=account,
            from_wall_s=from_wall_s,
            now_wall_s=now_wall_s,
            by_command=True,
        )
    print(f"{made.person} is not judged by {made.clause}: exemption {made.number}.")


@app.command("end")
def end_command(
    number: Annotated[int, typer.Argument(help="Of `exempt list`.")],
    by: By,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """End an exemption now; what was judged while it held stays as it is."""
    import time

    from central.commands.command_database import changing
    from central.reports.exemption_book import end, signing_account

    now_wall_s = time.time()
    with changing(config, db) as session:
        ended = end(session, signing_account(session, by), number, now_wall_s, by_command=True)
    print(f"{ended.person} is judged by {ended.clause} again.")


@app.command("list")
def list_command(config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """List who is or was exempt from what, and since when; no reasons."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.commands.command_database import reading
    from central.people.exemptions import exemptions
    from central.reports import wording

    table = Table("number", "person", "clause", "from (UTC)", "until (UTC)")
    with reading(config, db) as session:
        for each in exemptions(session):
            until = "" if each.until_s is None else wording.moment(each.until_s, "UTC")
            cells = (str(each.number), each.person, each.clause, wording.moment(each.from_s, "UTC"), until)
            table.add_row(*map(Text, cells))
    Console(markup=False, emoji=False).print(table if table.rows else Text("Nobody is exempt from a clause."))
