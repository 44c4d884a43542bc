"""How either command line ends: what the user can mend is told in words, never as a traceback."""

import getpass
import sys
from collections.abc import Callable

from protocol.errors import MendableError
from protocol.home import at_home

EXTRAS = {
    "central": (
        *(
            "alembic",
            "amqtt",
            "argon2",
            "babel",
            "fastapi",
            "holidays",
            "httpx",
            "jinja2",
            "joserfc",
            "msgspec",
            "prometheus_client",
        ),
        *("psycopg", "python_multipart", "sqlalchemy", "uvicorn", "webauthn"),
    ),
    "plot": ("matplotlib",),
}
"""What is imported of packages that an extra of pyproject.toml brings, and no desk needs while it measures."""


def run_to_its_end(commands: Callable[[], object]) -> None:
    """Run a command line; an error that the user can mend ends it with its text and exit code 2.

    A file that the machine refuses is such an error, wherever it is met, and so is a package that only an extra brings. ``--out=~/x`` means somebody's home, as ``--out ~/x`` does: shells
    see to the second only.
    """
    sys.argv[1:] = [_at_home(argument) for argument in sys.argv[1:]]
    try:
        commands()
    except MendableError as error:
        print(error, file=sys.stderr)
    except ModuleNotFoundError as error:
        extra = _extra_of(error.name)
        if extra is None:
            raise
        print(
            f"this needs {error.name}, which is not installed: `pip install 'deskside[{extra}]'` brings it",
            file=sys.stderr,
        )
    except OSError as error:
        if error.filename is None:
            raise
        print(f"{_shown(error.filename)}: {refusal(error)}", file=sys.stderr)
    else:
        return
    sys.exit(2)


def _extra_of(module: str | None) -> str | None:
    package = (module or "").partition(".")[0]
    return next((extra for extra, packages in EXTRAS.items() if package in packages), None)


def refusal(error: OSError) -> str:
    """Why the machine refused a file, and to whom, where another user would have got it."""
    reason = error.strerror or str(error)
    if not isinstance(error, PermissionError):
        return reason
    return f"{reason} (user {_user()}); run this as a user who may, as with `sudo -u deskside`, or as root"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "without a name"


def _shown(filename: object) -> str:
    return filename.decode(errors="replace") if isinstance(filename, bytes) else str(filename)


def _at_home(argument: str) -> str:
    name, equals, value = argument.partition("=")
    return f"{name}={at_home(value)}" if equals else argument
