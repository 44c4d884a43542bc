"""Every text that the database can hold has a decision on what becomes of it when somebody is erased, and each decision is carried out."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Boolean, Date, Engine, Float, Integer, MetaData, create_engine, func, inspect, select
from sqlalchemy import Table as KeptTable
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.privacy.text_columns import TEXT_COLUMNS, columns_that_are
from central.reports.report import build_report, report_json
from tests.central.privacy.test_erasing import MAIL, NAME, dump, lived_in
from tests.worlds.desk_facts import STANDARD

NOT_TEXT = (Boolean, Date, Float, Integer)
PLANTED = f"as {NAME} and Wren W. know"
ROW = 900
"""Number of what is planted, far from the numbers of what is there."""
WRITTEN = {
    table: (*columns_that_are("typed").get(table, ()), *columns_that_are("label").get(table, ()))
    for table in {**columns_that_are("typed"), **columns_that_are("label")}
}
"""The columns with texts that people or machines write about something else, by their table."""
BESIDE: dict[str, dict[str, Any]] = {
    "profile_decision": {"proposed_by": 1},
    "contest_claim": {"made_by": 1},
    "desk_place": {"showroom_id": 1, "device": "dove"},
    "token": {"account": 1},
}
"""What the database asks for beside."""

__all__ = ["lived_in"]


def text_columns(engine: Engine) -> Iterator[str]:
    """The columns of the database itself, whatever the code says of it."""
    look = inspect(engine)
    for table in look.get_table_names():
        for column in look.get_columns(table) if table != "alembic_version" else ():
            if not isinstance(column["type"], NOT_TEXT):
                yield f"{table}.{column['name']}"


def kept_tables(engine: Engine) -> dict[str, KeptTable]:
    found = MetaData()
    found.reflect(engine)
    return dict(found.tables)


def test_each_column_that_can_hold_a_text_has_a_decision_and_no_decision_is_about_nothing(
    engine: Engine,
) -> None:
    found = set(text_columns(engine))
    assert found - set(TEXT_COLUMNS) == set(), "decide in central/privacy/text_columns.py"
    assert set(TEXT_COLUMNS) - found == set(), "these are no more"


def planted_row(table: KeptTable, texts: tuple[str, ...]) -> dict[str, Any]:
    """A row with the name in each of its texts that are decided upon, and with as little as it takes elsewhere."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name in texts:
            length = getattr(column.type, "length", None)
            row[column.name] = PLANTED if length is None or length >= len(PLANTED) else NAME
        elif column.nullable:
            continue
        elif isinstance(column.type, Boolean):
            row[column.name] = False
        elif isinstance(column.type, Date):
            row[column.name] = date(2020, 1, 1)
        elif isinstance(column.type, NOT_TEXT):
            row[column.name] = ROW
        else:
            row[column.name] = "dove"
    return row


@pytest.fixture
def planted(lived_in: Engine) -> Engine:
    """A database in which every text that people or machines write about something else names the person."""
    found = MetaData()
    found.reflect(lived_in)
    in_order = found.sorted_tables
    # Not as the service opens it: SQLite then looks for nothing that a row belongs to.
    bare = create_engine(lived_in.url)
    with bare.begin() as connection:
        if bare.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in in_order:
            if table.name in {*WRITTEN, "promise"}:
                row = planted_row(table, WRITTEN.get(table.name, ()))
                for column in table.columns:
                    for key in column.foreign_keys if column.name in row else ():
                        row[column.name] = connection.scalar(select(func.max(key.column))) or ROW
                connection.execute(table.insert().values(row | BESIDE.get(table.name, {})))
    bare.dispose()
    return lived_in


def test_an_erasure_leaves_the_name_in_no_text_that_anybody_wrote_and_takes_no_row_with_it(
    planted: Engine,
) -> None:
    tables = kept_tables(planted)

    def counts() -> dict[str, int]:
        with planted.connect() as connection:
            return {
                name: connection.scalar(select(func.count()).select_from(tables[name])) or 0
                for name in WRITTEN
            }

    def figures() -> str:
        with Session(planted) as session:
            return report_json(build_report(session, STANDARD)).decode()

    with planted.connect() as connection:
        for name, texts in WRITTEN.items():
            for text in texts:
                naming = tables[name].c[text].contains(NAME)
                assert connection.scalar(select(func.count()).where(naming)), f"{name}.{text} is not tried"
    rows, said = counts(), figures()
    url = planted.url.render_as_string(hide_password=False)
    ask = ["persons", "erase", NAME, "--reason", "asked for it", "--yes", "--db", url]
    result = CliRunner().invoke(cli.app, ask)
    assert result.exit_code == 0, result.output + str(result.exception)
    assert "still stand" not in result.stdout
    for each in (NAME, MAIL, "Wren W."):
        assert each.encode() not in dump(planted)
    assert counts() == {**rows, "erasure": rows["erasure"] + 1, "token": rows["token"] - 1}, "their own token"
    assert figures() == said.replace(NAME, "erased-901"), "whoever was on duty is somebody still"
