"""The technician at the terminal: what they are told, asked and shown while a camera is set up."""

import base64
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import cv2
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from edge.arrays import Pixels
from edge.tools.calibrate.shown import in_terminal
from edge.tools.calibrate.shows import Shows


class NobodyThereError(Exception):
    """Nobody can answer: the input has ended."""


class Technician:
    """Whoever calibrates.

    Args:
        console: Their terminal.
        shows: How they want to see what the camera sees.
    """

    def __init__(self, console: Console, shows: Shows = Shows.NOT) -> None:
        self._console = console
        self._shows = shows

    def say(self, *lines: str) -> None:
        """Print lines as they are."""
        for line in lines:
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def ask_for(self, what: str) -> None:
        """Ask for something to be done, and wait for Enter.

        Raises:
            NobodyThereError: The input has ended.
        """
        self._console.print(
            f"{what}, then press Enter ", end="", markup=False, highlight=False, soft_wrap=True
        )
        if not sys.stdin.readline():
            self._console.print()
            raise NobodyThereError

    @contextmanager
    def progress(self, doing: str) -> Iterator[Callable[[float | None], None]]:
        """A bar while something goes on; gives what to tell it: the share done, None where that is not known."""
        columns = (TextColumn("{task.description}", markup=False), BarColumn())
        with Progress(
            *columns, console=self._console, transient=True, disable=not self._console.is_terminal
        ) as bar:
            task = bar.add_task(doing, total=None)

            def done(share: float | None) -> None:
                bar.update(task, completed=share or 0.0, total=None if share is None else 1.0)

            yield done

    def show(self, rgb: Pixels) -> None:
        """Show a picture, when they want to see any.

        Args:
            rgb: [height, width, 3].
        """
        if self._shows is Shows.NOT:
            return
        drawn = (
            in_terminal(rgb, self._console.width) if self._shows is Shows.TERMINAL else inline_picture(rgb)
        )
        self._console.file.write(f"{drawn}\n")
        self._console.file.flush()


def inline_picture(rgb: Pixels) -> str:
    """The picture as the escape sequence with which terminals draw pictures (iTerm2's inline images protocol).

    Args:
        rgb: [height, width, 3].
    """
    _, png = cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    encoded = base64.b64encode(png.tobytes()).decode()
    return f"\x1b]1337;File=inline=1;size={len(png)};width=100%:{encoded}\x07"
