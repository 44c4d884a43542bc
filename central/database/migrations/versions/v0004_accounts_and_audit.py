"""Accounts with their grants, log-ins and one-time links, and the audit log that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
REFUSED = "the audit log only grows: nothing in it is changed or deleted"


def upgrade() -> None:
    """Make the tables, and let the database refuse changes of the log."""
    op.create_table(
        "account",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("made_wall_s", sa.Double, nullable=False),
        sa.Column("closed_wall_s", sa.Double),
        sa.UniqueConstraint("name", name="account_once"),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("account", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("company", sa.String(200), nullable=False),
        sa.Column("showroom", sa.String(200), nullable=False),
        sa.UniqueConstraint("account", "role", "company", "showroom", name="role_grant_once"),
    )
    op.create_table(
        "login",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("account", BIG_KEY, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("began_wall_s", sa.Double, nullable=False),
        sa.Column("seen_wall_s", sa.Double, nullable=False),
    )
    op.create_index("login_by_account", "login", ["account"])
    op.create_table(
        "invitation",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("account", BIG_KEY, sa.ForeignKey("account.id")),
        sa.Column("until_wall_s", sa.Double, nullable=False),
    )
    op.create_table(
        "failed_login",
        sa.Column("id", BIG_KEY, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("wall_s", sa.Double, nullable=False),
    )
    op.create_index("failed_login_by_name", "failed_login", ["name", "wall_s"])
    op.create_index("failed_login_by_address", "failed_login", ["address", "wall_s"])
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("wall_s", sa.Double, nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_refuses_{event.lower()} BEFORE {event} ON audit "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
        )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("audit", "failed_login", "invitation", "login", "role_grant", "account"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_only_grows")
