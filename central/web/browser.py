"""What a browser brings along: its cookies, its address, and the proof that a form was ours."""

import hashlib
import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from central.accounts.secret import new_secret
from central.web.house import house_of

LOGIN = "deskside-login"
FORM = "deskside-form"
"""Cookies: of the log-in, and of forms that are sent before one."""
HOST_ONLY = "__Host-"
"""Before the name of a cookie: a browser takes it only over HTTPS, from this very host, for all of it (RFC 6265bis, section 4.1.3.2)."""


def cookie_name(name: str, *, secure: bool) -> str:
    """A cookie's name, held to this host where HTTPS allows it."""
    return HOST_ONLY + name if secure else name


def cookie(request: Request, name: str) -> str | None:
    """The value of one of our cookies; None where the browser has none."""
    return request.cookies.get(cookie_name(name, secure=house_of(request).settings.web.secure)) or None


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Give the browser a cookie that ends with it, that no script reads and no other site sends."""
    secure = house_of(request).settings.web.secure
    response.set_cookie(
        cookie_name(name, secure=secure), value, httponly=True, samesite="lax", secure=secure, path="/"
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie away from the browser."""
    secure = house_of(request).settings.web.secure
    response.delete_cookie(
        cookie_name(name, secure=secure), httponly=True, samesite="lax", secure=secure, path="/"
    )


def form_secret(request: Request) -> str:
    """The secret that this browser's forms are tied to: its log-in's, or one drawn for it."""
    drawn = getattr(request.state, "form_secret", None)
    secret = cookie(request, LOGIN) or cookie(request, FORM) or drawn
    if secret is None:
        secret = request.state.form_secret = new_secret()
    return secret


def keep_form_secret(request: Request, response: Response) -> None:
    """Give the browser the secret that its forms are tied to, where it has none yet."""
    if cookie(request, LOGIN) is None and cookie(request, FORM) is None:
        set_cookie(request, response, FORM, form_secret(request))


def form_token(secret: str) -> str:
    """What a form of ours holds: nobody who does not have the browser's secret can write it."""
    return hashlib.sha256(b"form " + secret.encode()).hexdigest()


def is_our_form(request: Request, token: str) -> bool:
    """Whether a form was written for this browser."""
    return hmac.compare_digest(form_token(form_secret(request)).encode(), token.encode())


def comes_from_us(headers: Headers, scheme: str, url: str | None) -> bool:
    """Whether what is sent comes from a page of ours, by the browser's own word (Fetch standard, "Origin"; Fetch Metadata, "Sec-Fetch-Site").

    Args:
        headers: Of the request.
        scheme: By which it came.
        url: The address that people type, where the settings name it.
    """
    origin = headers.get("origin")
    ours = url or f"{scheme}://{headers.get('host', '')}"
    # Only browsers of before 2023 do not say from where; ``none`` is what somebody typed or a bookmark holds.
    site = headers.get("sec-fetch-site", "same-origin")
    return origin is not None and _origin(origin) == _origin(ours) and site in {"same-origin", "none"}


def _origin(text: str) -> tuple[str, str | None, int | None] | None:
    try:
        parts = urlsplit(text)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
    return parts.scheme, parts.hostname, port


def own_path(text: str) -> str:
    """A path on this service to go on to; the first page where the text names another place."""
    plain = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if plain else "/"


def address(request: Request) -> str:
    """Where a request comes from: the other end, or what a web server before us says that we believe."""
    peer = request.client.host if request.client else ""
    believed = {str(proxy) for proxy in house_of(request).settings.web.proxies}
    if peer not in believed:
        return peer
    # Each proxy adds who came to it at the end; the last one that we do not know is whom we count.
    for named in reversed(request.headers.get("x-forwarded-for", "").split(",")):
        if named.strip() and named.strip() not in believed:
            return named.strip()
    return peer
