"""`deskside-central accounts ...`: the accounts by which people log in to the pages."""

from typing import Annotated

import typer

from central.commands.options import CONFIG, ConfigFile, DatabaseUrl

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The accounts by which people log in to the pages."
)


@app.command("link")
def account_link(
    name: Annotated[str, typer.Argument(help="The account.")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Make a one-time link by which an account's owner chooses a password, as when the only administrator has forgotten theirs."""
    import time

    from central.accounts.account_book import known_account
    from central.accounts.invitations import invite
    from central.arguments import read_settings
    from central.audit.audit_log import COMMAND_LINE, note
    from central.commands.command_database import changing

    settings = read_settings(config, CONFIG)
    with changing(config, db or settings.database.used_url) as session:
        account = known_account(session, name)
        code = invite(session, account.id, time.time())
        note(session, time.time(), COMMAND_LINE, "link made", account.actor)
    print(f"{settings.web.shown_url}/invitation/{code}")
