"""A fall in what the desks measured becomes an alert, and a mail at a real server, with nothing told twice."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from central.alerts.alert_book import alerts_of
from central.alerts.alert_thread import tell_what_is_due
from central.alerts.watching import look_at_charts
from central.settings import AlertChannel, CentralSettings, MailServer, Standards
from central.showrooms.premises import known_showroom
from tests.central.reports.test_indicator_chart import DAY_S, DAYS, FALLS, FIRST, lived_in
from tests.worlds.desk_facts import OFFSET_S
from tests.worlds.receivers import Mailbox, running
from tests.worlds.standard_texts import house_standard


def test_a_fall_at_a_desk_is_one_alert_and_one_mail(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text(house_standard(3, "house"))
    lived_in(engine)
    box = Mailbox()
    now_s = OFFSET_S + DAYS * DAY_S
    with running(box):
        settings = CentralSettings(
            standards=Standards(folder=tmp_path, default="house"),
            mail=MailServer(host="127.0.0.1", port=box.port, security="none", sender="d@north.example"),
            alert=(AlertChannel(name="managers", kind="email", to=("ada@north.example",), company="North"),),
        )
        for hour in range(3):
            look_at_charts(engine, settings, now_s + 3600.0 * hour)
            tell_what_is_due(engine, settings, now_s + 3600.0 * hour)
    with Session(engine) as session:
        (alert,) = alerts_of(session, [known_showroom(session, "Harbour").id])
    codes = {code for code, up, _ in alert.signals if not up}
    assert {"respond.within_s", "kept"} <= codes
    assert abs((alert.began - FIRST) - timedelta(days=FALLS)) <= timedelta(days=3)
    assert len(box.mails) == 1
    assert "Attended to in time" in box.mails[0][1]
