"""What keeps a desk from its broker is told apart: clock, port, name, authority, own certificate, transport, password, access."""

import contextlib
import gc
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from edge.finding import Finding
from edge.settings.desk_toml import Uplink
from edge.uplink.broker_check import check_broker
from tests.worlds.delivery.acknowledger import Acknowledger
from tests.worlds.delivery.certificates import Authority
from tests.worlds.delivery.gates import Gates, gates, gates_with
from tests.worlds.delivery.mosquitto import Mosquitto, free_port

__all__ = ["gates"]
# paho leaves the socket of a failed handshake to the garbage collector, which pytest hears.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def checked(gates: Gates, device: str = "desk-3", **settings: Any) -> Finding:
    """The finding of a desk whose settings are right but for these."""
    right = {"username": "desk-3", "password_file": gates.password_file, "port": gates.plain}
    given = {name: value for name, value in (right | settings).items() if value is not None}
    found = check_broker(Uplink.model_validate(given), device)
    gc.collect()
    return found


def bad(found: Finding, what: str, to_do: str) -> None:
    assert found.verdict == "bad", found
    assert what in found.found, found
    assert to_do in found.to_do, found
    assert "none is lost" in found.to_do


@pytest.fixture
def elsewhere(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Gates]:
    """Gates whose broker shows a certificate that is wrong in the way the test asks for."""
    authority = Authority(tmp_path, "ca")
    yield from gates_with(tmp_path, authority.issue("broker", **request.param), authority)


def with_ca(gates: Gates, **settings: Any) -> Finding:
    return checked(gates, port=gates.tls, ca_file=gates.authority.certificate, **settings)


def test_a_desk_whose_settings_are_right_is_let_in_whichever_way(gates: Gates) -> None:
    ca = gates.authority.certificate
    files = gates.authority.issue("desk-3")
    mine: dict[str, Any] = {"cert_file": files.certificate, "key_file": files.key}
    for found in (
        checked(gates),
        with_ca(gates),
        checked(gates, port=gates.mutual, ca_file=ca, username=None, password_file=None, **mine),
        checked(gates, port=gates.websockets, transport="websockets"),
        checked(gates, port=gates.secure_websockets, transport="websockets", ca_file=ca),
    ):
        assert found.verdict == "good", found
        assert "the central service is not connected" in found.found


def test_while_the_central_service_listens_nothing_is_told_of_it(mosquitto: Mosquitto) -> None:
    with Acknowledger(mosquitto.port) as central:
        found = check_broker(Uplink(port=mosquitto.port, host="127.0.0.1"), "desk-3")
        assert central.topics == []
    assert found.found.endswith("lets desk-3 in and passes on what it says")


def test_in_an_older_version_it_is_said_what_cannot_be_told(gates: Gates) -> None:
    assert "does not tell" in checked(gates, mqtt="3.1.1").found


@pytest.mark.parametrize(
    "elsewhere", [{"valid_from": timedelta(days=2), "valid_to": timedelta(days=9)}], indirect=True
)
def test_a_certificate_that_is_not_yet_valid_means_a_clock(elsewhere: Gates) -> None:
    bad(with_ca(elsewhere), "not valid yet by this machine's clock, which says 20", "set the clock")


@pytest.mark.parametrize(
    "elsewhere", [{"valid_from": timedelta(days=-9), "valid_to": timedelta(days=-2)}], indirect=True
)
def test_a_certificate_that_has_expired_means_it_or_a_clock(elsewhere: Gates) -> None:
    bad(
        with_ca(elsewhere),
        "has expired by this machine's clock, which says 20",
        "issue the broker a new certificate",
    )


@pytest.mark.parametrize("elsewhere", [{"host": "broker.lan"}], indirect=True)
def test_a_certificate_for_another_name_is_told_by_the_setting(elsewhere: Gates) -> None:
    bad(with_ca(elsewhere), "is for another name than localhost", "set uplink.host")


def test_an_authority_that_is_not_the_brokers_is_told_by_the_setting(gates: Gates, tmp_path: Path) -> None:
    other = Authority(tmp_path, "other")
    bad(
        checked(gates, port=gates.tls, ca_file=other.certificate),
        "its authority is not that",
        "uplink.ca_file",
    )


