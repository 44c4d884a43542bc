"""A run of the whole service with its pages, as its own process on a database file."""

import contextlib
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self
from urllib.request import urlopen

import httpx
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from central.accounts.account_book import account_named, give, make_account, set_password
from central.accounts.passwords import hashed
from central.accounts.roles import EVERYTHING, Grant, Scope
from central.accounts.tokens import Permit, make_token
from central.database.engine import open_for_writing
from central.desks.registry import DeskDefaults, enter
from central.ingest.keeping import take_in
from central.ingest.reading import read
from protocol.measurements import Measurement
from tests.worlds.delivery.mosquitto import PROJECT, free_port
from tests.worlds.desk_facts import OFFSET_S, event
from tests.worlds.pages.http_browser import HttpBrowser

PASSWORD = "four plain words and a comma,"  # noqa: S105  (of accounts that live as long as a test)
_START_S = 120.0


class PagesService:
    """`deskside-central serve` with its pages, from its start to its end."""

    def __init__(
        self,
        folder: Path,
        broker_port: int | None = None,
        settings: str = "",
        port: int | None = None,
        options: tuple[str, ...] = (),
        database: str | None = None,
        program: tuple[str, ...] = ("-m", "central.cli"),
    ) -> None:
        self._options = options
        self._program = program
        self.folder = folder
        self.file = folder / "central.db"
        self.database = database or str(self.file)
        self.log = folder / "central.log"
        self.toml = folder / "central.toml"
        self._settings = settings
        # Without a broker it waits for one, and shows its pages all the same.
        self.broker_port = broker_port or free_port()
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._hash: dict[str, str] = {}
        self._browsers: list[HttpBrowser] = []
        self._programs: list[httpx.Client] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        for browser in self._browsers:
            browser.client.close()
        for program in self._programs:
            program.close()
        if self._process is not None and self._process.poll() is None:
            self.end()

    def start(self) -> None:
        self.toml.write_text(self._settings)
        options = [
            *("--config", str(self.toml), "--broker", f"127.0.0.1:{self.broker_port}"),
            *("--db", self.database, "--at", f"127.0.0.1:{self.port}"),
            *self._options,
        ]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._program, "serve", *options], cwd=PROJECT, stdout=log, stderr=log
            )
        until_s = time.monotonic() + _START_S
        while not self._answers() and time.monotonic() < until_s:
            assert self._process.poll() is None, self.said
            time.sleep(0.1)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), urlopen(f"http://127.0.0.1:{self.port}/health", timeout=30):
            return True
        return False

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(30)

    @property
    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    @property
    def first_link(self) -> str | None:
        """The path of the one-time link that the log shows."""
        found = re.search(r"\S+(/invitation/\S+)", self.said)
        return found[1] if found else None

    def engine(self) -> Engine:
        return open_for_writing(self.database)

    def give_account(self, name: str, *grants: Grant, password: str = PASSWORD) -> None:
        """Make an account beside the service, ready to log in."""
        engine = self.engine()
        with Session(engine) as session, session.begin():
            account = account_named(session, name) or make_account(session, name, time.time())
            if password not in self._hash:
                self._hash[password] = hashed(password, "nobody at all")
            set_password(session, account.id, self._hash[password])
            for grant in grants:
                give(session, account.id, grant)
        engine.dispose()

    def give_token(self, name: str, *permits: Permit, scope: Scope = EVERYTHING, days: int = 30) -> str:
        """Make a token of an account beside the service; returns its secret."""
        engine = self.engine()
        with Session(engine) as session, session.begin():
            account = account_named(session, name)
            assert account is not None
            _, secret = make_token(session, account.id, "a test", permits, days, time.time(), scope)
        engine.dispose()
        return secret

    def program(self, token: str | None = None) -> httpx.Client:
        """A program that asks the API, with a token where one is named."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        client = httpx.Client(base_url=f"{self.url}/api/1", headers=headers, timeout=60, verify=False)  # noqa: S501  (no TLS is spoken)
        self._programs.append(client)
        return client

    def keep(self, device: str, company: str, showroom: str, *data: Measurement) -> None:
        """Enter a desk, and keep what it measured."""
        engine = self.engine()
        with Session(engine) as session, session.begin():
            enter(session, device, company=company, showroom=showroom, timezone="Europe/Berlin")
            sent = [event(each, number, device) for number, each in enumerate(data, 1)]
            arrived = [read(f"deskside/1/{device}/event", raw, OFFSET_S) for raw in sent]
            take_in(session, arrived, DeskDefaults())
        engine.dispose()

    def keep_more(self, device: str, data: Measurement, number: int) -> None:
        """Keep one more measurement of a desk that is entered."""
        engine = self.engine()
        with Session(engine) as session, session.begin():
            arrived = read(f"deskside/1/{device}/event", event(data, number, device), OFFSET_S)
            take_in(session, [arrived], DeskDefaults())
        engine.dispose()

    def browser(self, name: str | None = None, password: str = PASSWORD) -> HttpBrowser:
        """A browser, logged in with an account where one is named."""
        browser = HttpBrowser(self.url)
        self._browsers.append(browser)
        if name is not None:
            answer = browser.send("/login", at="/login", name=name, password=password)
            assert answer.status_code == 303, answer.text
        return browser
