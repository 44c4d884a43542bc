"""CSV as spreadsheets write it: whatever the bytes, every line is read and no error hides another."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from central.registry_files.csv_lines import SEPARATORS, join_line, read_lines, split_line

CELLS = st.lists(
    st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=12), min_size=1, max_size=6
)


def plain(cell: str) -> str:
    return " ".join(cell.split())


@given(CELLS)
def test_a_line_that_was_written_is_read_as_it_was(cells: list[str]) -> None:
    found, wrong = split_line(join_line(cells), ",")
    assert found == tuple(map(plain, cells))
    assert wrong == ()


@given(
    st.lists(CELLS, min_size=1, max_size=5),
    st.sampled_from(SEPARATORS),
    st.sampled_from(["\r\n", "\n", "\r"]),
)
@example([['"']], ";", "\r\n")
def test_what_pythons_own_writer_writes_is_read_as_it_was(
    rows: list[list[str]], separator: str, end: str
) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, lineterminator=end)
    writer.writerow(["device", "company"])
    writer.writerows(rows)
    lines, faults = read_lines(file.getvalue().encode("utf-8-sig"), ["device", "company"])
    expected = [tuple(map(plain, row)) for row in rows]
    assert faults == ()
    # A line in which nothing stands says nothing.
    assert [line.cells for line in lines[1:]] == [row for row in expected if any(row)]


@given(st.binary(max_size=200))
def test_no_bytes_stop_the_reader_and_every_fault_has_a_place_in_the_file(data: bytes) -> None:
    lines, faults = read_lines(data, ["device"])
    last = data.count(b"\n") + data.count(b"\r") + 1
    assert all(1 <= fault.line <= last and fault.column >= 0 for fault in faults)
    assert [line.number for line in lines] == sorted({line.number for line in lines})


@given(CELLS, st.integers(0, 30))
def test_a_quote_that_is_not_closed_spoils_its_own_line_alone(cells: list[str], at: int) -> None:
    good = join_line(["device", "x"])
    data = "\n".join([good, '"' + "a" * at, join_line(cells), good]).encode()
    lines, faults = read_lines(data, ["device"])
    assert [fault.line for fault in faults] == [2]
    assert lines[-1].number == 4
    assert lines[-1].cells == ("device", "x")


def test_a_spreadsheet_may_say_its_separator_in_a_line_of_its_own() -> None:
    lines, faults = read_lines(b"sep=;\r\ndevice;label\r\nd;a, b\r\n", ["device"])
    assert faults == ()
    assert lines[1].cells == ("d", "a, b")


def test_blanks_of_every_width_are_blanks() -> None:
    lines, _ = read_lines("label\n\u3000上海\u3000 展厅\u00a0\n".encode(), ["label"])
    assert lines[1].cells == ("上海 展厅",)
