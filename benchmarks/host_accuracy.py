"""How right the host's smile, teeth, leans, head and gaze are: on labelled footage, and on heads of known geometry."""

import os
from pathlib import Path

import numpy as np

from edge.face.host_view import host_view
from edge.host.host_meter import HostMeter
from edge.observation import FrameSeen
from edge.settings.desk_toml import Camera, Lens, Mount
from edge.vision.sightings import MeshSighting
from tests.worlds.host_figures import footage
from tests.worlds.host_figures.footage import FaceReader, Still
from tests.worlds.host_figures.head import Head, gaze, mesh
from tests.worlds.host_figures.leaning import leans

SHARED = Path(os.environ.get("DESKSIDE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
FRAME = (1280, 720)
DESK_CAMERA = Camera(
    name="staff",
    watches="staff",
    lens=Lens(horizontal_view_deg=66),
    mount=Mount(y_m=0.1, height_m=1.1, yaw_deg=180, pitch_deg=10),
)
HEADS = 2000


def smile_clip(reader: FaceReader) -> None:
    label = footage.labels(SHARED)["smile"][0]
    rise = footage.labels(SHARED)["mouth_corner_rise"][0]["cm_if_IPD_6.3"]
    (onset, offset), frames = label["intervals"][0], footage.clip(SHARED / "clips" / label["clip"])
    print(f"{label['clip']}: labelled {onset} to {offset} s, corners up {rise} cm")
    for every in (1, 2, 3, 6):
        meter, _ = footage.watched(footage.seen(reader, frames[::every]))
        smile = meter.conduct(0.0, frames[-1][0], (), work=None).smile
        assert smile is not None
        assert smile.peak_lift_cm is not None
        assert smile.onset_s is not None
        ended = "lasts to the clip's end" if smile.offset_s is None else f"{smile.offset_s:.2f} s"
        teeth = "-" if smile.teeth is None else f"{smile.teeth.value:.1f} ± {smile.teeth.se:.1f}"
        print(
            f"  {30 / every:4.0f} fps: onset {smile.onset_s:.2f} s, offset {ended}, "
            f"peak {smile.peak_lift_cm.value:.2f} ± {smile.peak_lift_cm.se:.2f} cm, teeth {teeth}"
        )


def stills(reader: FaceReader) -> None:
    print("stills, with no resting face to go by")
    right, told, within = 0, 0, []
    for still in footage.stills(SHARED):
        smiles, teeth = one_look(reader, still)
        count = None if teeth is None else teeth[0]
        print(
            f"  {still.name:4} smile {smiles!s:5} (labelled {still.smile!s:5}), teeth "
            f"{'not counted' if teeth is None else f'{teeth[0]:.1f} ± {teeth[1]:.1f}'} (labelled {still.teeth})"
        )
        if still.smile is not None:
            told += 1
            right += smiles == still.smile
        if count is not None and still.teeth is not None:
            within.append(abs(count - still.teeth))
    print(f"  smile or not: {right} of {told}")
    print(
        f"  teeth: within 1 on {sum(e < 1.0 for e in within)} of {len(within)} counted, "
        f"within 2 on {sum(e < 2.0 for e in within)}, mean error {np.mean(within):.2f}"
    )


def one_look(reader: FaceReader, still: Still) -> tuple[bool | None, tuple[float, float] | None]:
    view = footage.view(reader.first(still.rgb), still.rgb)
    meter = HostMeter(smile_measured=True)
    now = meter.observe(FrameSeen(0.0, "staff", host=view, host_sought=True), ())
    return now.smiling, None if now.teeth is None else (now.teeth.value, now.teeth.se)


def lean_clip(reader: FaceReader) -> None:
    label = footage.labels(SHARED)["lean"][0]
    print(
        f"{label['clip']}: labelled towards {label['toward']['start']} to {label['toward']['end']} s, "
        f"away {label['away']['start']} to {label['away']['end']} s"
    )
    frames = footage.clip(SHARED / "clips" / label["clip"])
    _, nows = footage.watched(footage.seen(reader, frames))
    for lean in leans(nows):
        print(
            f"  {lean.kind} {lean.start_s:.2f} to {lean.end_s:.2f} s, {lean.peak_deg.value:.0f} ± {lean.peak_deg.se:.0f} degrees"
        )


def geometry() -> None:
    """Heads anywhere a host's may be, seen by a perfect model with a point error of half a pixel."""
    random = np.random.default_rng(4)
    errors: dict[str, list[float]] = {}
    covered: dict[str, list[bool]] = {}
    sides = [0, 0]
    for _ in range(HEADS):
        head = Head(
            place_m=(random.uniform(-0.3, 0.3), random.uniform(-0.9, -0.45), random.uniform(1.1, 1.4)),
            yaw_deg=random.uniform(-35, 35),
            pitch_deg=random.uniform(-25, 20),
            roll_deg=random.uniform(-15, 15),
            eyes_right_deg=random.uniform(-20, 20),
            eyes_up_deg=random.uniform(-15, 10),
            unit_cm=random.normal(0.96, 0.04),
        )
        seen = mesh(head, DESK_CAMERA, FRAME)
        jittered = MeshSighting(
            (seen.points + random.normal(0, 0.5, seen.points.shape)).astype(np.float32), seen.presence
        )
        view = host_view(jittered, None, None, np.zeros((720, 1280, 3), np.uint8), DESK_CAMERA, FRAME)
        assert view is not None
        x, y, z = gaze(head)
        truth = {
            "head yaw": (view.head_yaw_deg, head.yaw_deg),
            "head pitch": (view.head_pitch_deg, head.pitch_deg),
            "head roll": (view.head_roll_deg, head.roll_deg),
            "gaze yaw": (view.gaze_yaw_deg, float(np.degrees(np.arctan2(x, y)))),
            "gaze pitch": (view.gaze_pitch_deg, float(np.degrees(np.arcsin(z)))),
        }
        for name, (measured, true) in truth.items():
            assert measured is not None
            errors.setdefault(name, []).append(measured.value - true)
            covered.setdefault(name, []).append(abs(measured.value - true) <= 1.645 * measured.se)
        if abs(head.yaw_deg) >= 15:
            assert view.head_yaw_deg is not None
            sides[0] += np.sign(view.head_yaw_deg.value) == np.sign(head.yaw_deg)
            sides[1] += 1
    print(
        f"{HEADS} heads of known geometry (mean error, standard deviation, largest; inside the stated 90 %)"
    )
    for name, all_errors in errors.items():
        print(
            f"  {name:10} {np.mean(all_errors):+5.1f} {np.std(all_errors):5.1f} {np.max(np.abs(all_errors)):5.1f} degrees; "
            f"{100 * np.mean(covered[name]):.0f} %"
        )
    print(f"  side of a head turned by 15 degrees or more: right on {sides[0]} of {sides[1]}")


def main() -> None:
    geometry()
    reader = FaceReader()
    smile_clip(reader)
    stills(reader)
    lean_clip(reader)


if __name__ == "__main__":
    main()
