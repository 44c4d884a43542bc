"""`deskside-central standards ...`: the service standards, those of the folder and those that are written, approved and put into force."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from central.commands.options import CONFIG, ConfigFile, DatabaseUrl, StandardsFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from central.accounts.account_book import Account
    from central.accounts.roles import Right

By = Annotated[str, typer.Option(help="The account in whose name it is done.")]
VersionLabel = Annotated[str, typer.Argument(metavar="NAME@VERSION", help="The version.")]

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="The service standards: those of the folder, and those in the database.",
)


@app.command("list")
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


@app.command("check")
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


@app.command("versions")
def list_versions(config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """List the versions in the database, each with its state."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from central.accounts.account_book import accounts
    from central.commands.command_database import reading
    from central.standards.standard_versions import standard_versions

    table = Table("version", "company", "title", "state", "written by", "approved by")
    with reading(config, db) as session:
        names = {account.id: account.name for account in accounts(session)}
        for each in standard_versions(session):
            approver = "" if each.approved_by is None else names.get(each.approved_by, "")
            cells = (
                each.standard.label,
                each.company or "every company",
                each.standard.title,
                each.state,
                names.get(each.author, ""),
                approver,
            )
            table.add_row(*map(Text, cells))
    Console(markup=False, emoji=False).print(
        table if table.rows else Text("No standard has been written into the database.")
    )


@app.command("write")
def write_command(
    file: Annotated[Path, typer.Argument(help="The standard, as TOML.")],
    by: By,
    company: Annotated[
        str,
        typer.Option(
            help="The company it is for, where the account's roles reach more than one.",
            show_default="every company, where they reach all",
        ),
    ] = "",
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Keep a standard in the database as a draft; its author's draft of that version is replaced."""
    import time

    from central.arguments import read_settings
    from central.commands.command_database import changing
    from central.standards.standard_companies import company_for_draft
    from central.standards.standard_versions import rewrite_draft, standard_version, write_standard
    from protocol.standard import Standard
    from protocol.standards_folder import folder_standard
    from protocol.toml_file import parse, read_text

    text = read_text(file, Standard)
    standard = parse(text, Standard, file)
    folder = read_settings(config, CONFIG).standards.folder
    with changing(config, db) as session:
        author = _account(session, by, "write_standards")
        whose = company_for_draft(session, author.grants, standard.name, company)
        if standard_version(session, standard.name, standard.version) is None:
            beside = folder_standard(standard.name, folder)
            write_standard(session, text, author.id, time.time(), beside=beside, company=whose)
        else:
            rewrite_draft(session, standard.name, standard.version, text, author.id, time.time())
    print(f"{standard.label} is a draft. Another account approves it.")


@app.command("approve")
def approve_command(version: VersionLabel, by: By, config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """Approve a draft that another account wrote: it may be tried in one showroom, and never changes again."""
    from central.standards.standard_versions import approve_standard

    _take_step(approve_standard, version, by, config, db)
    print(f"{version} is approved, and a pilot.")


@app.command("make-active")
def make_active_command(
    version: VersionLabel, by: By, config: ConfigFile = None, db: DatabaseUrl = None
) -> None:
    """Let a pilot come into force in any showroom."""
    from central.standards.standard_versions import make_standard_active

    _take_step(make_standard_active, version, by, config, db)
    print(f"{version} is active.")


@app.command("retire")
def retire_command(version: VersionLabel, by: By, config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """Let a version come into force nowhere any more."""
    from central.standards.activations import retire_unused

    _take_step(retire_unused, version, by, config, db)
    print(f"{version} is retired.")


@app.command("put-into-force")
def put_into_force_command(
    version: VersionLabel,
    showroom: Annotated[str, typer.Option(help="The showroom, by its name.")],
    by: By,
    company: Annotated[
        str | None, typer.Option(help="Its company, where two have such a showroom.", show_default=False)
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MOMENT",
            help="YYYY-MM-DD or 'YYYY-MM-DD HH:MM' by the showroom's clock.",
            show_default="now",
        ),
    ] = None,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Put a version into force in a showroom from a moment on: its desks are sent it."""
    import time

    from central.accounts.account_book import AccountError
    from central.accounts.roles import may_at
    from central.arguments import named_version, one_moment
    from central.commands.command_database import changing
    from central.showrooms.premises import known_showroom
    from central.standards.activations import activate_standard

    name, number = named_version(version)
    with changing(config, db) as session:
        place = known_showroom(session, showroom, company)
        account = _account(session, by, "approve_standards")
        if not may_at(account.grants, "approve_standards", place.company, place.name):
            raise AccountError(f"the roles of {by} do not reach {place.company}, {place.name}")
        now_s = time.time()
        from_s = now_s if since is None else one_moment("--from", since, place.timezone)
        activate_standard(session, name, number, place, from_s, account.id, now_s)
    print(f"{version} is in force in {place.name} from {since or 'now'} on.")


@app.command("make-key")
def make_key_command(config: ConfigFile = None) -> None:
    """Make the key by which standards are signed for the desks, and print its public line for their files."""
    from central.arguments import make_own_folder, read_settings
    from central.settings import Database
    from central.standards.signing_key import make_signing_key

    settings = read_settings(config, CONFIG)
    if settings.standards.signing_key is None:
        make_own_folder(settings.model_copy(update={"database": Database()}))
    print(make_signing_key(settings.standards.used_signing_key))


@app.command("show-key")
def show_key_command(config: ConfigFile = None) -> None:
    """Print the public line of the key: what the file named by a desk's desk.standard_keys holds."""
    from central.arguments import read_settings
    from central.standards.signing_key import shown_signing_key

    print(shown_signing_key(read_settings(config, CONFIG).standards.used_signing_key))


def _take_step(
    step: "Callable[[Session, str, int, int, float], object]",
    version: str,
    by: str,
    config: Path | None,
    db: str | None,
) -> None:
    """Do a step with a version in the name of an account that may approve: with the version's name and number, the account and the time."""
    import time

    from central.accounts.account_book import AccountError
    from central.accounts.roles import may_for_company
    from central.arguments import named_version
    from central.commands.command_database import changing
    from central.standards.standard_versions import known_version

    name, number = named_version(version)
    with changing(config, db) as session:
        account = _account(session, by, "approve_standards")
        whose = known_version(session, name, number).company
        if not may_for_company(account.grants, "approve_standards", whose):
            raise AccountError(
                f"the roles of {by} do not reach {whose or 'every company'}, which {version} is for"
            )
        step(session, name, number, account.id, time.time())


def _account(session: "Session", name: str, right: "Right") -> "Account":
    """An open account that has a right; that the command line acts in its name is noted before what it does.

    Raises:
        AccountError: There is none of that name, it is closed, or it has no such right.
    """
    import time

    from central.accounts.account_book import AccountError, account_named
    from central.accounts.roles import RIGHTS, may
    from central.audit.audit_log import COMMAND_LINE, note

    account = account_named(session, name)
    if account is None or not account.open:
        raise AccountError(f"there is no open account named {name!r}")
    if not may(account.grants, right):
        roles = " or ".join(role.replace("_", " ") for role, rights in RIGHTS.items() if right in rights)
        raise AccountError(f"{account.name} may not do that: it takes the role of {roles}")
    note(session, time.time(), COMMAND_LINE, "acts in the name of", account.actor)
    return account
