"""`deskside page`: a process of its own, so that nothing a browser does can hold the measuring up."""

import asyncio
import logging
import signal
import time
from pathlib import Path

from edge.feedback.card_language import Language
from edge.page.page_key import PageError, address, runtime_folder, start_file
from edge.page.page_link import DeskLink, reaching
from edge.page.page_server import HEAD_BYTES, PageServer
from protocol.notify import SystemdNotifier
from protocol.program import refusal

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
ALIVE_S = 1.0
"""How often systemd is told that the loop turns."""


def serve_page(desk_socket: Path, port: int, language: Language, runtime: Path | None) -> None:
    """Serve the page until told to stop.

    Raises:
        PageError: The port is taken, or there is no folder for the token.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    file, token = start_file(runtime_folder(runtime), port)
    asyncio.run(_serve(desk_socket, port, language, file, token))


async def _serve(desk_socket: Path, port: int, language: Language, file: Path, token: str) -> None:
    link = DeskLink(reaching(desk_socket))
    server = PageServer(link, token, port, language)
    try:
        listening = await asyncio.start_server(server.serve, LOOPBACK, port, limit=HEAD_BYTES)
    except OSError as error:
        raise PageError(
            f"{LOOPBACK}:{port} cannot be listened at: {refusal(error)}; [page] port in desk.toml names another one"
        ) from None
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    hearing = asyncio.ensure_future(link.run())
    notifier = SystemdNotifier()
    notifier.ready()
    log.info(
        "the host's page: open %s in a browser on this machine, which leads to %s", file, address(port, "...")
    )
    while not stop.is_set():
        notifier.alive(time.monotonic())
        try:
            await asyncio.wait_for(stop.wait(), ALIVE_S)
        except TimeoutError:
            continue
    notifier.stopping()
    hearing.cancel()
    listening.close()
