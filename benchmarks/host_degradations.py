"""How the host's measurements suffer from a worse picture or a turned head, and whether their stated errors own up to it.

The truth of a degraded picture is what the same picture measured before; of teeth on stills, the label.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from edge.arrays import Pixels
from edge.observation import Estimate, HostView
from tests.worlds.host_figures import footage
from tests.worlds.host_figures.degraded import PICTURES, turned
from tests.worlds.host_figures.footage import FaceReader

SHARED = Path(os.environ.get("DESKSIDE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
TURN_DEG = 15.0
NINETY_PERCENT = 1.645
"""Standard errors to either side that hold nine of ten."""

TURNS: dict[str, tuple[float, float]] = {
    "15 degrees right": (TURN_DEG, 0.0),
    "15 degrees left": (-TURN_DEG, 0.0),
    "15 degrees up": (0.0, TURN_DEG),
    "15 degrees down": (0.0, -TURN_DEG),
}
VALUES: dict[str, Callable[[HostView], Estimate | None]] = {
    "lift left cm": lambda view: view.lift_left_cm,
    "lift right cm": lambda view: view.lift_right_cm,
    "mouth width cm": lambda view: view.mouth_width_cm,
    "mouth open cm": lambda view: view.mouth_open_cm,
    "teeth": lambda view: view.teeth,
    "head yaw deg": lambda view: view.head_yaw_deg,
    "head pitch deg": lambda view: view.head_pitch_deg,
    "head roll deg": lambda view: view.head_roll_deg,
    "gaze yaw deg": lambda view: view.gaze_yaw_deg,
    "gaze pitch deg": lambda view: view.gaze_pitch_deg,
    "distance m": lambda view: view.distance_m,
}


def pictures() -> Iterator[Pixels]:
    """Faces of several people, at rest, speaking and smiling."""
    for still in footage.stills(SHARED):
        yield still.rgb
    for clip, every in (("smile_singleface.mp4", 6), ("lean_cap12.mp4", 90)):
        yield from (rgb for _, rgb in footage.clip(SHARED / "clips" / clip)[::every])


def measure(reader: FaceReader) -> dict[str, dict[str, list[tuple[float, float]]]]:
    """Error and stated standard error, by degradation and value."""
    errors: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for rgb in pictures():
        mesh = reader.first(rgb)
        truth = footage.view(mesh, rgb)
        if mesh is None or truth is None:
            continue
        for name, degrade in PICTURES.items():
            worse = degrade(rgb)
            _compare(errors[name], truth, footage.view(reader.first(worse), worse), (0.0, 0.0))
        for name, turn in TURNS.items():
            worse = turned(rgb, mesh.points, *turn)
            _compare(errors[name], truth, footage.view(reader.first(worse), worse), turn)
    return errors


def _compare(
    errors: dict[str, list[tuple[float, float]]],
    truth: HostView,
    worse: HostView | None,
    turn: tuple[float, float],
) -> None:
    moved = {
        "head yaw deg": turn[0],
        "gaze yaw deg": turn[0],
        "head pitch deg": turn[1],
        "gaze pitch deg": turn[1],
    }
    if worse is None:
        errors["face not found"].append((1.0, 0.0))
        return
    for name, pick in VALUES.items():
        before, after = pick(truth), pick(worse)
        if before is not None and after is not None:
            errors[name].append((after.value - before.value - moved.get(name, 0.0), after.se))
        elif before is not None:
            errors[f"{name}: no longer told"].append((0.0, 0.0))


def main() -> None:
    errors = measure(FaceReader())
    inside = total = 0
    for degradation, values in errors.items():
        print(
            f"{degradation}  (mean error, standard deviation, stated standard error; inside the stated 90 %)"
        )
        for name, pairs in values.items():
            error, se = np.array(pairs).T
            if name not in VALUES:
                print(f"  {name}: {len(pairs)} times")
                continue
            held = np.abs(error) <= NINETY_PERCENT * se
            inside, total = inside + int(held.sum()), total + len(held)
            print(
                f"  {name:15} {error.mean():+6.2f} {error.std():6.2f} {np.median(se):6.2f}; "
                f"{100 * held.mean():3.0f} % of {len(held)}"
            )
    print(f"all together: {100 * inside / total:.1f} % inside the stated 90 %")


if __name__ == "__main__":
    main()
