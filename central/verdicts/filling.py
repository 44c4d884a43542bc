"""Makes the verdicts that are missing, part by part: of what came, of what was changed, and of what is judged by another standard than before."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, exists, func, or_, select, text
from sqlalchemy.orm import Session

from central.database.given import NUMBER, TEXT, append, given, upsert
from central.desks.registry import stays
from central.records.event_row import EventRow
from central.records.query import IS_ATTENDANCE, VISIT_OR_CALL, measured_of
from central.scoring.judging import SCORING_VERSION, verdicts_on
from central.verdicts.attended_row import AttendedRow
from central.verdicts.packing import packed
from central.verdicts.rules import RuledStay, digest_of_rules, digest_of_standard, ruled, standards_in_force
from central.verdicts.verdict_row import JudgedUnderRow, VerdictDueRow, VerdictProgressRow, VerdictRow
from protocol.measurements import Attendance, Call, Encounter
from protocol.standard import Standard

AT_ONCE = 200
"""Measurements judged in one transaction: it takes a tenth of a second, for which whoever keeps what the desks send may have to wait."""
LOCK = 7_316_205
"""Number of the lock that PostgreSQL gives to whoever judges, or changes what was judged (v0015_kept_verdicts.py). SQLite has one writer."""
VERDICT = VerdictRow.metadata.tables[VerdictRow.__tablename__]
ATTENDED = AttendedRow.metadata.tables[AttendedRow.__tablename__]
ATTENDED_COLUMNS = ("event", "device", "start_wall_s", "duration_s", "staffed", "coverage")
_COLUMNS = ("event", "under", "device", "start_wall_s", "outcomes", "said")
_EVER_S = 1e12
"""Later, and as a negative number earlier, than anything that is measured, as Unix time."""


def fill(session: Session, default: Standard, *, look_through: bool = False) -> int:
    """Judge a part of what is missing, within the session's transaction; returns how much was looked at, 0 when nothing is left.

    Args:
        session: Its transaction takes the verdicts.
        default: The standard where none was put into force.
        look_through: Look through everything first, as when the service starts.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    rules = ruled(stays(session), standards_in_force(session, default))
    progress = session.get(VerdictProgressRow, 1)
    if progress is None:
        progress = VerdictProgressRow(id=1, reached=0, rules="")
        session.add(progress)
    if progress.rules != (digest := digest_of_rules(rules)) or look_through:
        _ask_for_missing(session, rules)
        progress.rules = digest
    due = session.scalars(select(VerdictDueRow.event).order_by(VerdictDueRow.event).limit(AT_ONCE)).all()
    if due:
        _judge(session, due, rules)
        gone = given(session, {"event": NUMBER}, [(number,) for number in due])
        session.execute(delete(VerdictDueRow).where(VerdictDueRow.event.in_(select(gone.c.event))))
        return len(due)
    new = session.scalars(
        select(EventRow.id).where(EventRow.id > progress.reached).order_by(EventRow.id).limit(AT_ONCE)
    ).all()
    if new:
        _judge(session, new, rules)
        progress.reached = new[-1]
    return len(new) or _forget_of_earlier_scoring(session)


def unders_of(session: Session, standards: Iterable[Standard]) -> dict[str, int]:
    """The numbers under which verdicts are kept, by the digests of the standards; one under which there are none yet is left out."""
    asked = given(session, {"digest": TEXT}, sorted({(digest_of_standard(each),) for each in standards}))
    chosen = (
        select(JudgedUnderRow.digest, JudgedUnderRow.id)
        .join(asked, asked.c.digest == JudgedUnderRow.digest)
        .where(JudgedUnderRow.scoring == SCORING_VERSION)
    )
    return {row.digest: row.id for row in session.execute(chosen)}


def under_of(session: Session, standard: Standard) -> int | None:
    """The number under which a standard's verdicts are kept; None where there are none yet."""
    return unders_of(session, [standard]).get(digest_of_standard(standard))


