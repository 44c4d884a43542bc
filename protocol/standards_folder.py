"""The folder of service standards: which there are, and reading one by its name or its file."""

from pathlib import Path

from protocol.home import at_home
from protocol.names import nearest_name
from protocol.shipped import STANDARDS
from protocol.standard import Standard
from protocol.toml_file import BadFileError, Problem, load


def standard_names(folder: Path = STANDARDS) -> tuple[str, ...]:
    """Names of the standards in a folder.

    Raises:
        BadFileError: The folder cannot be read.
    """
    try:
        return tuple(sorted(file.stem for file in folder.iterdir() if file.suffix == ".toml"))
    except OSError as error:
        problem = f"the folder of standards cannot be read: {error.strerror}"
        raise BadFileError(folder, (Problem("", problem, None),)) from None


def standard_file(name_or_file: str, folder: Path = STANDARDS) -> Path:
    """The file of a standard.

    Args:
        name_or_file: ``eight-teeth``, or the path of a file that ends in ``.toml``.
        folder: Where names are looked up.

    Raises:
        BadFileError: The folder cannot be read, or has no standard of that name.
    """
    if name_or_file.endswith(".toml"):
        return Path(at_home(name_or_file))
    path = folder / f"{name_or_file}.toml"
    if name_or_file not in standard_names(folder):
        known = ", ".join(standard_names(folder)) or "none"
        raise BadFileError(
            path,
            (
                Problem(
                    "",
                    f"there is no standard named {name_or_file!r}; known: {known}; or name a file that ends in .toml",
                    None,
                ),
            ),
        )
    return path


def find_standard(name_or_file: str, folder: Path = STANDARDS) -> Standard:
    """Read a standard, named as for `standard_file`.

    Raises:
        BadFileError: There is no such standard, or its file cannot be used.
    """
    return load(standard_file(name_or_file, folder), Standard)


def folder_standard(name: str, folder: Path = STANDARDS) -> Standard | None:
    """The standard of that name in a folder; None where it has none, or one that cannot be used."""
    try:
        return find_standard(name, folder) if name in standard_names(folder) else None
    except BadFileError:
        return None


def copied_name(standard: Standard, name_or_file: str, folder: Path = STANDARDS) -> str | None:
    """What is wrong with a standard that still bears the name of the one it was copied from; None where nothing is.

    Under one name would go two standards: no report could tell which of them it was made under.
    """
    path = standard_file(name_or_file, folder)
    original = next(
        (file for place in (folder, STANDARDS) if (file := place / f"{standard.name}.toml").exists()), None
    )
    if original is None or path.stem == standard.name or original.resolve() == path.resolve():
        return None
    own = nearest_name(path.stem) or "house"
    return f'{path}: its name is still that of {original}: give it its own, such as name = "{own}"'
