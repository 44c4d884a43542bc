"""Text from outside, so that it can be shown: what would write, erase or turn lines in a log, a terminal or a page is escaped."""

import logging
import re

_WRITES = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters, newline and ESC among them (Unicode category Cc)
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they turn the direction of what follows (Unicode UAX 9)
    "\u2028\u2029"  # line and paragraph separators
    "\ud800-\udfff]"  # halves of a surrogate pair, which no terminal and no file takes
)


def printable(text: str) -> str:
    r"""The text with every character escaped that is not to be shown but to be obeyed.

    >>> print(printable("desk-3\n\x1b[2JINFO all is well"))
    desk-3\n\x1b[2JINFO all is well
    """
    return _WRITES.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape", "surrogatepass").decode()


class OneLineFormatter(logging.Formatter):
    """Writes each message on one line of its own, whatever stands in it; a traceback follows on lines of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  The name is logging's.
        """The message with its level, printable."""
        return printable(super().formatMessage(record))
