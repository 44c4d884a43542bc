"""The page's own process hears the desk: the latest line it said, and the answers to what was asked of it; it comes back by itself."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from edge.page.page_state import LONGEST_LINE
from edge.parts.socket_path import reachable

log = logging.getLogger(__name__)

AGAIN_S = 0.5
"""Between two attempts to reach a desk that starts, or hangs."""
ANSWER_S = 3.0
"""How long an answer is waited for: a PIN takes the desk a tenth of a second."""
FRESH_S = 2.0
"""A line older than this is not shown to a browser that comes now."""


class DeskLink:
    """The connection to the desk that runs on this machine.

    Args:
        reach: Opens a stream to it.
    """

    def __init__(self, reach: Callable[[], Any]) -> None:
        self._reach = reach
        self._writer: asyncio.StreamWriter | None = None
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._asked = 0
        self._latest: tuple[bytes, float] | None = None
        self._listeners: set[asyncio.Queue[bytes]] = set()

    async def run(self) -> None:
        """Keep the connection for as long as the program runs."""
        while True:
            with suppress(OSError, asyncio.IncompleteReadError, ValueError):
                reader, self._writer = await self._reach()
                await self._hear(reader)
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            await asyncio.sleep(AGAIN_S)

    async def ask(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """Ask something of the desk; its answer, or None where none comes."""
        if self._writer is None:
            return None
        self._asked += 1
        number = self._asked
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        try:
            self._writer.write(json.dumps({**request, "number": number}).encode() + b"\n")
            return await asyncio.wait_for(answer, ANSWER_S)
        except (TimeoutError, OSError):
            return None
        finally:
            self._answers.pop(number, None)

    async def lines(self) -> AsyncGenerator[bytes, None]:
        """What the desk says from now on, the latest first where it still holds; a listener that is slow misses what is past."""
        listening: asyncio.Queue[bytes] = asyncio.Queue(maxsize=1)
        self._listeners.add(listening)
        now_s = asyncio.get_running_loop().time()
        if self._latest is not None and now_s - self._latest[1] < FRESH_S:
            listening.put_nowait(self._latest[0])
        try:
            while True:
                yield await listening.get()
        finally:
            self._listeners.discard(listening)

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            said = json.loads(line)
            if "answers" in said:
                waiting = self._answers.get(said["answers"])
                if waiting is not None and not waiting.done():
                    waiting.set_result(said)
                continue
            self._latest = line.strip(), asyncio.get_running_loop().time()
            for listening in self._listeners:
                if listening.full():
                    listening.get_nowait()
                listening.put_nowait(self._latest[0])


def reaching(file: Path) -> Callable[[], Any]:
    """Opens a stream to the desk's socket, however deep its folder lies."""

    async def reach() -> Any:
        with reachable(file) as address:
            return await asyncio.open_unix_connection(address, limit=2 * LONGEST_LINE)

    return reach
