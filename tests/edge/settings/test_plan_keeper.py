"""The standard that the central service puts into force: checked, kept, and never an older one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.settings.desk_toml import Settings
from edge.settings.last_good import Configuration
from edge.settings.plan_check import BadPlanError, checked_plan
from edge.settings.plan_keeper import PlanKeeper
from protocol.standard_plan import SignedPlan, StandardPlan
from protocol.standards_folder import find_standard
from protocol.state import ClockQuality, WallMapping
from tests.worlds.signed_plans import Signer, plan_of, planned
from tests.worlds.standard_texts import house_standard

OWN = Configuration(Settings(), find_standard("eight-teeth"))
NOW_S = 1000.0
FIRST, SECOND = house_standard(1), house_standard(2)


def wall(clock: ClockQuality = "synced") -> WallMapping:
    return WallMapping(offset_s=0.0, clock=clock)


@pytest.fixture
def signer() -> Signer:
    return Signer()


@pytest.fixture
def keys(tmp_path: Path, signer: Signer) -> Path:
    return signer.write_line(tmp_path / "keys")


def label(keeper: PlanKeeper, at_s: float = NOW_S, clock: ClockQuality = "synced") -> str:
    return keeper.laid_over(OWN, wall(clock), at_s).standard.label


def test_a_signed_standard_takes_the_place_of_the_desks_own_and_survives_a_new_start(
    tmp_path: Path, signer: Signer, keys: Path
) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    assert label(keeper) == "eight-teeth@1"
    assert keeper.take(signer.sign(plan_of(7, planned(500.0, FIRST)))) == 7
    assert keeper.is_due(wall(), NOW_S)
    again = PlanKeeper(tmp_path, "desk-1", keys)
    configuration = again.laid_over(OWN, wall(), NOW_S)
    assert configuration.standard.label == "house@1"
    assert (configuration.standard_plan, configuration.standard_sha256) == (7, planned(0, FIRST).sha256)
    assert not again.is_due(wall(), NOW_S)
    assert again.notes == ()


def test_a_standard_is_not_in_force_before_its_moment(tmp_path: Path, signer: Signer, keys: Path) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    keeper.take(signer.sign(plan_of(1, planned(500.0, FIRST), planned(NOW_S + 60, SECOND, version=2))))
    assert label(keeper) == "house@1"
    assert not keeper.is_due(wall(), NOW_S + 59)
    assert keeper.is_due(wall(), NOW_S + 60)
    assert label(keeper, NOW_S + 60) == "house@2"


def test_a_clock_that_starts_in_the_past_takes_no_standard_back(
    tmp_path: Path, signer: Signer, keys: Path
) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    keeper.take(signer.sign(plan_of(1, planned(500.0, FIRST))))
    assert label(keeper) == "house@1"
    assert label(PlanKeeper(tmp_path, "desk-1", keys), 10.0, "estimated") == "house@1"
    assert label(PlanKeeper(tmp_path, "desk-1", keys), 10.0, "synced") == "eight-teeth@1"


def test_an_older_plan_is_not_followed_whoever_sends_it_again(
    tmp_path: Path, signer: Signer, keys: Path
) -> None:
    older = signer.sign(plan_of(4, planned(500.0, FIRST)))
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    keeper.take(older)
    keeper.take(signer.sign(plan_of(5, planned(600.0, SECOND, version=2))))
    assert keeper.take(older) == 5
    assert "plan 4, and the desk has had plan 5 already" in keeper.notes[0]
    assert label(keeper) == "house@2"
    again = PlanKeeper(tmp_path, "desk-1", keys)
    again.take(older)
    assert label(again) == "house@2"
    (tmp_path / "standard-plan.json").unlink()
    without = PlanKeeper(tmp_path, "desk-1", keys)
    without.take(older)
    assert label(without) == "house@2"
    assert keeper.take(signer.sign(plan_of(5, planned(600.0, FIRST)))) == 5
    assert "is another" in keeper.notes[0]


def test_a_plan_without_standards_gives_the_desks_own_file_back(
    tmp_path: Path, signer: Signer, keys: Path
) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    keeper.take(signer.sign(plan_of(1, planned(500.0, FIRST))))
    assert label(keeper) == "house@1"
    keeper.take(signer.sign(plan_of(2)))
    assert keeper.is_due(wall(), NOW_S)
    assert label(keeper) == "eight-teeth@1"
    (tmp_path / "standard-plan.json").write_text("{")
    assert label(PlanKeeper(tmp_path, "desk-1", keys)) == "eight-teeth@1"


TEXT_9 = house_standard(1, "house", "[respond]", "within_s = 9")
UNKNOWN = house_standard(1, "house", "[smell]", "nice = { min = 1 }")
OTHER_HASH = planned(1.0, FIRST).model_copy(update={"sha256": "0" * 64})
BAD: dict[str, StandardPlan] = {
    "for the desk desk-2": plan_of(9, device="desk-2"),
    "not the one that its hash names": plan_of(9, OTHER_HASH),
    "line 4: smell: is not a known key": plan_of(9, planned(1.0, UNKNOWN)),
    "the text of house@1 is of house@2": plan_of(9, planned(1.0, SECOND)),
    "order of their moments": plan_of(9, planned(9.0, FIRST), planned(9.0, SECOND, version=2)),
}


def _forged(told: str, signer: Signer, good: bytes) -> bytes:
    if told in BAD:
        return signer.sign(BAD[told])
    return {
        "no valid SignedPlan": b"\xff{",
        "add that key's line": Signer().sign(plan_of(9)),
        "its signature is not that of the key": good.replace(b"within_s = 9", b"within_s = 1"),
    }[told]


@pytest.mark.parametrize(
    "told", [*BAD, "no valid SignedPlan", "add that key's line", "its signature is not that of the key"]
)
def test_what_is_not_followed_is_told_in_words_and_changes_nothing(
    tmp_path: Path, signer: Signer, keys: Path, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    good = signer.sign(plan_of(8, planned(500.0, TEXT_9)))
    keeper.take(good)
    keeper.take(_forged(told, signer, good))
    assert told in keeper.notes[0]
    assert told in caplog.text
    assert (label(keeper), keeper.number) == ("house@1", 8)
    assert label(PlanKeeper(tmp_path, "desk-1", keys)) == "house@1"
    keeper.take(good)  # As each new connection brings it.
    assert keeper.notes == ()


@pytest.mark.parametrize("damage", ["cut", "gone", "keys"])
def test_a_kept_plan_that_cannot_be_used_gives_way_to_the_last_good_standard(
    tmp_path: Path, signer: Signer, keys: Path, damage: str
) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    keeper.take(signer.sign(plan_of(3, planned(500.0, FIRST))))
    assert label(keeper) == "house@1"
    kept = tmp_path / "standard-plan.json"
    match damage:
        case "cut":
            kept.write_bytes(kept.read_bytes()[:100])
        case "gone":
            kept.unlink()
        case _:
            keys.write_text("deskside-ed25519 00 AAAA\n")
    again = PlanKeeper(tmp_path, "desk-1", keys)
    assert label(again) == "house@1"
    assert "goes on with the last good one" in again.notes[0]


def test_keys_follow_one_another_while_desks_know_both(tmp_path: Path, signer: Signer, keys: Path) -> None:
    new = Signer()
    keys.write_text(f"# of 2026\n{signer.line}\n# of 2027\n{new.line}")
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    keeper.take(signer.sign(plan_of(1, planned(500.0, FIRST))))
    keeper.take(new.sign(plan_of(2, planned(600.0, SECOND, version=2))))
    assert label(keeper) == "house@2"
    keys.write_text(new.line)
    assert label(PlanKeeper(tmp_path, "desk-1", keys)) == "house@2"


def test_a_desk_without_keys_works_by_its_own_file_and_says_why(tmp_path: Path, signer: Signer) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", None)
    assert keeper.take(signer.sign(plan_of(1, planned(500.0, FIRST)))) is None
    assert label(keeper) == "eight-teeth@1"
    assert "desk.standard_keys" in keeper.notes[0]


def test_keys_that_cannot_be_used_are_told_at_the_start(tmp_path: Path, signer: Signer) -> None:
    assert "cannot be read" in PlanKeeper(tmp_path, "desk-1", tmp_path / "none").notes[0]
    file = tmp_path / "keys"
    for text, told in (
        ("", "holds no public key"),
        ("ssh-ed25519 x y", "line 1 is no public key"),
        (signer.line[:-6] + "A\n", "copy the line anew"),
    ):
        file.write_text(text)
        assert told in PlanKeeper(tmp_path, "desk-1", file).notes[0]


def test_a_plan_that_the_disk_does_not_take_is_not_followed_so_that_no_desk_starts_anew_for_ever(
    tmp_path: Path, signer: Signer, keys: Path
) -> None:
    folder = tmp_path / "state"
    folder.write_text("a file where the folder should be")
    keeper = PlanKeeper(folder, "desk-1", keys)
    assert keeper.take(signer.sign(plan_of(1, planned(500.0, FIRST)))) is None
    assert "cannot be kept" in keeper.notes[0]
    assert not keeper.is_due(wall(), NOW_S)
    folder.unlink()
    assert keeper.take(signer.sign(plan_of(1, planned(500.0, FIRST)))) == 1
    assert keeper.is_due(wall(), NOW_S)


def test_the_doctor_finds_by_which_standard_the_desk_works_and_what_is_wrong_with_it(
    tmp_path: Path, signer: Signer, keys: Path
) -> None:
    def found(keys_file: Path | None) -> tuple[str, str, str]:
        finding = PlanKeeper(tmp_path, "desk-1", keys_file).found(OWN, wall(), NOW_S)
        return finding.verdict, finding.found, finding.to_do

    assert found(None) == ("good", "eight-teeth@1, of its own file", "")
    assert "has put none into force here" in found(keys)[1]
    PlanKeeper(tmp_path, "desk-1", keys).take(signer.sign(plan_of(7, planned(500.0, FIRST))))
    assert found(keys) == ("good", "house@1, put into force by the central service in plan 7", "")
    keys.unlink()
    verdict, words, to_do = found(keys)
    assert verdict == "bad"
    assert "cannot be read" in words
    assert to_do == f"mend {keys}"


@given(st.data())
def test_a_plan_with_one_letter_altered_is_never_followed(data: st.DataObject) -> None:
    signer = Signer()
    payload = bytearray(signer.sign(plan_of(3, planned(1.0, FIRST))))
    at = data.draw(st.integers(0, len(payload) - 1))
    payload[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != payload[at]))
    keys = {SignedPlan.model_validate_json(signer.sign(plan_of(1))).key: signer.public}
    try:
        found = checked_plan(bytes(payload), "desk-1", keys)
    except BadPlanError:
        return
    # White space between the words of the outer JSON says nothing.
    assert found.plan == plan_of(3, planned(1.0, FIRST))
