"""Where sign-ins come in on the live desk: a socket beside the spool, for `deskside sign-in` and whatever reads badges there."""

import json
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from edge.observation import SignedIn
from edge.parts.socket_path import reachable, socket_file
from protocol.errors import MendableError
from protocol.measurements import Message, Name
from protocol.program import refusal

log = logging.getLogger(__name__)

LONGEST_BYTES = 1000
"""A pseudonym has a hundred letters of four bytes at most."""
AT_ONCE = 8
"""Sign-ins that are taken in at a time: nobody signs in more often, and the loop has other things to do."""
NAME = "sign-in"
"""Of the socket's file."""
OPENS_S = 0.5
"""The start of the desk waits so long for the socket's file, which takes milliseconds; a card that hangs may take longer, and nobody waits for it."""
CLOSE_S = 2.0
"""How long the end waits until the file is taken away."""


class NotSignedInError(MendableError):
    """A sign-in reached no desk; the text says why and what to do."""


class _SignIn(Message):
    """What a sign-in says."""

    person: Name | None
    in_front: bool | None = None


def sign_in_file(spool: Path) -> Path:
    """Where the socket of a desk is whose spool lies there."""
    return spool.with_name(NAME)


class SignInPoint:
    """Polled by the appliance. A desk that cannot open it measures all the same.

    Args:
        file: The socket's; whoever may write to it may sign in.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._socket: socket.socket | None = None
        self.trouble: str | None = None
        """Why nobody can sign in, in words; None while they can, and while the file is being made."""
        self._settled, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold, name="sign-in", daemon=True)
        self._thread.start()
        self._settled.wait(OPENS_S)

    def poll(self, now_s: float) -> Iterator[SignedIn]:
        """Every sign-in that has come since the last time."""
        if self._socket is None:
            return
        for _ in range(AT_ONCE):
            try:
                said = _SignIn.model_validate_json(self._socket.recv(LONGEST_BYTES))
            except BlockingIOError:
                return
            except (ValidationError, OSError) as error:
                log.warning("what came in at %s is no sign-in: %s", self._file, type(error).__name__)
                continue
            yield SignedIn(now_s, said.person or None, said.in_front)

    def close(self) -> None:
        """Let nobody sign in any more."""
        self._socket = None
        self._stopping.set()
        self._thread.join(CLOSE_S)

    def _hold(self) -> None:
        try:
            with socket_file(self._file, socket.SOCK_DGRAM) as opened:
                self._socket = opened
                self._settled.set()
                self._stopping.wait()
        except OSError as error:
            self.trouble = f"nobody can sign in: {self._file} cannot be opened: {refusal(error)}"
            self._settled.set()
            log.warning("%s", self.trouble)


def sign_in(file: Path, person: str | None, *, in_front: bool | None) -> None:
    """Sign somebody in, or out, at the desk that runs on this machine.

    Raises:
        NotSignedInError: No desk listens there, or it may not be written to.
    """
    try:
        said = _SignIn(person=person, in_front=in_front)
    except ValidationError:
        raise NotSignedInError("a pseudonym has 1 to 100 letters") from None
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending, reachable(file) as address:
            sending.sendto(json.dumps(said.model_dump()).encode(), address)
    except (FileNotFoundError, ConnectionRefusedError):
        raise NotSignedInError(f"no desk listens at {file}: is `deskside run` at work?") from None
    except OSError as error:
        raise NotSignedInError(
            f"{file} cannot be written to: {refusal(error)}; sign in as the user that the desk runs as"
        ) from None
