"""An index of the measurements whose times a birth with a set clock corrects, so that it need not look for them among all."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index: of the few that were sent while their desk's clock was not set."""
    false = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    op.execute(f"CREATE INDEX event_uncorrected ON event (device, bootid) WHERE sent_synced IS {false}")


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("event_uncorrected", "event")
