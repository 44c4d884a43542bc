"""Companies, regions, showrooms and their calendars, where desks stood when, people and what they worked as.

What stood as text in a desk's entry becomes rows: each desk stands, since ever, in the showroom it was entered under. Where only one of
company and showroom was named, the other gets the same name; desks of one showroom that lay in several time zones are told apart by
them; a desk of which nothing was said stands nowhere yet, and keeps its time zone.
"""

from itertools import count

import sqlalchemy as sa
from alembic import op

from central.database.migrations.apart import days, keep_apart, minutes, moments

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
STRICTEST = "eu"
LONGEST_NAME = 200
"""Letters of the name of a showroom (central/showrooms/premises.py)."""


def upgrade() -> None:
    """Make the tables, and rows of what stood as text."""
    _make_places()
    _make_calendars()
    _make_people()
    _take_over()
    for column in ("company", "showroom", "label", "timezone"):
        op.drop_column("desk", column)


def _make_places() -> None:
    op.create_table(
        "company",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.UniqueConstraint("name", name="company_once"),
    )
    op.create_table(
        "region",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("company_id", sa.BigInteger, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.UniqueConstraint("company_id", "name", name="region_once"),
    )
    op.create_table(
        "showroom",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("company_id", sa.BigInteger, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("region_id", sa.BigInteger, sa.ForeignKey("region.id")),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("jurisdiction", sa.String(20), nullable=False),
        sa.UniqueConstraint("company_id", "name", name="showroom_once"),
    )
    op.create_table(
        "desk_place",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("device", sa.String(63), sa.ForeignKey("desk.device"), nullable=False),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id")),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("timezone", sa.String(64)),
        sa.Column("from_wall_s", sa.Double),
        sa.Column("until_wall_s", sa.Double),
        sa.CheckConstraint("from_wall_s < until_wall_s", name="desk_place_lasts"),
        sa.CheckConstraint("(showroom_id IS NULL) <> (timezone IS NULL)", name="desk_place_has_one_zone"),
    )
    op.create_index("desk_place_by_desk", "desk_place", ["device"])
    op.create_index("desk_place_by_showroom", "desk_place", ["showroom_id"])
    keep_apart(
        "desk_place",
        ["device"],
        [moments("from_wall_s", "until_wall_s")],
        "a desk stands in one place at a time: two of its places overlap",
    )


def _make_calendars() -> None:
    op.create_table(
        "showroom_hours",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id"), nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("opens_min", sa.Integer, nullable=False),
        sa.Column("closes_min", sa.Integer, nullable=False),
        sa.Column("first_day", sa.Date),
        sa.Column("last_day", sa.Date),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="showroom_hours_of_a_weekday"),
        sa.CheckConstraint(
            "0 <= opens_min AND opens_min < closes_min AND closes_min <= 1440", name="showroom_hours_last"
        ),
        sa.CheckConstraint("first_day <= last_day", name="showroom_hours_have_days"),
    )
    op.create_index("showroom_hours_by_showroom", "showroom_hours", ["showroom_id"])
    keep_apart(
        "showroom_hours",
        ["showroom_id", "weekday"],
        [days("first_day", "last_day"), minutes("opens_min", "closes_min")],
        "two opening hours of a showroom overlap",
    )
    op.create_table(
        "showroom_exception",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id"), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("opens_min", sa.Integer),
        sa.Column("closes_min", sa.Integer),
        sa.CheckConstraint("first_day <= last_day", name="showroom_exception_has_days"),
        sa.CheckConstraint(
            "(opens_min IS NULL) = (closes_min IS NULL)", name="showroom_exception_opens_and_closes"
        ),
        sa.CheckConstraint(
            "0 <= opens_min AND opens_min < closes_min AND closes_min <= 1440",
            name="showroom_exception_lasts",
        ),
    )
    op.create_index("showroom_exception_by_showroom", "showroom_exception", ["showroom_id"])
    keep_apart(
        "showroom_exception",
        ["showroom_id"],
        [days("first_day", "last_day"), minutes("opens_min", "closes_min")],
        "two exceptions of a showroom overlap",
    )


def _make_people() -> None:
    op.create_table(
        "person",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("company_id", sa.BigInteger, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("pseudonym", sa.String(100), nullable=False),
        sa.Column("display_name", sa.String(200)),
        sa.UniqueConstraint("pseudonym", name="person_once"),
    )
    op.create_table(
        "employment",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("person_id", sa.BigInteger, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("showroom_id", sa.BigInteger, sa.ForeignKey("showroom.id"), nullable=False),
        sa.Column("worked_as", sa.String(40), nullable=False),
        sa.Column("first_day", sa.Date),
        sa.Column("last_day", sa.Date),
        sa.CheckConstraint("first_day <= last_day", name="employment_has_days"),
    )
    op.create_index("employment_by_person", "employment", ["person_id"])
    op.create_index("employment_by_showroom", "employment", ["showroom_id"])
    keep_apart(
        "employment",
        ["person_id", "showroom_id", "worked_as"],
        [days("first_day", "last_day")],
        "a person works as one thing in one showroom once at a time: two employments overlap",
    )


def _take_over() -> None:
    """Each desk stands, since ever, where its entry said."""
    connection = op.get_bind()
    entries = connection.execute(
        sa.text("SELECT device, company, showroom, label, timezone FROM desk ORDER BY device")
    ).all()
    taken = {entry.showroom.strip() for entry in entries}
    companies: dict[str, int] = {}
    showrooms: dict[tuple[str, str], dict[str, int]] = {}
    for entry in entries:
        company, showroom = entry.company.strip(), entry.showroom.strip()
        place: dict[str, object] = {"device": entry.device, "label": entry.label}
        if company or showroom:
            company, showroom = company or showroom, showroom or company
            if company not in companies:
                companies[company] = _inserted("company", {"name": company})
            zones = showrooms.setdefault((company, showroom), {})
            if entry.timezone not in zones:
                facts = {
                    "company_id": companies[company],
                    "name": _told_apart(showroom, entry.timezone, taken) if zones else showroom,
                    "timezone": entry.timezone,
                    "jurisdiction": STRICTEST,
                }
                zones[entry.timezone] = _inserted("showroom", facts)
            place |= {"showroom_id": zones[entry.timezone], "timezone": None}
        else:
            place |= {"showroom_id": None, "timezone": entry.timezone}
        _inserted("desk_place", place)


def _told_apart(showroom: str, timezone: str, taken: set[str]) -> str:
    """The name of a showroom with its time zone, cut to what a name may have, and one that no other has."""
    for number in count(1):
        tail = f" ({timezone})" if number == 1 else f" ({timezone}, {number})"
        name = showroom[: LONGEST_NAME - len(tail)] + tail
        if name not in taken:
            break
    taken.add(name)
    return name


def _inserted(table: str, facts: dict[str, object]) -> int:
    """Insert a row; returns its key."""
    columns = ", ".join(facts)
    values = ", ".join(f":{name}" for name in facts)
    statement = sa.text(f"INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING id")  # noqa: S608  Our own names.
    return int(op.get_bind().execute(statement, facts).scalar_one())


def downgrade() -> None:
    """Write where each desk stands now as text again, and drop the tables."""
    for name, length in (("company", 200), ("showroom", 200), ("label", 200), ("timezone", 64)):
        op.add_column("desk", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.execute(
        "UPDATE desk SET (company, showroom, label, timezone) = ("
        "SELECT coalesce(company.name, ''), coalesce(showroom.name, ''), desk_place.label,"
        " coalesce(showroom.timezone, desk_place.timezone) FROM desk_place"
        " LEFT JOIN showroom ON showroom.id = desk_place.showroom_id"
        " LEFT JOIN company ON company.id = showroom.company_id"
        " WHERE desk_place.device = desk.device ORDER BY desk_place.until_wall_s IS NOT NULL,"
        " desk_place.until_wall_s DESC LIMIT 1)"
    )
    for table in (
        "employment",
        "person",
        "showroom_exception",
        "showroom_hours",
        "desk_place",
        "showroom",
        "region",
        "company",
    ):
        op.drop_table(table)
