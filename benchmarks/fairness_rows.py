"""Rows of the page on who is measured how well: a share of cases with its interval, and how a page holds them."""

import re
from dataclasses import dataclass

from central.statistics.share import share_of

HEAD = (
    "| what | of whom | right | 95 % | not told |\n|---|---|---|---|---|",
    "<!-- measured: {name} -->",
    "<!-- end: {name} -->",
)
"""The head of a table, and the marks between which it stands on the page."""


@dataclass(frozen=True, slots=True)
class FairnessRow:
    """One measure on one group."""

    what: str
    group: str
    right: int
    told: int
    untold: int = 0
    """Cases in which the product said nothing."""

    @property
    def line(self) -> str:
        """The row of a table on a page."""
        share = share_of(self.right, self.told)
        interval = "none" if share is None else f"{100 * share.low:.0f} to {100 * share.high:.0f} %"
        return f"| {self.what} | {self.group} | {self.right} of {self.told} | {interval} | {self.untold} |"


class Counted:
    """Cases of one measure on one group, as they come."""

    def __init__(self, what: str, group: str) -> None:
        self._what, self._group = what, group
        self._right = self._told = self._untold = 0

    def add(self, right: bool | None) -> None:  # noqa: FBT001 - what happened
        """Count a case; None where nothing was told."""
        if right is None:
            self._untold += 1
        else:
            self._told += 1
            self._right += right

    @property
    def row(self) -> FairnessRow:
        """The row."""
        return FairnessRow(self._what, self._group, self._right, self._told, self._untold)


def table(rows: list[FairnessRow]) -> str:
    """A table in Markdown."""
    return "\n".join([HEAD[0], *(row.line for row in rows)])


def table_on(page: str, name: str) -> str:
    """The table of a name as it stands on a page.

    Raises:
        ValueError: The page has no such table.
    """
    found = _between(name).search(page)
    if found is None:
        raise ValueError(f"the page has no marks for the table {name!r}")
    return found[1].strip()


def with_table(page: str, name: str, rows: list[FairnessRow]) -> str:
    """The page with the table of a name written anew."""
    table_on(page, name)
    begin, end = (mark.format(name=name) for mark in HEAD[1:])
    return _between(name).sub(lambda _: f"{begin}\n{table(rows)}\n{end}", page)


def _between(name: str) -> re.Pattern[str]:
    begin, end = (re.escape(mark.format(name=name)) for mark in HEAD[1:])
    return re.compile(f"{begin}\n(.*?){end}", re.DOTALL)
