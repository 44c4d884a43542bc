"""What a simulated company knows of its customers, market and competitors, and what it would like to promise them."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from central.monitoring.source_book import SourceSaid, begin_monitoring, note_found
from central.promises.promise_book import WrittenPromise, write_promise
from central.promises.weighing import Level, Side, SideKind

WITHIN_S = 5.0
"""As the example standards ask (firmware_config/standards), so that the simulated visits tell whether it would be kept."""
WAITED = ("respond.within_s",)
SURVEY = SourceSaid(
    "customers", "Survey of visitors (simulated)", "month", "demo-manager", "% content", WAITED
)
WALK = SourceSaid(
    "competitors", "Walk through two showrooms (simulated)", "month", "demo-manager", "s", WAITED
)
MONTH = timedelta(days=31)


def enter_simulated_customers(
    session: Session, company: str, account: int, actor: str, now_wall_s: float
) -> None:
    """Enter two sources, of which one is overdue, and the draft of a promise, whose sides are all there.

    Args:
        session: Of a simulated database.
        company: Of whose customers.
        account: Number of the account that enters it.
        actor: Its name in the audit log.
        now_wall_s: Unix time.
    """
    today = datetime.fromtimestamp(now_wall_s, UTC).date()
    before = today - 2 * MONTH

    def begin(said: SourceSaid) -> int:
        return begin_monitoring(session, company, None, said, account, actor, now_wall_s, before)

    def found(source: int, day: date, text: str, value: float, *, signal: bool = False) -> None:
        note_found(session, source, day, text, value, account, actor, now_wall_s, today, signal=signal)

    survey, walk = begin(SURVEY), begin(WALK)
    found(survey, before, "400 visitors asked at the door.", 81.0)
    found(survey, today - timedelta(days=7), "Many said that nobody looked up.", 74.0, signal=True)
    found(walk, before, "Mean of 20 visits as a customer.", 9.0)
    sides: dict[SideKind, tuple[float, float, str]] = {
        "industry": (WITHIN_S + 10.0, 0.8, "An almanac of the trade (simulated), page 12"),
        "competitors": (WITHIN_S + 4.0, 0.8, WALK.title),
        "customers": (WITHIN_S, 0.9, SURVEY.title),
        "resources": (WITHIN_S, 0.9, "The roster of this month (simulated)"),
    }
    promise = WrittenPromise(
        "Somebody looks up for you within five seconds, nine times out of ten.",
        "respond.within_s",
        Level(WITHIN_S, 0.9),
        {side: Side(Level(within, share), source, before) for side, (within, share, source) in sides.items()},
    )
    write_promise(session, company, None, promise, account, actor, now_wall_s, today)