def test_the_systems_authorities_do_not_vouch_for_a_broker_of_ones_own(gates: Gates) -> None:
    bad(checked(gates, port=gates.tls, tls=True), "its authority is not that", "uplink.ca_file")


@pytest.mark.parametrize("transport", ["tcp", "websockets"])
def test_tls_asked_of_a_port_without_it_is_told(transport: str, gates: Gates) -> None:
    port = gates.plain if transport == "tcp" else gates.websockets
    found = checked(gates, port=port, transport=transport, ca_file=gates.authority.certificate)
    bad(found, f"port {port} of localhost speaks no TLS", "uplink.port")


@pytest.mark.parametrize("transport", ["tcp", "websockets"])
@pytest.mark.parametrize("mqtt", ["auto", "3.1.1"])
def test_a_port_with_tls_asked_without_is_told(mqtt: str, transport: str, gates: Gates) -> None:
    port = gates.tls if transport == "tcp" else gates.secure_websockets
    found = checked(gates, port=port, transport=transport, mqtt=mqtt)
    bad(found, f"port {port} of localhost speaks TLS", "uplink.ca_file")


def test_a_broker_that_asks_for_our_certificate_is_told_from_one_that_does_not_like_it(
    gates: Gates, tmp_path: Path
) -> None:
    ca = gates.authority.certificate
    bad(checked(gates, port=gates.mutual, ca_file=ca), "asks for a certificate of ours", "uplink.cert_file")
    files = Authority(tmp_path, "stranger").issue("desk-3")
    found = checked(gates, port=gates.mutual, ca_file=ca, cert_file=files.certificate, key_file=files.key)
    bad(found, "does not know the authority that issued our certificate", "uplink.cert_file")
    files = gates.authority.issue("desk-3", valid_from=timedelta(days=-9), valid_to=timedelta(days=-2))
    found = checked(gates, port=gates.mutual, ca_file=ca, cert_file=files.certificate, key_file=files.key)
    bad(found, "our certificate has expired", "uplink.cert_file")


def test_websockets_asked_of_a_port_without_them_and_the_other_way_round(gates: Gates) -> None:
    found = checked(gates, transport="websockets")
    bad(found, f"port {gates.plain} of localhost speaks MQTT without websockets", 'uplink.transport = "tcp"')
    found = checked(gates, port=gates.websockets)
    bad(found, f"a web server answers on port {gates.websockets}", 'uplink.transport = "websockets"')


def test_a_web_server_that_is_no_broker_is_told_by_the_path() -> None:
    with web_server() as port:
        found = check_broker(
            Uplink(host="127.0.0.1", port=port, transport="websockets", path="/elsewhere"), "desk-3"
        )
    bad(found, "knows no MQTT at /elsewhere", "uplink.path")


def test_a_wrong_password_and_none_are_told_apart(gates: Gates) -> None:
    wrong = checked(gates, password_file=gates.wrong_password_file())
    bad(wrong, "does not let in a user desk-3 with this password", "uplink.password_file")
    none = checked(gates, username=None, password_file=None)
    bad(none, "nobody without a user name", "uplink.username")


def test_access_rules_that_do_not_let_the_desk_publish_are_told_with_the_topic(gates: Gates) -> None:
    found = checked(gates, device="desk-4")
    bad(found, "access rules (ACL) refuse this desk to publish on deskside/1/desk-4/state", "broker's ACL")


def test_a_host_that_nobody_knows_and_a_port_on_which_nobody_listens_are_told_apart() -> None:
    found = check_broker(Uplink(host="no-such-broker.invalid", port=1883), "desk-3")
    bad(found, "no machine named no-such-broker.invalid", "uplink.host")
    port = free_port()
    bad(
        check_broker(Uplink(host="127.0.0.1", port=port), "desk-3"),
        f"nobody listens on port {port}",
        "uplink.port",
    )


@contextlib.contextmanager
def web_server() -> Iterator[int]:
    """A web server that knows nothing but that it has no such page."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = server.accept()
                    with client:
                        if client.recv(4096).startswith(b"GET"):
                            client.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
