"""Cases pulled from a real Roundup: what people do there becomes clocks here, and its being away costs time and no case."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from central.crm.asking import Asking
from central.crm.case_book import case_histories
from central.crm.case_rows import CaseStateRow, CrmCaseRow, CrmMessageRow, CrmRow
from central.crm.pulled import PulledCase
from central.crm.pulling import Pull
from central.crm.roundup import Roundup
from central.database.engine import open_for_writing
from central.replies.cycles import cycles
from tests.central.crm.tracker import Tracker, running_tracker


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    with running_tracker() as running:
        yield running


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_for_writing(str(tmp_path / "central.db"))
    yield opened
    opened.dispose()


def asked(tracker: Tracker, machines: tuple[str, ...] = ()) -> Roundup:
    return Roundup(Asking(f"{tracker.url}/t", "admin", tracker.secret_file, {}), machines)


class Killing(Roundup):
    """Kills the tracker when it is asked for its third case."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker, self.reads = tracker, 0
        super().__init__(Asking(f"{tracker.url}/t", "admin", tracker.secret_file, {}))

    def read(self, external_id: str) -> PulledCase:
        self.reads += 1
        if self.reads == 3:
            self.tracker.kill()
        return super().read(external_id)


def test_what_people_do_there_becomes_clocks_here_and_a_tracker_that_dies_in_a_pull_costs_time_alone(
    tracker: Tracker, engine: Engine
) -> None:
    anna, bert, robot = (tracker.enter(each) for each in ("anna", "bert", "robot"))
    replied, question = tracker.ask("anna", anna)
    time.sleep(1.0)  # the tracker's times are whole seconds, and nobody replies within one
    reply = tracker.write("bert", bert, replied)
    answered_by_a_machine, _ = tracker.ask("anna", anna)
    tracker.write("robot", robot, answered_by_a_machine)
    waiting, _ = tracker.ask("anna", anna)
    tracker.state(waiting, "need-eg")
    merged, _ = tracker.ask("anna", anna)
    tracker.set(merged, superseder=replied)

    killing = Killing(tracker)
    trouble = Pull(engine, "desk", killing, 1).run(time.time())
    killing.close()
    assert trouble is not None
    with Session(engine) as session:
        assert session.scalar(select(CrmRow.error)) == trouble
        assert session.scalar(select(CrmRow.ok_wall_s)) is None
        assert len(session.scalars(select(CrmCaseRow)).all()) == 2, "what was read before is kept"
    tracker.start()
    pull = Pull(engine, "desk", asked(tracker, ("robot",)), 1)
    assert pull.run(time.time()) is None
    # The overlap asks for all of it again, and nothing is kept twice.
    assert pull.run(time.time()) is None
    pull.close()
    with Session(engine) as session:
        assert session.scalar(select(CrmRow.error)) is None
        assert len(session.scalars(select(CrmCaseRow)).all()) == 4
        kept = {each.external_id: each for each in session.scalars(select(CrmMessageRow))}
        assert (kept[question].direction, kept[question].author) == ("in", "requestor")
        assert (kept[reply].direction, kept[reply].author) == ("out", "person")
        assert [each.state for each in session.scalars(select(CaseStateRow))] == ["pending"]
        histories = {each.external_id: each for each in case_histories(session, 0.0)}
    (cycle,) = cycles(histories[replied])
    assert (cycle.asked_s, cycle.ended_s) == (kept[question].at_wall_s, kept[reply].at_wall_s)
    (unanswered,) = cycles(histories[answered_by_a_machine])
    assert unanswered.ending is None
    (paused,) = cycles(histories[waiting])
    assert paused.pauses[0].to_s is None
    assert histories[merged].merge is not None
    assert histories[merged].customer == histories[replied].customer == anna
