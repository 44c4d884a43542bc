"""How long the month of a showroom takes, over a real connection to the running service and its PostgreSQL, with a year of 100 desks behind it.

``python -m benchmarks.showroom_month [--tenth]`` fills a new database of a server of its own with 300 measurements a desk and day: 150 visits, 60
calls, 80 attendances, 10 sign-ins and sign-outs, for a year or for 37 days of it, and with their verdicts, which the scoring made of the same
visits and calls. A random sample of what is kept is then made anew and compared, and so are the figures of whole days: where one differs, the
benchmark fails. It fails for no time, which is the machine's. Twenty showrooms of five desks are asked for by turns, each
for months of which all days are there; somebody at each desk is exempt from a clause. The first look at each is told apart: PostgreSQL and the
machine have nothing of it in memory then. A year takes 20 GB of the disk.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from benchmarks.processor import processor
from central.accounts.account_book import make_account
from central.accounts.roles import Grant
from central.database.engine import disposing, migrate, open_for_migration, open_for_writing
from central.desks.registry import enter, stays
from central.people.exempt_stretches import who_is_exempt
from central.people.exemptions import sign_exemption
from central.records.day import Day
from central.records.event_row import EventRow
from central.records.query import VISIT_OR_CALL, measured_between, measured_of
from central.reports.month import MonthFigures, month_of
from central.scoring.judging import SCORING_VERSION, verdicts_on
from central.showrooms.premises import known_showroom
from central.standards.in_force import StandardsInForce
from central.statistics.desk_day import score_day
from central.statistics.share import share_of
from central.verdicts.packing import kept_of, packed
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
PATTERNS = 100
"""Different days, of which the others are copies."""
LOOKS = 60
TENTH_LOOKS = 20
"""At months, first and later ones each."""
SAMPLE = 400
DAYS_SCORED = 10
"""Days at a desk that are scored anew, each with some two hundred visits and calls."""
STANDARD = find_standard("eight-teeth")
Row = dict[str, object]


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


def a_day(chance: random.Random) -> list[tuple[int, float]]:
    """Which measurement of the pool came at which second of a day at one desk, ascending."""
    found = [(chance.randrange(KINDS), chance.uniform(8.0, 19.0) * 3600.0) for _ in range(210)]
    found += [(KINDS + number % 2, 8.0 * 3600.0 + number * 495.0) for number in range(80)]
    for number in range(5):
        found.append((KINDS + 2 + number % 3, (8.0 + 2.0 * number) * 3600.0))
        found.append((KINDS + 5 + number % 3, (8.0 + 2.0 * number) * 3600.0 + 1.0))
    return sorted(found, key=lambda each: each[1])


def pool(chance: random.Random) -> list[Measurement]:
    """What is copied: visits and calls, two attendances, and sign-ins and duties of three people."""
    duties: list[Measurement] = [
        Duty(start_s=0.0, end_s=0.0, person=f"p{number}", ongoing=True) for number in range(3)
    ]
    ended: list[Measurement] = [Duty(start_s=0.0, end_s=7000.0, person=f"p{number}") for number in range(3)]
    attended = [staffed(0.0, 495.0), staffed(0.0, 495.0, coverage=0.9)]
    return [*(made_up(chance) for _ in range(KINDS)), *attended, *duties, *ended]


MAKE_EVENTS = """
INSERT INTO event (id, device, bootid, sequence, type, start_wall_s, duration_s, timeline_s, synced, sent_synced, historical, received_wall_s, raw)
SELECT (CAST(:day AS bigint) * :desks + desk) * :each + number, 'desk-' || desk, lpad(to_hex(CAST(:day AS int)), 32, '0'), number, type, :midnight_s + second, lasted_s,
  second, true, true, false, :midnight_s + second, raw
