from edge.camera.delivery import DeliveryWatch, Stalled


def test_a_camera_that_delivers_is_not_stalled() -> None:
    watch = DeliveryWatch(opened_s=100.0)
    for t_s in (100.1, 101.0, 103.9):
        watch.frame(t_s)
        assert watch.stalled(t_s + 0.1) is None


def test_a_camera_that_falls_silent_is_stalled_after_its_patience() -> None:
    watch = DeliveryWatch(opened_s=100.0, patience_s=3.0)
    watch.frame(110.0)
    assert watch.stalled(112.9) is None
    assert watch.stalled(113.0) == Stalled(last_frame_s=110.0, silent_s=3.0)


def test_a_camera_that_never_delivers_is_stalled_since_it_was_opened() -> None:
    stalled = DeliveryWatch(opened_s=100.0).stalled(104.0)
    assert stalled == Stalled(100.0, 4.0)
    assert str(stalled) == "no frame for 4.0 s: check the camera's cable and power"


def test_a_late_frame_does_not_turn_time_back() -> None:
    watch = DeliveryWatch(opened_s=0.0)
    watch.frame(10.0)
    watch.frame(9.0)
    assert watch.stalled(12.5) is None
