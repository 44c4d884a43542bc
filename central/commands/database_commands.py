"""`deskside-central migrate | backup | restore`: the database as a whole."""

from pathlib import Path
from typing import Annotated

import typer

from central.commands.options import ConfigFile, DatabaseUrl

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="The database as a whole.")


@app.command("migrate")
def migrate_command(config: ConfigFile = None, db: DatabaseUrl = None) -> None:
    """Bring the tables of a database up to this software's version; what is in them is kept."""
    from central.commands.command_database import database_url
    from central.database.engine import disposing, migrate, open_for_migration

    with disposing(open_for_migration(database_url(config, db))) as engine:
        migrate(engine)
    print("The tables are up to date.")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The copy, a file that is not there yet.")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Copy the whole database to a file; the service may go on meanwhile."""
    from central.commands.command_database import database_url
    from central.database.backup import back_up

    back_up(database_url(config, db), file)
    print(f"The copy is {file}.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `backup` made.")],
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Make a database of a copy, where there is none yet; the service must not run."""
    from central.commands.command_database import database_url
    from central.database import backup as copies

    copies.restore(file, database_url(config, db))
    print(
        "The database is restored. What came since the copy the desks send again, as far as they still hold it."
    )
