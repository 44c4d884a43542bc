"""The page on who is measured worse carries the benchmark's tables, and what is cheap to measure again comes out the same."""

import re
from pathlib import Path

import pytest

from benchmarks import fairness_faces
from benchmarks.fairness import PAGE, TABLES
from benchmarks.fairness_people import distance_rows
from benchmarks.fairness_rows import FairnessRow, table, table_on, with_table

ONE_ROW = FairnessRow("face found", "of somebody", 9, 10, 2)


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_page_has_each_of_the_tables_and_no_other(page: str) -> None:
    assert re.findall(r"<!-- measured: (\w+) -->", page) == list(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_each_row_has_its_cases_and_its_interval(page: str, name: str) -> None:
    rows = table_on(page, name).splitlines()[2:]
    assert rows
    for row in rows:
        assert re.fullmatch(r"\| [^|]+ \| [^|]+ \| \d+ of \d+ \| (\d+ to \d+ %|none) \| \d+ \|", row), row


@pytest.mark.parametrize(("stature_m", "seat"), [((1.05, 1.2), "standing"), ((1.05, 1.2), "in a wheelchair")])
def test_distances_measured_again_stand_on_the_page(
    page: str, stature_m: tuple[float, float], seat: str
) -> None:
    for row in distance_rows(stature_m, seat):
        assert row.line in table_on(page, "distance")


def test_smiles_with_closed_lips_measured_again_stand_on_the_page(page: str, clips: Path) -> None:
    if not (clips.parent / "facts" / "mouth_shapes.tsv").exists():
        pytest.skip("needs the table of labelled faces: shared media")
    assert table_on(page, "lips") == table(fairness_faces.lips())


def test_a_table_is_written_between_its_marks_and_nowhere_else() -> None:
    before = "a\n<!-- measured: x -->\nas before\n<!-- end: x -->\nb\n<!-- measured: y -->\n<!-- end: y -->\n"
    after = with_table(before, "x", [ONE_ROW])
    assert after.startswith("a\n<!-- measured: x -->\n| what")
    assert "| face found | of somebody | 9 of 10 | 60 to 98 % | 2 |\n<!-- end: x -->\nb\n" in after
    assert "as before" not in after
    with pytest.raises(ValueError, match="no marks for the table 'z'"):
        with_table(before, "z", [ONE_ROW])
