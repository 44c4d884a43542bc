"""Teeth of mouths that not everybody has, drawn on labelled pictures: the row minus its gaps, and nothing where the lips cannot be told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.observation import Estimate
from edge.vision.sightings import MeshSighting
from tests.worlds.host_figures import footage
from tests.worlds.host_figures.covered import beard
from tests.worlds.host_figures.drawn_mouths import (
    TOOTH_MM,
    Draw,
    beard_over_lip,
    braces,
    lips_like_skin,
    missing,
)
from tests.worlds.host_figures.footage import FaceReader, Still

NINETY_PERCENT = 1.645
HAIR = {
    "brown": (60, 42, 32),
    "black": (30, 26, 25),
    "grey": (150, 145, 140),
    "white": (205, 203, 198),
    "blond": (170, 130, 85),
    "red": (120, 60, 30),
}


class Drawn:
    """The labelled stills, and how many teeth are told once something is drawn on them."""

    def __init__(self, shared: Path) -> None:
        self._reader = FaceReader()
        self._seen: list[tuple[Still, MeshSighting, Estimate | None]] = []
        for still in footage.stills(shared):
            mesh = self._reader.first(still.rgb)
            view = footage.view(mesh, still.rgb)
            if mesh is not None and view is not None and still.teeth is not None:
                self._seen.append((still, mesh, view.teeth))

    def toothed(self) -> Iterator[tuple[Still, MeshSighting, Estimate]]:
        """Those whose teeth show and are counted."""
        yield from ((s, m, t) for s, m, t in self._seen if s.teeth and t is not None)

    def showing_teeth(self) -> Iterator[tuple[Still, MeshSighting, int]]:
        """Those whose teeth show, whether they are counted or not."""
        yield from ((s, m, s.teeth) for s, m, _ in self._seen if s.teeth)

    def closed(self) -> Iterator[tuple[Still, MeshSighting]]:
        """Those told to show none."""
        yield from ((s, m) for s, m, t in self._seen if t is not None and t.value == 0.0)

    def teeth(self, still: Still, mesh: MeshSighting, draw: Draw) -> Estimate | None:
        """How many are told of a still with something drawn on it."""
        rgb = draw(still.rgb, mesh.points)
        view = footage.view(self._reader.first(rgb), rgb)
        return None if view is None else view.teeth


@pytest.fixture(scope="module")
def drawn(stills: Path) -> Drawn:
    return Drawn(stills.parent)


def share_held(drawn: Drawn, draws: list[tuple[Draw, float]]) -> tuple[float, int]:
    """The share of changed pictures whose count is that of the unchanged one less the gap, within its own 90 %, and how many have one."""
    held = []
    for still, mesh, own in drawn.toothed():
        for draw, gap_mm in draws:
            told = drawn.teeth(still, mesh, draw)
            if told is not None:
                held.append(abs(told.value - (own.value - gap_mm / TOOTH_MM)) <= NINETY_PERCENT * told.se)
    return sum(held) / len(held), len(held)


def test_a_tooth_that_is_missing_or_dark_takes_itself_from_the_row(drawn: Drawn) -> None:
    draws = [(missing(at, TOOTH_MM, black=black), TOOTH_MM) for at in (-1.5, 0.5) for black in (1.0, 0.7)]
    share, told = share_held(drawn, draws)
    assert told >= 18
    assert share >= 0.9


def test_teeth_that_stand_apart_lose_their_gap_from_the_row_and_no_more(drawn: Drawn) -> None:
    draws = [(missing(at, wide_mm), wide_mm) for wide_mm, at in ((1.0, 0), (2.5, 0), (2.5, 1), (3.5, -1))]
    share, told = share_held(drawn, draws)
    assert told >= 18
    assert share >= 0.9


def test_two_missing_teeth_leave_those_beyond_them_in_the_row(drawn: Drawn) -> None:
    share, told = share_held(drawn, [(missing(0, 2 * TOOTH_MM), 2 * TOOTH_MM)])
    assert told >= 4
    assert share >= 0.8


@pytest.mark.parametrize("metal", [(70, 70, 75), (120, 122, 128), (185, 187, 190)])
def test_braces_hide_no_teeth(drawn: Drawn, metal: tuple[int, int, int]) -> None:
    share, told = share_held(drawn, [(braces(metal, 8), 0.0), (braces(metal, 8, wire_mm=1.0), 0.0)])
    assert told >= 10
    assert share >= 0.9


def within_label(told: Estimate, still: Still) -> bool:
    assert still.teeth is not None
    return abs(told.value - still.teeth) <= NINETY_PERCENT * told.se + still.teeth_unsure


def test_lips_like_skin_or_paler_give_the_right_count_or_none(drawn: Drawn) -> None:
    wrong = [
        (still.name, share, paler, told)
        for share, paler in ((0.5, 0.0), (1.0, -6.0), (1.0, 0.0), (1.0, 12.0))
        for still, mesh, _ in drawn.showing_teeth()
        if (told := drawn.teeth(still, mesh, lips_like_skin(share, paler=paler))) is not None
        and not within_label(told, still)
    ]
    assert wrong == []


@pytest.mark.parametrize("hair", HAIR)
def test_a_beard_over_the_lip_gives_the_right_count_or_none(drawn: Drawn, hair: str) -> None:
    wrong = [
        (still.name, down_mm, told)
        for down_mm in (0.0, 3.0, 5.0)
        for still, mesh, _ in drawn.showing_teeth()
        if (told := drawn.teeth(still, mesh, beard_over_lip(HAIR[hair], down_mm=down_mm))) is not None
        and not within_label(told, still)
    ]
    assert wrong == []


@pytest.mark.parametrize("hair", ["brown", "black", "grey", "white"])
def test_below_a_beard_over_the_lip_nobody_is_told_to_show_no_teeth(drawn: Drawn, hair: str) -> None:
    draw = beard_over_lip(HAIR[hair], down_mm=3.0)
    told = {still.name: drawn.teeth(still, mesh, draw) for still, mesh in drawn.closed()}
    assert len(told) >= 3
    assert all(teeth is None or teeth.value > 0.0 for teeth in told.values()), told


def test_a_beard_that_leaves_the_lips_bare_leaves_the_count_as_it_is(drawn: Drawn) -> None:
    for still, mesh, own in drawn.toothed():
        told = drawn.teeth(still, mesh, beard)
        assert told is not None, still.name
        assert told.value == pytest.approx(own.value, abs=1.0), still.name
    for still, mesh in drawn.closed():
        assert drawn.teeth(still, mesh, beard) is not None, still.name
