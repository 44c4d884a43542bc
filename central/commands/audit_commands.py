"""`deskside-central audit ...`: who did and who read what."""

from typing import Annotated

import typer

from central.commands.options import ConfigFile, DatabaseUrl

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The audit log: who did and who read what."
)


@app.command("verify")
def verify_audit(
    holds: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER:HASH",
            help="A line that this command printed before: the log must still hold it.",
            show_default=False,
        ),
    ] = None,
    config: ConfigFile = None,
    db: DatabaseUrl = None,
) -> None:
    """Go along the chain of the audit log: one letter that was changed is found, and ends this with exit code 1."""
    from central.arguments import numbered_hash
    from central.audit.audit_log import digest_at, verify
    from central.audit.head_witness import HeadWitness
    from central.commands.command_database import database_url, reading
    from central.settings import Database

    kept = numbered_hash(holds) if holds is not None else None
    witness = HeadWitness(Database(url=database_url(config, db)).audit_head)
    with reading(config, db) as session:
        lost = witness.lost(session)
        found = verify(session)
        rewritten = kept is not None and digest_at(session, kept[0]) != kept[1]
    if found.broken_at is not None:
        print(
            f"The audit log is not as it was written: entry {found.broken_at} does not fit the one before it."
        )
        raise typer.Exit(1)
    if lost is not None:
        print(
            f"The audit log was cut short or written anew: it does not hold entry {lost} as {witness.file} has it. "
            "Where an older copy of the database was put back on purpose, delete that file."
        )
        raise typer.Exit(1)
    if kept is not None and rewritten:
        print(f"The audit log was written anew: its entry {kept[0]} is not the one that was kept.")
        raise typer.Exit(1)
    print(f"{found.entries} entries, and their chain holds. Keep this elsewhere, for --holds:")
    print(f"{found.entries}:{found.head}")
