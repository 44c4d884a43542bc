"""A desk whose profile leaves something out: neither what it reports nor its light tells of it."""

from dataclasses import dataclass

import pytest

from edge.desk import Desk
from edge.feedback.cue import CueKind
from edge.observation import End, FrameSeen, Observation
from edge.settings.desk_toml import Camera, Settings
from edge.settings.last_good import Configuration
from protocol.manner import Manner, told_manner
from protocol.measurements import Encounter, Measurement
from protocol.standard import GazeLimits, Limits, Near, Respond, SmileLimits, Standard
from tests.worlds.host_figures.views import AWAY, REST, SMILE, Doing, view
from tests.worlds.people import ON_THE_DESK
from tests.worlds.walkers import Walk, people_at

RATE_HZ = 7.5
END_S = 38.0
COMES = Walk([(13.0, -0.5, 6.5), (16.0, -0.3, 2.0), (30.0, -0.3, 2.0), (33.0, -0.5, 6.5)])
HOUSE = Standard(
    name="house",
    version=1,
    title="A house",
    near=Near(approach_m=4.0, leave_m=4.5),
    respond=Respond(within_s=5.0),
    smile=SmileLimits(lift_cm=Limits(min=0.5), hold_s=Limits(min=1.0)),
    gaze=GazeLimits(longest_away_s=Limits(max=3.0)),
)
OF_SMILES = {CueKind.SMILE_WITHIN, CueKind.SMILE_TOO_LITTLE, CueKind.SMILE_TOO_MUCH}


@dataclass
class Told:
    visit: Encounter
    cues: set[CueKind]


def doing(t_s: float) -> Doing:
    """At rest until the customer stands there, then smiling, then looking away for long."""
    if 18.0 <= t_s < 22.0:
        return SMILE
    return AWAY if 23.0 <= t_s < 29.0 else REST


def told(*off: Manner, standard: Standard = HOUSE) -> Told:
    front = Camera.model_validate(ON_THE_DESK.model_dump())
    settings = Settings(cameras=(front, Camera(name="staff", watches="staff")))
    if "smile" in off:
        settings = settings.model_copy(update={"desk": settings.desk.under(off)})
    desk = Desk(Configuration(settings, standard, told_to_leave_out=off))
    cues: set[CueKind] = set()
    measured: list[Measurement] = []
    for number in range(int(END_S * RATE_HZ)):
        t_s = number / RATE_HZ
        people = tuple(people_at(t_s, (COMES,), ON_THE_DESK, front, number, 2.0))
        seen: tuple[Observation, ...] = (
            FrameSeen(t_s, "front", people),
            FrameSeen(t_s, "staff", host=view(doing(t_s)), host_sought=True),
        )
        for observation in seen:
            measured += desk.observe(observation)
        cues.add(desk.cue(online=True).kind)
    measured += desk.observe(End(END_S))
    (visit,) = [each for each in measured if isinstance(each, Encounter)]
    return Told(visit, cues)


@pytest.fixture(scope="module")
def whole() -> Told:
    """What a desk tells that leaves nothing out."""
    return told()


def test_a_desk_that_leaves_nothing_out_tells_of_smile_and_gaze(whole: Told) -> None:
    assert {"smile", "gaze"} <= set(told_manner(whole.visit))
    assert whole.cues & OF_SMILES
    assert CueKind.GAZE_AWAY in whole.cues


@pytest.mark.parametrize("off", [("smile",), ("gaze", "posture")])
def test_what_is_left_out_is_neither_reported_nor_shown(whole: Told, off: tuple[Manner, ...]) -> None:
    rest = told(*off)
    assert set(told_manner(rest.visit)) == set(told_manner(whole.visit)) - set(off)
    if "smile" in off:
        assert not rest.cues & OF_SMILES
    if "gaze" in off:
        assert CueKind.GAZE_AWAY not in rest.cues
    # How long they waited, and from when to when they were there, stays.
    assert (rest.visit.came_near_s, rest.visit.left_s) == (whole.visit.came_near_s, whole.visit.left_s)


def test_where_only_a_smile_would_count_no_light_says_that_it_was_too_late() -> None:
    only = HOUSE.model_copy(update={"respond": Respond(within_s=2.0, counts=("smiled",))})
    late = {CueKind.RUNNING_OUT, CueKind.TOO_LATE, CueKind.ATTENDED_LATE}
    assert told(standard=only).cues & late
    without = told("smile", standard=only)
    assert not without.cues & late
    assert (without.visit.wait_ended_by, without.visit.wait_s) == ("not_observed", 0.0)
