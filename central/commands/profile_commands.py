"""`deskside-central profiles ...`: by which profile each showroom works, proposed by one person and signed by another."""

from typing import Annotated

import typer

from central.commands.options import ConfigFile, DatabaseUrl

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="By which profile each showroom works: what may be measured of a host, kept how long and read by whom.",
)

By = Annotated[str, typer.Option(metavar="ACCOUNT", help="Account of whoever decides, with a role that may.")]


@app.command("list")
def list_command(config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """List the showrooms with the profile that holds there, and what is proposed."""
    import time

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.commands.command_database import reading
    from central.reports.profile_book import listed_profiles

    table = Table("showroom", "profile", "since (UTC)", "proposed")
    with reading(config, db) as session:
        for each in listed_profiles(session, time.time()):
            table.add_row(*map(Text, each))
    Console(markup=False, emoji=False).print(table if table.rows else Text("There is no showroom yet."))


@app.command("show")
def show_command(
    name: Annotated[str, typer.Argument(help="Such as eu; `profiles list` names them.")],
) -> None:
    """Show what a profile allows."""
    from central.reports.profile_book import words_of_profile

    for line in words_of_profile(name):
        print(line)


@app.command("propose")
def propose_command(
    showroom: Annotated[str, typer.Argument(help="COMPANY / SHOWROOM, as `profiles list` writes it.")],
    profile: Annotated[str, typer.Argument(help="Such as eu-agreed.")],
    reason: Annotated[str, typer.Option(help="Why; whoever signs reads it.")],
    by: By,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Propose another profile for a showroom; nothing changes until another person signs."""
    import time

    from central.commands.command_database import changing
    from central.reports.profile_book import deciding_account, place_within_reach
    from central.showrooms.profile_decisions import propose_profile

    with changing(config, db) as session:
        account = deciding_account(session, by)
        place = place_within_reach(session, account, showroom)
        number = propose_profile(session, place, profile, reason, account.id, time.time())
    print(
        f"Proposed: {showroom} is to work by {profile}. Another person signs it: profiles sign {number} --by ACCOUNT"
    )


@app.command("sign")
def sign_command(
    number: Annotated[int, typer.Argument(help="Of `profiles list`.")],
    by: By,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Sign what another person proposed: the showroom works by it from now on."""
    import time

    from central.commands.command_database import changing
    from central.reports.profile_book import deciding_account, proposal_within_reach
    from central.showrooms.profile_decisions import sign_profile

    with changing(config, db) as session:
        account = deciding_account(session, by)
        proposal, place = proposal_within_reach(session, account, number)
        sign_profile(session, number, account.id, time.time())
    print(f"{place.company} / {place.name} works by {proposal.profile.name} from now on.")
