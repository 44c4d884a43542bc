"""Sets of rows: one statement takes a whole batch, however many desks it is of, in SQLite and in PostgreSQL alike."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CTE, Connection, Table, bindparam, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

Columns = Mapping[str, TypeEngine[Any]]
"""Name and type of each column of given rows."""

TEXT: TypeEngine[Any] = sa.Text()
NUMBER: TypeEngine[Any] = sa.BigInteger()
REAL: TypeEngine[Any] = sa.Double()
"""What such a column holds."""

ALWAYS: sa.ColumnElement[bool] = sa.literal_column("true", sa.Boolean())
"""The WHERE of an INSERT of chosen rows that has none: SQLite would take the ON of ON CONFLICT for that of a join
(sqlite.org/lang_upsert.html, "Parsing Ambiguity")."""

Upsert = postgresql.Insert | sqlite.Insert
"""An INSERT that may say what happens to rows that are there already."""


def given(
    session: Session,
    columns: Columns,
    rows: Iterable[Sequence[object]],
    name: str = "given",
) -> CTE:
    """Rows that travel to the database as one parameter, as a table of the statement: their number has no limit.

    Args:
        session: Whose database the statement is for.
        columns: Name and type of each column.
        rows: The values, in the order of the columns; None is NULL.
        name: Of the table; a statement that is given two needs two names.
    """
    return _table(session, columns, bindparam("rows", _packed(rows), type_=TEXT, unique=True), name)


class StandingStatement:
    """A statement that is given rows, made once for each kind of database: to make it takes longer than to run it."""

    def __init__(self, columns: Columns, make: Callable[[Session, CTE], sa.Executable]) -> None:
        """Prepare one.

        Args:
            columns: Name and type of each column of the rows that it is given.
            make: Makes the statement of the table of these rows; of the session it may ask only which kind of database it is.
        """
        self._columns = columns
        self._make = make
        self._made: dict[str, sa.Executable] = {}

    def run(self, session: Session, rows: Iterable[Sequence[object]]) -> Iterable[Any]:
        """Run it within the session's transaction, given the values of rows in the order of the columns; None is NULL."""
        connection = session.connection()
        statement = self._made.get(connection.dialect.name)
        if statement is None:
            table = _table(session, self._columns, bindparam("rows", type_=TEXT), "given")
            statement = self._made[connection.dialect.name] = self._make(session, table)
        return connection.execute(statement, {"rows": _packed(rows)})


def _packed(rows: Iterable[Sequence[object]]) -> str:
    return json.dumps([list(row) for row in rows], ensure_ascii=False)


def _table(session: Session, columns: Columns, rows: sa.BindParameter[Any], name: str) -> CTE:
    return text(_sql(session.get_bind().dialect, columns)).bindparams(rows).columns(**columns).cte(name)


def _sql(dialect: sa.Dialect, columns: Columns) -> str:
    if dialect.name == "sqlite":
        cells = [f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(columns)]
        return f"SELECT {', '.join(cells)} FROM json_each(:rows)"  # noqa: S608  Names of ours.
    cells = [
        f"CAST(value->>{place} AS {kind.compile(dialect)}) AS {name}"
        for place, (name, kind) in enumerate(columns.items())
    ]
    return f"SELECT {', '.join(cells)} FROM json_array_elements(CAST(:rows AS json)) AS each(value)"  # noqa: S608


def listed(session: Session, *columns: Any) -> sa.ColumnElement[Any]:
    """All rows of a SELECT as one value: a list of a list for each row, or None or an empty one where there is none."""
    if session.get_bind().dialect.name == "sqlite":
        return sa.func.json_group_array(sa.func.json_array(*columns), type_=sa.JSON())
    return sa.func.json_agg(sa.func.json_build_array(*columns), type_=sa.JSON())


def looked_up(
    session: Session, key: sa.ColumnElement[Any], wanted: sa.ColumnElement[Any]
) -> sa.ColumnElement[bool]:
    """That a table's key is one of those wanted, said so that the rows are looked up one by one.

    Of a join alone PostgreSQL may read the whole table, because it cannot know how few are wanted; SQLite has no other way.
    """
    if session.get_bind().dialect.name == "sqlite":
        return ALWAYS
    return key == sa.any_(sa.func.array(sa.select(wanted).scalar_subquery()))


def found_for_each(
    session: Session,
    asked: CTE,
    columns: Sequence[Any],
    conditions: Sequence[sa.ColumnElement[bool]],
    grouped: Sequence[Any] = (),
    source: sa.FromClause | None = None,
) -> sa.Select[Any]:
    """A SELECT of each given row, and beside it what is found for it.

    PostgreSQL cannot know how few rows are given: of a plain join it may read a whole table, and hold every row of it against every given one.
    So it is made to look them up one after the other, as SQLite does by itself.

    Args:
        session: Whose database the statement is for.
        asked: The given rows, as `given` made them.
        columns: What is wanted of what is found.
        conditions: On what is found; they name columns of ``asked``.
        grouped: What is found is grouped by these.
        source: Where it is found, where that is several tables joined.
    """
    tables = () if source is None else (source,)
    chosen = sa.select(*columns).select_from(*tables).where(*conditions)
    if session.get_bind().dialect.name == "sqlite":
        beside = sa.select(*asked.c, *columns).select_from(asked, *tables).where(*conditions)
        return beside.group_by(*asked.c, *grouped) if grouped else beside
    # Neither a GROUP BY nor an OFFSET is dissolved into the statement around it.
    alone = (chosen.group_by(*grouped) if grouped else chosen.offset(0)).lateral("found")
    return sa.select(*asked.c, *alone.c).select_from(asked).join(alone, sa.true())


def text_at(session: Session, column: Any, *path: str) -> sa.ColumnElement[str]:
    """The text that stands at a path in a column of JSON objects."""
    if session.get_bind().dialect.name == "sqlite":
        return sa.func.json_extract(column, "$." + ".".join(path), type_=sa.Text())
    return sa.func.json_extract_path_text(sa.cast(column, sa.JSON()), *path, type_=sa.Text())


def upsert(session: Session, table: type[Any] | Table) -> Upsert:
    """An INSERT into a table that takes ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def append(session: Session, table: Table, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Add rows that are not there yet, in the fastest way that the database has: COPY in PostgreSQL.

    Raises:
        SQLAlchemyError: The database refuses one of them; then none is added, and the transaction is over.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        statement = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
        _copy(connection, statement, [_postgresql_name(table.c[name].type) for name in columns], rows)
        return
    marks = ", ".join("?" * len(columns))
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608  Names of ours.
        [tuple(row) for row in rows],
    )


def _postgresql_name(kind: TypeEngine[Any]) -> str:
    """What psycopg calls a type: a binary COPY converts nothing, each value has to be of its column's type."""
    match kind:
        case sa.BigInteger():
            return "int8"
        case sa.Integer():
            return "int4"
        case sa.Double():
            return "float8"
        case sa.Boolean():
            return "bool"
        case sa.String():
            return "text"
    raise TypeError(f"no COPY into a column of {kind!r}")


def _copy(
    connection: Connection, statement: str, types: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    errors = connection.dialect.dbapi
    assert errors is not None  # noqa: S101  A dialect that is connected has its driver.
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)
    except errors.Error as error:
        raise DBAPIError.instance(
            statement, None, error, errors.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
