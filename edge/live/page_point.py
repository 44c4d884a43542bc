"""Where the host's page is served from the live desk: a socket beside the spool, on a thread of its own, that no slow page holds up."""

import logging
import queue
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from edge.duty.pin_tries import PinTries
from edge.live.pin_book import PinBook
from edge.live.site_key import SiteKeyError
from edge.page.page_state import LONGEST_LINE, PageAnswer, PageRequest, PageState, read_request
from edge.parts.socket_path import socket_file
from protocol.program import refusal

log = logging.getLogger(__name__)

NAME = "page"
"""Of the socket's file."""
MOST_PAGES = 4
"""Pages at a time: the kiosk's, and one more while it starts anew; whoever else knocks is turned away."""
AGAIN_S = 1.0
"""The state is said again after so long without a change: a page that hears nothing for three seconds goes grey."""
FRESH_S = 2.0
"""A state that the desk does not say any more is passed on for no longer than this: a desk that hangs has no page."""
OPENS_S = 0.5
"""The start of the desk waits so long for the socket's file, which takes milliseconds; a card that hangs may take longer, and nobody waits for it."""
CLOSE_S = 2.0
"""How long the end waits for the thread."""


def page_file(spool: Path) -> Path:
    """Where the socket of a desk is whose spool lies there."""
    return spool.with_name(NAME)


@dataclass(frozen=True, slots=True)
class PinShown:
    """A PIN was right."""

    person: str


@dataclass(slots=True)
class _Page:
    """One connection; what does not fit into its socket ends it."""

    link: socket.socket
    read: bytes = field(default=b"")


class PagePoint:
    """Shown to by the appliance, and polled by it. A desk that cannot open it measures all the same.

    Args:
        file: The socket's; whoever may write to it may ask for help, contest, and try PINs.
        pins: Whose PIN is which; None where none is taken.
        now_s: The desk's timeline.
    """

    def __init__(self, file: Path, pins: PinBook | None, now_s: Callable[[], float]) -> None:
        self._file = file
        self._pins = pins
        self._tries = PinTries()
        self._now_s = now_s
        self._shown: tuple[PageState, float] | None = None
        self._done: queue.Queue[PinShown | PageRequest] = queue.Queue(maxsize=32)
        self._pages: dict[socket.socket, _Page] = {}
        self._selector = selectors.DefaultSelector()
        self._wakes, self._woken = socket.socketpair()
        self._wakes.setblocking(False)
        self._woken.setblocking(False)
        self._stopping = False
        self.trouble: str | None = None
        """Why there is no page, in words; None where there is one, and while its file is being made."""
        self._settled = threading.Event()
        self._thread = threading.Thread(target=self._hold, name="page", daemon=True)
        self._thread.start()
        self._settled.wait(OPENS_S)

    @property
    def takes_pin(self) -> bool:
        """Whether somebody can sign in by a PIN."""
        return self._pins is not None

    def show(self, state: PageState) -> None:
        """Show this; to be said again while it holds. Never waits."""
        before, self._shown = self._shown, (state, self._now_s())
        if before is None or not state.same_as(before[0]):
            self._wake()

    def poll(self) -> Iterator[PinShown | PageRequest]:
        """What was done at the page since the last time."""
        with suppress(queue.Empty):
            while True:
                yield self._done.get_nowait()

    def close(self) -> None:
        """End every page's connection."""
        self._stopping = True
        self._wake()
        self._thread.join(CLOSE_S)
        if not self._thread.is_alive():
            for part in (self._wakes, self._woken, self._selector):
                part.close()

    def _wake(self) -> None:
        with suppress(OSError):
            self._wakes.send(b"!")

    def _hold(self) -> None:
        try:
            with socket_file(self._file, socket.SOCK_STREAM) as door:
                door.listen(MOST_PAGES)
                self._settled.set()
                self._run(door)
        except OSError as error:
            self.trouble = f"there is no host's page: {self._file} cannot be opened: {refusal(error)}"
            self._settled.set()
            log.warning("%s", self.trouble)

    def _run(self, door: socket.socket) -> None:
        self._selector.register(door, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        said_s, said = float("-inf"), None
        while not self._stopping:
            for key, _ in self._selector.select(AGAIN_S / 2):
                if key.fileobj is door:
                    self._take_in(door)
                elif key.fileobj is self._woken:
                    with suppress(OSError):
                        self._woken.recv(4096)
                elif isinstance(key.fileobj, socket.socket) and key.fileobj in self._pages:
                    self._hear(self._pages[key.fileobj])
            now_s, shown = self._now_s(), self._shown
            if shown is None or now_s - shown[1] > FRESH_S:
                continue
            if not shown[0].same_as(said) or now_s - said_s >= AGAIN_S:
                said_s, said = now_s, shown[0]
                line = shown[0].line(now_s, shown[1])
                for page in list(self._pages.values()):
                    self._send(page, line)
        for page in list(self._pages.values()):
            self._end(page)
        self._selector.unregister(door)

    def _take_in(self, door: socket.socket) -> None:
        with suppress(OSError):
            link, _ = door.accept()
            if len(self._pages) >= MOST_PAGES:
                link.close()
                return
            link.setblocking(False)
            page = self._pages[link] = _Page(link)
            self._selector.register(link, selectors.EVENT_READ)
            shown, now_s = self._shown, self._now_s()
            if shown is not None and now_s - shown[1] <= FRESH_S:
                self._send(page, shown[0].line(now_s, shown[1]))

    def _hear(self, page: _Page) -> None:
        try:
            data = page.link.recv(LONGEST_LINE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data or len(page.read) + len(data) > 2 * LONGEST_LINE:
            self._end(page)
            return
        *lines, page.read = (page.read + data).split(b"\n")
        for line in lines:
            request = read_request(line)
            if request is None:
                log.warning("what came in at %s is no request of a page", self._file)
                continue
            answer = self._answer(request)
            self._send(page, answer.model_dump_json(exclude_none=True).encode() + b"\n")

    def _answer(self, request: PageRequest) -> PageAnswer:
        if request.do == "pin":
            return self._try_pin(request)
        return PageAnswer(answers=request.number, ok=self._put(request))

    def _try_pin(self, request: PageRequest) -> PageAnswer:
        wait_s = self._tries.wait_s(self._now_s())
        if wait_s > 0.0 or self._pins is None:
            return PageAnswer(answers=request.number, ok=False, wait_s=wait_s or None)
        try:
            person = self._pins.owner(request.pin or "")
        except SiteKeyError as error:
            log.error("%s", error)  # noqa: TRY400  (it is for a technician)
            return PageAnswer(answers=request.number, ok=False)
        if person is None:
            self._tries.wrong(self._now_s())
            wait_s = self._tries.wait_s(self._now_s())
            return PageAnswer(answers=request.number, ok=False, wait_s=wait_s or None)
        self._tries.right()
        return PageAnswer(answers=request.number, ok=self._put(PinShown(person)))

    def _put(self, done: PinShown | PageRequest) -> bool:
        try:
            self._done.put_nowait(done)
        except queue.Full:
            return False
        return True

    def _send(self, page: _Page, line: bytes) -> None:
        """Send a line whole; a page that does not read is let go, and comes again when it does."""
        try:
            sent = page.link.send(line)
        except OSError:
            sent = 0
        if sent < len(line):
            self._end(page)

    def _end(self, page: _Page) -> None:
        if self._pages.pop(page.link, None) is not None:
            self._selector.unregister(page.link)
            page.link.close()
