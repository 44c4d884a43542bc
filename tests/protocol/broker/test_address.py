import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from protocol.broker.address import CREDENTIAL, BrokerAddress, BrokerFileError, password, tls_context


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"cert_file": "a", "ca_file": "b"}, "cert_file and key_file belong together"),
        ({"cert_file": "a", "key_file": "b"}, "need TLS"),
        ({"ca_file": "a", "tls": False}, "contradict each other"),
        ({"password_file": "a"}, "password_file needs a username"),
        ({"transport": "websockets", "path": "mqtt"}, "path"),
        ({"path": "/mqtt HTTP/1.1\r\nX: y"}, "path"),
        ({"password": "secret"}, "password"),
    ],
)
def test_what_makes_no_sense_together_is_refused_in_words(given: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        BrokerAddress.model_validate(given)


@pytest.mark.parametrize(
    "given", [{"tls": True}, {"ca_file": "a"}, {"ca_file": "a", "cert_file": "b", "key_file": "c"}]
)
def test_tls_needs_an_authority_or_the_word_and_no_certificate_of_ours(given: dict[str, object]) -> None:
    assert BrokerAddress.model_validate(given).encrypted
    assert not BrokerAddress().encrypted


def test_without_an_authority_of_its_own_those_of_the_operating_system_are_trusted() -> None:
    context = tls_context(BrokerAddress(tls=True))
    assert context is not None
    assert context.check_hostname


@pytest.mark.parametrize("text", ["secret", "secret\n", "secret\r\n", "\ufeffsecret\n"])
def test_a_password_is_read_as_people_and_programs_write_it(text: str, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes(text.encode())
    assert password(BrokerAddress(username="desk-3", password_file=file)) == "secret"


def test_a_blank_at_the_end_belongs_to_the_password(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("secret \n")
    assert password(BrokerAddress(username="desk-3", password_file=file)) == "secret "


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo\n", b"\xff\xfe\n"])
def test_a_file_that_holds_no_password_is_told_by_its_setting_and_not_by_its_content(
    content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_bytes(content)
    with pytest.raises(BrokerFileError, match=r"broker\.password_file: .*in one line") as told:
        password(BrokerAddress(username="desk-3", password_file=file))
    assert "one\ntwo" not in str(told.value)


def test_a_credential_that_systemd_did_not_give_is_told_with_what_gives_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = BrokerAddress(username="desk-3", password_file=Path("credential:broker-password"))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(BrokerFileError, match="LoadCredential="):
        password(address)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(BrokerFileError, match=r"broker-password cannot be read: No such file"):
        password(address)


@pytest.mark.parametrize("unit", ["deskside.service", "deskside-central.service"])
def test_the_shipped_units_hand_over_the_secrets_that_they_name_each_unit_its_own(unit: str) -> None:
    text = (Path(__file__).resolve().parents[3] / "systemd" / unit).read_text(encoding="utf-8")
    program = unit.removesuffix(".service")
    handed = set(re.findall(rf"^LoadCredential=([\w-]+):{program}\.\1$", text, re.MULTILINE))
    assert handed == set(re.findall(rf'_file = "{CREDENTIAL}([\w-]+)"', text)) != set()
