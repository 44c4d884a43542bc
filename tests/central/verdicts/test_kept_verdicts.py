"""What is kept equals what is judged anew, whatever happens to measurements, duties, exemptions, clocks, people and standards."""

import random
from collections import Counter
from itertools import pairwise
from typing import Literal

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from central.accounts.account_book import make_account
from central.desks.registry import DeskDefaults, enter, stays
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.ingest.tidying import tidy
from central.people.duty_corrections import correct_duty
from central.people.exempt_stretches import exempt_stretches, who_is_exempt
from central.people.exemptions import end_exemption, sign_exemption
from central.privacy.erasing import erase
from central.records.measured import only
from central.records.query import IS_ATTENDANCE, DeskStretch, measured_between, visits_and_calls
from central.settings import Retention
from central.showrooms.premises import known_showroom
from central.standards.activations import activate_standard
from central.statistics.rehearsal import judged_anew
from central.verdicts.attended import attended_in
from central.verdicts.attended_row import AttendedRow
from central.verdicts.filling import fill
from central.verdicts.packing import packed
from central.verdicts.rules import ruled, standards_in_force
from central.verdicts.stored import Cell, counted, kept_verdicts
from central.verdicts.verdict_row import VerdictDueRow, VerdictRow
from protocol.measurements import Attendance, Duty, Measurement
from tests.worlds.desk_facts import (
    OFFSET_S,
    STANDARD,
    call,
    event,
    gaze,
    posture,
    q,
    reaction,
    smile,
    staffed,
    visit,
)
from tests.worlds.standard_texts import active_standard, house_standard

DAY_S = 86400.0
DESKS = ("desk-1", "desk-2")
BOOTS = ("a" * 32, "b" * 32)


