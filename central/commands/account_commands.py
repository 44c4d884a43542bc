"""`deskside-central accounts ...`: the accounts by which people log in to the pages."""

from typing import Annotated

import typer

from central.commands.options import CONFIG, ConfigFile, DatabaseUrl

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The accounts by which people log in to the pages."
)


@app.command("connect")
def connect_command(
    name: Annotated[str, typer.Argument(help="The account.")],
    provider: Annotated[str, typer.Option(help="Name of the provider of log-ins, as in [[login]].")],
    subject: Annotated[str, typer.Option(help="What the provider calls the person (sub).")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Say who an account is at a company's own provider of log-ins; whoever was said before is it no more."""
    import time

    from central.accounts.account_book import known_account
    from central.accounts.identities import connect
    from central.arguments import CommandError, read_settings
    from central.audit.audit_log import COMMAND_LINE, note
    from central.commands.command_database import changing

    settings = read_settings(config, CONFIG)
    found = next((each for each in settings.login if each.name == provider), None)
    if found is None:
        known = ", ".join(each.name for each in settings.login) or "none"
        raise CommandError(f"the settings have no [[login]] named {provider!r}; known: {known}")
    with changing(config, db or settings.database.used_url) as session:
        account = known_account(session, name)
        connect(session, account.id, found.issuer, subject.strip(), time.time())
        note(session, time.time(), COMMAND_LINE, "account connected", account.actor, f"provider {provider}")
    print(f"{account.name} logs in with {found.title}.")


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
