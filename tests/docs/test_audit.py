"""A known vulnerability fails the check; a service that cannot be asked costs one line."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.worlds.delivery.mosquitto import free_port

PROJECT = Path(__file__).resolve().parents[2]
LOCK = f"planted==1.0 \\\n    --hash=sha256:{'0' * 64}\nother==2.0 ; python_version > '3' \\\n    --hash=sha256:{'1' * 64}\n"
FLAW = {
    "id": "PYSEC-0000-1",
    "summary": "It gives everything away.",
    "details": "It gives everything away.",
    "affected": [
        {
            "package": {"name": "planted", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
            "versions": ["1.0"],
        }
    ],
}

pytestmark = pytest.mark.skipif(find_spec("pip_audit") is None, reason="needs pip-audit: make .venv/ready")


@contextmanager
def service(flawed: str | None) -> Iterator[str]:
    """A service that answers as OSV does; gives its address."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = {"vulns": [FLAW]} if asked["package"]["name"] == flawed else {}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(known).encode())

        def log_message(self, *_: object) -> None:
            """Nothing is written between the tests' own lines."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
        finally:
            server.shutdown()
            thread.join()


def audit(folder: Path, address: str, lock: str = LOCK) -> subprocess.CompletedProcess[str]:
    (folder / "requirements.lock").write_text(lock)
    options = ["--lock", str(folder / "requirements.lock"), "--osv-url", address]
    command = [sys.executable, "-m", "docs.audit", *options]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_a_known_vulnerability_fails_and_is_told_with_its_mend(tmp_path: Path) -> None:
    with service(flawed="planted") as address:
        done = audit(tmp_path, address)
    assert done.returncode == 1
    assert done.stderr == "planted 1.0: PYSEC-0000-1, mended in 1.1\n"


def test_where_none_is_known_it_says_how_many_it_asked_for(tmp_path: Path) -> None:
    with service(flawed=None) as address:
        done = audit(tmp_path, address)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "2 packages, 0 known vulnerabilities\n"


def test_without_a_service_it_says_in_one_line_that_it_had_no_data(tmp_path: Path) -> None:
    done = audit(tmp_path, f"http://127.0.0.1:{free_port()}/v1/query")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("No data on vulnerabilities, none were looked for: ")
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_a_lock_that_cannot_be_read_is_no_want_of_a_network(tmp_path: Path) -> None:
    with service(flawed=None) as address:
        done = audit(tmp_path, address, "planted\n")
    assert done.returncode == 1
    assert "The lock was not looked through" in done.stderr
