"""Pulling from a ticket system that is away, slow, or sends nonsense: it costs time, and no case."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from central.crm import asking
from central.crm.asking import Asking
from central.crm.case_rows import CrmCaseRow, CrmMessageRow, CrmRow, CrmUnreadRow
from central.crm.pulled import PAGE, ChangedCase, CrmAwayError, PulledCase, UnreadableCaseError
from central.crm.pulling import Pull
from central.crm.roundup import Roundup
from central.database.engine import open_for_writing
from central.replies.case_history import CaseMessage

NOW = 1_800_000_000.0


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_for_writing(str(tmp_path / "central.db"))
    yield opened
    opened.dispose()


class Scripted:
    """A ticket system of which a test says everything."""

    def __init__(self, **changed: float) -> None:
        self.cases = changed
        self.messages: dict[str, list[CaseMessage]] = {}
        self.broken: set[str] = set()
        self.away_after: int | None = None
        self.reads: list[str] = []

    def changed(self, since_s: float, page: int) -> tuple[ChangedCase, ...]:
        if self.away_after == 0:
            raise CrmAwayError("it is away")
        found = sorted((at_s, name) for name, at_s in self.cases.items() if at_s >= since_s)
        return tuple(ChangedCase(name, at_s) for at_s, name in found[(page - 1) * PAGE : page * PAGE])

    def read(self, external_id: str) -> PulledCase:
        self.reads.append(external_id)
        if self.away_after is not None and len(self.reads) > self.away_after:
            raise CrmAwayError("it is away")
        if external_id in self.broken:
            raise UnreadableCaseError("its creation is no moment")
        own = CaseMessage(f"m-{external_id}", self.cases[external_id], "in", "requestor")
        messages = (own, *self.messages.get(external_id, ()))
        return PulledCase(external_id, "7", messages, (), (), whole=True)

    def close(self) -> None:
        pass


def kept(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return sorted(session.scalars(select(CrmCaseRow.external_id)))


def cursor(engine: Engine) -> float | None:
    with Session(engine) as session:
        return session.scalar(select(CrmRow.cursor_wall_s))


def test_more_cases_of_one_second_than_a_page_holds_are_all_read(engine: Engine) -> None:
    system = Scripted(**{f"c{each:03d}": NOW - 60 for each in range(3 * PAGE + 5)}, later=NOW - 50)
    assert Pull(engine, "x", system, 1).run(NOW) is None
    assert len(kept(engine)) == 3 * PAGE + 6
    assert len(system.reads) == 3 * PAGE + 6, "each once"


def test_a_case_committed_late_with_an_older_time_is_read_by_the_overlap(engine: Engine) -> None:
    system = Scripted(first=NOW - 100)
    pull = Pull(engine, "x", system, 1)
    pull.run(NOW)
    system.cases["late"] = NOW - 350
    system.messages["first"] = [CaseMessage("r", NOW - 100, "out", "person")]
    pull.run(NOW + 60)
    assert kept(engine) == ["first", "late"]
    with Session(engine) as session:
        assert len(session.scalars(select(CrmMessageRow)).all()) == 3


def test_a_system_that_goes_away_in_the_middle_is_gone_on_with(engine: Engine) -> None:
    system = Scripted(**{f"c{each:03d}": NOW - 3600 + each for each in range(2 * PAGE)})
    system.away_after = PAGE + 3
    pull = Pull(engine, "x", system, 1)
    assert pull.run(NOW) == "it is away"
    assert len(kept(engine)) == PAGE + 3
    assert cursor(engine) == NOW - 3600 + PAGE + 2
    system.away_after = None
    assert pull.run(NOW + 60) is None
    assert len(kept(engine)) == 2 * PAGE


def test_since_when_it_is_away_is_told_and_forgotten_once_it_is_back(engine: Engine) -> None:
    system = Scripted()
    system.away_after = 0
    pull = Pull(engine, "x", system, 1)
    pull.run(NOW)
    pull.run(NOW + 60)
    with Session(engine) as session:
        (row,) = session.scalars(select(CrmRow))
        assert (row.error, row.error_wall_s, row.ok_wall_s, row.tried_wall_s) == (
            "it is away",
            NOW,
            None,
            NOW + 60,
        )
    system.away_after = None
    pull.run(NOW + 120)
    with Session(engine) as session:
        (row,) = session.scalars(select(CrmRow))
        assert (row.error, row.error_wall_s, row.ok_wall_s) == (None, None, NOW + 120)


def test_a_case_that_cannot_be_read_holds_up_no_other_and_is_tried_again(engine: Engine) -> None:
    system = Scripted(bad=NOW - 3000, good=NOW - 2000)
    system.broken.add("bad")
    pull = Pull(engine, "x", system, 1)
    assert pull.run(NOW) is None
    assert kept(engine) == ["good"]
    with Session(engine) as session:
        (row,) = session.scalars(select(CrmUnreadRow))
        assert (row.external_id, row.reason) == ("bad", "its creation is no moment")
    system.broken.clear()
    pull.run(NOW + 60)
    assert kept(engine) == ["bad", "good"]
    with Session(engine) as session:
        assert session.scalars(select(CrmUnreadRow)).all() == []


def test_a_clock_that_runs_ahead_there_hides_nothing_that_is_still_to_come(engine: Engine) -> None:
    system = Scripted(ahead=NOW + 86_400 * 365)
    pull = Pull(engine, "x", system, 1)
    pull.run(NOW)
    assert cursor(engine) == NOW
    system.cases["next"] = NOW + 30
    pull.run(NOW + 60)
    assert kept(engine) == ["ahead", "next"]


def test_a_system_that_gives_the_same_page_for_ever_is_left(engine: Engine) -> None:
    class Stuck(Scripted):
        def changed(self, since_s: float, page: int) -> tuple[ChangedCase, ...]:  # noqa: ARG002  It ignores what it is asked.
            return super().changed(0.0, 1)

    system = Stuck(**{f"c{each:03d}": NOW - 60 for each in range(PAGE)})
    assert Pull(engine, "x", system, 1).run(NOW) == (
        "it tells the same cases again and again, whichever it is asked for"
    )


NONSENSE = [
    (b"<html>maintenance</html>", "no JSON"),
    (b"[]", "has no 'data'"),
    (b'{"data": {"collection": 5}}', "its list is no list"),
    (b'{"data": {"collection": [{"id": "1"}]}}', "has no 'activity'"),
    (b'{"data": {"collection": [{"id": "1", "activity": "yesterday"}]}}', "no moment"),
    (b'{"data": {"collection": [{"id": "\\u0000", "activity": "2026-01-01.00:00:00"}]}}', "id is"),
]


class Speaking:
    """A web server that says what a test has it say."""

    def __init__(self) -> None:
        self.body, self.status = b"", 200
        speaking = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(speaking.status)
                self.send_header("content-length", str(len(speaking.body)))
                self.end_headers()
                self.wfile.write(speaking.body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def speaking() -> Iterator[Speaking]:
    server = Speaking()
    yield server
    server.server.shutdown()
    server.server.server_close()


def test_nonsense_is_told_in_words_and_moves_no_cursor(engine: Engine, speaking: Speaking) -> None:
    pull = Pull(engine, "x", Roundup(Asking(speaking.url, "reader", None, {})), 1)
    for body, words in NONSENSE:
        speaking.body = body
        assert words in str(pull.run(NOW)), body
    speaking.status = 401
    assert "check user and secret_file" in str(pull.run(NOW))
    speaking.status = 503
    assert "status 503" in str(pull.run(NOW))
    assert cursor(engine) is None
    pull.close()


def test_an_answer_without_end_and_one_that_never_comes_are_left(
    engine: Engine, speaking: Speaking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_BYTES", 1000)
    speaking.body = json.dumps({"data": "x" * 5000}).encode()
    pull = Pull(engine, "x", Roundup(Asking(speaking.url, "reader", None, {})), 1)
    assert "more than 1000 bytes" in str(pull.run(NOW))
    pull.close()
    gone = Pull(engine, "x", Roundup(Asking("http://127.0.0.1:9", "reader", None, {})), 1)
    assert "cannot be reached" in str(gone.run(NOW))
    gone.close()


def test_a_secret_that_cannot_be_read_is_named(engine: Engine, speaking: Speaking, tmp_path: Path) -> None:
    pull = Pull(engine, "x", Roundup(Asking(speaking.url, "reader", tmp_path / "none", {})), 1)
    assert f"{tmp_path / 'none'} cannot be read" in str(pull.run(NOW))
    pull.close()
