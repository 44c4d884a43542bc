"""What the pages tell people to type works as it stands there, on a machine fresh from its installer."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import PROJECT, page
from tests.not_tested import needs
from tests.worlds.fresh_machine import FreshMachine

INSTALL = PROJECT / "docs" / "install.md"
DELIVERY = PROJECT / "docs" / "delivery.md"

CENTRAL_TOML = """
[broker]
host = "broker.lan"
port = 8883
ca_file = "/etc/deskside/ca.crt"
cert_file = "/etc/deskside/central.crt"
key_file = "/etc/deskside/central.key"
[standards]
default = "/etc/deskside/standards/house.toml"
"""
DESK_TOML = """
[desk]
device = "desk-3"
standard = "/etc/deskside/standards/house.toml"
[uplink]
host = "broker.lan"
port = 8883
ca_file = "/etc/deskside/ca.crt"
cert_file = "/etc/deskside/desk-3.crt"
key_file = "/etc/deskside/desk-3.key"
"""
WRITTEN = {
    "sudo nano /etc/deskside/central.toml": CENTRAL_TOML,
    "sudo nano /etc/deskside/desk.toml": DESK_TOML,
}
"""What the person types into the editor."""
ELSEWHERE = {
    r"sudo apt-get install python3-picamera2 python3-lgpio": "packages of Raspberry Pi OS",
    r"python3 -m pip download .*": "half a gigabyte, on another machine",
    r"sudo PIP_NO_INDEX=1 .*": "what was downloaded there",
}
"""Lines that no test can type here, and why."""
TOLD = {
    r"sudo -u deskside-central deskside-central report .*": "nothing was measured",
    r"sudo deskside calibrate .*": "no camera named 'door'",
}
"""Lines that a machine without cameras and measurements answers with what is wrong."""


def lines_of(path: Path) -> Iterator[str]:
    """What is typed of a page, line by line, without what explains it."""
    for line in page(path).lines:
        yield re.sub(r"\s{2,}#.*", "", line)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreshMachine]:
    """A machine on which the programs are installed, up and running."""
    with FreshMachine(tmp_path_factory.mktemp("machine") / "layers") as fresh:
        for part in ("central", "desk"):
            done = fresh.types(f"sudo --preserve-env make install-{part}")
            if "package registry cannot be reached" in done.stderr:
                needs("the package registry", "a network")
            assert done.returncode == 0, done.stdout + done.stderr
        fresh.boot()
        yield fresh


def test_the_page_of_installing_typed_line_by_line_ends_in_a_desk_and_a_centre_at_work(
    machine: FreshMachine,
) -> None:
    machine.root_does("rm -rf /etc/deskside; echo 127.0.0.1 broker.lan >> /etc/hosts")
    certificates = [line for line in lines_of(DELIVERY) if line.startswith(("KEY=", "openssl"))]
    central = certificates[-1].replace("desk-3", "central")
    done = machine.types("\n".join(["set -e", *certificates, central]))
    assert done.returncode == 0, done.stderr
    for line in lines_of(INSTALL):
        if any(re.fullmatch(pattern, line) for pattern in ELSEWHERE):
            continue
        if text := WRITTEN.get(line):
            file = line.split()[-1]
            assert machine.types(f"sudo tee {file} <<'EOF'\n{text}\nEOF").returncode == 0
            continue
        done = machine.types(line)
        said = done.stdout + done.stderr
        assert "Traceback" not in said, f"{line}\n{said}"
        told = next((told for pattern, told in TOLD.items() if re.fullmatch(pattern, line)), None)
        if told is None:
            assert done.returncode == 0, f"{line}\n{said}"
        else:
            assert told in said, f"{line}\n{said}"
    assert (
        machine.types("systemctl is-active mosquitto deskside-central deskside").stdout.split()
        == ["active"] * 3
    )
    wait = "for _ in $(seq 60); do sudo -u deskside-central deskside-central desks list | grep -q 'desk-3.*ready' && exit; sleep 1; done; exit 1"
    assert machine.types(wait).returncode == 0, machine.types("journalctl -n 40 --no-pager").stdout
    assert "Lyon" in machine.types("sudo -u deskside-central deskside-central desks list").stdout
    assert machine.types("find . -name '*.db*' -not -path './.git/*'").stdout == "", "no stray database"
