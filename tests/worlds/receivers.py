"""Who alerts are sent to: a mail server that asks for encryption and a log-in where it is told to, and a chat's webhook; both real, on this machine."""

import base64
import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Mailbox(socketserver.ThreadingTCPServer):
    """Takes mail as a server does (RFC 5321); with a certificate after STARTTLS only (RFC 3207), with a log-in after AUTH PLAIN only (RFC 4954)."""

    daemon_threads = True

    def __init__(
        self,
        refuses: str = "",
        encryption: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _MailHandler)
        self.refuses, self.encryption, self.login = refuses, encryption, login
        self.mails: list[tuple[list[str], str]] = []
        self.in_the_clear: list[str] = []
        """What was said before the way was encrypted."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, *_: object) -> None:
        """A client that goes away amid a handshake is what a test may want."""


class _MailHandler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box = self.server
        assert isinstance(box, Mailbox)
        with closing(self.connection):
            _MailTalk(box, self.connection).go_on()


class _MailTalk:
    """One connection, from the greeting to its end."""

    def __init__(self, box: Mailbox, connection: socket.socket) -> None:
        self._box, self._connection = box, connection
        self._file = connection.makefile("rb")
        self._encrypted = self._logged_in = False
        self._to: list[str] = []

    def go_on(self) -> None:
        self._say("220 here")
        while line := self._file.readline().decode().strip():
            if not self._encrypted:
                self._box.in_the_clear.append(line)
            verb = line.split()[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                break
            if self._must_encrypt and verb not in {"EHLO", "STARTTLS"}:
                self._say("530 Must issue a STARTTLS command first")
                continue
            answers = {"EHLO": self._hello, "STARTTLS": self._encrypt, "AUTH": self._log_in}
            answers |= {"MAIL": self._sender, "RCPT": self._receiver, "DATA": self._data}
            answers.get(verb, self._anything)(line)
        self._file.close()
        self._connection.close()

    @property
    def _must_encrypt(self) -> bool:
        return self._box.encryption is not None and not self._encrypted

    def _say(self, *lines: str) -> None:
        self._connection.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def _anything(self, _: str) -> None:
        self._say("250 ok")

    def _hello(self, _: str) -> None:
        offered = ["STARTTLS"] if self._must_encrypt else ["AUTH PLAIN"] if self._box.login else ["HELP"]
        self._say("250-here", *(f"250 {each}" for each in offered))

    def _encrypt(self, _: str) -> None:
        if self._box.encryption is None:
            self._say("502 not here")
            return
        self._say("220 go on")
        self._file.close()
        self._connection = self._box.encryption.wrap_socket(self._connection, server_side=True)
        self._file = self._connection.makefile("rb")
        self._encrypted = True

    def _log_in(self, line: str) -> None:
        sent = base64.b64decode(line.rsplit(maxsplit=1)[-1]).decode().split("\0")[1:]
        self._logged_in = self._box.login is not None and tuple(sent) == self._box.login
        self._say("235 ok" if self._logged_in else "535 wrong user or password")

    def _sender(self, _: str) -> None:
        allowed = self._box.login is None or self._logged_in
        self._say("250 ok" if allowed else "530 Authentication required")

    def _receiver(self, line: str) -> None:
        if self._box.refuses and self._box.refuses in line:
            self._say("550 no such mailbox")
            return
        self._to.append(line)
        self._say("250 ok")

    def _data(self, _: str) -> None:
        self._say("354 go on")
        body = b""
        while (part := self._file.readline()) != b".\r\n":
            body += part
        self._box.mails.append((self._to, body.decode()))
        self._say("250 ok")


class Chat(ThreadingHTTPServer):
    """Takes what a webhook is sent, and answers as it is told to."""

    daemon_threads = True

    def __init__(self, status: int = 200, answer: str = "{}") -> None:
        super().__init__(("127.0.0.1", 0), _ChatHandler)
        self.status, self.answer = status, answer
        self.taken: list[tuple[str, dict[str, object]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?key=s3cret"


class _ChatHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        chat = self.server
        assert isinstance(chat, Chat)
        body = self.rfile.read(int(self.headers["content-length"]))
        chat.taken.append((self.path, json.loads(body)))
        self.send_response(chat.status)
        if chat.status == 302:
            self.send_header("location", chat.url)
        self.end_headers()
        self.wfile.write(chat.answer.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
