"""Whatever goes wrong is told as a problem, in words, with its status; in one process, so that the seconds are scripted."""

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError

from central.accounts.account_book import account_named, give, make_account
from central.accounts.roles import Grant
from central.accounts.tokens import PERMITS, make_token, revoke_tokens_of
from central.database.engine import open_for_writing
from central.settings import CentralSettings, Database
from central.web.api.api_access import Paces
from central.web.api.api_application import MOST_BYTES, ApiBesidePages, build_api
from central.web.api.asking_pace import AskingPace
from tests.worlds.pages.in_process import ProgramInside, ScriptedHouse


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedHouse]:
    url = str(tmp_path_factory.mktemp("problems") / "central.db")
    open_for_writing(url).dispose()
    house = ScriptedHouse(CentralSettings(database=Database(url=url)), "http://testserver")
    yield house
    house.close()


@pytest.fixture
def house(kept: ScriptedHouse) -> ScriptedHouse:
    kept.now_s = ScriptedHouse.now_s
    return kept


@pytest.fixture
def program(house: ScriptedHouse) -> ProgramInside:
    """A program with every permit, and the role of an area manager."""
    with house.writing() as session:
        account = account_named(session, "ada")
        if account is None:
            account = make_account(session, "ada", 0.0)
            give(session, account.id, Grant("area_manager"))
        revoke_tokens_of(session, account.id, house.now_s)
        _, secret = make_token(session, account.id, "a", PERMITS, 30, house.now_s)
    app = build_api(house)

    @app.get("/api/1/broken")
    def broken() -> None:
        raise ZeroDivisionError

    @app.get("/api/1/no-database")
    def no_database() -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    return ProgramInside(app, {"authorization": f"Bearer {secret}"})


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/1/nothing", None, 404),
        ("GET", "/api/2/visits", None, 404),
        ("GET", "/api/1/desks/none", None, 404),
        ("DELETE", "/api/1/desks", None, 405),
        ("GET", "/api/1/visits?limit=0", None, 422),
        ("GET", "/api/1/visits?limit=201", None, 422),
        ("GET", "/api/1/visits?cursor=x", None, 422),
        ("GET", "/api/1/visits?from=2026-09-21T10:00:00", None, 422),
        ("GET", "/api/1/visits?from=yesterday", None, 422),
        ("GET", "/api/1/visits/a/b/99999999999999999999", None, 422),
        ("GET", "/api/1/desks/a/duty", None, 422),
        ("POST", "/api/1/standards", b"{", 422),
        ("POST", "/api/1/standards", b'{"text": 5}', 422),
        ("POST", "/api/1/standards", b'{"text": "name = 5"}', 422),
        ("POST", "/api/1/standards", b'{"text": "", "more": 1}', 422),
        ("POST", "/api/1/registry/sheets", b'{"sheets": []}', 403),
        ("GET", "/api/1/broken", None, 500),
        ("GET", "/api/1/no-database", None, 503),
    ],
)
def test_whatever_goes_wrong_is_told_as_a_problem(
    program: ProgramInside, method: str, path: str, body: bytes | None, status: int
) -> None:
    headers = {"content-type": "application/json"} if body else {}
    answer = program.request(method, path, content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    assert "Traceback" not in answer.text
    assert "SELECT" not in answer.text
    if status == 405:
        assert answer.headers["allow"] == "GET"
    if status == 422:
        assert told["errors"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/standards"), ("PUT", "/standards/a/1"), ("PATCH", "/desks/a")]
)
def test_a_body_of_another_kind_than_json_is_refused_as_such(
    house: ScriptedHouse, program: ProgramInside, method: str, path: str, kind: str
) -> None:
    inside = ProgramInside(
        ApiBesidePages(program.app, build_api(house)), {"content-type": kind} if kind else {}
    )
    answer = inside.request(method, f"/api/1{path}", content=b"text=x")
    assert (answer.status_code, answer.json()["status"]) == (415, 415)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["accept"] == "application/json"
    json = inside.request(
        method, f"/api/1{path}", json={}, headers={"content-type": "Application/JSON; charset=utf-8"}
    )
    assert json.status_code == 401
    large = inside.request(method, f"/api/1{path}", content=b"x" * (MOST_BYTES + 1))
    assert (large.status_code, large.headers["content-type"]) == (413, "application/problem+json")


def test_head_is_answered_as_get_without_what_get_sends(house: ScriptedHouse, program: ProgramInside) -> None:
    inside = ProgramInside(ApiBesidePages(program.app, program.app), program.headers)
    whole, head = inside.get("/api/1/standards"), inside.request("HEAD", "/api/1/standards")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == whole.headers["etag"]
    assert inside.request("HEAD", "/api/1/nothing").status_code == 404


def test_who_asks_too_often_is_told_how_long_to_wait_and_may_go_on_then(
    house: ScriptedHouse, program: ProgramInside
) -> None:
    program.app.state.paces = Paces(AskingPace(0.5, 3), AskingPace(0.5, 2))
    statuses = [program.get("/api/1/standards").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    answer = program.get("/api/1/standards")
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) == 3
    house.now_s += 2.0
    assert program.get("/api/1/standards").status_code == 200


def test_who_asks_without_a_good_token_is_slowed_down(house: ScriptedHouse, program: ProgramInside) -> None:
    program.app.state.paces = Paces(AskingPace(0.5, 3), AskingPace(0.5, 2))
    bad = {"authorization": "Bearer deskside_guessed"}
    statuses = [program.get("/api/1/standards", headers=bad).status_code for _ in range(4)]
    assert statuses == [401, 401, 429, 429]
    house.now_s += 2.0
    assert program.get("/api/1/standards").status_code == 200


def test_where_all_is_simulated_programs_read_and_change_nothing(
    house: ScriptedHouse, program: ProgramInside
) -> None:
    house.simulated = True
    try:
        assert program.get("/api/1/standards").status_code == 200
        refused = program.request("POST", "/api/1/standards", json={"text": "name = 5"})
        assert (refused.status_code, "simulated" in refused.json()["detail"]) == (403, True)
    finally:
        house.simulated = False


def test_an_ended_token_is_refused_in_words(house: ScriptedHouse, program: ProgramInside) -> None:
    house.now_s += 30 * 86400.0
    answer = program.get("/api/1/standards")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_the_description_is_openapi_3_1_and_names_what_opens_each_route(program: ProgramInside) -> None:
    told = program.get("/api/1/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    operations = [(path, each) for path, methods in told["paths"].items() for each in methods.values()]
    assert len({each["operationId"] for _, each in operations}) == len(operations)
    for path, each in operations:
        assert each["security"][0]["token"][0] in PERMITS, path
        assert "application/problem+json" in each["responses"]["default"]["content"], path
        assert "422" not in each["responses"], path
