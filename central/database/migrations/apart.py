"""How a migration makes it impossible that two stretches of one thing overlap: in PostgreSQL and in SQLite.

PostgreSQL has constraints for it, which also hold between transactions at the same time; SQLite, which has one writer, has triggers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from alembic import op


@dataclass(frozen=True, slots=True)
class Reach:
    """From where to where a row reaches, in one pair of columns; an empty column is an open end."""

    kind: str
    """PostgreSQL's type of range: ``numrange``, ``daterange``, ``int4range``."""
    low: str
    high: str
    least: str
    """What stands for an open beginning, in SQL."""
    most: str
    """What stands for an open end, in SQL."""
    last_included: bool = False
    """Whether ``high`` still belongs to it."""


def moments(low: str, high: str) -> Reach:
    """Unix times; the end is the first moment that no longer belongs to it."""
    return Reach("numrange", low, high, "-9e999", "9e999")


def days(low: str, high: str) -> Reach:
    """Dates, the last one included."""
    return Reach("daterange", low, high, "'0001-01-01'", "'9999-12-31'", last_included=True)


def minutes(low: str, high: str) -> Reach:
    """Minutes of a day; without them it is the whole day."""
    return Reach("int4range", low, high, "0", "1440")


def keep_apart(table: str, same: Sequence[str], stretches: Sequence[Reach], words: str) -> None:
    """Refuse two rows that are the same in some columns and overlap in every stretch.

    Args:
        table: Its rows have a key ``id``.
        same: Columns in which two rows speak of the same thing.
        stretches: In which they may then not overlap.
        words: What SQLite says when they do.
    """
    if op.get_bind().dialect.name == "postgresql":
        _by_constraint(table, same, stretches)
    else:
        _by_triggers(table, same, stretches, words)


def _by_constraint(table: str, same: Sequence[str], stretches: Sequence[Reach]) -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    parts = [f"{column} WITH =" for column in same] + [f"{_range(each)} WITH &&" for each in stretches]
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {table}_apart EXCLUDE USING gist ({', '.join(parts)})")


def _range(stretch: Reach) -> str:
    bounds = "[]" if stretch.last_included else "[)"
    cast = "::numeric" if stretch.kind == "numrange" else ""
    return f"{stretch.kind}({stretch.low}{cast}, {stretch.high}{cast}, '{bounds}')"


def _by_triggers(table: str, same: Sequence[str], stretches: Sequence[Reach], words: str) -> None:
    alike = [f"other.{column} = NEW.{column}" for column in same]
    meeting = [part for each in stretches for part in _meet(each)]
    for event, others in (("INSERT", []), ("UPDATE", ["other.id <> OLD.id"])):
        found = " AND ".join([*alike, *meeting, *others])
        op.execute(
            f"CREATE TRIGGER {table}_apart_{event.lower()} BEFORE {event} ON {table} "  # noqa: S608  Names of our own tables.
            f"WHEN EXISTS (SELECT 1 FROM {table} AS other WHERE {found}) "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )


def _meet(stretch: Reach) -> tuple[str, str]:
    less = "<=" if stretch.last_included else "<"
    low, high = stretch.low, stretch.high
    return (
        f"coalesce(other.{low}, {stretch.least}) {less} coalesce(NEW.{high}, {stretch.most})",
        f"coalesce(NEW.{low}, {stretch.least}) {less} coalesce(other.{high}, {stretch.most})",
    )