def _judge(session: Session, numbers: Sequence[int], rules: Sequence[RuledStay]) -> None:
    by_device: dict[str, list[RuledStay]] = {}
    for each in rules:
        by_device.setdefault(each.stay.device, []).append(each)
    unders: dict[str, int] = {}
    asked = given(session, {"id": NUMBER}, [(number,) for number in numbers])
    rows = session.scalars(
        select(EventRow)
        .where(EventRow.id.in_(select(asked.c.id)), or_(VISIT_OR_CALL, IS_ATTENDANCE))
        .order_by(EventRow.id)
    ).all()
    made: list[tuple[object, ...]] = []
    attended: list[tuple[object, ...]] = []
    for row in rows:
        data = measured_of(row).data
        if isinstance(data, Attendance):
            lasted_s = data.end_s - data.start_s
            attended.append((row.id, row.device, row.start_wall_s, lasted_s, data.staffed, data.coverage))
            continue
        held = next(
            (each for each in by_device.get(row.device, ()) if each.stay.stood_at(row.start_wall_s)), None
        )
        if held is None or not isinstance(data, Encounter | Call):
            continue
        digest = digest_of_standard(held.standard)
        if digest not in unders:
            unders[digest] = _entered(session, held.standard)
        texts = packed(data, verdicts_on(data, held.standard, ()))
        made.append((row.id, unders[digest], row.device, row.start_wall_s, *texts))
    _keep(session, made)
    _keep_attended(session, attended)


def _keep(session: Session, made: Sequence[tuple[object, ...]]) -> None:
    known = given(session, {"event": NUMBER, "under": NUMBER}, [each[:2] for each in made])
    chosen = select(VerdictRow.event, VerdictRow.under).join(
        known, (known.c.event == VerdictRow.event) & (known.c.under == VerdictRow.under)
    )
    there = {tuple(each) for each in session.execute(chosen)} if made else set()
    if new := [each for each in made if each[:2] not in there]:
        append(session, VERDICT, _COLUMNS, new)


def _keep_attended(session: Session, made: Sequence[tuple[object, ...]]) -> None:
    known = given(session, {"event": NUMBER}, [each[:1] for each in made])
    chosen = select(AttendedRow.event).join(known, known.c.event == AttendedRow.event)
    there = set(session.scalars(chosen)) if made else set()
    if new := [each for each in made if each[0] not in there]:
        append(session, ATTENDED, ATTENDED_COLUMNS, new)


def _entered(session: Session, standard: Standard) -> int:
    number = under_of(session, standard)
    if number is None:
        row = JudgedUnderRow(
            digest=digest_of_standard(standard), scoring=SCORING_VERSION, label=standard.label
        )
        session.add(row)
        session.flush()
        number = row.id
    return number


def _ask_for_missing(session: Session, rules: Sequence[RuledStay]) -> None:
    """Ask for every verdict that is not there under the standard that held, and for every attendance that is not kept."""
    if session.scalar(select(func.count()).where(IS_ATTENDANCE)) != session.scalar(
        select(func.count()).select_from(AttendedRow)
    ):
        kept = exists().where(AttendedRow.event == EventRow.id)
        missing = select(EventRow.id).where(IS_ATTENDANCE, ~kept)
        session.execute(
            upsert(session, VerdictDueRow).from_select(["event"], missing).on_conflict_do_nothing()
        )
    for each in rules:
        under = under_of(session, each.standard)
        from_s = -_EVER_S if each.stay.from_wall_s is None else each.stay.from_wall_s
        until_s = _EVER_S if each.stay.until_wall_s is None else each.stay.until_wall_s
        began = (
            EventRow.device == each.stay.device,
            EventRow.start_wall_s >= from_s,
            EventRow.start_wall_s < until_s,
            VISIT_OR_CALL,
        )
        there = select(func.count()).select_from(EventRow).where(*began)
        judged = (
            select(func.count())
            .select_from(VerdictRow)
            .where(
                VerdictRow.under == (under or 0),
                VerdictRow.device == each.stay.device,
                VerdictRow.start_wall_s >= from_s,
                VerdictRow.start_wall_s < until_s,
            )
        )
        if session.scalar(there) == session.scalar(judged):
            continue
        has_one = exists().where(VerdictRow.event == EventRow.id, VerdictRow.under == (under or 0))
        missing = select(EventRow.id).where(*began, ~has_one)
        session.execute(
            upsert(session, VerdictDueRow).from_select(["event"], missing).on_conflict_do_nothing()
        )


def _forget_of_earlier_scoring(session: Session) -> int:
    """Delete a part of the verdicts that no page reads any more."""
    old = select(JudgedUnderRow.id).where(JudgedUnderRow.scoring != SCORING_VERSION)
    chosen = session.execute(
        select(VerdictRow.event, VerdictRow.under).where(VerdictRow.under.in_(old)).limit(AT_ONCE)
    ).all()
    if chosen:
        gone = given(session, {"event": NUMBER, "under": NUMBER}, [tuple(each) for each in chosen])
        session.execute(
            delete(VerdictRow).where(
                exists().where(gone.c.event == VerdictRow.event, gone.c.under == VerdictRow.under)
            ),
            execution_options={"synchronize_session": False},
        )
    return len(chosen)
