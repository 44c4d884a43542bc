"""How well hosts are measured by the lightness of their skin, glasses, beard, coverings and light: the labelled stills with drawn changes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from benchmarks.fairness_rows import Counted, FairnessRow
from benchmarks.smile_shape import faces
from benchmarks.vision_footage import SHARED
from edge.arrays import Float32Array, FloatArray, Pixels
from edge.host.host_meter import HostMeter
from edge.host.smile_shape import (
    INTERCEPT,
    PER_LOG_OPENING,
    PER_NOSE_CM,
    PER_WIDTH_CM,
)
from edge.observation import Estimate, FrameSeen, HostView
from tests.worlds.host_figures import covered, footage
from tests.worlds.host_figures.covered import COVERS, Draw
from tests.worlds.host_figures.degraded import Degrade, as_it_is
from tests.worlds.host_figures.footage import FaceReader, Still

SIGMA_90 = 1.645
GAMMA = 2.2
CHEEKS = (118, 347)
"""Landmarks in the middle of both cheeks."""
DARK_L, LIGHT_L = 50.0, 65.0
"""Lightness of the cheeks in CIELAB, as photographed, that parts the stills into three groups."""
CLOSED_CM = 0.1
"""Lips less than this apart are closed."""
POOLED = 0.5
"""How much of a face's scale is taken out of the table's centimetres, as the fit does it."""


def exposed(stops: float) -> Degrade:
    """A picture exposed so many stops longer."""
    return _linear(np.full(3, 2.0**stops))


def _linear(gains: FloatArray) -> Degrade:
    def draw(rgb: Pixels) -> Pixels:
        levels = (np.arange(256) / 255.0) ** GAMMA
        tables = 255 * np.clip(levels[:, None] * gains, 0, 1) ** (1 / GAMMA)
        return np.asarray(cv2.LUT(rgb, np.round(tables).astype(np.uint8)[None]), np.uint8)

    return draw


LIGHTS: Mapping[str, Degrade] = {
    "as photographed": as_it_is,
    "3 stops darker": exposed(-3.0),
    "2 stops darker": exposed(-2.0),
    "1 stop darker": exposed(-1.0),
    "1 stop lighter": exposed(1.0),
    "lamp of 2700 K, not balanced": _linear(np.array([1.35, 0.95, 0.55])),
    "sky of 7500 K, not balanced": _linear(np.array([0.87, 0.98, 1.2])),
}
"""Light that falls on everybody."""


def frames_of(thick: float) -> Draw:
    """Clear glasses with a dark frame, as thick as that share of the face's width."""

    def draw(rgb: Pixels, mesh: Float32Array) -> Pixels:
        drawn = rgb.copy()
        width = float(np.ptp(mesh[:, 0]))
        apart = float(np.hypot(*(mesh[33, :2] - mesh[263, :2])))
        line = max(round(thick * width), 1)
        for corners in ((33, 133), (362, 263)):
            column, row = mesh[list(corners), :2].mean(axis=0)
            size = (round(0.3 * apart), round(0.24 * apart))
            cv2.ellipse(drawn, (round(float(column)), round(float(row))), size, 0, 0, 360, (30, 26, 24), line)
        inner = [tuple(np.round(mesh[index, :2]).astype(int).tolist()) for index in (133, 362)]
        cv2.line(drawn, inner[0], inner[1], (30, 26, 24), line)
        return drawn

    return draw


WORN: Mapping[str, Draw] = {
    "thin frames": frames_of(0.012),
    "heavy frames": frames_of(0.04),
    "full beard": covered.beard,
}
"""What people wear that covers neither mouth nor eyes, drawn."""
HIDES_EYES: Mapping[str, Draw] = {"dark glasses": covered.dark_glasses}


@dataclass(frozen=True, slots=True)
class _Face:
    """One still's face."""

    still: Still
    mesh: Float32Array
    view: HostView
    """As photographed."""
    lightness: float
    """Of the cheeks, CIELAB L."""

    @property
    def group(self) -> str:
        if self.lightness < DARK_L:
            return f"cheeks darker than L* {DARK_L:.0f}"
        return (
            f"cheeks of L* {DARK_L:.0f} to {LIGHT_L:.0f}"
            if self.lightness < LIGHT_L
            else f"cheeks lighter than L* {LIGHT_L:.0f}"
        )


def skin() -> list[FairnessRow]:
    """By how light the cheeks are in the picture, each still in every light."""
    return list(_rows_by(lambda face, _: face.group, LIGHTS))


def light() -> list[FairnessRow]:
    """By the light."""
    return list(_rows_by(lambda _, light: light, LIGHTS))