FROM generate_series(0, :desks - 1) AS desk JOIN made_day ON pattern = (desk * 37 + CAST(:day AS bigint) * 11) % :patterns JOIN made USING (kind)
ORDER BY 1
"""
MAKE_VERDICTS = """
INSERT INTO verdict (event, under, device, start_wall_s, outcomes, said)
SELECT (CAST(:day AS bigint) * :desks + desk) * :each + number, :under, 'desk-' || desk, :midnight_s + second, outcomes, said
FROM generate_series(0, :desks - 1) AS desk JOIN made_day ON pattern = (desk * 37 + CAST(:day AS bigint) * 11) % :patterns JOIN made USING (kind)
WHERE outcomes IS NOT NULL ORDER BY 1
"""
MAKE_ATTENDED = """
INSERT INTO attended (event, device, start_wall_s, duration_s, staffed, coverage)
SELECT (CAST(:day AS bigint) * :desks + desk) * :each + number, 'desk-' || desk, :midnight_s + second, lasted_s, staffed, coverage
FROM generate_series(0, :desks - 1) AS desk JOIN made_day ON pattern = (desk * 37 + CAST(:day AS bigint) * 11) % :patterns JOIN made USING (kind)
WHERE staffed IS NOT NULL ORDER BY 1
"""
"""The database copies the days itself: a program that wrote each of eleven million rows would take most of the time."""


def enter_desks(session: Session) -> None:
    """Enter the desks, their showrooms, and a person who is exempt from a clause."""
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


def fill(engine: Engine, days: int) -> int:
    """Write everything; returns how many measurements."""
    chance = random.Random(1)
    measurements = pool(chance)
    patterns = [a_day(chance) for _ in range(PATTERNS)]
    each = len(patterns[0])
    with Session(engine) as session, session.begin():
        enter_desks(session)
        under = JudgedUnderRow(
            digest=digest_of_standard(STANDARD), scoring=SCORING_VERSION, label=STANDARD.label
        )
        session.add(under)
        session.flush()
        session.execute(
            text(
                "CREATE TABLE made (kind int PRIMARY KEY, type text, raw text, lasted_s float8, outcomes text, said text, "
                "staffed bool, coverage float8)"
            )
        )
        session.execute(text("CREATE TABLE made_day (pattern int, number int, kind int, second float8)"))
        session.execute(
            text(
                "INSERT INTO made VALUES (:kind, :type, :raw, :lasted_s, :outcomes, :said, :staffed, :coverage)"
            ),
            [_made(kind, data) for kind, data in enumerate(measurements)],
        )
        session.execute(
            text("INSERT INTO made_day VALUES (:pattern, :number, :kind, :second)"),
            [
                {"pattern": pattern, "number": number, "kind": kind, "second": second}
                for pattern, day in enumerate(patterns)
                for number, (kind, second) in enumerate(day, 1)
            ],
        )
        # An index is made faster of all rows at once than row by row.
        indexes = session.execute(
            text(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('event', 'verdict', 'attended') "
                "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
            )
        ).all()
        for name, _ in indexes:
            session.execute(text(f"DROP INDEX {name}"))
        told = {"desks": DESKS, "patterns": PATTERNS, "each": each, "under": under.id}
    for day in range(days):
        with Session(engine) as session, session.begin():
            # Every desk is there: nobody need look for it eleven million times.
            session.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in (MAKE_EVENTS, MAKE_VERDICTS, MAKE_ATTENDED):
                session.execute(text(statement), {**told, "day": day, "midnight_s": BEGAN_S + day * DAY_S})
    made = days * DESKS * each
    with Session(engine) as session, session.begin():
        for _, definition in indexes:
            session.execute(text(definition))
        session.add(VerdictProgressRow(id=1, reached=made, rules=""))
        session.execute(text(f"SELECT setval(pg_get_serial_sequence('event', 'id'), {made})"))
        session.execute(text("DROP TABLE made, made_day"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
    return made


def _made(kind: int, data: Measurement) -> Row:
    outcomes = said = None
    if isinstance(data, Encounter | Call):
        outcomes, said = packed(data, verdicts_on(data, STANDARD, ()))
    attended = data if isinstance(data, Attendance) else None
    return {
        "kind": kind,
        "type": event_type(data),
        "raw": event(data, 1).decode(),
        "lasted_s": data.end_s - data.start_s,
        "outcomes": outcomes,
        "said": said,
        "staffed": attended.staffed if attended else None,
        "coverage": attended.coverage if attended else None,
    }


def differing(engine: Engine) -> int:
    """Of a random sample of visits and calls, how many verdicts that are kept differ from those that are made anew."""
    with Session(engine) as session:
        last = session.scalar(text("SELECT max(id) FROM event")) or 1
        asked = random.Random(2).sample(range(1, last + 1), min(last, SAMPLE * 2))
        rows = session.scalars(select(EventRow).where(EventRow.id.in_(asked), VISIT_OR_CALL)).all()
        count = 0
        for row in rows[:SAMPLE]:
            data = measured_of(row).data
            kept = session.query(VerdictRow).filter_by(event=row.id).one()
            assert isinstance(data, Encounter | Call)
            count += (kept.outcomes, kept.said) != packed(data, verdicts_on(data, STANDARD, ()))
    return count


def unequal(engine: Engine) -> int:
    """Of the figures that the month shows of a random sample of days at a desk, how many differ from those of the day scored anew."""
    count = 0
    with Session(engine) as session:
        for number in random.Random(3).sample(range(DESKS), min(DESKS, DAYS_SCORED)):
            device = f"desk-{number}"
            (stay,) = stays(session, device)
            showroom = known_showroom(session, stay.showroom)
            rules = StandardsInForce(STANDARD)
            month = month_of(session, showroom, stays(session), rules, date(2026, 1, 1))
            (shown,) = [each for each in month.desks if each.device == device]
            day, figures = shown.days[number % len(shown.days)]
            there = Day(day, stay.timezone)
            stretch = device, there.start_s, there.end_s
            anew = score_day(
                measured_between(session, *stretch),
                STANDARD,
                there,
                exempt_at=who_is_exempt(session, *stretch),
            )
            came_to = [kept_of(packed(seen.measured.data, seen.verdicts)[0]) for seen in anew.encounters]
            came_to += [kept_of(packed(rung.measured.data, rung.verdicts)[0]) for rung in anew.calls]
            kept, failed = came_to.count("kept"), came_to.count("failed")
            count += figures != MonthFigures(
                len(anew.encounters), len(anew.calls), share_of(kept, kept + failed)
            )
    return count


def look(service: PagesService, months: list[str], looks: int) -> tuple[list[float], list[float]]:
    """Seconds of the first look at each showroom's month, and of later ones, by turns."""
    service.give_account("area", Grant("area_manager"))
    browser = service.browser("area")
    numbers = [int(each) for each in range(1, SHOWROOMS + 1)]
    pages = [f"/month?showroom={number}&month={month}" for number in numbers for month in months]
    first = [seconds_of(browser, page) for page in pages[:looks]]
    return first, [seconds_of(browser, pages[place % len(pages)]) for place in range(looks)]


