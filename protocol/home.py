"""``~`` in paths that people write, where no shell has put their home in its place."""

from pathlib import Path


def at_home(path: str) -> str:
    """The path with the home of whom its ``~`` or ``~NAME`` means; as it is where nobody is meant.

    >>> at_home("/srv/~x.mp4")
    '/srv/~x.mp4'
    """
    try:
        return str(Path(path).expanduser()) if path.startswith("~") else path
    except RuntimeError:  # There is no such user.
        return path
