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
key_file = "credential:broker-key"
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
    r"make (\.venv/ready|lint|licences|materials|test|bench|models|models-check|docs|lock)": "what a developer's checkout does: `make test` is under way",
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
    r"sudo deskside badge (show|set-pin|forget-pin).*": "key_file is missing",
    r"deskside-central accounts link .*": "no account named",
    r"deskside-central accounts connect .*": "no [[login]] named",
    r"deskside-central tokens make .*": "no account named",
    r"deskside-central persons erase .*": "nothing is held",
    r"deskside-central crm pull .*": "has no [[crm]] named",
    r"deskside-central registry holidays .*": "there is no showroom named",
    r"deskside-central restore .*": "is there already",
}
"""Lines that a machine without cameras and measurements answers with what is wrong."""
RUNS_ON = r"deskside-central serve .*|deskside page .*"
"""Lines that go on until somebody presses Ctrl-C."""
SHIFT = "--person anna --from '2026-01-05 09:00' --until '2026-01-05 17:00' --reason 'forgot to sign out' --by lea"
MEANT = {
    "DEVICE ...": "desk-3 --label Door",
    "rejected DEVICE": "rejected desk-3",
    "NAME...": "eight-teeth",
    "export FOLDER": "export sheets",
    "export NAME --out FILE": "export anna --out anna.json",
    "erase NAME --reason WHY": "erase nobody --reason leaves --yes",
    "connect NAME ...": "connect anna --provider acme --subject 7",
    "make ACCOUNT ...": "make anna --name sheet --permit visits:read",
    "simulate --db FILE": "simulate --db build/simulated.sqlite",
    "import FILE...": "import sheets/*.csv",
    "PSEUDONYM": "anna",
    "list DESK": "list desk-3",
    "correct DESK ...": f"correct desk-3 {SHIFT}",
}
"""What a person puts in the place of capitals."""
COMMAND = re.compile(r"(make|sudo|git|openssl|python3|deskside|deskside-central|(\.venv|build)/\S*) ")
"""How a line begins that is typed, rather than code or what a program says."""
MEDIA = PROJECT / "build" / "demo-media"
MOST_EXPOSED = 1.5
"""What `systemd-analyze security` may say of a unit, of 10."""
DESK_IS_READY = "sudo -u deskside-central deskside-central desks list | grep -q 'desk-3.*ready'"
KEPT = (
    "sudo -u deskside-central python3 -c \"import sqlite3; print(sqlite3.connect('/var/lib/deskside-central/central.db')"
    ".execute('SELECT count(*) FROM event').fetchone()[0])\""
)
"""Asks how many measurements the database holds."""


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


def until(machine: FreshMachine, line: str, within_s: int = 60) -> bool:
    """Whether a line comes to succeed, asked again and again by root."""
    wait = f"for _ in $(seq {within_s}); do {line} && exit; sleep 1; done; exit 1"
    return machine.types(wait, user="root").returncode == 0


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


@pytest.fixture(scope="module")
def at_work(machine: FreshMachine) -> FreshMachine:
    """The machine after the page of installing was typed on it, line by line: broker, centre and desk are at work."""
    machine.root_does("rm -rf /etc/deskside; echo 127.0.0.1 broker.lan >> /etc/hosts")
    lines = [*lines_of(DELIVERY)]
    typed = lines[: next(number for number, line in enumerate(lines) if "-revoke" in line)]
    authority = [line for line in typed if line.startswith(("KEY=", "openssl", "touch"))]
    (desk,) = (line for line in authority if "desk-3" in line)
    others = [desk.replace("desk-3", name) for name in ("central", "desk-7")]
    done = machine.types("\n".join(["set -e", *authority, *others]))
    assert done.returncode == 0, done.stderr
    for line in lines_of(INSTALL):
        if any(re.fullmatch(pattern, line) for pattern in ELSEWHERE):
            continue
        if text := WRITTEN.get(line):
            file = line.split()[-1]
            assert machine.types(f"sudo tee {file} <<'EOF'\n{text}\nEOF").returncode == 0
            continue
        type_line(machine, line)
    return machine


def test_the_page_of_installing_typed_line_by_line_ends_in_a_desk_and_a_centre_at_work(
    at_work: FreshMachine,
) -> None:
    machine = at_work
    assert (
        machine.types("systemctl is-active mosquitto deskside-central deskside").stdout.split()
        == ["active"] * 3
    )
    assert until(machine, DESK_IS_READY), machine.types("journalctl -n 40 --no-pager").stdout
    assert "Lyon" in machine.types("sudo -u deskside-central deskside-central desks list").stdout
    assert machine.types("find . -name '*.db*' -not -path './.git/*'").stdout == "", "no stray database"


def test_both_services_are_shut_in_and_measure_and_keep_all_the_same(at_work: FreshMachine) -> None:
    for unit, watchdog in (("deskside", "10s"), ("deskside-central", "30s")):
        said = at_work.root_does(f"systemd-analyze security --no-pager {unit}.service | tail -1")
        exposure = re.search(r"Overall exposure level for \S+: (\d+\.\d+)", said)
        assert exposure is not None, said
        assert float(exposure[1]) <= MOST_EXPOSED, said
        state = at_work.root_does(f"systemctl show {unit} -p ActiveState,SubState,WatchdogUSec,MemoryMax")
        assert {"ActiveState=active", "SubState=running", f"WatchdogUSec={watchdog}"} <= set(state.split())
        assert "MemoryMax=infinity" not in state
    assert until(at_work, DESK_IS_READY)
    assert until(at_work, f"{KEPT} | grep -q [1-9]", 180), at_work.root_does("journalctl -n 40 --no-pager")


