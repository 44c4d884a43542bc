"""The broker's settings as they are shipped, at work: what they let in, what they turn away, and how much it costs."""

import os
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import psutil
import pytest
from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.certificates import Files
from tests.worlds.delivery.house import BROKER_CONFIG, House, house

__all__ = ["house"]

GCM, CBC = "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-SHA384"
FLOOD_MB = 180
MOST_MB = 120
"""What is queued for one client at most, 64 MB, and the broker itself with its buffers."""


def context(house: House, identity: Files) -> ssl.SSLContext:
    made = ssl.create_default_context(cafile=house.authority.certificate)
    made.load_cert_chain(identity.certificate, identity.key)
    return made


def ciphers_of(house: House, cipher: str) -> str | None:
    """The cipher that a connection gets which knows only this one; None where the broker makes no such connection."""
    offering = context(house, house.authority.issue("desk-3"))
    offering.maximum_version = ssl.TLSVersion.TLSv1_2
    offering.set_ciphers(cipher)
    try:
        with (
            socket.create_connection(("127.0.0.1", house.broker.port), timeout=10) as plain,
            offering.wrap_socket(plain, server_hostname="localhost") as channel,
        ):
            agreed = channel.cipher()
            return agreed[0] if agreed else None
    except ssl.SSLError as refused:
        assert "HANDSHAKE_FAILURE" in str(refused)
        return None


class Speaker:
    """A client with a certificate that says what no desk of ours would."""

    def __init__(self, house: House, name: str) -> None:
        self.ended = threading.Event()
        self._client = Client(
            CallbackAPIVersion.VERSION2, name, protocol=MQTTv311, reconnect_on_failure=False
        )
        self._client.tls_set_context(context(house, house.authority.issue(name)))
        self._client.on_disconnect = lambda *_: self.ended.set()
        self._client.connect("localhost", house.broker.port)
        self._client.loop_start()

    def says(self, topic: str, payload: bytes, times: int = 1) -> None:
        """Until the broker has confirmed the last, or ended the connection."""
        for _ in range(times):
            last = self._client.publish(topic, payload, 1)
        assert eventually(lambda: last.is_published() or self.ended.is_set(), 60)

    def leaves(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def test_a_revoked_certificate_is_refused_and_the_other_desks_deliver(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    stolen = house.desk(house.authority.issue("desk-4"), "desk-4")
    honest = house.desk(house.authority.issue("desk-3"), "desk-3")
    house.authority.revoke("desk-4")
    house.broker.stop()
    house.broker.start()
    with house.central() as central:
        for desk in (stolen, honest):
            desk.uplink.start()
            desk.put(1)
        assert honest.uplink.wait_until_delivered(30)
        assert eventually(lambda: "our certificate was revoked" in caplog.text, 30)
        assert stolen.spool.pending == 1
        assert {event.source for event in central.events} == {"desk-3"}
    for desk in (stolen, honest):
        desk.leave()


def test_a_connection_that_knows_only_cbc_is_not_made(house: House) -> None:
    assert ciphers_of(house, GCM) == GCM
    assert ciphers_of(house, CBC) is None


def test_tls_1_1_is_not_spoken(house: House) -> None:
    identity = house.authority.issue("desk-3")
    asked = ["openssl", "s_client", "-connect", f"127.0.0.1:{house.broker.port}", "-CAfile", "ca.crt"]
    ours = ["-cert", str(identity.certificate), "-key", str(identity.key), "-cipher", "ALL:@SECLEVEL=0"]
    said = {
        version: subprocess.run(
            [*asked, *ours, version],
            cwd=house.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        ).returncode
        for version in ("-tls1_1", "-tls1_2", "-tls1_3")
    }
    assert said == {"-tls1_1": 1, "-tls1_2": 0, "-tls1_3": 0}


# The first is refused as a message, the second as a packet, of which no more is read than its head.
@pytest.mark.parametrize("size", [65_537, 80_000])
def test_a_message_longer_than_any_of_ours_reaches_nobody_and_the_others_go_on(
    house: House, size: int
) -> None:
    honest = house.desk(house.authority.issue("desk-3"), "desk-3")
    with house.central() as central:
        loud = Speaker(house, "desk-4")
        loud.says("deskside/1/desk-4/event", b"x" * size)
        honest.uplink.start()
        honest.put(1)
        assert honest.uplink.wait_until_delivered(30)
        # What the acknowledger cannot read would have ended its thread.
        assert [event.source for event in central.events] == ["desk-3"]
        loud.leaves()
    honest.leave()


def test_a_flood_while_the_central_service_is_away_costs_the_broker_little_memory(house: House) -> None:
    kept = Client(CallbackAPIVersion.VERSION2, "central", clean_session=False, protocol=MQTTv311)
    kept.tls_set_context(context(house, house.authority.issue("central")))
    subscribed = threading.Event()
    kept.on_subscribe = lambda *_: subscribed.set()
    kept.connect("localhost", house.broker.port)
    kept.loop_start()
    kept.subscribe("deskside/1/+/event", 1)
    assert subscribed.wait(20)
    kept.disconnect()
    kept.loop_stop()
    loud = Speaker(house, "desk-4")
    filling = os.urandom(60_000)
    for _ in range(FLOOD_MB // 6):
        loud.says("deskside/1/desk-4/event", filling, times=100)
    broker = psutil.Process(house.broker.pid)
    assert broker.memory_info().rss < MOST_MB * 2**20
    assert not loud.ended.is_set()
    loud.leaves()


def test_openssl_makes_the_list_of_the_revoked_with_the_settings_that_are_shipped(
    house: House, tmp_path: Path
) -> None:
    (tmp_path / "revoked.txt").touch()
    house.authority.issue("desk-4")
    openssl = [
        "openssl",
        "ca",
        "-config",
        str(BROKER_CONFIG / "authority.cnf"),
        "-cert",
        "ca.crt",
        "-keyfile",
        "ca.key",
    ]
    for what in (["-revoke", "desk-4.crt"], ["-gencrl", "-out", "made.crl"]):
        subprocess.run([*openssl, *what], cwd=tmp_path, check=True, capture_output=True)
    listed = subprocess.run(
        ["openssl", "crl", "-in", "made.crl", "-CAfile", "ca.crt", "-noout", "-text"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "verify OK" in listed.stderr
    assert listed.stdout.count("Serial Number") == 1
