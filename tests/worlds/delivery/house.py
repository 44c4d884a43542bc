"""A house with the broker and the access rules as they are shipped, and the authority that knows who belongs to it."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.settings.desk_toml import Uplink
from edge.uplink import publisher as publisher_module
from tests.worlds.delivery.acknowledger import Acknowledger
from tests.worlds.delivery.certificates import Authority, Files
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto, free_port

BROKER_CONFIG = PROJECT / "firmware_config" / "broker"


@dataclass
class House:
    """A broker as it is shipped, and the authority that knows who belongs to it."""

    folder: Path
    broker: Mosquitto
    authority: Authority

    def settings(self, identity: Files, host: str = "localhost") -> Uplink:
        return Uplink(
            host=host,
            port=self.broker.port,
            ca_file=self.authority.certificate,
            cert_file=identity.certificate,
            key_file=identity.key,
        )

    def central(self) -> Acknowledger:
        identity = self.authority.issue("central")
        context = ssl.create_default_context(cafile=self.authority.certificate)
        context.load_cert_chain(identity.certificate, identity.key)
        return Acknowledger(self.broker.port, tls=context)

    def desk(self, identity: Files, device: str) -> Desk:
        return Desk(self.settings(identity), self.folder / f"{device}.db", device)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(publisher_module, "FIRST_RETRY_S", 0.2)
    authority = Authority(tmp_path, "ca")
    authority.issue("broker")
    authority.revoke()
    (tmp_path / "deskside.acl").write_text((BROKER_CONFIG / "deskside.acl").read_text())
    port = free_port()
    shipped = (BROKER_CONFIG / "mosquitto.conf").read_text()
    config = (
        shipped.replace("listener 8883", f"listener {port}")
        .replace("/etc/mosquitto/deskside/", f"{tmp_path}/")
        .replace("/var/lib/mosquitto/", f"{tmp_path}/")
    )
    broker = Mosquitto(tmp_path, config, port)
    broker.start()
    yield House(tmp_path, broker, authority)
    broker.kill()
