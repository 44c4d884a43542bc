"""A service on PostgreSQL whose server is stopped and started again, and what no database keeps."""

from collections.abc import Iterator

import httpx
import pytest

from central.accounts.roles import Grant
from central.accounts.tokens import PERMITS
from central.database.engine import disposing, migrate, open_for_migration
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.postgresql import PostgreSQL
from tests.worlds.desk_facts import reaction, visit
from tests.worlds.pages.service import PagesService


def _is_problem(answer: httpx.Response, status: int) -> bool:
    """Whether a program is told that, in the form in which it reads problems."""
    return (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PagesService, PostgreSQL]]:
    """A service with one visit, on a server of its own."""
    server = PostgreSQL()
    try:
        server.make()
        server.start()
        url = server.new_database()
        with disposing(open_for_migration(url)) as engine:
            migrate(engine)
        folder = tmp_path_factory.mktemp("away")
        with PagesService(folder, database=url, options=("--with-broker",)) as service:
            service.keep("harbour-1", "North", "Harbour", visit(reaction("turned", 1.0)))
            service.give_account("ada", Grant("area_manager"), Grant("administrator"))
            yield service, server
    finally:
        server.remove()


@pytest.fixture(scope="module")
def program(on_postgresql: tuple[PagesService, PostgreSQL]) -> httpx.Client:
    service, _ = on_postgresql
    return service.program(service.give_token("ada", *PERMITS))


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("/visits?device=a%00b", {200, 422}),
        ("/visits/%00/b/1", {404, 422}),
        ("/calls/a/%00/1", {404, 422}),
        ("/desks/%00", {404, 422}),
        ("/standards/%00/1", {404, 422}),
    ],
)
def test_a_letter_that_no_database_keeps_is_the_programs_mistake_and_not_the_databases(
    program: httpx.Client, path: str, statuses: set[int]
) -> None:
    answer = program.get(path)
    assert answer.status_code in statuses, answer.text
    assert answer.status_code == 200 or _is_problem(answer, answer.status_code)


def test_nor_can_it_be_written_or_asked_of_a_page(
    on_postgresql: tuple[PagesService, PostgreSQL], program: httpx.Client
) -> None:
    etag = program.get("/desks/harbour-1").headers["etag"]
    label = {"label": "Do\0or"}
    assert _is_problem(program.patch("/desks/harbour-1", json=label, headers={"if-match": etag}), 422)
    browser = on_postgresql[0].browser("ada")
    assert browser.get("/desks/%00").status_code in {404, 422}
    assert browser.get("/visits/%00/b/1").status_code in {404, 422}


def test_a_service_without_its_database_runs_says_so_and_goes_on_when_it_is_back(
    on_postgresql: tuple[PagesService, PostgreSQL], program: httpx.Client
) -> None:
    service, server = on_postgresql
    with httpx.Client(base_url=service.url, timeout=60, verify=False) as watcher:  # noqa: S501  (no TLS is spoken)
        assert eventually(lambda: watcher.get("/ready").status_code == 200)
        server.end()
        away = watcher.get("/ready")
        assert (away.status_code, "the database does not answer" in away.text) == (503, True)
        assert watcher.get("/health").status_code == 200
        assert "deskside_database_up 0.0" in watcher.get("/metrics").text
        refused = program.get("/visits")
        assert _is_problem(refused, 503)
        assert int(refused.headers["retry-after"]) > 0
        assert _is_problem(program.patch("/desks/harbour-1", json={"label": "Door"}), 503)
        server.start()
        assert eventually(lambda: watcher.get("/ready").status_code == 200)
        assert len(program.get("/visits").json()["items"]) == 1