def test_users_and_folders_are_those_of_the_files_that_systemd_reads(at_work: FreshMachine) -> None:
    assert {"video", "gpio"} <= set(at_work.root_does("id --name --groups deskside").split())
    assert at_work.root_does("id --name --groups deskside-central").split() == ["deskside-central"]
    for name in ("deskside", "deskside-central"):
        owner = at_work.root_does(f"stat --format '%U %G %a' /var/lib/{name}").split()
        assert owner == [name, name, "750"]
        assert at_work.root_does(f"getent passwd {name}").strip().endswith("/usr/sbin/nologin")


def test_secrets_and_data_of_the_central_service_are_read_by_nobody_else(at_work: FreshMachine) -> None:
    key = "/etc/credstore/deskside-central.broker-key"
    assert at_work.root_does(f"stat --format '%U %a' {key}").split() == ["root", "600"]
    assert at_work.types(f"sudo -u deskside-central cat {key}").returncode != 0
    assert "key" not in at_work.root_does("ls /etc/deskside").replace("desk-3.key", "")
    folder = "/var/lib/deskside-central"
    files = at_work.root_does(f"find {folder} -type f -printf '%f %m %u\\n'").splitlines()
    assert {"central.db 600 deskside-central", "copy.db 600 deskside-central"} <= set(files)
    assert not [file for file in files if file.split()[1] != "600" and "report.html" not in file]
    restored = f"sudo -u deskside-central deskside-central restore {folder}/copy.db --db {folder}/restored.db"
    done = at_work.types(restored)
    assert done.returncode == 0, done.stderr
    assert (
        "desk-3"
        in at_work.types(
            f"sudo -u deskside-central deskside-central desks list --db {folder}/restored.db"
        ).stdout
    )
    at_work.root_does(f"rm {folder}/restored.db*")


def test_the_groups_of_a_desk_open_its_devices_although_every_other_user_is_nobody(
    at_work: FreshMachine,
) -> None:
    at_work.root_does("install -m 660 -g video /dev/null /run/of-video && echo seen > /run/of-video")
    shut_in = "systemd-run --quiet --pipe --wait -p User=deskside -p SupplementaryGroups='video gpio' -p PrivateUsers=yes"
    assert at_work.root_does(f"{shut_in} cat /run/of-video") == "seen\n"


def test_roots_doctor_may_no_more_than_the_service(at_work: FreshMachine) -> None:
    said = at_work.types("sudo deskside doctor").stdout
    assert "examined as deskside" in said
    assert "storage" in said
    at_work.root_does("mv /var/lib/deskside /var/lib/taken && install -d -m 700 -o root /var/lib/deskside")
    try:
        assert "cannot be written" in at_work.types("sudo COLUMNS=200 deskside doctor").stdout
    finally:
        at_work.root_does("rmdir /var/lib/deskside && mv /var/lib/taken /var/lib/deskside")


@pytest.mark.parametrize("signal", ["KILL", "STOP"])
def test_a_desk_that_is_killed_or_hangs_is_at_work_again_by_itself(
    at_work: FreshMachine, signal: str
) -> None:
    pid = "systemctl show deskside --value -p MainPID"
    before = at_work.root_does(pid).strip()
    at_work.root_does(f"kill -{signal} {before}")
    again = f"test $({pid}) != {before} && systemctl is-active --quiet deskside"
    assert until(at_work, again, 180), at_work.root_does("systemctl status deskside --no-pager")


def test_a_central_service_that_hangs_is_started_anew_and_takes_in_again(at_work: FreshMachine) -> None:
    pid = "systemctl show deskside-central --value -p MainPID"
    before = at_work.root_does(pid).strip()
    at_work.root_does(f"kill -STOP {before}")
    again = f"test $({pid}) != {before} && systemctl is-active --quiet deskside-central"
    assert until(at_work, again, 180), at_work.root_does("systemctl status deskside-central --no-pager")
    assert "Watchdog timeout" in at_work.root_does("journalctl -u deskside-central --no-pager")
    kept = at_work.root_does(KEPT).strip()
    assert until(at_work, f"test $({KEPT}) -gt {kept}", 180), at_work.root_does("journalctl -n 40 --no-pager")


def test_a_desk_that_was_stolen_is_shut_out_by_what_the_page_says(at_work: FreshMachine) -> None:
    ask = "openssl s_client -connect broker.lan:8883 -CAfile ca.crt -cert {0}.crt -key {0}.key </dev/null -tls1_2"
    assert at_work.types(ask.format("desk-7")).returncode == 0
    lines = [*lines_of(DELIVERY)]
    first = next(number for number, line in enumerate(lines) if "-revoke" in line)
    for line in lines[first:]:
        if can_be_typed(line):
            type_line(at_work, line)
    refused = at_work.types(ask.format("desk-7"))
    assert refused.returncode != 0
    assert "certificate revoked" in refused.stderr
    assert at_work.types(ask.format("desk-3")).returncode == 0
    assert until(at_work, DESK_IS_READY)


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
