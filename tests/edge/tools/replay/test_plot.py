import cv2
import numpy as np

from edge.arrays import Pixels
from edge.observation import Estimate
from edge.tools.replay.plot import Mark, Sample, marks, plot_encounter
from protocol.measurements import Encounter, EncounterCoverage, Reaction, Smile
from protocol.standard import Limits, SmileLimits, Standard

HOUSE = Standard(
    name="house",
    version=2,
    title="The house of the tests",
    smile=SmileLimits(lift_cm=Limits(min=0.4, max=1.5)),
)
MARKS = (Mark(1.0, "came near"), Mark(1.1, "turned"), Mark(8.0, "left"))


def series(*, teeth: bool = True) -> list[Sample]:
    return [
        Sample(
            t_s=t_s,
            distance_m=Estimate(max(1.5, 4 - t_s), 0.1),
            gaze_off_deg=Estimate(5.0, 6.0),
            lift_cm=Estimate(0.8, 0.1) if 2 < t_s < 5 else Estimate(0.0, 0.1),
            teeth=Estimate(8.0, 1.0) if teeth else None,
            lean_deg=Estimate(3.0, 2.0),
        )
        for t_s in np.arange(0.0, 10.0, 0.1).tolist()
    ]


def pixels(png: bytes) -> Pixels:
    decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(decoded, np.uint8)


def test_an_encounter_becomes_a_picture() -> None:
    picture = pixels(plot_encounter(series(), HOUSE, MARKS))
    assert picture.shape[0] > 600
    assert picture.shape[1] > 900
    assert picture.std() > 10


def test_what_was_not_measured_leaves_its_panel_empty() -> None:
    with_teeth, without = (pixels(plot_encounter(series(teeth=t), HOUSE, MARKS)) for t in (True, False))
    assert with_teeth.std() > without.std()


def test_nothing_measured_at_all_is_still_a_picture() -> None:
    assert pixels(plot_encounter([], HOUSE, ())).shape[0] > 600


def test_the_moments_of_an_encounter_stand_in_order_of_time() -> None:
    encounter = Encounter(
        start_s=1.0,
        end_s=9.0,
        visit=1,
        standard="house@2",
        party_size=1,
        came_near_s=1.0,
        came_near_m=None,
        closest_m=None,
        stopped_s=3.0,
        confirmed_s=4.0,
        left_s=8.5,
        last_seen_s=9.0,
        ended_by="left",
        host_at_arrival="present",
        reactions=(Reaction(kind="smiled", at_s=2.0, delay_s=1.0, se_s=0.03),),
        wait_s=1.0,
        wait_ended_by="reaction",
        reaction_kind="smiled",
        resumed_work_s=None,
        simultaneous_max=1,
        on_phone_share=None,
        smile=Smile(
            baseline="known",
            onset_s=2.0,
            offset_s=6.0,
            held_s=4.0,
            longest_s=4.0,
            peak_lift_cm=None,
            median_lift_cm=None,
            teeth=None,
        ),
        gaze=None,
        posture=None,
        coverage=EncounterCoverage(customer=1.0, host=1.0),
    )
    assert [(m.t_s, m.label) for m in marks(encounter)] == [
        (1.0, "came near"),
        (2.0, "smiled"),
        (3.0, "stood still"),
        (6.0, "smile ends"),
        (8.5, "left"),
    ]
