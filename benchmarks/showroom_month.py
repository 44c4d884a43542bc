"""How long the month of a showroom takes, over a real connection to the running service and its PostgreSQL, with a year of 100 desks behind it.

``python -m benchmarks.showroom_month [--tenth]`` fills a new database of a server of its own with 300 measurements a desk and day: 150 visits, 60
calls, 80 attendances, 10 sign-ins and sign-outs, for a year or for 37 days of it, and with their verdicts, which the scoring made of the same
visits and calls. A random sample of what is kept is then made anew and compared. Twenty showrooms of five desks are asked for by turns, each
for months of which all days are there; somebody at each desk is exempt from a clause. The first look at each is told apart: PostgreSQL and the
machine have nothing of it in memory then. A year takes 20 GB of the disk and the better part of an hour.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from benchmarks.processor import processor
from central.accounts.account_book import make_account
from central.accounts.roles import Grant
from central.database.engine import disposing, migrate, open_for_migration, open_for_writing
from central.database.given import append
from central.desks.registry import enter
from central.ingest.writing import EVENT, EVENT_COLUMNS
from central.people.exemptions import sign_exemption
from central.records.event_row import EventRow
from central.records.query import VISIT_OR_CALL, measured_of
from central.scoring.judging import verdicts_on
from central.verdicts.filling import ATTENDED, ATTENDED_COLUMNS, VERDICT
from central.verdicts.packing import packed
from central.verdicts.rules import digest_of_standard
from central.verdicts.verdict_row import JudgedUnderRow, VerdictProgressRow, VerdictRow
from protocol.envelope import event_type
from protocol.measurements import Attendance, Call, Duty, Encounter, Measurement
from protocol.standards_folder import find_standard
from tests.worlds.delivery.postgresql import PostgreSQL
from tests.worlds.desk_facts import call, event, gaze, posture, q, reaction, smile, staffed, visit
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.service import PagesService
from tests.worlds.profiles import decide

DESKS = 100
SHOWROOMS = 20
YEAR_DAYS = 365
TENTH_DAYS = 37
"""Days of a tenth: more than the longest month."""
BEGAN_S = 1_767_222_000.0
"""Unix time of 2026-01-01 in Berlin."""
DAY_S = 86400.0
KINDS = 400
"""Different visits and calls, of which the others are copies."""
LOOKS = 60
SAMPLE = 400
Row = tuple[object, ...]


def made_up(chance: random.Random) -> Encounter | Call:
    """A visit, or two times of seven a call, with everything that a clause looks at."""
    if chance.random() < 2 / 7:
        return call(chance.randint(1, 6), chance.choice(["answered", "abandoned"]))
    return visit(
        reaction("turned", chance.uniform(0.0, 5.0)),
        smile=smile(teeth=q(chance.uniform(5.0, 10.0), 0.4), longest_s=chance.uniform(0.5, 4.0)),
        gaze=gaze(on_customer_share=q(chance.uniform(0.4, 1.0), 0.05)),
        posture=posture(forward_lean_deg=q(chance.uniform(0.0, 20.0), 2.0)),
    )


def a_day(chance: random.Random) -> Iterator[tuple[int, float]]:
    """Which measurement of the pool came at which second of a day at one desk."""
    for _ in range(210):
        yield chance.randrange(KINDS), chance.uniform(8.0, 19.0) * 3600.0
    for number in range(80):
        yield KINDS, 8.0 * 3600.0 + number * 495.0
    for number in range(5):
        yield KINDS + 1 + number % 3, (8.0 + 2.0 * number) * 3600.0
        yield KINDS + 4 + number % 3, (8.0 + 2.0 * number) * 3600.0 + 1.0


def pool(chance: random.Random) -> list[Measurement]:
    """What is copied: visits and calls, an attendance, and sign-ins and duties of three people."""
    duties: list[Measurement] = [
        Duty(start_s=0.0, end_s=0.0, person=f"p{number}", ongoing=True) for number in range(3)
    ]
    ended: list[Measurement] = [Duty(start_s=0.0, end_s=7000.0, person=f"p{number}") for number in range(3)]
    return [*(made_up(chance) for _ in range(KINDS)), staffed(0.0, 495.0), *duties, *ended]


def fill(engine: Engine, days: int) -> int:
    """Write everything; returns how many measurements."""
    chance = random.Random(1)
    measurements = pool(chance)
    raws = [event(data, 1).decode() for data in measurements]
    types = [event_type(data) for data in measurements]
    standard = find_standard("eight-teeth")
    texts = [
        packed(data, verdicts_on(data, standard, ())) if isinstance(data, Encounter | Call) else None
        for data in measurements
    ]
    with Session(engine) as session, session.begin():
        for number in range(DESKS):
            showroom = f"showroom-{number % SHOWROOMS}"
            enter(session, f"desk-{number}", company="North", showroom=showroom, timezone="Europe/Berlin")
        for number in range(SHOWROOMS):
            decide(session, "other", "North", f"showroom-{number}")
        signer = make_account(session, "chief", 1.0).id
        sign_exemption(
            session,
            person="p1",
            clause="smile.teeth",
            reason="braces",
            signed_by=signer,
            account=None,
            from_wall_s=BEGAN_S,
            now_wall_s=BEGAN_S,
        )
        under = JudgedUnderRow(digest=digest_of_standard(standard), scoring=1, label=standard.label)
        session.add(under)
        session.flush()
        number_under = under.id
    made, columns = 0, ("id", *EVENT_COLUMNS)
    for day in range(days):
        rows: list[Row] = []
        judged: list[Row] = []
        attended: list[Row] = []
        for desk in range(DESKS):
            device, bootid = f"desk-{desk}", f"{day:032x}"
            found = sorted(a_day(chance), key=lambda each: each[1])
            for sequence, (kind, second) in enumerate(found, 1):
                made += 1
                at_s, data = BEGAN_S + day * DAY_S + second, measurements[kind]
                lasted_s = data.end_s - data.start_s
                rows.append(
                    (
                        made,
                        device,
                        bootid,
                        sequence,
                        types[kind],
                        at_s,
                        lasted_s,
                        second,
                        True,
                        True,
                        False,
                        at_s,
                        raws[kind],
                    )
                )
                if (both := texts[kind]) is not None:
                    judged.append((made, number_under, device, at_s, *both))
                if isinstance(data, Attendance):
                    attended.append((made, device, at_s, lasted_s, data.staffed, data.coverage))
        with Session(engine) as session, session.begin():
            append(session, EVENT, columns, rows)
            append(session, VERDICT, ("event", "under", "device", "start_wall_s", "outcomes", "said"), judged)
            append(session, ATTENDED, ATTENDED_COLUMNS, attended)
    with Session(engine) as session, session.begin():
        session.add(VerdictProgressRow(id=1, reached=made, rules=""))
        session.execute(text(f"SELECT setval(pg_get_serial_sequence('event', 'id'), {made})"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
    return made


def differing(engine: Engine) -> int:
    """Of a random sample of visits and calls, how many verdicts that are kept differ from those that are made anew."""
    standard = find_standard("eight-teeth")
    with Session(engine) as session:
        last = session.scalar(text("SELECT max(id) FROM event")) or 1
        asked = random.Random(2).sample(range(1, last + 1), min(last, SAMPLE * 2))
        rows = session.scalars(select(EventRow).where(EventRow.id.in_(asked), VISIT_OR_CALL)).all()
        count = 0
        for row in rows[:SAMPLE]:
            data = measured_of(row).data
            kept = session.query(VerdictRow).filter_by(event=row.id).one()
            assert isinstance(data, Encounter | Call)
            count += (kept.outcomes, kept.said) != packed(data, verdicts_on(data, standard, ()))
    return count


def look(service: PagesService, months: list[str]) -> tuple[list[float], list[float]]:
    """Seconds of the first look at each showroom's month, and of later ones, by turns."""
    service.give_account("area", Grant("area_manager"))
    browser = service.browser("area")
    numbers = [int(each) for each in range(1, SHOWROOMS + 1)]
    pages = [f"/month?showroom={number}&month={month}" for number in numbers for month in months]
    first = [_seconds(browser, page) for page in pages[:LOOKS]]
    return first, [_seconds(browser, pages[place % len(pages)]) for place in range(LOOKS)]


