"""Pages, logs and rows are read whatever stands in them: what is not as it was written is no row, and nothing fails."""

import sqlite3
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.uplink.spool_log import frames, log_state
from edge.uplink.spool_pages import table_rows
from edge.uplink.spool_rows import SpoolBoot, SpoolRow, UnreadableRowError, boot_of, row_of
from edge.uplink.spool_salvage import Salvage
from protocol.measurements import Gap
from protocol.state import WallMapping

BOOT = SpoolBoot(1024, "desk-3", "c" * 32, "b" * 32, 3, 9, WallMapping(offset_s=1.7e9, clock="synced"))


def no_page(_: int) -> bytes:
    return b""


def itself(page: bytes, _: int) -> bytes:
    return page


def written_by_sqlite(folder: Path, values: list[tuple[object, ...]]) -> list[bytes]:
    """The pages of a file with these rows."""
    file = folder / "made.db"
    file.unlink(missing_ok=True)
    db = sqlite3.connect(file)
    db.execute("CREATE TABLE t (key INTEGER PRIMARY KEY, a, b, c)")
    db.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", values)
    db.commit()
    db.close()
    whole = file.read_bytes()
    return [whole[place : place + 4096] for place in range(0, len(whole), 4096)]


value = st.one_of(
    st.none(),
    st.integers(min_value=-(2**63), max_value=2**63 - 1),
    st.floats(allow_nan=False),
    st.binary(max_size=9000),
    st.text(st.characters(codec="utf-8"), max_size=3000),
)
rows = st.dictionaries(
    st.integers(min_value=-(2**63), max_value=2**63 - 1), st.tuples(value, value, value), max_size=12
)


@given(rows)
def test_every_row_that_sqlite_writes_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[int, tuple[object, ...]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    pages = written_by_sqlite(folder, [(key, *values) for key, values in rows.items()])
    found = {
        row.key: row.values[1:]
        for page in pages[1:]
        for row in table_rows(page, lambda number: pages[number - 1])
        if len(row.values) == 4
    }
    assert {key: tuple(values) for key, values in found.items() if key in rows} == rows


@given(st.binary(min_size=1, max_size=200), st.sampled_from([b"", b"\x0d", b"SQLite format 3\0"]))
def test_whatever_stands_in_a_page_nothing_fails(noise: bytes, head: bytes) -> None:
    page = (head + noise * 4096)[:4096]
    list(table_rows(page, lambda _: page))
    list(table_rows(page, no_page))


@given(rows, st.lists(st.tuples(st.integers(0, 4095), st.integers(0, 255)), max_size=8))
def test_whatever_is_changed_in_a_page_nothing_fails(
    tmp_path_factory: pytest.TempPathFactory,
    rows: dict[int, tuple[object, ...]],
    changes: list[tuple[int, int]],
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for page in written_by_sqlite(folder, [(key, *values) for key, values in rows.items()]):
        changed = bytearray(page)
        for place, byte in changes:
            changed[place] = byte
        whole = bytes(changed)
        assert all(isinstance(row.values, tuple) for row in table_rows(whole, no_page))
        assert all(isinstance(row.values, tuple) for row in table_rows(whole, partial(itself, whole)))


@given(
    st.binary(max_size=20_000), st.sampled_from([b"", b"\x37\x7f\x06\x82\x00\x2d\xe2\x18\x00\x00\x10\x00"])
)
def test_whatever_stands_in_a_log_nothing_fails(log: bytes, head: bytes) -> None:
    assert log_state(head + log) in {"whole", "torn", "damaged"}
    list(frames(head + log))


@given(st.data())
def test_a_changed_bit_of_a_row_is_always_noticed(data: st.DataObject) -> None:
    gap = Gap(
        start_s=data.draw(st.floats(0, 1e6)),
        end_s=1.0,
        what="camera",
        reason=data.draw(st.text(max_size=200)),
    )
    row = row_of(gap, BOOT, 7)
    assert row.read(BOOT.bootid) == gap
    place = data.draw(st.integers(0, len(row.data) - 1))
    changed = bytearray(row.data)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    others: list[SpoolRow] = [
        row._replace(data=bytes(changed)),
        row._replace(row=row.row ^ 1 << data.draw(st.integers(0, 50))),
        row._replace(checksum=row.checksum ^ 1 << data.draw(st.integers(0, 31))),
        row._replace(kind=row.kind + "x"),
        row._replace(bootid="d" * 32),
        row._replace(start_s=row.start_s + 1.0),
    ]
    for other in others:
        with pytest.raises(UnreadableRowError):
            other.read(BOOT.bootid)


@given(
    st.integers(0, 8),
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.text(max_size=40), st.floats()),
)
def test_a_changed_column_of_a_boot_is_always_noticed(column: int, value: object) -> None:
    columns = BOOT.columns()
    assert boot_of(columns) == BOOT
    changed = (*columns[:column], value, *columns[column + 1 :])
    if changed != columns:
        with pytest.raises(UnreadableRowError):
            boot_of(changed)


@given(st.binary(max_size=30_000), st.binary(max_size=10_000))
def test_whatever_a_file_kept_aside_is_looking_through_it_fails_at_nothing(
    tmp_path_factory: pytest.TempPathFactory, file: bytes, log: bytes
) -> None:
    aside = tmp_path_factory.getbasetemp() / "spool.db.unreadable-1"
    aside.write_bytes(file)
    Path(f"{aside}-wal").write_bytes(log)
    with Salvage(aside, "desk-3") as salvage:
        assert salvage.boots == []
        assert not salvage.knows_boots
        assert isinstance(salvage.is_newer, bool)
