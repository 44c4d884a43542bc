"""The text of a file that a person wrote, with whichever editor, and what they probably meant where it is no TOML."""

import re
import tomllib
from pathlib import Path
from typing import Any

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CURLY = re.compile("[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]")
_HEADER = re.compile(r"^\s*\[([\w.-]+)\]")


class NotReadableError(ValueError):
    """The text is none that can be read; it says why, and in which line where that is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def text_of(path: Path) -> str:
    """The text of a file in UTF-8, with or without a byte order mark, its lines ended by a line feed alone.

    Raises:
        NotReadableError: It is no such text.
        OSError: It cannot be read.
    """
    raw = path.read_bytes()
    if raw.startswith(_UTF16):
        raise NotReadableError("is UTF-16 text: save it as UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise NotReadableError("is not UTF-8 text: save it as UTF-8", line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def document_of(text: str) -> dict[str, Any]:
    """What a TOML text says.

    Raises:
        NotReadableError: It is no TOML.
    """
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+)", str(error))
        number = int(where[1]) if where else None
        message = re.sub(r"\s*\(at [^)]*\)", "", str(error))
        lines = text.split("\n")
        line = lines[number - 1] if number and number <= len(lines) else ""
        hint = _meant(line, text, message)
        raise NotReadableError(f"is no valid TOML: {message}{hint}", number) from None
    except RecursionError:
        raise NotReadableError("is no valid TOML: too many brackets lie inside each other") from None


_HINTS = (
    (_CURLY, 'write straight quotes, "..."'),
    (re.compile("\u00a0"), "there is a no-break space: write a plain one"),
    (re.compile(r"=\s*-?\d+,\d+\s*(?:#.*)?$"), "decimals begin with a point"),
    (re.compile(r"""=\s*(?!true\b|false\b|inf\b|nan\b)[^\s"'\[{#\d+-]"""), "text stands in quotes"),
    (re.compile(r"\\"), "a backslash stands twice, or the text in single quotes"),
)
"""What people write that TOML does not know, as it looks in the line, and what to write instead."""


def _meant(line: str, text: str, message: str) -> str:
    """What was probably meant, to be put behind what is wrong."""
    header = _HEADER.match(line)
    if header and ("twice" in message or "Cannot" in message):
        again = re.findall(rf"^\s*\[+{re.escape(header[1])}\]", text, re.MULTILINE)
        return f"; where there may be several, each begins with [[{header[1]}]]" if len(again) > 1 else ""
    return next((f"; {hint}" for looks, hint in _HINTS if looks.search(line)), "")
