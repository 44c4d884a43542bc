"""A mosquitto with one listener of each kind, as people run them: plain, TLS, mutual TLS, websockets, user names."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.worlds.delivery.certificates import Authority, Files
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto, free_port, wait_until_listening

PASSWORD = "corréct horse battery"  # noqa: S105  (of a broker that lives as long as a test)
"""A space and a letter beyond ASCII: passwords are UTF-8."""


@dataclass(frozen=True)
class Gates:
    folder: Path
    authority: Authority
    plain: int
    tls: int
    mutual: int
    websockets: int
    secure_websockets: int

    @property
    def password_file(self) -> Path:
        path = self.folder / "password"
        path.write_text(PASSWORD + "\n", encoding="utf-8")
        return path

    def wrong_password_file(self) -> Path:
        path = self.folder / "wrong"
        path.write_text("wrong\n")
        return path


def gates_with(folder: Path, certificate: Files, authority: Authority) -> Iterator[Gates]:
    """A broker that shows this certificate wherever it speaks TLS; users are desk-3 and central, with `PASSWORD`."""
    plain, tls, mutual, web, secure_web = (free_port() for _ in range(5))
    users = folder / "users"
    users.touch(mode=0o600)
    for user in ("desk-3", "central"):
        subprocess.run(["mosquitto_passwd", "-b", users, user, PASSWORD], check=True, capture_output=True)
    acl = folder / "deskside.acl"
    acl.write_text((PROJECT / "firmware_config" / "broker" / "deskside.acl").read_text())
    shown = f"cafile {authority.certificate}\ncertfile {certificate.certificate}\nkeyfile {certificate.key}\n"
    named = f"allow_anonymous false\npassword_file {users}\nacl_file {acl}\n"
    config = (
        "per_listener_settings true\npersistence false\n"
        f"listener {plain} 127.0.0.1\n{named}"
        f"listener {tls} 127.0.0.1\n{named}{shown}"
        f"listener {mutual} 127.0.0.1\n{shown}require_certificate true\nuse_identity_as_username true\nallow_anonymous false\nacl_file {acl}\n"
        f"listener {web} 127.0.0.1\nprotocol websockets\n{named}"
        f"listener {secure_web} 127.0.0.1\nprotocol websockets\n{named}{shown}"
    )
    broker = Mosquitto(folder, config, plain)
    broker.start()
    assert broker._process is not None
    wait_until_listening(secure_web, broker._process)
    try:
        yield Gates(folder, authority, plain, tls, mutual, web, secure_web)
    finally:
        broker.kill()


@pytest.fixture(scope="module")
def gates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gates]:
    folder = tmp_path_factory.mktemp("gates")
    authority = Authority(folder, "ca")
    yield from gates_with(folder, authority.issue("broker"), authority)
