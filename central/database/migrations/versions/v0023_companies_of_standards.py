"""Whose each standard is: a company's own, or one for every company; and decisions on a profile whose reason forgets a person."""

from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None

STAYS = "whose a standard is never changes: write one under another name"
ONE_COMPANY = "all versions of one name belong to the same company"
OWN_SHOWROOMS = "a standard of one company comes into force in no showroom of another"
ANOTHERS = (
    "EXISTS (SELECT 1 FROM standard_version, showroom WHERE standard_version.id = NEW.version_id"
    " AND showroom.id = NEW.showroom_id AND standard_version.company_id <> showroom.company_id)"
)
OTHER_OF_NAME = (
    "EXISTS (SELECT 1 FROM standard_version AS other WHERE other.name = NEW.name"
    " AND NOT (other.company_id SAME NEW.company_id))"
)
DECISION_STAYS = "a decision on a profile stays as it was made: propose another"
DECISION_FACTS = ("id", "showroom_id", "profile", "proposed_by", "proposed_wall_s")
DECISION_STEPS = ("signed_by", "signed_wall_s", "withdrawn_wall_s")
OTHER_IN_POSTGRESQL = OTHER_OF_NAME.replace("SAME", "IS NOT DISTINCT FROM")
"""SAME stands for the database's word for "is not distinct from"."""


def upgrade() -> None:
    """Add the column; what is there belongs to the one company that uses it, or to the only one there is, or else to all."""
    op.execute("ALTER TABLE standard_version ADD COLUMN company_id BIGINT REFERENCES company (id)")
    op.execute(
        "UPDATE standard_version SET company_id = (SELECT CASE WHEN count(DISTINCT showroom.company_id) = 1"
        " THEN min(showroom.company_id) END FROM standard_activation"
        " JOIN showroom ON showroom.id = standard_activation.showroom_id"
        " JOIN standard_version AS used ON used.id = standard_activation.version_id"
        " WHERE used.name = standard_version.name)"
    )
    op.execute(
        "UPDATE standard_version SET company_id = (SELECT CASE WHEN count(*) = 1 THEN min(id) END FROM company)"
        " WHERE company_id IS NULL"
    )
    if op.get_bind().dialect.name == "sqlite":
        _refuse_in_sqlite()
    else:
        _refuse_in_postgresql()
    _keep_decisions(forget=True)


def _keep_decisions(*, forget: bool) -> None:
    """Have the database refuse changes of what was decided, save for a name that goes from a reason."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    same = "IS" if sqlite else "IS NOT DISTINCT FROM"

    def unchanged(*columns: str) -> str:
        return " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in columns)

    step = f"{unchanged(*DECISION_FACTS, 'reason')} AND OLD.signed_wall_s IS NULL AND OLD.withdrawn_wall_s IS NULL"
    forgets = f"{unchanged(*DECISION_FACTS, *DECISION_STEPS)} AND NEW.reason LIKE '%erased-%'"
    allowed = f"(({step}) OR ({forgets}))" if forget else f"({step})"
    if sqlite:
        op.execute("DROP TRIGGER profile_decision_stays")
        op.execute(
            f"CREATE TRIGGER profile_decision_stays BEFORE UPDATE ON profile_decision WHEN NOT {allowed} "
            f"BEGIN SELECT RAISE(ABORT, '{DECISION_STAYS}'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION profile_decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP IN ('DELETE', 'TRUNCATE') THEN RAISE EXCEPTION '{DECISION_STAYS}'; END IF; "
        "IF TG_OP = 'INSERT' THEN IF NEW.signed_wall_s IS NOT NULL OR NEW.proposed_by IS NULL "
        f"THEN RAISE EXCEPTION '{DECISION_STAYS}'; END IF; RETURN NEW; END IF; "
        f"IF NOT {allowed} THEN RAISE EXCEPTION '{DECISION_STAYS}'; END IF; "
        "RETURN NEW; END $$"
    )


def _refuse_in_sqlite() -> None:
    for name, event, when, words in (
        (
            "standard_version_stays_whose",
            "UPDATE ON standard_version",
            "NOT (NEW.company_id IS OLD.company_id)",
            STAYS,
        ),
        (
            "standard_version_one_company",
            "INSERT ON standard_version",
            OTHER_OF_NAME.replace("SAME", "IS"),
            ONE_COMPANY,
        ),
        ("standard_activation_at_home", "INSERT ON standard_activation", ANOTHERS, OWN_SHOWROOMS),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )


def _refuse_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION standard_version_whose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF NEW.company_id IS DISTINCT FROM OLD.company_id THEN RAISE EXCEPTION '{STAYS}'; END IF; "
        f"ELSIF {OTHER_IN_POSTGRESQL} THEN RAISE EXCEPTION '{ONE_COMPANY}'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER standard_version_whose BEFORE INSERT OR UPDATE ON standard_version "
        "FOR EACH ROW EXECUTE FUNCTION standard_version_whose()"
    )
    op.execute(
        "CREATE FUNCTION standard_activation_at_home() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {ANOTHERS} THEN RAISE EXCEPTION '{OWN_SHOWROOMS}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER standard_activation_at_home BEFORE INSERT ON standard_activation "
        "FOR EACH ROW EXECUTE FUNCTION standard_activation_at_home()"
    )


def downgrade() -> None:
    """Drop the column; what was forgotten stays forgotten."""
    _keep_decisions(forget=False)
    if op.get_bind().dialect.name == "sqlite":
        for name in (
            "standard_version_stays_whose",
            "standard_version_one_company",
            "standard_activation_at_home",
        ):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP TRIGGER standard_version_whose ON standard_version")
        op.execute("DROP TRIGGER standard_activation_at_home ON standard_activation")
        op.execute("DROP FUNCTION standard_version_whose")
        op.execute("DROP FUNCTION standard_activation_at_home")
    op.execute("ALTER TABLE standard_version DROP COLUMN company_id")
