"""A real Roundup: installed once from the package index below ``build/``, a tracker of its own for each test that asks for one."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.central.crm.other_packages import installed
from tests.not_tested import needs

ROUNDUP = "roundup==2.6.0"
ADMIN = "from roundup.scripts.roundup_admin import run; import sys; sys.exit(run())"
SERVER = "from roundup.scripts.roundup_server import run; run()"
PASSWORD = "only for the test"  # noqa: S105
PATIENCE_S = 120.0
STATES = ("unread", "deferred", "chatting", "need-eg", "in-progress", "testing", "done-cbb", "resolved")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


class Tracker:
    """A tracker that runs; people write to it as they would."""

    def __init__(self, home: Path, site: Path) -> None:
        self.home, self._site = home, site
        self.port = free_port()
        self._log = (home.parent / "tracker.log").open("ab")
        self._server: subprocess.Popen[bytes] | None = None
        self._headers = {"x-requested-with": "test", "origin": self.url, "referer": f"{self.url}/t/"}
        self.secret_file = home.parent / "secret"
        self.secret_file.write_text(PASSWORD + "\n")
        self._make()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self._site)}

    def _admin(self, *arguments: str, given: str = "") -> None:
        command = [sys.executable, "-W", "ignore", "-c", ADMIN, "-i", str(self.home), *arguments]
        subprocess.run(
            command, input=given.encode(), env=self._environment(), check=True, capture_output=True
        )

    def _make(self) -> None:
        self._admin("install", "classic", "sqlite")
        config = self.home / "config.ini"
        text = config.read_text()
        lines = {
            "#web = NO DEFAULT": f"web = {self.url}/t/",
            "#domain = NO DEFAULT": "domain = example.org",
            "#host = NO DEFAULT": "host = localhost",
        }
        for before, after in lines.items():
            assert before in text
            text = text.replace(before, after)
        mail, debug = text.split("[mail]", 1)
        config.write_text(mail + "[mail]" + debug.replace("\ndebug = \n", "\ndebug = mail.txt\n", 1))
        self._admin("initialise", PASSWORD, given="y\n")
        subprocess.run(["chown", "-R", "65534:65534", str(self.home)], check=os.geteuid() == 0)

    def start(self) -> None:
        # It refuses to run as root.
        drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        command = [*drop, sys.executable, "-W", "ignore", "-c", SERVER, "-n", "127.0.0.1"]
        self._server = subprocess.Popen(
            [*command, "-p", str(self.port), f"t={self.home}"],
            env=self._environment(),
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        ends_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                httpx.get(f"{self.url}/t/rest/", timeout=PATIENCE_S)
            except httpx.TransportError:
                assert time.monotonic() < ends_s, "the tracker does not start"
                time.sleep(0.2)
            else:
                return

    def kill(self) -> None:
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
            self._server = None

    def close(self) -> None:
        self._log.close()

    def _client(self, user: str) -> httpx.Client:
        return httpx.Client(
            base_url=f"{self.url}/t/rest/data/",
            auth=(user, PASSWORD),
            headers=self._headers,
            timeout=PATIENCE_S,
        )

    def _post(self, user: str, path: str, **form: str) -> str:
        with self._client(user) as client:
            answer = client.post(path, data=form)
            log = (self.home.parent / "tracker.log").read_text(errors="replace")
            assert answer.status_code == 201, answer.text + log[-3000:]
            number: str = answer.json()["data"]["id"]
            return number

    def enter(self, user: str) -> str:
        return self._post(
            "admin", "user", username=user, password=PASSWORD, address=f"{user}@example.org", roles="User"
        )

    def ask(self, user: str, number: str) -> tuple[str, str]:
        """A new case; its number and its message's."""
        message = self._post(user, "msg", content="Where is my key?", author=number)
        return self._post(user, "issue", title="A key", messages=message, assignedto="1"), message

    def _patch(self, user: str, case: str, **form: str) -> None:
        with self._client(user) as client:
            tag = client.get(f"issue/{case}").headers["etag"]
            answer = client.patch(f"issue/{case}", data=form, headers={"if-match": tag})
            assert answer.status_code == 200, answer.text

    def write(self, user: str, number: str, case: str) -> str:
        message = self._post(user, "msg", content="Here it is.", author=number)
        self._patch(user, case, **{"@op": "add", "messages": message})
        return message

    def set(self, case: str, **values: str) -> None:
        self._patch("admin", case, **{"@op": "replace", **values})

    def state(self, case: str, name: str) -> None:
        self.set(case, status=str(STATES.index(name) + 1))


@contextmanager
def running_tracker() -> Iterator[Tracker]:
    site = installed(ROUNDUP)
    if site is None:
        needs("Roundup", f"`pip install {ROUNDUP}` from a package index")
    # Not below pytest's own folder, which every run of pytest closes to other users again; the tracker is one.
    with tempfile.TemporaryDirectory(prefix="deskside-tracker-") as folder:
        Path(folder).chmod(0o755)
        tracker = Tracker(Path(folder) / "tracker", site)
        try:
            tracker.start()
            yield tracker
        finally:
            tracker.kill()
            tracker.close()