def seconds_of(browser: HttpBrowser, page: str) -> float:
    began_s = time.perf_counter()
    answer = browser.get(page)
    assert answer.status_code == 200, answer.text
    return time.perf_counter() - began_s


def row(words: str, seconds: list[float]) -> str:
    ascending = sorted(seconds)
    p95 = ascending[min(len(ascending) - 1, int(0.95 * len(ascending)))]
    return (
        f"| {words} | {len(seconds)} | {statistics.median(seconds):.2f} | {p95:.2f} | {ascending[-1]:.2f} |"
    )


@contextmanager
def filled_database(days: int) -> Iterator[str]:
    """The URL of a database with so many days of every desk in it, on a server of its own for as long as the context lasts."""
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
        yield url
    finally:
        server.end()
        server.remove()


def main() -> int:
    """Fill, compare and look; 1 where what is kept or shown is not what is judged anew."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tenth", action="store_true", help="37 days in place of a year")
    days = TENTH_DAYS if parser.parse_args().tenth else YEAR_DAYS
    with filled_database(days) as url:
        with disposing(open_for_writing(url)) as engine:
            wrong, unlike = differing(engine), unequal(engine)
        print(f"{wrong} of {SAMPLE} kept verdicts differ from those made anew")
        print(f"{unlike} of {DAYS_SCORED} days at a desk are shown otherwise than they are scored anew\n")
        months = ["2026-01"] if days == TENTH_DAYS else ["2026-01", "2026-06", "2026-11"]
        with tempfile.TemporaryDirectory() as folder, PagesService(Path(folder), database=url) as service:
            first, later = look(service, months, LOOKS if days == YEAR_DAYS else TENTH_LOOKS)
        print(
            "| month of five desks | looks | median, s | 95 % within, s | longest, s |\n|---|---|---|---|---|"
        )
        print(row("first look at each", first))
        print(row("later looks", later))
    return int(wrong + unlike > 0)


if __name__ == "__main__":
    sys.exit(main())
