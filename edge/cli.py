"""The desk's command line: `deskside run | page | sign-in | sign-out | badge | replay | doctor | support-bundle | calibrate | print-board | light-card | phone | demo`.

Commands import what they need when they run: `deskside --help` and `doctor` wait for no model runtime.
"""

from pathlib import Path
from typing import Annotated

import typer

from edge.feedback.card_language import Language
from edge.tools.calibrate.shows import Shows
from protocol.program import run_to_its_end
from protocol.shipped import STANDARDS

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=__doc__.split("\n")[0],
)
phone = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Look at what the telephone's pins see."
)
app.add_typer(phone, name="phone")
badge = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="What hosts sign in with: the site's key, badges, PINs."
)
app.add_typer(badge, name="badge")

# None is checked to be readable before it is read: a desk goes on without those that it can do without.
DeskFile = Annotated[
    Path, typer.Option("--desk", help="The desk's settings.", show_default=True, readable=False)
]
StandardsFolder = Annotated[
    Path,
    typer.Option("--standards", help="Where the service standards lie.", show_default=False, readable=False),
]
StateFolder = Annotated[
    Path | None,
    typer.Option(
        "--state", help="Where the desk keeps its last good settings.", show_default=False, readable=False
    ),
]
DESK_FILE = Path("/etc/deskside/desk.toml")


def _print_version(wanted: bool) -> None:
    if wanted:
        from protocol.software import running_software

        print(f"deskside {running_software()}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool, typer.Option("--version", help="Say what runs.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Options of the program itself."""


@app.command()
def run(
    desk: DeskFile = DESK_FILE,
    standards: StandardsFolder = STANDARDS,
    state: StateFolder = None,
) -> None:
    """Measure, until told to stop: cameras, telephone, lights and the way to the central service."""
    from edge.live.starting import beginning

    with beginning(desk, standards, state) as began:
        from edge.live.appliance import run_until_told

        run_until_told(began)


@app.command()
def page(
    desk: DeskFile = DESK_FILE,
    runtime: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the file that a browser starts from, on no disk.",
            show_default="where systemd says",
        ),
    ] = None,
) -> None:
    """Serve the host's page to browsers on this machine, until told to stop; the desk runs beside it."""
    from edge.live.page_point import page_file
    from edge.page.page_program import serve_page
    from edge.settings.desk_toml import Settings
    from protocol.toml_file import load

    settings = load(desk, Settings)
    serve_page(page_file(settings.storage.spool), settings.page.port, settings.page.language, runtime)


@app.command("sign-in")
def sign_in(
    person: Annotated[str, typer.Argument(help="Pseudonym of whoever serves the desk from now on.")],
    in_front: Annotated[
        bool,
        typer.Option(
            "--in-front/--behind",
            help="Where they are: among the customers, who are then not held against them; or behind the desk.",
        ),
    ] = False,
    desk: DeskFile = DESK_FILE,
) -> None:
    """Tell the desk that runs on this machine who serves it, and where; again whenever that changes."""
    from edge.live.sign_in_point import sign_in, sign_in_file
    from edge.settings.desk_toml import Settings
    from protocol.toml_file import load

    sign_in(sign_in_file(load(desk, Settings).storage.spool), person, in_front=in_front)


@app.command("sign-out")
def sign_out(desk: DeskFile = DESK_FILE) -> None:
    """Tell the desk that runs on this machine that nobody is signed in any more."""
    from edge.live.sign_in_point import sign_in, sign_in_file
    from edge.settings.desk_toml import Settings
    from protocol.toml_file import load

    sign_in(sign_in_file(load(desk, Settings).storage.spool), None, in_front=None)


@app.command()
def replay(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="customers=CLIP[@OFFSET_S], staff=CLIP[@OFFSET_S], both=CLIP, or one RECORDING.",
            metavar="SOURCE...",
        ),
    ],
    desk: Annotated[
        Path | None,
        typer.Option("--desk", help="The desk's settings; without them cameras of unknown place."),
    ] = None,
    standard: Annotated[str | None, typer.Option("--standard", help="Name of the service standard.")] = None,
    standards: StandardsFolder = STANDARDS,
    record: Annotated[
        Path | None, typer.Option("--record", help="Write the observations to this file.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw every visit to this PNG: what was measured over time.")
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(
            "--rate",
            help="Frames a second of clips that state no times: raw streams, folders of pictures.",
            min=0.1,
            max=240.0,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every measurement as a CloudEvent, one a line.")
    ] = False,
) -> None:
    """Measure footage or a recording as the desk would have measured it live."""
    from edge.tools.replay.replaying import replay_sources

    replay_sources(sources, desk, standard, standards, record, plot, rate_hz=rate, as_json=as_json)


