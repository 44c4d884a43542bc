"""Real footage, measured from the command line as its user would."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edge.arrays import Pixels
from edge.camera.video import VideoFile
from edge.observation import CameraLost, End, Observation, to_json
from edge.recording import Header, Recorder, read
from edge.settings.desk_toml import Settings
from protocol.standards_folder import find_standard

DESKSIDE = Path(sys.executable).with_name("deskside")
UNCERTAINTY_S = 0.7
"""How far a measured moment may be from the label's, the labels' own uncertainty included."""


def deskside(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(DESKSIDE), "replay", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def measured(*arguments: str | Path) -> list[dict[str, Any]]:
    """The events that a replay prints."""
    done = deskside(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def visits(*arguments: str | Path) -> list[dict[str, Any]]:
    return [each["data"] for each in measured(*arguments) if each["type"] == "deskside.encounter.v2"]


def labels(clips: Path, clip: str) -> list[dict[str, Any]]:
    approaches = json.loads((clips / "labels.json").read_text())["approach"]
    return [each for each in approaches if each["clip"] == clip]


@dataclass(frozen=True)
class Rehearsal:
    """Two cameras: three customers one by one, and a host who smiles once. Replayed once, for it takes half a minute."""

    printed: str
    recording: Path

    def visits(self) -> list[dict[str, Any]]:
        events = [json.loads(line) for line in self.printed.splitlines()]
        return [each["data"] for each in events if each["type"] == "deskside.encounter.v2"]

    def with_the_host_at(self, offset_s: float, folder: Path) -> Path:
        """The same recording with the host's clip begun at another time."""
        header = self.recording.read_text().splitlines()[0]
        moved = [_moved(each, offset_s - HOST_AT_S) for each in read(self.recording)]
        moved.sort(key=lambda each: (isinstance(each, End), each.t_s))
        path = folder / f"host-at-{offset_s}.jsonl"
        path.write_text("\n".join([header, *map(to_json, moved)]) + "\n")
        return path


def _moved(observation: Observation, by_s: float) -> Observation:
    staff = getattr(observation, "camera", None) == "staff"
    begins = isinstance(observation, CameraLost) and observation.t_s == 0.0
    return replace(observation, t_s=observation.t_s + by_s) if staff and not begins else observation


HOST_AT_S = 9.0


