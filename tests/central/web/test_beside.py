"""The pages beside the ingest service: what starts with them, what does without, and what is told when they cannot be."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from edge.settings.desk_toml import Uplink
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import PROJECT, free_port
from tests.worlds.pages.service import PagesService


def test_with_a_broker_of_its_own_a_desk_delivers_and_stands_on_the_page(tmp_path: Path) -> None:
    port = free_port()
    with PagesService(tmp_path, port, options=("--with-broker",)) as service:
        desk = Desk(Uplink(port=port), tmp_path / "spool.db")
        desk.uplink.start()
        desk.put(1, 2, 3)
        assert desk.uplink.wait_until_delivered(60)
        link = service.first_link
        assert link
        browser = service.browser()
        words = "four plain words and a comma,"
        assert browser.send(link, at=link, name="ada", password=words, again=words).status_code == 303
        assert "desk-3" in browser.get("/desks").text
        desk.leave()
        assert service.end() == 0


def _serve(tmp_path: Path, *options: str, without: str = "") -> subprocess.Popen[str]:
    """The service, in a Python that lacks some modules."""
    hide = f"import sys; sys.modules.update(dict.fromkeys({without.split()!r})); "
    program = hide + "from central.cli import main; main()"
    common = ["serve", "--broker", f"127.0.0.1:{free_port()}", "--db", str(tmp_path / "x.db"), *options]
    return subprocess.Popen(
        [sys.executable, "-c", program, *common],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("without", ["fastapi", "argon2 babel"])
def test_without_what_pages_need_measurements_are_kept_and_it_is_told_what_to_install(
    tmp_path: Path, without: str
) -> None:
    process = _serve(tmp_path, without=without)
    assert process.stderr
    told = ""
    for line in process.stderr:
        told += line
        if "no pages are opened" in line:
            break
    process.terminate()
    told += process.communicate(timeout=60)[1]
    assert process.returncode == 0, told
    assert "keeping measurements in" in told
    assert "pip install 'deskside[central]'" in told
    assert "Traceback" not in told


def test_an_address_that_is_taken_is_told_in_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = _serve(tmp_path, "--at", f"127.0.0.1:{port}")
        told = process.communicate(timeout=120)[1]
    assert process.returncode == 2
    assert f"the pages cannot be opened at 127.0.0.1:{port}" in told
    assert "Traceback" not in told


def test_a_broker_is_not_started_where_one_listens_or_where_tls_is_asked_for(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = _serve(tmp_path, "--with-broker", "--broker", f"127.0.0.1:{port}")
        told = process.communicate(timeout=120)[1]
    assert (process.returncode, "something listens at" in told) == (2, True)
    process = _serve(tmp_path, "--with-broker", "--tls")
    told = process.communicate(timeout=120)[1]
    assert (process.returncode, "without TLS" in told) == (2, True)


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])  # noqa: S104  (what is warned of)
def test_pages_that_others_reach_without_https_are_warned_of(tmp_path: Path, host: str) -> None:
    port = free_port()
    process = _serve(tmp_path, "--at", f"{host}:{port}")
    assert process.stderr

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    assert eventually(listens, 120)
    process.terminate()
    told = process.communicate(timeout=60)[1]
    assert ("without HTTPS" in told) == (host == "0.0.0.0")  # noqa: S104
