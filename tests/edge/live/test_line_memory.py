"""What telephone lines have learnt is kept on the disk by a thread of its own; a file that is not to be used is left out in words."""

import json
import logging
import os
import stat
import time
from pathlib import Path

import pytest

from edge.live.line_memory import FILE_NAME, LARGEST_BYTES, LineMemory
from edge.phone.learnt import LearntLine
from edge.phone.measured_cadence import MeasuredCadence
from edge.settings.desk_toml import PhoneLine
from tests.worlds.phone_scripts import phone_line
from tests.worlds.rung_desk import RungDesk, remembered

LEARNT = {
    "1": LearntLine(
        bursts_hz=((50.1, 49.9),),
        answered=(0.4,),
        heard=(0.4, 0.6),
        calls=(MeasuredCadence((1.0,), 4.0, (), 2),),
        held=(False,),
        pulses_per_cycle=2,
        hook_moved=True,
        hook_proven=True,
    )
}


def taken(memory: LineMemory) -> dict[str, LearntLine]:
    """What it has read, waited for with patience."""
    until_s = time.monotonic() + 60.0
    while (learnt := memory.take()) is None:
        assert time.monotonic() < until_s
        time.sleep(0.005)
    return learnt


def read(folder: Path, line: PhoneLine) -> dict[str, LearntLine]:
    """What a desk that starts with this line finds."""
    memory = LineMemory(folder, [line])
    memory.start()
    learnt = taken(memory)
    memory.close(60.0)
    return learnt


def kept(folder: Path) -> Path:
    """The file of a desk that had learnt something and stopped."""
    memory = LineMemory(folder, [phone_line()])
    memory.start()
    taken(memory)
    memory.put(LEARNT)
    memory.close(60.0)
    return folder / FILE_NAME


def test_what_a_line_has_learnt_is_there_after_a_restart(tmp_path: Path) -> None:
    kept(tmp_path)
    assert read(tmp_path, phone_line()) == LEARNT


def test_what_was_learnt_is_handed_out_once(tmp_path: Path) -> None:
    kept(tmp_path)
    memory = LineMemory(tmp_path, [phone_line()])
    assert memory.take() is None
    memory.start()
    assert taken(memory) == LEARNT
    assert memory.take() is None
    memory.close(60.0)


def test_a_disk_that_answers_late_loses_nothing_of_what_was_learnt(tmp_path: Path) -> None:
    path = kept(tmp_path)
    before = path.read_bytes()
    path.unlink()
    os.mkfifo(path)  # opening it waits until somebody writes, as a card that hangs does
    memory = LineMemory(tmp_path, [phone_line()])
    memory.start()
    memory.put({"1": LearntLine(hook_moved=True)})
    assert memory.take() is None
    path.write_bytes(before)
    learnt = taken(memory)
    memory.close(60.0)
    assert learnt == LEARNT
    assert stat.S_ISFIFO(path.stat().st_mode), "what the line knew before it was told is not kept"


def test_before_the_first_stop_nothing_is_known_and_nothing_is_wrong(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert read(tmp_path, phone_line()) == {}
    assert caplog.records == []


@pytest.mark.parametrize("change", [{"cadence": "US"}, {"ring_pin": 5}, {"input": "contact"}, {"name": "2"}])
def test_what_was_learnt_with_other_settings_says_nothing(tmp_path: Path, change: dict[str, object]) -> None:
    kept(tmp_path)
    assert read(tmp_path, phone_line(**change)) == {}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b'{"version": 2, "lines": {}}',
        b'{"version": 1, "lines": {"1": {"settings": {}, "learnt": {"answered": [-1.0]}}}}',
        b'{"version": 1, "lines": {"1": {"settings": {}, "learnt": {"bursts_hz": [[NaN]]}}}}',
        b" " * (LARGEST_BYTES + 1),
    ],
)
def test_a_damaged_or_foreign_file_is_left_out_with_one_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: bytes
) -> None:
    (tmp_path / FILE_NAME).write_bytes(text)
    assert read(tmp_path, phone_line()) == {}
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "damaged or another program's" in caplog.text


def test_a_file_cut_short_anywhere_is_left_out(tmp_path: Path) -> None:
    path = kept(tmp_path)
    text = path.read_bytes()
    for length in range(0, len(text), 37):
        path.write_bytes(text[:length])
        assert read(tmp_path, phone_line()) == {}


def test_a_card_is_written_once_for_many_calls(tmp_path: Path) -> None:
    memory = LineMemory(tmp_path, [phone_line()])
    memory.start()
    taken(memory)
    path = tmp_path / FILE_NAME
    memory.put(LEARNT)
    until_s = time.monotonic() + 60.0
    while not path.exists() and time.monotonic() < until_s:
        time.sleep(0.01)
    first = path.read_bytes()
    for calls in range(1, 50):
        memory.put({"1": LEARNT["1"].model_copy(update={"calls_unmoved": calls})})
    assert path.read_bytes() == first
    memory.close(60.0)
    assert json.loads(path.read_bytes())["lines"]["1"]["learnt"]["calls_unmoved"] == 49


def test_a_disk_that_takes_nothing_is_told_in_one_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "no-folder").write_text("a file")
    memory = LineMemory(tmp_path / "no-folder", [phone_line()])
    memory.start()
    taken(memory)
    memory.put(LEARNT)
    memory.close(60.0)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_desk_that_starts_again_goes_on_with_what_its_line_had_learnt(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    path = remembered(folder, LEARNT)
    with RungDesk(folder) as desk:
        desk.begin()
        assert desk.logged("phone 1: goes on with what 1 calls have shown")
        desk.stop()
    learnt = LearntLine.model_validate(json.loads(path.read_text())["lines"]["1"]["learnt"])
    assert learnt.calls == LEARNT["1"].calls