@app.command()
def doctor(
    desk: DeskFile = DESK_FILE, standards: StandardsFolder = STANDARDS, state: StateFolder = None
) -> None:
    """Check the machine, cameras, pins, models, broker and clock, and say what to do."""
    from edge.tools.as_service import become_service
    from edge.tools.doctor import doctor as examine_desk

    if desk == DESK_FILE and (user := become_service()) is not None:
        print(f"examined as {user}, the user of the service: what root may, it may not")
    if not examine_desk(desk, standards, state):
        raise typer.Exit(1)


@app.command("support-bundle")
def support_bundle(
    file: Annotated[Path, typer.Argument(help="The archive to write, such as desk-3.tar.gz.")],
    desk: DeskFile = DESK_FILE,
    standards: StandardsFolder = STANDARDS,
    state: StateFolder = None,
) -> None:
    """Pack what helps from afar: the doctor's findings, settings, logs and health; no secrets, pictures, visits or names."""
    from edge.tools.support_bundle import write_bundle

    names = write_bundle(file, desk, standards, state)
    print(
        f"{file}: {', '.join(names)}. Look into it before it is sent: tar --extract --to-stdout --file {file} | less"
    )


@app.command()
def calibrate(
    camera: Annotated[str, typer.Argument(help="The camera's name in desk.toml.")],
    mark: Annotated[
        list[str] | None,
        typer.Option(
            metavar="X,Y[=CLIP]",
            help="Where a person stands: metres to the host's right and ahead of the desk. Three times or more.",
        ),
    ] = None,
    stature: Annotated[
        float | None, typer.Option(min=1.2, max=2.3, help="That person's, in metres, in shoes.")
    ] = None,
    board: Annotated[
        bool, typer.Option("--board", help="Hold the printed board before the camera, for its lens.")
    ] = False,
    clip: Annotated[Path | None, typer.Option(help="Footage of the held board.")] = None,
    board_at: Annotated[
        str | None, typer.Option(metavar="X,Y[=CLIP]", help="The printed board lies there on the floor.")
    ] = None,
    square_cm: Annotated[
        float, typer.Option(min=1.0, max=50.0, help="Side of a square, measured on the print.")
    ] = 3.6,
    show: Annotated[
        Shows, typer.Option(help="Show what the camera sees; nothing is stored.", show_default=False)
    ] = Shows.NOT,
    accept_poor: Annotated[
        bool, typer.Option("--accept-poor", help="Write it even if it did not get good enough.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what was found, and write nothing.")
    ] = False,
    desk: DeskFile = DESK_FILE,
) -> None:
    """Set a camera's height, tilt and lens, from a person at known marks or a printed board."""
    from rich.console import Console

    from edge.tools.calibrate.calibration import Plan, parse_spot
    from edge.tools.calibrate.calibration import calibrate as calibrate_camera
    from edge.tools.calibrate.technician import Technician

    plan = Plan(
        marks=tuple(parse_spot(text) for text in mark or ()),
        stature_m=stature,
        holds_board=board or clip is not None,
        board_clip=clip,
        board_at=None if board_at is None else parse_spot(board_at),
        square_m=square_cm / 100,
    )
    calibrate_camera(
        camera,
        plan,
        desk,
        Technician(Console(markup=False, emoji=False), show),
        accept_poor=accept_poor,
        dry_run=dry_run,
    )


