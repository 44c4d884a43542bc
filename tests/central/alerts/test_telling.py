"""Alerts reach people: over a real SMTP server and a real HTTP server, in the shape that each chat takes."""

import base64
import hashlib
import hmac
import json
import ssl
from email import message_from_bytes
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from central.alerts.chat_messages import CHATS, ChatKind
from central.alerts.telling import tell
from central.settings import AlertChannel, MailServer
from tests.worlds.delivery.certificates import Authority
from tests.worlds.receivers import Chat, Mailbox, running

NOW_S = 1_790_000_000.0
TEXT = "North / Harbour: since 2026-09-21 the level is another.\n- Besuche: niedriger, 降低"


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
) -> tuple[str | None, Chat]:
    chat = Chat(status, answer)
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


PEOPLE = AlertChannel(name="managers", kind="email", to=("ada@north.example",))
LOGIN = ("deskside", "four plain words")


def encrypting(authority: Authority, host: str = "localhost") -> ssl.SSLContext:
    files = authority.issue("mail", host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    return context


def by_starttls(folder: Path, box: Mailbox, password: str = LOGIN[1]) -> MailServer:
    (folder / "password").write_text(password + "\n", encoding="utf-8")
    return MailServer(
        host="localhost",
        port=box.port,
        sender="deskside@north.example",
        user=LOGIN[0],
        password_file=folder / "password",
    )


def test_a_server_that_asks_for_encryption_and_a_log_in_is_given_both_and_nothing_of_it_in_the_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path, "ours")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    box = Mailbox(encryption=encrypting(authority), login=LOGIN)
    with running(box):
        assert tell(PEOPLE, by_starttls(tmp_path, box), "Deskside", TEXT, NOW_S) is None
    ((to, mail),) = box.mails
    assert [each.upper() for each in to] == ["RCPT TO:<ADA@NORTH.EXAMPLE>"]
    assert "Deskside" in mail
    assert [line.split()[0].upper() for line in box.in_the_clear] == ["EHLO", "STARTTLS"]


def test_a_password_that_is_wrong_is_said_and_never_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path, "ours")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    box = Mailbox(encryption=encrypting(authority), login=LOGIN)
    with running(box):
        trouble = tell(PEOPLE, by_starttls(tmp_path, box, "s3cret"), "", TEXT, NOW_S)
    assert trouble is not None
    assert "wrong user or password" in trouble
    assert "s3cret" not in trouble
    assert box.mails == []


def test_a_password_that_no_log_in_can_carry_is_said_without_a_letter_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path, "ours")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    box = Mailbox(encryption=encrypting(authority), login=LOGIN)
    with running(box):
        trouble = tell(PEOPLE, by_starttls(tmp_path, box, "pass\u00e4"), "", TEXT, NOW_S)
    assert (
        trouble
        == "ValueError: what stands in password_file has letters outside of ASCII, which a mail server's log-in does not carry"
    )


@pytest.mark.parametrize("flaw", ["nobody we trust", "another host", "no encryption"])
def test_a_server_that_is_not_the_one_that_is_meant_is_told_neither_password_nor_alert(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flaw: str
) -> None:
    (tmp_path / "theirs").mkdir()
    ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path / "theirs", "theirs")
    monkeypatch.setenv("SSL_CERT_FILE", str(ours.certificate))
    context = None
    if flaw != "no encryption":
        of_another = flaw == "another host"
        context = encrypting(ours, "mail.elsewhere.example") if of_another else encrypting(theirs)
    box = Mailbox(encryption=context, login=LOGIN)
    with running(box):
        trouble = tell(PEOPLE, by_starttls(tmp_path, box), "", TEXT, NOW_S)
    assert trouble is not None
    assert box.mails == []
    assert {line.split()[0].upper() for line in box.in_the_clear} <= {"EHLO", "STARTTLS", "QUIT", "RSET"}
