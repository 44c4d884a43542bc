"""Real people on labelled clips: how many there were, who stood, and when."""

import json
from pathlib import Path

import pytest

from benchmarks.approach_accuracy import Account, account, has_rig, observed, rig
from edge.settings.desk_toml import Camera

UNKNOWN = Camera(name="customers", watches="customers")
WITHIN_S = 0.7


@pytest.fixture(scope="module", params=["as it comes", "zones"])
def told(request: pytest.FixtureRequest, clips: Path) -> dict[str, Account]:
    """What the scene makes of the two short clips, with and without zones drawn into the picture."""
    return {
        name: account(observed(name), rig(name) if request.param == "zones" and has_rig(name) else UNKNOWN)
        for name in ("approach_walking.gif", "approach_storeaisle.gif", "approach_walkpause.gif")
    }


def test_as_many_people_are_told_apart_as_there_are(told: dict[str, Account], clips: Path) -> None:
    counts = {each["clip"]: each for each in json.loads((clips / "labels.json").read_text())["counts"]}
    for name, said in told.items():
        assert len(said.people) == counts[name]["distinct"]
        assert said.most_at_once == counts[name]["max_simultaneous"]


def test_two_people_who_walk_through_never_stand(told: dict[str, Account]) -> None:
    assert told["approach_walking.gif"].first_stands_s == {}


def test_the_third_woman_in_the_aisle_comes_to_a_stand_when_the_label_says(
    told: dict[str, Account], clips: Path
) -> None:
    (label,) = (
        each
        for each in json.loads((clips / "labels.json").read_text())["approach"]
        if each["clip"] == "approach_storeaisle.gif"
    )
    said = told["approach_storeaisle.gif"]
    third = max(said.people, key=lambda person: person.first_seen_s)
    assert said.first_stands_s[third.id] == pytest.approx(label["pause_start"], abs=WITHIN_S)


def test_three_people_who_walk_straight_up_stand_when_they_have_stopped_and_not_before(
    told: dict[str, Account], clips: Path
) -> None:
    (label,) = (
        each
        for each in json.loads((clips / "labels.json").read_text())["approach"]
        if each["clip"] == "approach_walkpause.gif"
    )
    stands_s = told["approach_walkpause.gif"].first_stands_s
    assert len(stands_s) == 3
    assert max(stands_s.values()) == pytest.approx(
        label["pause_start"], abs=label["uncertainty"]["pause_start"]
    )