class House:
    """A database that is lived in, and looked at in two ways."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self.random = random.Random(seed)
        self.sent: Counter[tuple[str, str]] = Counter()
        self.now_s = OFFSET_S + 10 * DAY_S
        with Session(engine) as session, session.begin():
            for device, showroom in zip(DESKS, ("Harbour", "Market"), strict=True):
                enter(session, device, company="North", showroom=showroom, timezone="Europe/Berlin")
            self.writer = make_account(session, "writer", 1.0).id
            self.approver = make_account(session, "approver", 1.0).id

    def take(
        self,
        *data: Measurement,
        device: str,
        boot: str,
        clock: Literal["synced", "estimated"] = "synced",
        offset_s: float = OFFSET_S,
    ) -> None:
        raws = []
        for each in data:
            self.sent[device, boot] += 1
            number = self.sent[device, boot]
            raws.append(event(each, number, device, boot, offset_s, clock))
        with Session(self.engine) as session, session.begin():
            take_in(
                session, [read(f"deskside/1/{device}/event", raw, OFFSET_S) for raw in raws], DeskDefaults()
            )

    def measurement(self) -> Measurement:
        at_s = self.random.uniform(0.0, 9 * DAY_S)
        match self.random.randrange(5):
            case 4:
                # One of them may last longer than a day.
                lasts_s = self.random.choice([600.0, 3600.0, 2.5 * DAY_S])
                return staffed(at_s, at_s + lasts_s, coverage=self.random.random())
            case 0:
                return call(
                    self.random.randint(1, 6), self.random.choice(["answered", "abandoned"]), at_s=at_s
                )
            case 1:
                return visit(at_s=at_s)
            case _:
                delay_s = self.random.uniform(0.0, 8.0)
                return visit(
                    reaction(self.random.choice(["turned", "smiled"]), delay_s, at_s),
                    at_s=at_s,
                    smile=smile(
                        teeth=q(self.random.uniform(5, 10), 0.4), longest_s=self.random.uniform(0.5, 4.0)
                    ),
                    gaze=gaze(on_customer_share=q(self.random.uniform(0.3, 1.0), 0.05)),
                    posture=posture(forward_lean_deg=q(self.random.uniform(0, 25), 2.0)),
                )

    def judge(self) -> None:
        """Fill in everything."""
        for _ in range(1000):
            with Session(self.engine) as session, session.begin():
                if not fill(session, STANDARD):
                    return
        raise AssertionError("the filling finds no end")

    # What may happen, in any order.

    def measurements_come(self) -> None:
        device = self.random.choice(DESKS)
        self.take(
            *(self.measurement() for _ in range(self.random.randint(1, 12))), device=device, boot=BOOTS[0]
        )

    def a_clock_is_set_late(self) -> None:
        """Measured by a clock that was days off, and corrected by what a later birth says."""
        device = self.random.choice(DESKS)
        self.take(
            *(self.measurement() for _ in range(5)),
            device=device,
            boot=BOOTS[1],
            clock="estimated",
            offset_s=OFFSET_S - 5 * DAY_S,
        )
        if self.random.random() < 0.7:
            self.judge()
        with Session(self.engine) as session, session.begin():
            session.execute(
                text(
                    "UPDATE event SET start_wall_s = start_wall_s + :by, synced = :yes WHERE device = :device AND bootid = :boot"
                ),
                {"by": self.random.uniform(-DAY_S, DAY_S), "yes": True, "device": device, "boot": BOOTS[1]},
            )

    def somebody_signs_in(self) -> None:
        start_s = self.random.uniform(0.0, 9 * DAY_S)
        person = self.random.choice(["wren", "lark"])
        duty = Duty(start_s=start_s, end_s=start_s + self.random.uniform(0.1, 2.0) * DAY_S, person=person)
        self.take(duty, device=self.random.choice(DESKS), boot=BOOTS[0])

    def a_duty_is_corrected(self) -> None:
        from_s = OFFSET_S + self.random.uniform(0.0, 8 * DAY_S)
        with Session(self.engine) as session, session.begin():
            correct_duty(
                session,
                self.random.choice(DESKS),
                measurement=None,
                person=self.random.choice(["wren", "lark"]),
                from_wall_s=from_s,
                until_wall_s=from_s + DAY_S,
                reason="forgot",
                made_by="the manager",
            )

    def an_exemption_is_signed_or_ended(self) -> None:
        clause = self.random.choice(["smile.teeth", "respond.within_s", "phone.rings"])
        with Session(self.engine) as session, session.begin():
            signed = session.execute(
                text(
                    "SELECT id FROM exemption WHERE clause = :clause AND person = 'wren' AND id NOT IN (SELECT exemption FROM exemption_end)"
                ),
                {"clause": clause},
            ).scalar()
            if signed is not None:
                until_s = OFFSET_S + self.random.uniform(0.0, 9 * DAY_S)
                end_exemption(session, signed, ended_by=self.approver, until_wall_s=until_s)
                return
            sign_exemption(
                session,
                person="wren",
                clause=clause,
                reason="braces",
                signed_by=self.approver,
                account=None,
                from_wall_s=OFFSET_S + self.random.uniform(0.0, 9 * DAY_S),
                now_wall_s=self.now_s,
            )

    def a_standard_is_put_into_force(self) -> None:
        """In the past as these measurements have it: what counts is that they come after it."""
        number = self.random.randrange(2, 1_000_000)
        within_s = self.random.choice([1, 3, 6])
        with Session(self.engine) as session, session.begin():
            moment_s = OFFSET_S + self.random.uniform(0.0, 9 * DAY_S)
            body = house_standard(number, f"house-{number}", "[respond]", f"within_s = {within_s}")
            active_standard(session, body, self.writer, self.approver, moment_s)
            showroom = known_showroom(session, self.random.choice(["Harbour", "Market"]))
            activate_standard(session, f"house-{number}", number, showroom, moment_s, self.approver, moment_s)

    def a_desk_was_moved(self) -> None:
        with Session(self.engine) as session, session.begin():
            from_s = OFFSET_S + self.random.uniform(0.0, 9 * DAY_S)
            session.execute(
                text(
                    "UPDATE desk_place SET until_wall_s = :at WHERE device = 'desk-1' AND until_wall_s IS NULL"
                ),
                {"at": from_s},
            )

    def somebody_is_erased(self) -> None:
        with Session(self.engine) as session, session.begin():
            held = session.execute(text("SELECT count(*) FROM event WHERE raw LIKE '%\"lark\"%'")).scalar()
            if held:
                erase(session, "lark", actor="command line", reason="asked for it", now_wall_s=self.now_s)

    def how_they_looked_is_forgotten(self) -> None:
        with Session(self.engine) as session, session.begin():
            tidy(session, Retention(manner_days=9), OFFSET_S + self.random.uniform(9, 12) * DAY_S)

    def the_oldest_go(self) -> None:
        with Session(self.engine) as session, session.begin():
            tidy(session, Retention(events_days=9), OFFSET_S + self.random.uniform(9, 11) * DAY_S)

    def look(self, *, sample: int = 60) -> None:
        """Compare, for each desk and each stretch under one standard, what is kept and counted with the direct way."""
        with Session(self.engine) as session:
            for held in ruled(stays(session), standards_in_force(session, STANDARD)):
                from_s = max(held.stay.from_wall_s or 0.0, OFFSET_S - 20 * DAY_S)
                to_s = min(held.stay.until_wall_s or 4e9, OFFSET_S + 20 * DAY_S)
                if from_s >= to_s:
                    continue
                device = held.stay.device
                measured = visits_and_calls(session, device, from_s, to_s)
                kept = kept_verdicts(session, device, held.standard, from_s, to_s)
                exempt = who_is_exempt(session, device, from_s, to_s)
                direct: Counter[str] = Counter()
                for item in measured:
                    verdicts = judged_anew(item, held.standard, exempt(item.wall_s))
                    direct[packed(item.data, verdicts)[0]] += 1
                for item in self.random.sample(measured, min(sample, len(measured))):
                    if item.id in kept:
                        assert kept[item.id] == judged_anew(item, held.standard, ())
                edges = {from_s, to_s}
                stretches = exempt_stretches(session, device, from_s, to_s)
                for each in stretches:
                    edges |= {each.from_s, each.until_s}
                ordered = sorted(edges)
                cells = [
                    Cell(
                        device,
                        low_s,
                        high_s,
                        held.standard,
                        frozenset(each.clause for each in stretches if each.from_s <= low_s < each.until_s),
                    )
                    for low_s, high_s in pairwise(ordered)
                ]
                assert sum(counted(session, cells), Counter()) == direct, (device, held.standard.label)
                self.complete = set(kept) == {item.id for item in measured}
                self.look_at_attendance(session, device, from_s, to_s)

    def look_at_attendance(self, session: Session, device: str, from_s: float, to_s: float) -> None:
        """The same of a day of when the desk was staffed."""
        low_s = self.random.uniform(from_s, to_s)
        high_s = min(low_s + DAY_S, to_s)
        direct = [
            (item.wall_s, item.end_wall_s, item.data.staffed, item.data.coverage)
            for item in only(Attendance, measured_between(session, device, low_s, high_s))
            if item.end_wall_s > low_s
        ]
        assert attended_in(session, [DeskStretch(device, low_s, high_s)]) == [sorted(direct)]


HAPPENINGS = (
    House.measurements_come,
    House.measurements_come,
    House.a_clock_is_set_late,
    House.somebody_signs_in,
    House.a_duty_is_corrected,
    House.an_exemption_is_signed_or_ended,
    House.a_standard_is_put_into_force,
    House.a_desk_was_moved,
    House.somebody_is_erased,
    House.how_they_looked_is_forgotten,
    House.the_oldest_go,
)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_kept_and_counted_equals_what_is_judged_anew_whatever_happens(
    engine: Engine, seed: int
) -> None:
    """Before and after the filling: a page is right also while verdicts are missing."""
    house = House(engine, seed)
    house.measurements_come()
    for _ in range(12):
        house.random.choice(HAPPENINGS)(house)
        if house.random.random() < 0.4:
            house.look()
        if house.random.random() < 0.6:
            house.judge()
            house.look()
            assert house.complete
    house.judge()
    house.look(sample=1000)
    assert house.complete
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(VerdictDueRow)) == 0
        assert connection.scalar(select(func.count()).select_from(VerdictRow))
        assert connection.scalar(select(func.count()).select_from(AttendedRow)) == connection.scalar(
            select(func.count()).where(IS_ATTENDANCE)
        )