@app.command("print-board")
def print_board(
    file: Annotated[
        Path, typer.Argument(help="Where to write the picture to print, such as board.pdf or board.png.")
    ],
) -> None:
    """Make the board that `deskside calibrate` knows, to be printed."""
    from edge.tools.calibrate.calibration import write_board

    write_board(file)


@app.command("light-card")
def light_card(
    file: Annotated[Path, typer.Argument(help="The page to write, such as card.html.")],
    language: Annotated[Language, typer.Option(help="In which language.")] = "en",
    desk: DeskFile = DESK_FILE,
) -> None:
    """Make the card that hangs at the desk: what each light says, and what to do. Any browser prints the page."""
    from edge.feedback.light_card import write_card
    from edge.settings.desk_toml import Settings
    from protocol.toml_file import load

    write_card(file, language, load(desk, Settings).lights.host)


@app.command()
def demo(
    keep: Annotated[
        Path,
        typer.Option(help="Folder for the database and the report page; nothing of yours in it is touched."),
    ] = Path("deskside-demo"),
    stay: Annotated[
        bool | None,
        typer.Option(
            "--stay/--no-stay",
            help="Stay up, with the central service's pages and a simulated month.",
            show_default="asked on a terminal",
        ),
    ] = None,
) -> None:
    """Show the whole way once, on real pixels of real people: from two cameras to a scored encounter."""
    from edge.tools.demo.show import show

    show(keep, stay=stay)


@phone.command("watch")
def phone_watch(desk: DeskFile = DESK_FILE) -> None:
    """Show live what the pins see and how it is read: bursts, rings, cadence and noise. Ends with Ctrl-C."""
    from edge.tools.phone.pins import watch_pins

    watch_pins(desk)


@phone.command("record")
def phone_record(
    file: Annotated[
        Path, typer.Argument(help="Where to write the edges; `deskside replay FILE` reads them.")
    ],
    desk: DeskFile = DESK_FILE,
    standards: StandardsFolder = STANDARDS,
) -> None:
    """Keep every edge of the pins in a file, and show what they are read as. Ends with Ctrl-C."""
    from edge.tools.phone.pins import record_pins

    record_pins(desk, standards, file)


@badge.command("make-key")
def badge_make_key(
    file: Annotated[Path, typer.Argument(help="The file to write; one that is there is left alone.")],
) -> None:
    """Make a site's key, by which its desks turn badges and PINs into pseudonyms."""
    from edge.tools.badges import new_key

    new_key(file)


@badge.command("show")
def badge_show(
    typed: Annotated[
        bool, typer.Option("--typed", help="Read the badge from this terminal, not from the desk's reader.")
    ] = False,
    desk: DeskFile = DESK_FILE,
) -> None:
    """Read a badge and print the pseudonym that it stands for; the badge itself is kept nowhere."""
    from edge.tools.badges import show_pseudonym

    show_pseudonym(desk, typed=typed)


@badge.command("set-pin")
def badge_set_pin(
    person: Annotated[str, typer.Argument(help="Their pseudonym.")], desk: DeskFile = DESK_FILE
) -> None:
    """Give somebody a PIN for the host's page, typed twice."""
    from edge.tools.badges import set_pin

    set_pin(desk, person)


@badge.command("forget-pin")
def badge_forget_pin(
    person: Annotated[str, typer.Argument(help="Their pseudonym.")], desk: DeskFile = DESK_FILE
) -> None:
    """Take somebody's PIN away."""
    from edge.tools.badges import forget_pin

    forget_pin(desk, person)


def main() -> None:
    """Run the command line; what the user can mend ends it with its text, not with a traceback."""
    run_to_its_end(app)


if __name__ == "__main__":
    main()
