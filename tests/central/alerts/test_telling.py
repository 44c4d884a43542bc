"""Alerts reach people: over a real SMTP server and a real HTTP server, in the shape that each chat takes."""

import base64
import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from central.alerts.chat_messages import CHATS, ChatKind
from central.alerts.telling import tell
from central.settings import AlertChannel, MailServer

NOW_S = 1_790_000_000.0
TEXT = "North / Harbour: since 2026-09-21 the level is another.\n- Besuche: niedriger, 降低"


class Mailbox(socketserver.ThreadingTCPServer):
    """Takes mail as a server does (RFC 5321), without encryption."""

    daemon_threads = True

    def __init__(self, refuses: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _MailHandler)
        self.refuses = refuses
        self.mails: list[tuple[list[str], str]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _MailHandler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box = self.server
        assert isinstance(box, Mailbox)
        self.wfile.write(b"220 here\r\n")
        to: list[str] = []
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith("RCPT"):
                if box.refuses and box.refuses in line:
                    self.wfile.write(b"550 no such mailbox\r\n")
                    continue
                to.append(line)
            if word == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            if word == "DATA":
                self.wfile.write(b"354 go on\r\n")
                body = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    body += part
                box.mails.append((to, body.decode()))
            self.wfile.write(b"250 ok\r\n")


class _Chat(ThreadingHTTPServer):
    """Takes what a webhook is sent, and answers as it is told to."""

    daemon_threads = True

    def __init__(self, status: int, answer: str) -> None:
        super().__init__(("127.0.0.1", 0), _ChatHandler)
        self.status, self.answer = status, answer
        self.taken: list[tuple[str, dict[str, object]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?key=s3cret"


class _ChatHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        chat = self.server
        assert isinstance(chat, _Chat)
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


def channel(folder: Path, kind: ChatKind, url: str, secret: str | None = None) -> AlertChannel:
    (folder / "url").write_text(url + "\n")
    if secret is not None:
        (folder / "secret").write_text(secret)
    return AlertChannel(
        name="team",
        kind=kind,
        url_file=folder / "url",
        secret_file=folder / "secret" if secret is not None else None,
    )


def told(
    folder: Path, kind: ChatKind, status: int = 200, answer: str = "{}", secret: str | None = None
) -> tuple[str | None, _Chat]:
    chat = _Chat(status, answer)
    with running(chat):
        return tell(channel(folder, kind, chat.url, secret), MailServer(), "", TEXT, NOW_S), chat


@pytest.mark.parametrize("kind", CHATS)
def test_each_chat_is_sent_the_text_where_it_looks_for_it(tmp_path: Path, kind: ChatKind) -> None:
    trouble, chat = told(tmp_path, kind, answer="ok" if kind == "slack" else '{"errcode": 0, "code": 0}')
    assert trouble is None
    ((_, body),) = chat.taken
    shapes = {
        "wecom": {"msgtype": "text", "text": {"content": TEXT}},
        "dingtalk": {"msgtype": "text", "text": {"content": TEXT}},
        "feishu": {"msg_type": "text", "content": {"text": TEXT}},
        "slack": {"text": TEXT},
    }
    if kind == "teams":
        assert '"type": "AdaptiveCard"' in json.dumps(body)
        assert json.dumps(TEXT) in json.dumps(body)
    else:
        assert body == shapes[kind]


def test_dingtalks_signature_stands_in_the_address(tmp_path: Path) -> None:
    _, chat = told(tmp_path, "dingtalk", secret="SEC123")
    ((path, _),) = chat.taken
    asked = parse_qs(urlsplit(path).query)
    signed = hmac.new(b"SEC123", f"{asked['timestamp'][0]}\nSEC123".encode(), hashlib.sha256).digest()
    assert asked["timestamp"] == ["1790000000000"]
    assert base64.b64decode(asked["sign"][0]) == signed
    assert asked["key"] == ["s3cret"]


def test_feishus_signature_stands_in_the_body(tmp_path: Path) -> None:
    _, chat = told(tmp_path, "feishu", secret="SEC123")
    ((_, body),) = chat.taken
    signed = hmac.new(b"1790000000\nSEC123", b"", hashlib.sha256).digest()
    assert body["timestamp"] == "1790000000"
    assert base64.b64decode(str(body["sign"])) == signed


@pytest.mark.parametrize(
    ("kind", "status", "answer"),
    [
        ("wecom", 200, '{"errcode": 93000, "errmsg": "invalid webhook url"}'),
        ("dingtalk", 200, '{"errcode": 310000, "errmsg": "sign not match"}'),
        ("feishu", 200, '{"code": 19021, "msg": "sign match fail"}'),
        ("slack", 404, "no_service"),
        ("teams", 302, ""),
    ],
)
def test_what_a_chat_refuses_is_told_though_it_answers_200_and_never_with_its_address(
    tmp_path: Path, kind: ChatKind, status: int, answer: str
) -> None:
    trouble, chat = told(tmp_path, kind, status, answer)
    assert trouble is not None
    assert "s3cret" not in trouble
    assert len(chat.taken) == 1


def test_a_chat_that_is_not_there_is_told_without_its_address(tmp_path: Path) -> None:
    trouble = tell(
        channel(tmp_path, "slack", "http://127.0.0.1:9/?key=s3cret"), MailServer(), "", TEXT, NOW_S
    )
    assert trouble is not None
    assert "s3cret" not in trouble
    assert tell(channel(tmp_path, "slack", "file:///etc/passwd"), MailServer(), "", TEXT, NOW_S)


def test_an_e_mail_reaches_each_address_with_its_words_whole() -> None:
    box = Mailbox()
    people = AlertChannel(name="managers", kind="email", to=("ada@north.example", "bo@north.example"))
    with running(box):
        server = MailServer(host="127.0.0.1", port=box.port, security="none", sender="deskside@north.example")
        assert tell(people, server, "Deskside: Häfen 港", TEXT, NOW_S) is None
    ((to, mail),) = box.mails
    assert len(to) == 2
    read = message_from_bytes(mail.encode())
    payload = read.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().split() == TEXT.split()


def test_an_e_mail_that_nobody_takes_says_why() -> None:
    box = Mailbox(refuses="nobody@")
    people = AlertChannel(name="managers", kind="email", to=("nobody@north.example",))
    with running(box):
        server = MailServer(host="127.0.0.1", port=box.port, security="none", sender="deskside@north.example")
        trouble = tell(people, server, "", TEXT, NOW_S)
    assert trouble is not None
    assert "no such mailbox" in trouble
    assert "names no [mail]" in (tell(people, MailServer(), "", TEXT, NOW_S) or "")
