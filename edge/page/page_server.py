"""The host's page over HTTP, for browsers on this machine alone: a handful of addresses, and a stream of what the desk says."""

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, get_args

from edge.feedback.card_language import Language
from edge.page.page_link import DeskLink
from edge.page.page_words import page_words

log = logging.getLogger(__name__)

ASSETS = Path(__file__).with_name("assets")
COOKIE = "deskside-page"
HEAD_BYTES = 8192
"""Of a request's first lines; a browser sends less than one thousand."""
BODY_BYTES = 500
"""Of what is asked for by a button: some sixty are sent."""
HEAD_S = 10.0
"""How long a request's first lines may take."""
MOST_OPEN = 24
"""Connections at a time: a browser opens six."""
ON_ALL = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cache-Control": "no-store",
    "Connection": "close",
}
"""Every answer holds a browser to this page alone, and keeps nothing."""
_FILES = {
    "/": ("host.html", "text/html; charset=utf-8"),
    "/host.js": ("host.js", "text/javascript; charset=utf-8"),
    "/host.css": ("host.css", "text/css; charset=utf-8"),
}
_GO_ON = b'<!doctype html>\n<meta charset="utf-8"><title>Deskside</title><meta http-equiv="refresh" content="0;url=/">\n'


@dataclass(frozen=True, slots=True)
class PageVisit:
    """A request: its first line, its headers by their names in lower case, and its body."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class PageReply:
    """What is answered."""

    status: HTTPStatus
    kind: str = "text/plain; charset=utf-8"
    body: bytes = b""
    cookie: str | None = None


class PageServer:
    """Answers browsers on the loopback that have the token.

    Args:
        link: The way to the desk.
        token: What a browser must bring.
        port: Where it listens, as browsers must name it.
        language: In which language the page begins.
    """

    def __init__(self, link: DeskLink, token: str, port: int, language: Language) -> None:
        self._link = link
        self._token = token
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._files = {path: (ASSETS / name).read_bytes() for path, (name, _) in _FILES.items()}
        self._files["/"] = self._files["/"].replace(b'<html lang="en"', f'<html lang="{language}"'.encode())
        self._words = {
            f"/words/{each}": json.dumps(page_words(each), ensure_ascii=False).encode()
            for each in get_args(Language)
        }
        self._open = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection."""
        self._open += 1
        try:
            if self._open <= MOST_OPEN:
                await self._serve(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            log.debug("a connection ended in the middle")
        finally:
            self._open -= 1
            with suppress(OSError):
                writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = await asyncio.wait_for(_read(reader), HEAD_S)
        if visit is None:
            await _write(writer, PageReply(HTTPStatus.BAD_REQUEST))
        elif visit.path == "/events" and visit.method == "GET" and self._may_in(visit):
            await self._stream(reader, writer)
        else:
            await _write(writer, await self.answer(visit))

    async def answer(self, visit: PageVisit) -> PageReply:  # noqa: PLR0911  (one for each address)
        """The answer to a request, but for the stream."""
        if visit.headers.get("host") not in self._hosts:
            # Another name that leads here is another site's (DNS rebinding).
            return PageReply(HTTPStatus.MISDIRECTED_REQUEST)
        if visit.method == "GET" and hmac.compare_digest(
            visit.path.encode(), f"/start/{self._token}".encode()
        ):
            kept = f"{COOKIE}={self._token}; HttpOnly; SameSite=Strict; Path=/"
            return PageReply(HTTPStatus.OK, "text/html; charset=utf-8", _GO_ON, kept)
        if not self._may_in(visit):
            return PageReply(HTTPStatus.FORBIDDEN, body=b"This page opens on the desk's own screen.\n")
        if visit.method == "GET" and visit.path in self._files:
            return PageReply(HTTPStatus.OK, _FILES[visit.path][1], self._files[visit.path])
        if visit.method == "GET" and visit.path in self._words:
            return PageReply(HTTPStatus.OK, "application/json", self._words[visit.path])
        if visit.method == "POST" and visit.path == "/do":
            return await self._do(visit)
        return PageReply(HTTPStatus.NOT_FOUND)

    async def _do(self, visit: PageVisit) -> PageReply:
        if visit.headers.get("origin", "").removeprefix("http://") not in self._hosts:
            return PageReply(HTTPStatus.FORBIDDEN)
        if visit.headers.get("content-type") != "application/json":
            return PageReply(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            asked: Any = json.loads(visit.body)
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            return PageReply(HTTPStatus.BAD_REQUEST)
        told = await self._link.ask(asked)
        if told is None:
            return PageReply(HTTPStatus.SERVICE_UNAVAILABLE)
        return PageReply(HTTPStatus.OK, "application/json", json.dumps(told).encode())

    def _may_in(self, visit: PageVisit) -> bool:
        if visit.headers.get("host") not in self._hosts:
            return False
        kept = dict(
            pair.strip().partition("=")[::2] for pair in visit.headers.get("cookie", "").split(";") if pair
        )
        return hmac.compare_digest(kept.get(COOKIE, "").encode(), self._token.encode())

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Server-sent events (HTML standard, section 9.2): each line of the desk is one. Nothing is said of its own: silence greys the page."""
        writer.write(_head(HTTPStatus.OK, "text/event-stream", None, None) + b"retry: 500\n\n")
        await writer.drain()
        gone = asyncio.ensure_future(reader.read(1))
        lines = self._link.lines()
        try:
            while not gone.done():
                coming = asyncio.ensure_future(anext(lines))
                await asyncio.wait({gone, coming}, return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    coming.cancel()
                    with suppress(asyncio.CancelledError):
                        await coming
                    return
                writer.write(b"data: " + coming.result() + b"\n\n")
                await asyncio.wait_for(writer.drain(), HEAD_S)
        finally:
            gone.cancel()
            await lines.aclose()


async def _read(reader: asyncio.StreamReader) -> PageVisit | None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *rest = head.split("\r\n")
    asked = re.fullmatch(r"([A-Z]{1,10}) (/[\x21-\x7e]*) HTTP/1\.[01]", first)
    headers = {
        name.strip().lower(): value.strip()
        for name, colon, value in (line.partition(":") for line in rest)
        if colon
    }
    length = headers.get("content-length", "0")
    if (
        asked is None
        or not re.fullmatch(r"[0-9]{1,4}", length)
        or int(length) > BODY_BYTES
        or "transfer-encoding" in headers
    ):
        return None
    return PageVisit(asked[1], asked[2], headers, await reader.readexactly(int(length)))


async def _write(writer: asyncio.StreamWriter, reply: PageReply) -> None:
    writer.write(_head(reply.status, reply.kind, len(reply.body), reply.cookie) + reply.body)
    await asyncio.wait_for(writer.drain(), HEAD_S)


def _head(status: HTTPStatus, kind: str, length: int | None, cookie: str | None) -> bytes:
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", f"Content-Type: {kind}"]
    lines += [f"{name}: {value}" for name, value in ON_ALL.items()]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    if cookie is not None:
        lines.append(f"Set-Cookie: {cookie}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
