"""Whatever cameras report, the scene keeps its own logic."""

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.observation import Box, CameraBack, CameraLost, FrameSeen, Person, Place
from edge.scene.scene import Scene
from edge.scene.scene_now import SceneNow
from edge.settings.desk_toml import Camera
from protocol.standard import Near

CAMERA = Camera(name="front", watches="customers")
share = st.floats(-0.1, 1.1)


@st.composite
def people(draw: st.DrawFn) -> Person:
    left, top = draw(st.floats(0.0, 0.9)), draw(st.floats(0.0, 0.9))
    box = Box(left, top, left + draw(st.floats(0.01, 0.6)), top + draw(st.floats(0.02, 0.9)))
    place = draw(st.none() | st.builds(Place, st.floats(-4, 4), st.floats(0.2, 9), st.floats(0.02, 2)))
    foot = draw(st.none() | st.tuples(share, share))
    return Person(box, draw(st.floats(0.12, 0.9)), foot, place, ("face",) if place else ())


reports = st.lists(
    st.tuples(
        st.floats(0.01, 3.0),
        st.sampled_from(["frame", "frame", "frame", "frame", "unsearched", "lost", "back"]),
        st.lists(people(), max_size=4),
    ),
    max_size=25,
)


@settings(max_examples=150)
@given(reports)
def test_times_are_in_order_and_states_exclude_one_another(
    told: list[tuple[float, str, list[Person]]],
) -> None:
    scene, t_s = Scene((CAMERA,), Near()), 0.0
    over: set[int] = set()
    for step_s, kind, seen in told:
        t_s += step_s
        if kind == "lost":
            now = scene.observe(CameraLost(t_s, "front", "unplugged"))
        elif kind == "back":
            now = scene.observe(CameraBack(t_s, "front"))
        else:
            now = scene.observe(FrameSeen(t_s, "front", None if kind == "unsearched" else tuple(seen)))
        ids = [track.id for track in (*now.customers, *now.ended)]
        assert len(set(ids)) == len(ids)
        assert not over & set(ids)
        over |= {track.id for track in now.ended}
        for track in (*now.customers, *now.ended):
            assert track.first_seen_s <= track.last_seen_s <= t_s
            assert track.near == (track.near_since_s is not None)
            assert not (track.near and track.gone_since_s is not None)
            assert track.stands == (track.stood_since_s is not None)
            for moment_s in (track.near_since_s, track.stood_since_s):
                assert moment_s is None or 0.0 <= moment_s <= t_s


@settings(max_examples=30)
@given(reports)
def test_the_same_reports_give_the_same_scene(told: list[tuple[float, str, list[Person]]]) -> None:
    def play() -> list[SceneNow]:
        scene, t_s, said = Scene((CAMERA,), Near()), 0.0, []
        for step_s, _, seen in told:
            t_s += step_s
            said.append(scene.observe(FrameSeen(t_s, "front", tuple(seen))))
        return said

    assert play() == play()
