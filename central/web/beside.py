"""Opens the pages beside the ingest service, where what they need is installed."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec

from central.ingest.runner import Beside
from central.ingest.service import Status
from central.settings import CentralSettings

log = logging.getLogger(__name__)

NEEDED = {
    "fastapi": "fastapi",
    "uvicorn": "uvicorn",
    "python_multipart": "python-multipart",
    "argon2": "argon2-cffi",
    "babel": "babel",
    "webauthn": "webauthn",
    "prometheus_client": "prometheus-client",
    "joserfc": "joserfc",
    "httpx": "httpx",
}
"""Modules that the pages import, each with the package that brings it; they are the extra ``central``."""


def pages_beside(settings: CentralSettings) -> tuple[Beside, ...]:
    """What opens the pages; nothing where the settings ask for none."""
    return (lambda status: _opened(settings, status),) if settings.web.serve else ()


def missing_packages() -> tuple[str, ...]:
    """Packages that the pages need and this Python has not."""
    return tuple(package for module, package in NEEDED.items() if find_spec(module) is None)


def _opened(settings: CentralSettings, status: Callable[[], Status]) -> AbstractContextManager[object]:
    if missing := missing_packages():
        return _without(missing)
    from central.web.house import Intake, Listening  # noqa: PLC0415  (a service without pages needs none of it)
    from central.web.web_server import serving  # noqa: PLC0415

    def listening() -> Listening:
        now = status()
        return Listening(now.connected, now.trouble)

    def intake() -> Intake:
        now = status()
        return Intake(now.received, now.kept, now.repeated, now.rejected, now.waiting)

    return serving(settings, listening, intake)


@contextmanager
def _without(missing: tuple[str, ...]) -> Iterator[None]:
    log.warning(
        "no pages are opened: they need %s; `pip install 'deskside[central]'` brings all of it, and --no-pages does without. "
        "Measurements are kept all the same.",
        ", ".join(missing),
    )
    yield
