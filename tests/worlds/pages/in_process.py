"""The API asked within the test's own process, so that its seconds are scripted and its statements are counted."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import Engine, event

from central.web.house import House


class ScriptedHouse(House):
    """A service whose clock is the test's."""

    now_s = 1_790_000_000.0

    def now_wall_s(self) -> float:
        return self.now_s


class ProgramInside:
    """A program that asks the API within this process."""

    def __init__(self, app: Any, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def request(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        async def asked() -> httpx.Response:
            way = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=way, base_url="http://testserver") as client:
                return await client.request(method, path, headers=self.headers | (headers or {}), **more)

        return asyncio.run(asked())


@contextmanager
def statements_run() -> Iterator[list[str]]:
    """Every statement that this process gives to any database while the context lasts."""
    found: list[str] = []

    def note(*told: Any) -> None:
        found.append(told[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)
