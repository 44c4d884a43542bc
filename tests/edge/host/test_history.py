import pytest

from edge.host.history import KEPT_S, HostHistory, seconds
from edge.host.host_sample import HostSample


def sample(t_s: float) -> HostSample:
    return HostSample(
        t_s=t_s,
        lift_cm=None,
        lift_se_cm=0.0,
        baseline_se_cm=0.0,
        baseline_known=False,
        teeth=None,
        mouth_covered=False,
        gaze_yaw_deg=None,
        gaze_down=False,
        gaze_se_deg=0.0,
        lean=None,
        standing=None,
        customers=(),
    )


def test_a_stretch_of_time_is_what_was_kept_of_it() -> None:
    samples = HostHistory()
    for step in range(100):
        samples.keep(sample(step / 10))
    assert [m.t_s for m in samples.between(2.0, 2.3)] == pytest.approx([2.0, 2.1, 2.2, 2.3])


def test_hours_of_duty_take_no_more_memory_than_one() -> None:
    samples, counts = HostHistory(), []
    for hour in range(3):
        for step in range(int(KEPT_S * 15)):
            samples.keep(sample(hour * KEPT_S + step / 15))
        counts.append(len(samples.between(0.0, 1e9)))
    assert counts[2] == pytest.approx(counts[0], rel=0.1)
    assert counts[2] < 15_000


def test_thinned_out_moments_still_speak_for_all_of_the_time() -> None:
    samples = HostHistory()
    for step in range(15 * 300):
        samples.keep(sample(step / 15))
    shares = seconds([m.t_s for m in samples.between(0.0, 300.0)], 300.0)
    assert sum(shares) == pytest.approx(300.0, abs=0.5)


def test_a_moment_speaks_for_no_longer_than_a_second() -> None:
    assert seconds([0.0, 60.0], 61.0) == [1.0, 1.0]
