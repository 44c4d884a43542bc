"""`deskside-central simulate`: a database for trying, in which everything is simulated and marked so on every page."""

from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="For trying.")


@app.command("simulate")
def simulate_command(
    db: Annotated[str, typer.Option(metavar="FILE|URL", help="A database without any desk.")],
    device: Annotated[str, typer.Option(help="The desk that is to report.")] = "demo-desk",
) -> None:
    """Enter a made-up showroom with a desk, people and an account that only reads; print its name and password."""
    import secrets
    import time

    from sqlalchemy.orm import Session

    from central.commands.simulated_house import enter_simulated_house
    from central.database.engine import disposing, open_for_writing

    password = secrets.token_urlsafe(12)
    with disposing(open_for_writing(db)) as engine, Session(engine) as session, session.begin():
        name = enter_simulated_house(session, device, password, time.time())
    print(f"{name} {password}")
