"""What the pages tell people to type works as it stands there, on a machine fresh from its installer."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, PROJECT, page
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
    r"make (\.venv/ready|lint|test|bench|models|models-check|docs|lock)": "what a developer's checkout does: `make test` is under way",
    r"git commit": "it opens an editor",
    r".*build/release.*": "how a release is made; tests/test_wheel.py builds and installs a wheel",
}
"""Lines that no test can type here, and why."""
TOLD = {
    r"sudo -u deskside-central deskside-central report.*": "nothing was measured",
    r"deskside-central report .*": "nothing was measured",
    r"sudo deskside calibrate .*": "no camera named",
    r"sudo -u deskside deskside phone watch": "declares no telephone line",
    r"deskside calibrate .* --desk desk.toml": "near.mp4",
    r"deskside-central accounts link .*": "no account named",
    r"deskside-central restore .*": "is there already",
}
"""Lines that a machine without cameras and measurements answers with what is wrong."""
RUNS_ON = r"deskside-central serve .*"
"""Lines that go on until somebody presses Ctrl-C."""
SHIFT = "--person anna --from '2026-01-05 09:00' --until '2026-01-05 17:00' --reason 'forgot to sign out' --by lea"
MEANT = {
    "DEVICE ...": "desk-3 --label Door",
    "rejected DEVICE": "rejected desk-3",
    "NAME...": "eight-teeth",
    "export FOLDER": "export sheets",
    "import FILE...": "import sheets/*.csv",
    "list DESK": "list desk-3",
    "correct DESK ...": f"correct desk-3 {SHIFT}",
}
"""What a person puts in the place of capitals."""
COMMAND = re.compile(r"(make|sudo|git|openssl|python3|deskside|deskside-central|(\.venv|build)/\S*) ")
"""How a line begins that is typed, rather than code or what a program says."""
MEDIA = PROJECT / "build" / "demo-media"


def lines_of(path: Path) -> Iterator[str]:
    """What is typed of a page, line by line, without what explains it."""
    for line in page(path).lines:
        typed = re.sub(r"\s{2,}#.*|\s{3,}\w.*", "", line)
        for word, meant in MEANT.items():
            typed = typed.replace(word, meant)
        yield typed


def type_line(machine: FreshMachine, line: str) -> None:
    """Type a line; it works, or says in words what it said it would say."""
    if re.fullmatch(RUNS_ON, line):
        machine.root_does(
            "systemctl stop deskside-central"
        )  # what a person has at work already holds the port
    done = machine.types(f"timeout --signal=INT 8 {line}" if re.fullmatch(RUNS_ON, line) else line)
    said = done.stdout + done.stderr
    assert "Traceback" not in said, f"{line}\n{said}"
    told = next((told for pattern, told in TOLD.items() if re.fullmatch(pattern, line)), None)
    if told is None or told not in said:
        # 124: the time in which it ran on was over.
        assert done.returncode in ({0, 124} if re.fullmatch(RUNS_ON, line) else {0}), f"{line}\n{said}"


def can_be_typed(line: str) -> bool:
    return COMMAND.match(f"{line} ") is not None and not any(
        re.fullmatch(pattern, line) for pattern in ELSEWHERE
    )


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
        type_line(machine, line)
    assert (
        machine.types("systemctl is-active mosquitto deskside-central deskside").stdout.split()
        == ["active"] * 3
    )
    wait = "for _ in $(seq 60); do sudo -u deskside-central deskside-central desks list | grep -q 'desk-3.*ready' && exit; sleep 1; done; exit 1"
    assert machine.types(wait).returncode == 0, machine.types("journalctl -n 40 --no-pager").stdout
    assert "Lyon" in machine.types("sudo -u deskside-central deskside-central desks list").stdout
    assert machine.types("find . -name '*.db*' -not -path './.git/*'").stdout == "", "no stray database"


def test_every_other_command_of_the_pages_works_as_it_stands_there(machine: FreshMachine) -> None:
    if not (MEDIA / "host.mp4").exists():
        needs("the demo's footage", "make demo")
    cache = "/home/visitor/.cache/deskside"
    machine.receives(MEDIA, "/home/visitor/media")
    machine.root_does(
        "ln -sfn /opt/deskside .venv && touch .venv/ready && echo '[broker]' > central.toml && cp firmware_config/desk.toml . && "
        "cp firmware_config/standards/eight-teeth.toml house.toml && sed -i 's/^name = .*/name = \"house\"/' house.toml && "
        f"mkdir -p build {cache} && mv ~visitor/media build/demo-media && touch build/demo-media/ready && "
        f"cp -r build/demo-media {cache}/ && for clip in approach host; do cp build/demo-media/host.mp4 $clip.mp4; done && chown -R visitor: /home/visitor"
    )
    for path in PAGES:
        if path in (INSTALL, DELIVERY):
            continue
        for line in filter(can_be_typed, lines_of(path)):
            if line not in WRITTEN:
                type_line(machine, line)
    assert machine.types("test -s report.html && test -s visit.jsonl").returncode == 0
    assert machine.types("ls *.db").stdout == "", "no stray database"
