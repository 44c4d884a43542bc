"""What stands before every answer: the headers that hold a browser to us alone, and the refusal of what another site sends."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.web.browser import comes_from_us

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing (RFC 9110, section 9.2.1)."""
MOST_FORM_BYTES = 65536
"""Of what a browser may send: the largest form has a few hundred letters."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""What a page may load and send: nothing from or to anywhere else, and nothing that stands in the page itself."""
ABOVE_ALL_APIS = "/api/"
"""Below it no cookie is looked at, so another site that sends something in a browser's name sends it in nobody's."""
ON_ALL = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # A browser that sends no referrer sends no origin with a form either.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
EMBEDDED = re.compile(r"/promises/[0-9]{1,18}/kept")
"""The one page that other sites may show within theirs; it says itself which ones may (`central.web.kept_promise_page`)."""
ON_EMBEDDED = {
    name: value
    for name, value in ON_ALL.items()
    if name not in {"content-security-policy", "x-frame-options", "cross-origin-opener-policy"}
} | {"cross-origin-resource-policy": "cross-origin", "referrer-policy": "no-referrer"}
HTTPS_ONLY = {"strict-transport-security": "max-age=31536000"}
"""A year; OWASP's HTTP Strict Transport Security sheet."""


class FrontDoor:
    """Around the whole application: adds the headers, and lets no form in that another site sent."""

    def __init__(self, app: ASGIApp, url: str | None) -> None:
        self._app = app
        self._url = url
        self._https = HTTPS_ONLY if (url or "").startswith("https://") else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may come in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # What is shown in the place of that page, such as that there is none, is held as any other.
                embedded = EMBEDDED.fullmatch(scope["path"]) and "content-security-policy" in headers
                headers.update((ON_EMBEDDED if embedded else ON_ALL) | self._https)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, sending)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        if scope["method"] in SAFE or scope["path"].startswith(ABOVE_ALL_APIS):
            return None
        headers = Headers(scope=scope)
        if not comes_from_us(headers, scope["scheme"], self._url):
            return PlainTextResponse(
                "This form was not sent from a page of this service. Open its page at the address that central.toml "
                "names as [web] url, and send it again from there.\n",
                403,
            )
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MOST_FORM_BYTES:
            return PlainTextResponse("Too much was sent.\n", 413)
        return None
