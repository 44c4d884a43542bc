"""Runs the ingest service in the foreground until a signal ends it, and shows its status."""

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace

from rich.console import Console
from rich.logging import RichHandler
from rich.text import Text

from central.ingest.service import IngestService, Status
from central.settings import CentralSettings
from protocol.notify import SystemdNotifier
from protocol.printable import OneLineFormatter, printable

log = logging.getLogger(__name__)

LOOK_S = 0.5
"""How often the status line is written anew; a person sees it as at once."""
LOG_EVERY_S = 60.0
"""Least time between two status lines in a log, so that a busy day stays readable."""


Beside = Callable[[Callable[[], Status]], AbstractContextManager[object]]
"""What runs beside the ingest service, such as its pages: it is handed a way to the service's status."""


def serve_until_signalled(settings: CentralSettings, *beside: Beside) -> bool:
    """Serve until SIGTERM or SIGINT; whether a signal ended it.

    On a terminal a status line is kept up to date; elsewhere a line is logged each minute in which something came. systemd is told
    when the service listens and keeps, and that it is alive for as long as no thread of it hangs.

    Args:
        settings: Of the service.
        beside: What else runs for as long.

    Raises:
        BrokerFileError: A file by which we prove our name cannot be used.
        UnusableDatabaseError: The database cannot be used.
    """
    console = Console(stderr=True, markup=False, emoji=False)
    _set_up_logging(console)
    signalled = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: signalled.set())
    service = IngestService(settings)
    with ExitStack() as stack:
        service.start()
        stack.callback(service.stop)
        log.info("keeping measurements in %s", settings.database.shown_url)
        for each in beside:
            stack.enter_context(each(lambda: replace(service.status, waiting=service.waiting)))
        show = _log_each_minute()
        if console.is_terminal:
            line = stack.enter_context(console.status("starting"))
            show = lambda status: line.update(Text(status_line(status)))  # noqa: E731
        notifier = SystemdNotifier()
        stack.callback(notifier.stopping)
        notifier.ready()
        hangs: str | None = None
        while not signalled.is_set() and not service.wait(LOOK_S):
            show(replace(service.status))
            hangs = _told(service.stuck(), hangs)
            if hangs is None:
                notifier.alive(time.monotonic())
    log.info("stopped: %s", status_line(service.status))
    return signalled.is_set()


def _told(stuck: str | None, before: str | None) -> str | None:
    """The thread that hangs, said once; whoever runs under systemd's watchdog is started anew because of it."""
    if stuck is not None and before is None:
        log.error("the thread %r hangs, and nothing is taken in: the service is to be started anew", stuck)
    return stuck


def status_line(status: Status) -> str:
    """The status for a person: connection, counts, trouble."""
    connection = "listening" if status.connected else "waiting for the broker"
    parts = [
        connection,
        f"{status.kept} measurements kept from {len(status.desks)} desk{'s' if len(status.desks) != 1 else ''}",
    ]
    if status.repeated:
        parts.append(f"{status.repeated} sent again")
    if status.rejected:
        parts.append(f"{status.rejected} kept aside as unusable")
    if status.trouble:
        parts.append(status.trouble)
    if status.rival:
        parts.append(status.rival)
    return printable(", ".join(parts))


def _log_each_minute() -> Callable[[Status], None]:
    logged = Status()
    logged_s = time.monotonic()

    def show(status: Status) -> None:
        nonlocal logged, logged_s
        if time.monotonic() - logged_s >= LOG_EVERY_S and status != logged:
            log.info("%s", status_line(status))
            logged, logged_s = status, time.monotonic()

    return show


def _set_up_logging(console: Console) -> None:
    handler: logging.Handler
    if console.is_terminal:
        handler = RichHandler(console=console, show_path=False)
        handler.setFormatter(OneLineFormatter("%(message)s"))
    else:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(OneLineFormatter("%(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
