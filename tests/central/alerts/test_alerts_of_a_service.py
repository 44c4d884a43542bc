"""The whole service, as a process: a fall becomes one mail and one chat message, whoever sees to it does so by name, and nothing is told twice."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.accounts.account_book import account_named
from central.accounts.roles import Grant
from central.desks.registry import DeskDefaults, enter
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.monitoring.source_book import SourceSaid, begin_monitoring
from tests.central.alerts.test_telling import LOGIN, encrypting
from tests.worlds.delivery.certificates import Authority
from tests.worlds.desk_facts import event, reaction, visit
from tests.worlds.pages.service import PagesService
from tests.worlds.profiles import decide
from tests.worlds.receivers import Chat, Mailbox, running

DAY_S = 86400.0
DAYS, FALLS, A_DAY = 45, 35, 20
"""Visits of each day up to yesterday; from one day on a third of them are attended to late, before that one in seven."""
HASTE = (
    "import central.alerts.alert_thread as alerts; alerts.FIRST_S = alerts.TELL_S = 0.5; alerts.CHARTS_S = 1.0; "
    "from central.cli import main; main()"
)
"""The same program, which looks at the charts every second in place of every hour."""
LOOKS_S = 6.0
"""Several looks at the charts and for what is due."""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    url: str = request.getfixturevalue("postgresql").new_database()
    assert CliRunner().invoke(cli.app, ["migrate", "--db", url]).exit_code == 0
    return url


@pytest.fixture
def receivers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Mailbox, Chat]]:
    authority = Authority(tmp_path, "ours")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    box, chat = Mailbox(encryption=encrypting(authority), login=LOGIN), Chat(answer='{"errcode": 0}')
    with running(box), running(chat):
        yield box, chat


def settings_of(folder: Path, box: Mailbox, chat: Chat) -> str:
    (folder / "password").write_text(LOGIN[1])
    (folder / "url").write_text(chat.url)
    quiet = 'quiet_from = "08:00:00"\nquiet_until = "08:00:00"'
    return f"""
[mail]
host = "localhost"
port = {box.port}
sender = "deskside@north.example"
user = "{LOGIN[0]}"
password_file = "{folder / "password"}"
[[alert]]
name = "managers"
kind = "email"
to = ["ada@north.example"]
language = "de"
{quiet}
[[alert]]
name = "team"
kind = "wecom"
url_file = "{folder / "url"}"
language = "zh-Hans"
{quiet}
"""


def lived_in(service: PagesService) -> None:
    began_s = (time.time() // DAY_S - DAYS) * DAY_S + 9 * 3600.0
    engine = service.engine()
    with Session(engine) as session, session.begin():
        enter(session, "harbour-1", company="North", showroom="Harbour", timezone="UTC")
        decide(session, "other", "North", "Harbour")
        sent = []
        for day in range(DAYS):
            for n in range(A_DAY):
                at_s = day * DAY_S + 300.0 * (n + 1)
                late = (n + day) % (3 if day >= FALLS else 7) == 0
                sent.append(visit(reaction("smiled", 9.0 if late else 2.0, at_s), at_s=at_s))
        raws = [event(each, n, "harbour-1", "d" * 32, began_s) for n, each in enumerate(sent, 1)]
        take_in(session, [read("deskside/1/harbour-1/event", raw, began_s) for raw in raws], DeskDefaults())
    engine.dispose()


def until(holds: Callable[[], bool], service: PagesService) -> None:
    deadline_s = time.monotonic() + 120.0
    while not holds():
        assert time.monotonic() < deadline_s, service.said
        time.sleep(0.2)


def test_a_fall_is_told_once_by_mail_and_chat_and_never_again_after_restarts(
    tmp_path: Path, database: str | None, receivers: tuple[Mailbox, Chat]
) -> None:
    box, chat = receivers
    service = PagesService(
        tmp_path, settings=settings_of(tmp_path, box, chat), database=database, program=("-c", HASTE)
    )
    with service:
        service.give_account("Ada", Grant("area_manager"))
        lived_in(service)
        until(lambda: bool(box.mails and chat.taken), service)
        time.sleep(LOOKS_S)
        assert (len(box.mails), len(chat.taken)) == (1, 1)
        mail = message_from_string(box.mails[0][1], policy=default).get_content()
        assert "North / Harbour: seit " in mail
        assert "Rechtzeitig bedient: niedriger" in mail
        assert f"{service.url}/alerts" in mail
        assert "起水平已改变" in str(chat.taken[0][1])
        assert [line.split()[0].upper() for line in box.in_the_clear] == ["EHLO", "STARTTLS"]
        service.end()
        service.start()
        time.sleep(LOOKS_S)
        assert (len(box.mails), len(chat.taken)) == (1, 1), "a restart is no cause"
        ada = service.browser("Ada")
        page = ada.get("/alerts").text
        number = re.search(r"/alerts/(\d+)/acknowledge", page)
        assert number, page
        assert ada.send(f"/alerts/{number[1]}/acknowledge", at="/alerts").status_code == 303
        assert "ada, " in ada.get("/alerts").text
        service.end()
        service.start()
        overdue(service)
        until(lambda: len(box.mails) > 1 and len(chat.taken) > 1, service)
        time.sleep(LOOKS_S)
        assert (len(box.mails), len(chat.taken)) == (2, 2)
        later = message_from_string(box.mails[1][1], policy=default).get_content()
        assert "Walk past the rivals" in later, "what is told after the restart is another cause"


def overdue(service: PagesService) -> None:
    """Enter a source of monitoring that nobody has looked at for long: that it is told shows that the service still looks."""
    engine = service.engine()
    with Session(engine) as session, session.begin():
        ada = account_named(session, "Ada")
        assert ada is not None
        said = SourceSaid("competitors", "Walk past the rivals", "month", "Sales")
        long_ago = time.time() - 90 * DAY_S
        day = datetime.fromtimestamp(long_ago, UTC).date()
        begin_monitoring(session, "North", None, said, ada.id, ada.actor, long_ago, day)
    engine.dispose()
