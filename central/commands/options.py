"""The options that commands of several groups share."""

from pathlib import Path
from typing import Annotated

import typer

CONFIG = Path("/etc/deskside/central.toml")
"""Where the service's settings lie unless `--config` names another file."""

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", help=f"Settings of the service; {CONFIG} where it exists.", show_default=False),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="FILE|URL",
        help="Database, as a file or a URL, in place of the settings'.",
        show_default=False,
    ),
]
StandardsFolder = Annotated[
    Path | None, typer.Option("--standards", help="Where the service standards lie.", show_default=False)
]
