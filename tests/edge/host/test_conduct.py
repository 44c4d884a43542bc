from dataclasses import fields

from edge.host.conduct import Conduct, DeskWork
from edge.host.host_meter import HostMeter
from protocol.measurements import Encounter, Quantity
from tests.worlds.host_figures.views import REST, Script


def test_every_part_of_the_conduct_is_a_field_of_the_encounter_with_the_same_type() -> None:
    reported = {name: field.annotation for name, field in Encounter.model_fields.items()}
    assert {field.name: field.type for field in fields(Conduct)}.items() <= reported.items()


def test_nothing_is_measured_of_a_host_who_was_never_seen() -> None:
    assert HostMeter(smile_measured=True).conduct(0.0, 9.0, (1,), work=None) == Conduct(None, None, None)


def test_the_work_that_the_encounter_measured_stands_in_the_posture_as_it_was_measured() -> None:
    work = DeskWork(True, 3.0, Quantity(value=2.5, se=0.1), 9.0, Quantity(value=3.0, se=0.2))
    for script in (Script(), Script().do(REST, 5.0)):
        posture = script.meter.conduct(0.0, 9.0, (1,), work).posture
        assert posture is not None
        assert (posture.working_at_arrival, posture.stopped_work_s, posture.resumed_work_s) == (
            True,
            3.0,
            9.0,
        )
        assert (posture.stopped_work_m, posture.resumed_work_m) == (work.stopped_m, work.resumed_m)
