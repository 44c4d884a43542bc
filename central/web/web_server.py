"""Serves the pages on a thread of its own, beside the ingest service."""

import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from central.accounts.invitations import invite_first_administrator
from central.settings import CentralSettings, Web
from central.web.application import build_app
from central.web.house import House, Intake, Listening
from central.web.pulse import Pulse
from protocol.errors import MendableError

log = logging.getLogger(__name__)

STOP_S = 3.0
"""Longest wait for pages that are being sent; browsers ask again."""


class WebAddressError(MendableError):
    """The pages cannot be opened at the address that the settings name."""


@contextmanager
def serving(
    settings: CentralSettings, listening: Callable[[], Listening], intake: Callable[[], Intake]
) -> Iterator[str]:
    """The pages, for as long as the context lasts; gives their address.

    Where nobody administers yet, the log shows a one-time link that makes the first administrator.

    Args:
        settings: Of the service.
        listening: What the service is doing at this moment.
        intake: What it has taken in.

    Raises:
        WebAddressError: The address is taken or not this machine's.
        UnusableDatabaseError: The database cannot be used.
    """
    listener = _listener(settings.web)
    url = settings.web.url or _plain_url(listener)
    house = House(settings, url, listening, intake)
    pulse = Pulse(house)
    config = uvicorn.Config(
        build_app(house, pulse),
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=int(STOP_S),
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="pages", daemon=True)
    try:
        _tell(house, settings.web)
        pulse.start()
        thread.start()
        yield url
    finally:
        house.stop()
        server.should_exit = True
        if thread.is_alive():
            thread.join(STOP_S + 1.0)
        pulse.join(STOP_S)
        listener.close()
        house.close()


def _listener(web: Web) -> socket.socket:
    """A socket at the address: taken before anything else, so that a port in use is told in words."""
    try:
        family, kind, number, _, place = socket.getaddrinfo(
            web.host, web.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, number)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
    except OSError as error:
        raise WebAddressError(
            f"the pages cannot be opened at {web.host}:{web.port}: {error.strerror or error}; "
            "name another place in central.toml ([web] host and port), or start with --no-pages"
        ) from None
    listener.set_inheritable(True)
    return listener


def _plain_url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)  # noqa: S104
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _tell(house: House, web: Web) -> None:
    log.info("the pages are at %s", house.url)
    if not web.secure and web.host not in {"127.0.0.1", "::1", "localhost"}:
        log.warning(
            "the pages are open to other machines without HTTPS: passwords travel in the clear; put a web server with "
            "HTTPS before them and name its address in central.toml ([web] url)"
        )
    with house.writing() as session:
        code = invite_first_administrator(session, house.now_wall_s())
    if code is not None:
        log.info("nobody administers this service yet: make the first administrator here, once")
        # On a line of its own, which no terminal breaks: it is to be copied.
        print(f"{house.url}/invitation/{code}", file=sys.stderr, flush=True)
