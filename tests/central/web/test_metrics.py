"""What the service says of itself to whatever watches over it: figures without a desk's or a person's name, and what is amiss."""

import sqlite3
from contextlib import closing
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from edge.settings.desk_toml import Uplink
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import free_port
from tests.worlds.pages.service import PagesService


def figures(service: PagesService) -> dict[tuple[str, ...], float]:
    """Each figure by its name and what it is told apart by."""
    told = service.browser().get("/metrics")
    assert told.status_code == 200
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(told.text)
        for sample in family.samples
    }


def test_figures_say_what_came_in_which_desks_are_there_and_how_long_answers_took(tmp_path: Path) -> None:
    port = free_port()
    with PagesService(tmp_path, port, options=("--with-broker",)) as service:
        assert eventually(lambda: service.browser().get("/ready").status_code == 200)
        desk = Desk(Uplink(port=port), tmp_path / "spool.db")
        desk.uplink.start()
        desk.put(1, 2, 3)
        assert desk.uplink.wait_until_delivered(60)
        assert eventually(lambda: figures(service)["deskside_desks", "ready"] == 1.0)
        found = figures(service)
        assert found["deskside_ingest_kept_total",] == 3.0
        assert found["deskside_ingest_received_total",] >= 3.0
        assert found["deskside_ingest_rejected_total",] == 0.0
        assert found["deskside_ingest_backlog",] == 0.0
        assert found["deskside_broker_connected",] == found["deskside_database_up",] == 1.0
        assert found["deskside_database_answer_seconds",] > 0.0
        assert found["deskside_desks", "lost"] == 0.0
        service.browser().get("/api/1/desks/desk-3")
        found = figures(service)
        assert found["deskside_http_answer_seconds_count", "GET", "/api/1/desks/{device}", "401"] == 1.0
        assert found["deskside_http_answer_seconds_count", "GET", "/ready", "200"] >= 1.0
        desk.leave()


def test_no_figure_names_a_desk_or_a_person(service: PagesService) -> None:
    browser = service.browser("showroom_manager")
    for path in ("/desks/harbour-1", "/desks/wren", "/harbour-1", "/today", "/api/1/desks/harbour-1"):
        browser.get(path)
    text = service.browser().get("/metrics").text
    assert not [name for name in ("harbour-1", "wren", "North", "showroom_manager") if name in text]
    told = figures(service)
    assert told["deskside_http_answer_seconds_count", "GET", "none", "404"] == 1.0
    assert told["deskside_desks", "unheard"] == 2.0


def test_a_service_without_its_broker_or_with_tables_of_another_version_runs_and_is_not_ready(
    service: PagesService,
) -> None:
    browser = service.browser()
    assert browser.get("/health").text == "runs\n"
    assert (browser.get("/ready").status_code, browser.get("/ready").text) == (
        503,
        "the broker is not reached\n",
    )
    with closing(sqlite3.connect(service.file)) as db, db:
        (version,) = db.execute("SELECT version_num FROM alembic_version").fetchone()
        db.execute("UPDATE alembic_version SET version_num = '0000'")
    try:
        assert "the tables of the database are of version 0000" in browser.get("/ready").text
    finally:
        with closing(sqlite3.connect(service.file)) as db, db:
            db.execute("UPDATE alembic_version SET version_num = ?", (version,))
