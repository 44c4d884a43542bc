"""The base of every table of the central database; each table stands in the room that owns it.

Times are Unix seconds (``*_wall_s``) so that SQLite and PostgreSQL hold the same numbers. What travelled is kept word for
word; the columns beside it are there to be searched.
"""

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import DeclarativeBase

BIG_KEY = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts only INTEGER primary keys up by itself."""


class Table(DeclarativeBase):
    """A table of the central database."""