def worn() -> list[FairnessRow]:
    """By what is worn, in the light of the photograph; and whether the gaze stays what it was without."""
    reader = FaceReader()
    rows: list[FairnessRow] = []
    for name, draw in WORN.items():
        kinds = _Kinds(name)
        gaze = Counted("gaze inside its 90 % interval around that without", name)
        for face in _faces(reader):
            picture = draw(face.still.rgb, face.mesh)
            seen = kinds.look(reader, face.still, picture)
            gaze.add(None if seen is None else _same_gaze(face.view, seen))
        rows += [*kinds.rows, gaze.row]
    return rows


def hidden() -> list[FairnessRow]:
    """Whether nothing is said of what something hides."""
    reader = FaceReader()
    rows = []
    for name, draw in COVERS.items():
        counted = Counted("nothing said of a smile or teeth", f"mouth behind: {name}")
        for face in _faces(reader):
            view = _view(reader, draw(face.still.rgb, face.mesh))
            counted.add(view is None or (view.lift_left_cm is None and view.teeth is None))
        rows.append(counted.row)
    for name, draw in HIDES_EYES.items():
        counted = Counted("nothing said of the gaze", f"eyes behind: {name}")
        for face in _faces(reader):
            view = _view(reader, draw(face.still.rgb, face.mesh))
            counted.add(view is None or view.gaze_yaw_deg is None)
        rows.append(counted.row)
    return rows


def lips() -> list[FairnessRow]:
    """By whether lips are open, on the table of labelled faces: what the shape of one still says of somebody never seen before."""
    known = faces()
    nose, width, opening, _ = known.shape(POOLED).T
    smiles = INTERCEPT + PER_NOSE_CM * nose + PER_WIDTH_CM * width + PER_LOG_OPENING * opening > 0.0
    closed = known.columns["open_cm"] < CLOSED_CM
    rows = []
    for what, of_smiles in (("smile recognised", True), ("no smile seen where there is none", False)):
        for group, chosen in (("closed lips", closed), ("open lips", ~closed)):
            counted = Counted(what, group)
            for said in smiles[chosen & ((known.smile > 0.5) == of_smiles)]:
                counted.add(bool(said) == of_smiles)
            rows.append(counted.row)
    return rows


class _Kinds:
    """What is counted of every picture of a face with labels."""

    def __init__(self, group: str) -> None:
        self._found = Counted("face found", group)
        self._smile = Counted("smile as labelled", group)
        self._teeth = Counted("teeth inside their 90 % interval", group)

    @property
    def rows(self) -> list[FairnessRow]:
        return [self._found.row, self._smile.row, self._teeth.row]

    def look(self, reader: FaceReader, still: Still, picture: Pixels) -> HostView | None:
        view = _view(reader, picture)
        self._found.add(view is not None)
        if view is None:
            return None
        if still.smile is not None:
            meter = HostMeter(smile_measured=True)
            said = meter.observe(FrameSeen(0.0, "staff", host=view, host_sought=True), ()).smiling
            self._smile.add(None if said is None else said == still.smile)
        if still.teeth is not None:
            self._teeth.add(_holds(view.teeth, still.teeth, still.teeth_unsure))
        return view


def _rows_by(group_of: Callable[[_Face, str], str], lights: Mapping[str, Degrade]) -> Iterator[FairnessRow]:
    reader = FaceReader()
    kinds: dict[str, _Kinds] = {}
    for face in sorted(_faces(reader), key=lambda face: face.lightness):
        for name, lit in lights.items():
            group = group_of(face, name)
            kinds.setdefault(group, _Kinds(group)).look(reader, face.still, lit(face.still.rgb))
    by_group = [each.rows for each in kinds.values()]
    for same_kind in zip(*by_group, strict=True):
        yield from same_kind


def _faces(reader: FaceReader) -> Iterator[_Face]:
    for still in footage.stills(SHARED):
        mesh = reader.first(still.rgb)
        view = footage.view(mesh, still.rgb)
        if mesh is None or view is None:
            continue
        lab = cv2.cvtColor(still.rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        columns, rows = np.clip(
            mesh.points[list(CHEEKS), :2].astype(int), 0, (still.rgb.shape[1] - 1, still.rgb.shape[0] - 1)
        ).T
        patches = [
            lab[max(row - 3, 0) : row + 4, max(column - 3, 0) : column + 4, 0]
            for column, row in zip(columns, rows, strict=True)
        ]
        yield _Face(
            still, mesh.points, view, float(np.median(np.concatenate([each.ravel() for each in patches])))
        )


def _view(reader: FaceReader, picture: Pixels) -> HostView | None:
    return footage.view(reader.first(picture), picture)


def _holds(told: Estimate | None, label: float, unsure: float) -> bool | None:
    return None if told is None else abs(told.value - label) <= SIGMA_90 * told.se + unsure


def _same_gaze(before: HostView, after: HostView) -> bool | None:
    if before.gaze_yaw_deg is None or after.gaze_yaw_deg is None:
        return None
    return abs(after.gaze_yaw_deg.value - before.gaze_yaw_deg.value) <= SIGMA_90 * after.gaze_yaw_deg.se
