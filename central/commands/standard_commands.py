"""`deskside-central standards ...`: the service standards that are scored by."""

from typing import Annotated

import typer

from central.commands.options import CONFIG, ConfigFile, StandardsFolder

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The service standards that are scored by."
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