@pytest.fixture(scope="module")
def rehearsal(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    recording = tmp_path_factory.mktemp("recordings") / "rehearsal.jsonl"
    customers, staff = clips / "approach_onebyone.mp4", clips / "smile_singleface.mp4"
    done = deskside(f"customers={customers}", f"staff={staff}@{HOST_AT_S}", "--record", recording, "--json")
    assert done.returncode == 0, done.stderr
    return Rehearsal(done.stdout, recording)


def test_three_people_who_come_one_by_one_are_three_visits(rehearsal: Rehearsal, clips: Path) -> None:
    found = rehearsal.visits()
    expected = labels(clips, "approach_onebyone.mp4")
    assert len(found) == len(expected) == 3
    for visit, label in zip(found, expected, strict=True):
        assert visit["stopped_s"] == pytest.approx(label["pause_start"], abs=UNCERTAINTY_S)
        assert visit["last_seen_s"] == pytest.approx(label["last_visible"], abs=UNCERTAINTY_S)
        assert visit["left_s"] == pytest.approx(label["last_visible"], abs=UNCERTAINTY_S)
        assert visit["party_size"] == 1


def test_a_recording_gives_the_same_events_byte_for_byte(rehearsal: Rehearsal) -> None:
    assert rehearsal.printed
    assert deskside(rehearsal.recording, "--json").stdout == rehearsal.printed


def test_a_replay_says_which_pictures_it_wrote(rehearsal: Rehearsal, tmp_path: Path) -> None:
    done = deskside(rehearsal.recording, "--json", "--plot", tmp_path / "visit.png")
    assert done.stdout == rehearsal.printed
    assert done.stderr.splitlines() == [str(path) for path in sorted(tmp_path.glob("visit-*.png"))]
    assert len(done.stderr.splitlines()) == 3


def test_a_replay_without_a_visit_says_that_it_drew_none(tmp_path: Path) -> None:
    recording = tmp_path / "nobody.jsonl"
    with Recorder(recording, Header(settings=Settings(), standard=find_standard("eight-teeth"))) as recorder:
        recorder.write(End(1.0))
    done = deskside(recording, "--plot", tmp_path / "visit.png")
    assert done.returncode == 0
    assert "no visit was measured" in done.stderr
    assert not (tmp_path / "visit.png").exists()


def test_a_replay_records_over_nothing_that_is_no_recording_or_its_own_source(tmp_path: Path) -> None:
    recording, mine = tmp_path / "nobody.jsonl", tmp_path / "mine.toml"
    with Recorder(recording) as recorder:
        recorder.write(End(1.0))
    before = recording.read_bytes()
    mine.write_text("[desk]\n")
    assert "is no recording" in deskside(recording, "--record", mine).stderr
    assert "is what is replayed" in deskside(recording, "--record", recording).stderr
    assert (mine.read_text(), recording.read_bytes()) == ("[desk]\n", before)


def test_a_replay_draws_over_nothing_that_is_no_picture(rehearsal: Rehearsal, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("[desk]\n")
    refused = deskside(rehearsal.recording, "--plot", mine)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"{mine} is there already and is no" in refused.stderr.replace("\n", " ")
    assert mine.read_text() == "[desk]\n"
    assert list(tmp_path.iterdir()) == [mine]


def test_a_recording_holds_no_picture_and_no_landmarks(rehearsal: Rehearsal) -> None:
    def longest_list(value: object) -> int:
        match value:
            case dict():
                return max((longest_list(each) for each in value.values()), default=0)
            case list():
                numbers = len(value) if all(isinstance(each, float) for each in value) else 0
                return max([numbers, *(longest_list(each) for each in value)])
            case str():
                assert len(value) < 200
                return 0
            case _:
                return 0

    for line in rehearsal.recording.read_text().splitlines()[1:]:
        assert longest_list(json.loads(line)) <= 3


def test_people_who_walk_past_are_no_encounter(clips: Path) -> None:
    assert visits(f"customers={clips / 'approach_walking.gif'}") == []


def test_the_third_woman_in_the_aisle_comes_to_a_stand(clips: Path) -> None:
    found = visits(f"customers={clips / 'approach_storeaisle.gif'}")
    (label,) = labels(clips, "approach_storeaisle.gif")
    stopped = [visit["stopped_s"] for visit in found if visit["stopped_s"]]
    assert [each for each in stopped if abs(each - label["pause_start"]) <= UNCERTAINTY_S], stopped


@pytest.mark.parametrize(
    ("quarters", "told"),
    [
        (2, "on their heads in it. It is measured turned by half; rotation = 180 in desk.toml"),
        (
            1,
            "a quarter to the right, and most of what they do is missed. Mend: `ffmpeg -i CLIP -vf transpose=2",
        ),
    ],
)
def test_people_on_their_heads_are_measured_all_the_same_and_on_their_side_are_told(
    quarters: int, told: str, clips: Path, tmp_path: Path
) -> None:
    frames = [frame.rgb for frame in VideoFile(clips / "approach_storeaisle.gif", "door")]
    done = deskside(f"customers={pictures(tmp_path / 'turned', frames, quarters)}", "--rate", "15", "--json")
    assert done.returncode == 0
    assert told in done.stderr
    if quarters == 2:
        upright = visits(f"customers={pictures(tmp_path / 'upright', frames, 0)}", "--rate", "15")
        assert upright
        assert len([line for line in done.stdout.splitlines() if "encounter.v2" in line]) == len(upright)


def pictures(folder: Path, frames: Sequence[Pixels], quarters: int) -> Path:
    """A folder of numbered JPEGs, turned so many quarters to the right."""
    folder.mkdir()
    for number, rgb in enumerate(frames):
        cv2.imwrite(str(folder / f"{number:03}.jpg"), np.rot90(rgb[..., ::-1], -quarters))
    return folder


@pytest.mark.parametrize(
    ("offset_s", "verdict"), [(6.2, "in time"), (9.0, "in time"), (10.0, "in time"), (13.0, "too late")]
)
def test_the_host_smiles_as_long_after_the_arrival_as_the_labels_say(
    rehearsal: Rehearsal, clips: Path, tmp_path: Path, offset_s: float, verdict: str
) -> None:
    visit = visits(rehearsal.with_the_host_at(offset_s, tmp_path))[0]
    onset_s = json.loads((clips / "labels.json").read_text())["smile"][0]["intervals"][0][0]
    (smiled,) = (each for each in visit["reactions"] if each["kind"] == "smiled")
    assert smiled["at_s"] == pytest.approx(offset_s + onset_s, abs=0.2)
    assert visit["reaction_kind"] == "smiled"
    assert visit["wait_s"] == pytest.approx(offset_s + onset_s - visit["came_near_s"], abs=0.2)
    assert ("in time" if visit["wait_s"] <= 5.0 else "too late") == verdict


def test_a_host_who_comes_after_the_customer_has_gone_never_reacted(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    first = visits(rehearsal.with_the_host_at(20.2, tmp_path))[0]
    assert first["reactions"] == []
    assert first["reaction_kind"] is None
    assert first["wait_ended_by"] == "not_observed"


def test_a_truncated_video_is_measured_as_far_as_it_goes_and_says_so(clips: Path, tmp_path: Path) -> None:
    whole = (clips / "approach_walking.gif").read_bytes()
    cut = tmp_path / "cut.gif"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    done = deskside(f"customers={cut}", f"staff={clips / 'smile_singleface.mp4'}@2", "--json")
    assert done.returncode == 0
    assert "cut.gif" in done.stderr
    gaps = [json.loads(line)["data"] for line in done.stdout.splitlines() if ".gap." in line]
    (gap,) = (each for each in gaps if each["what"] == "camera customers")
    assert "cut.gif" in gap["reason"]


def test_a_damaged_picture_is_a_gap_and_those_around_it_are_measured(tmp_path: Path) -> None:
    for number in range(8):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), np.full((90, 160, 3), 90, np.uint8))
    (tmp_path / "3.jpg").write_bytes(b"torn")
    refused = deskside(f"customers={tmp_path}")
    assert refused.returncode == 2
    assert "--rate 10" in refused.stderr
    done = deskside(f"customers={tmp_path}", "--rate", "2", "--json")
    assert done.returncode == 0
    (gap,) = [json.loads(line)["data"] for line in done.stdout.splitlines() if ".gap." in line]
    assert (gap["start_s"], gap["end_s"], gap["what"]) == (1.0, 2.0, "camera customers")
    assert "3.jpg: is no whole JPEG" in gap["reason"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["customers=nowhere.mp4"], "there is no such clip"),
        (["nowhere.jsonl"], "there is no such recording"),
        (["visitors=x.mp4"], "give customers=CLIP"),
        (["customers=README.md", "--standard", "nine-teeth"], "known: eight-teeth, four-teeth"),
        (["customers=README.md"], "is no video"),
    ],
)
def test_what_cannot_be_replayed_is_told_in_words(arguments: list[str], told: str) -> None:
    done = deskside(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_nothing_is_written_anywhere_but_the_recording(clips: Path, tmp_path: Path) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    watcher = (
        "import sys, os\n"
        "def watch(event, args):\n"
        "    if event == 'open' and isinstance(args[1], str) and set(args[1]) & set('wax+'):\n"
        "        os.write(2, f'WRITES {args[0]}\\n'.encode())\n"
        "    if event.startswith('socket.connect'):\n"
        "        os.write(2, f'CONNECTS {args[1]}\\n'.encode())\n"
        "sys.addaudithook(watch)\n"
        "from edge.cli import main\n"
        "main()\n"
    )
    arguments = [
        "replay",
        f"both={clips / 'smile_singleface.mp4'}",
        "--json",
        "--record",
        str(work / "r.jsonl"),
    ]
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(work), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", watcher, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=work,
    )
    assert done.returncode == 0, done.stderr
    touched = [line for line in done.stderr.splitlines() if line.startswith(("WRITES", "CONNECTS"))]
    assert touched == [f"WRITES {work / 'r.jsonl'}"]
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == ["r.jsonl"]


def test_a_desk_in_the_eu_profile_has_no_measure_of_a_smile_in_any_observation(
    clips: Path, tmp_path: Path
) -> None:
    desk = tmp_path / "desk.toml"
    desk.write_text('[desk]\nprofile = "eu"\n')
    recording = tmp_path / "r.jsonl"
    done = deskside(f"staff={clips / 'smile_singleface.mp4'}", "--desk", desk, "--record", recording)
    assert done.returncode == 0, done.stderr
    seen = recording.read_text()
    assert '"head_yaw_deg"' in seen
    assert not [word for word in ("lift", "teeth", "mouth") if f'"{word}' in seen.split("\n", 1)[1]]


def test_footage_that_is_not_said_to_be_any_cameras_is_answered_with_how_to_say_it(
    clips: Path, tmp_path: Path
) -> None:
    clip = next(clips.rglob("*.mp4"))
    done = deskside(clip)
    assert done.returncode == 2
    assert f"customers={clip}, staff={clip} or both={clip}" in done.stderr
    (tmp_path / "frames").mkdir()
    assert "customers=" in deskside(tmp_path / "frames").stderr
    assert "there is no such recording" in deskside(tmp_path / "mistyped.jsonl").stderr
