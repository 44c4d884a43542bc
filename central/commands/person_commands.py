"""`deskside-central persons ...`: hand out what is held about a person, and erase them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from central.commands.options import ConfigFile, DatabaseUrl

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from central.accounts.account_book import Account

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="What is held about a person: handed out, or erased."
)

Pseudonym = Annotated[str, typer.Argument(help="What they sign in with at a desk.")]
AccountName = Annotated[
    str | None,
    typer.Option(
        "--account",
        help="Name of their account.",
        show_default="the one that the page of people says is theirs",
    ),
]


@app.command("export")
def export_command(
    pseudonym: Pseudonym,
    out: Annotated[Path, typer.Option(help="The file to write.")],
    account: AccountName = None,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Write everything that is held about a person into a JSON file, to hand it to them."""
    import time

    from central.arguments import write_out
    from central.audit.audit_log import COMMAND_LINE, note
    from central.commands.command_database import changing
    from central.privacy.held_of_person import BEGINS, everything_held, written

    with changing(config, db) as session:
        theirs = _account_of(session, pseudonym, account)
        held = everything_held(session, pseudonym, theirs)
        write_out(out, written(held), BEGINS, "export of what is held about a person")
        out.chmod(0o600)
        # No name is written into the log: it is never changed, and names can be erased.
        note(
            session, time.time(), COMMAND_LINE, "data of a person handed out", theirs.actor if theirs else ""
        )
    print(
        f"{out}: {len(held['sign_ins'])} sign-ins, {len(held['shifts'])} shifts with what was measured in them"
    )


@app.command("erase")
def erase_command(
    pseudonym: Pseudonym,
    reason: Annotated[str, typer.Option(help="Why; it must not name the person.")],
    account: AccountName = None,
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask: this cannot be undone.")] = False,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Erase a person: every row forgets the name, and the figures of desk and team stay as they are."""
    import time

    from sqlalchemy.orm import Session

    from central.audit.audit_log import COMMAND_LINE
    from central.commands.command_database import database_url
    from central.database.engine import disposing, open_for_changes
    from central.privacy.erasing import erase, wipe_traces
    from central.privacy.naming import left_naming, names_of

    if not sure:
        typer.confirm(f"Erase {pseudonym!r} from every row? It cannot be undone", abort=True)
    with disposing(open_for_changes(database_url(config, db))) as engine:
        with Session(engine) as session, session.begin():
            theirs = _account_of(session, pseudonym, account)
            names = names_of(session, pseudonym, theirs)
            erasure = erase(
                session, pseudonym, account=theirs, actor=COMMAND_LINE, reason=reason, now_wall_s=time.time()
            )
            rows, name = erasure.rows, erasure.name
            session.flush()
            left = left_naming(session, names)
        wipe_traces(engine)
    print(
        f"Erased from {rows} rows, which name {name} from now on. Copies made by `backup` before still hold the person: delete those, too."
    )
    for where, count in left.items():
        print(
            f"The letters of a name still stand in {count} of {where}: look whether that means the person, and change it there."
        )


@app.command("erasures")
def erasures_command(config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """List when somebody was erased, by whom and why; never who it was."""
    from datetime import UTC, datetime

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.commands.command_database import reading
    from central.privacy.erasures import erasures

    table = Table("done (UTC)", "by", "rows", "reason")
    with reading(config, db) as session:
        for row in erasures(session):
            done = datetime.fromtimestamp(row.done_wall_s, UTC).strftime("%Y-%m-%d %H:%M")
            table.add_row(*map(Text, (done, row.made_by, str(row.rows), row.reason)))
    Console(markup=False, emoji=False).print(table if table.rows else Text("Nobody was erased."))


def _account_of(session: "Session", pseudonym: str, named: str | None) -> "Account | None":
    """The account that is named, or else the one that is known to be theirs."""
    from central.accounts.account_book import account_of, known_account
    from central.accounts.own_person import accounts_of_people

    if named is not None:
        return known_account(session, named)
    linked = accounts_of_people(session).get(pseudonym)
    return None if linked is None else account_of(session, linked)