def _seconds(browser: HttpBrowser, page: str) -> float:
    began_s = time.perf_counter()
    answer = browser.get(page)
    assert answer.status_code == 200, answer.text
    return time.perf_counter() - began_s


def _told(words: str, seconds: list[float]) -> str:
    ascending = sorted(seconds)
    p95 = ascending[min(len(ascending) - 1, int(0.95 * len(ascending)))]
    return f"{words}: median {statistics.median(seconds):.2f} s, p95 {p95:.2f} s, longest {ascending[-1]:.2f} s (n = {len(seconds)})"


def main() -> None:
    """Fill, compare and look."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tenth", action="store_true", help="37 days in place of a year")
    days = TENTH_DAYS if parser.parse_args().tenth else YEAR_DAYS
    print(processor())
    server = PostgreSQL(fsync=True)
    try:
        server.make()
        server.start()
        url = server.new_database()
        with disposing(open_for_migration(url)) as engine:
            migrate(engine)
        with disposing(open_for_writing(url)) as engine:
            began_s = time.perf_counter()
            made = fill(engine, days)
            print(f"{made:,} measurements of {DESKS} desks, written in {time.perf_counter() - began_s:.0f} s")
            print(f"{differing(engine)} of {SAMPLE} kept verdicts differ from those made anew")
        months = ["2026-01"] if days == TENTH_DAYS else ["2026-01", "2026-06", "2026-11"]
        with tempfile.TemporaryDirectory() as folder, PagesService(Path(folder), database=url) as service:
            first, later = look(service, months)
        print(_told("first look at a month of five desks", first))
        print(_told("later looks", later))
    finally:
        server.end()
        server.remove()


if __name__ == "__main__":
    main()
