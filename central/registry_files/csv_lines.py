"""CSV as spreadsheets write it, read line by line: pure, and whatever the bytes, no error hides another.

A cell may stand in quotes and hold the separator and doubled quotes, but no line break: so a quote that was never closed spoils one line,
not all that follow.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

SEPARATORS = (",", ";", "\t")
"""What stands between two cells: which of them a spreadsheet writes depends on the country it is set to."""
_LINE_END = re.compile(rb"\r\n|\n|\r")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
"""Blanks of every width (Unicode's space separators): a Chinese keyboard's, or one that does not break, is a blank."""
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class CsvFault:
    """One thing that is wrong in a file, with its place."""

    line: int
    """Counted from 1, as editors do."""
    column: int
    """Counted from 1; 0 where the whole line is meant."""
    what: str


@dataclass(frozen=True, slots=True)
class CsvLine:
    """One line that holds anything."""

    number: int
    cells: tuple[str, ...]
    """Without the white space around them, and with single blanks within."""


def read_lines(data: bytes, names: Sequence[str]) -> tuple[tuple[CsvLine, ...], tuple[CsvFault, ...]]:
    """Every line that holds anything, and everything that is wrong with how they are written.

    Args:
        data: The file, in UTF-8 with or without a mark, with any line ends.
        names: Names that may stand in the first line: whichever separator finds most of them there is the file's.
    """
    if data.startswith(_UTF16_MARKS):
        return (), (CsvFault(1, 0, "the file is written in UTF-16: save it as CSV in UTF-8"),)
    texts = [
        line.decode("utf-8", "surrogateescape") for line in _LINE_END.split(data.removeprefix(_UTF8_MARK))
    ]
    numbered = [*enumerate(texts, 1)]
    while numbered and not numbered[0][1].strip(" \t,;"):
        numbered.pop(0)
    if not numbered:
        return (), (CsvFault(1, 0, "the file is empty"),)
    separator = None
    if told := _SEPARATOR_LINE.fullmatch(numbered[0][1].strip()):
        separator, numbered = told[1], numbered[1:]
    if separator not in SEPARATORS:
        separator = _separator_of(numbered[0][1] if numbered else "", names)
    lines: list[CsvLine] = []
    faults: list[CsvFault] = []
    for number, text in numbered:
        cells, wrong = split_line(text, separator)
        if not any(cells) and not wrong:
            continue
        faults += [CsvFault(number, column, what) for column, what in wrong]
        for column, cell in enumerate(cells, 1):
            if what := _unreadable(cell):
                faults.append(CsvFault(number, column, what))
        lines.append(CsvLine(number, cells))
    return tuple(lines), tuple(faults)


def split_line(text: str, separator: str) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...]]:
    """The cells of one line, and what is wrong with its quotes, each with its column.

    >>> split_line('a;"b; ""c"" d" ;', ";")
    (('a', 'b; "c" d', ''), ())
    """
    cells: list[str] = []
    wrong: list[tuple[int, str]] = []
    at = 0
    while True:
        cell, at, what = _cell(text, at, separator)
        cells.append(cell)
        if what:
            wrong.append((len(cells), what))
        if at >= len(text):
            return tuple(cells), tuple(wrong)
        at += 1


def join_line(cells: Sequence[str]) -> str:
    """A line of comma-separated cells that `split_line` reads again; white space is made single blanks."""
    return ",".join(_quoted(" ".join(cell.split())) for cell in cells)


def _cell(text: str, start: int, separator: str) -> tuple[str, int, str | None]:
    """The cell that begins at a place, where it ends, and what is wrong with it."""
    end = _index(text, separator, start)
    begin = start
    while begin < len(text) and text[begin] in " \t" and text[begin] != separator:
        begin += 1
    if begin >= len(text) or text[begin] != '"':
        raw = text[start:end]
        return _plain(raw), end, "a quote stands inside a cell that is not quoted" if '"' in raw else None
    closing = _closing_quote(text, begin + 1)
    if closing is None:
        return _plain(text[begin + 1 : end]), end, "the quote is not closed on its line"
    end = _index(text, separator, closing + 1)
    content = _plain(text[begin + 1 : closing].replace('""', '"'))
    behind = text[closing + 1 : end].strip()
    return content, end, f"{behind[:20]!r} stands behind the closing quote" if behind else None


def _plain(text: str) -> str:
    """With single plain blanks in place of blanks of any width, and none around it."""
    return _BLANKS.sub(" ", text).strip(" \t")


def _closing_quote(text: str, start: int) -> int | None:
    at = start
    while (at := text.find('"', at)) >= 0:
        if text[at + 1 : at + 2] != '"':
            return at
        at += 2
    return None


def _index(text: str, separator: str, start: int) -> int:
    found = text.find(separator, start)
    return len(text) if found < 0 else found


def _separator_of(header: str, names: Sequence[str]) -> str:
    def found(separator: str) -> tuple[int, int]:
        cells, _ = split_line(header, separator)
        return sum(cell.lower() in names for cell in cells), len(cells)

    return max(SEPARATORS, key=found)


def _unreadable(cell: str) -> str | None:
    for letter in cell:
        if "\udc80" <= letter <= "\udcff":
            return f"is not UTF-8 (byte 0x{ord(letter) - 0xDC00:02X}): save the file as CSV in UTF-8"
        if not letter.isprintable() and letter != " ":
            return f"holds a character that cannot be seen (U+{ord(letter):04X})"
    return None


def _quoted(cell: str) -> str:
    if any(letter in cell for letter in (*SEPARATORS, '"')):
        return '"' + cell.replace('"', '""') + '"'
    return cell
