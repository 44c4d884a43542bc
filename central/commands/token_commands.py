"""`deskside-central tokens ...`: the tokens by which programs read and write in an account's name."""

from typing import Annotated

import typer

from central.commands.options import CONFIG, ConfigFile, DatabaseUrl

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="The tokens by which programs read and write in an account's name, over the API.",
)


@app.command("make")
def make_command(
    account: Annotated[str, typer.Argument(help="In whose name it reads and writes.")],
    name: Annotated[str, typer.Option(help="What it is for.")],
    permit: Annotated[list[str], typer.Option(help="Such as visits:read; more than once for several.")],
    days: Annotated[int, typer.Option(help="After which it ends.")] = 90,
    company: Annotated[
        str,
        typer.Option(help="It reaches no further than there.", show_default="all that the account reaches"),
    ] = "",
    showroom: Annotated[
        str, typer.Option(help="Of that company.", show_default="all that the account reaches")
    ] = "",
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Make a token, and print it: it is shown once, and kept only as its hash."""
    import sys
    import time

    from central.accounts.account_book import AccountError, known_account
    from central.accounts.roles import Scope
    from central.accounts.tokens import make_token, token_noted
    from central.arguments import read_settings
    from central.audit.audit_log import COMMAND_LINE, note
    from central.commands.command_database import changing

    settings = read_settings(config, CONFIG)
    now_wall_s = time.time()
    with changing(config, db or settings.database.used_url) as session:
        owner = known_account(session, account)
        if not owner.open:
            raise AccountError(f"the account {owner.name} is closed: open it first")
        token, secret = make_token(
            session, owner.id, name, permit, days, now_wall_s, Scope(company.strip(), showroom.strip())
        )
        detail = f"{token_noted(token)}, for {owner.actor}"
        note(session, now_wall_s, COMMAND_LINE, "token made", f"token {token.id}", detail)
    print(f"token {token.id} of {owner.name}; it is shown this once:", file=sys.stderr)
    print(secret)


@app.command("list")
def list_command(
    account: Annotated[str | None, typer.Argument(help="Only this account's.", show_default="all")] = None,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """List tokens: what each permits, until when, and when it was last used."""
    import time

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.accounts.account_book import accounts, known_account
    from central.accounts.tokens import tokens_of
    from central.commands.command_database import reading
    from central.reports import wording

    now_wall_s = time.time()
    table = Table("number", "account", "name", "permits", "within", "until (UTC)", "last used (UTC)")
    with reading(config, db) as session:
        names = {each.id: each.name for each in accounts(session)}
        only = None if account is None else known_account(session, account).id
        for token in tokens_of(session, only):
            until = wording.moment(token.until_wall_s, "UTC")
            if not token.holds_at(now_wall_s):
                until = "ended" if token.revoked_wall_s is None else "revoked"
            used = "" if token.used_wall_s is None else wording.moment(token.used_wall_s, "UTC")
            within = " · ".join(filter(None, (token.scope.company, token.scope.showroom)))
            permits = "\n".join(token.permits)
            cells = (str(token.id), names[token.account], token.label, permits, within, until, used)
            table.add_row(*map(Text, cells))
    Console(markup=False, emoji=False).print(table if table.rows else Text("There is no token."))


@app.command("revoke")
def revoke_command(
    number: Annotated[int, typer.Argument(help="Of `tokens list`.")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Let a token open nothing any more, from now on."""
    import time

    from central.accounts.tokens import revoke_token
    from central.audit.audit_log import COMMAND_LINE, note
    from central.commands.command_database import changing

    with changing(config, db) as session:
        token = revoke_token(session, number, time.time())
        detail = f"for account {token.account}"
        note(session, time.time(), COMMAND_LINE, "token revoked", f"token {number}", detail)
    print(f"Token {number} opens nothing any more.")
