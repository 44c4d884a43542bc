"""What the profile of its showroom has a desk leave out: told by the signed plan, kept, and in force before anything else is measured."""

from pathlib import Path

import pytest

from edge.live.birth import birth_facts
from edge.settings.desk_toml import DeskSection, Settings
from edge.settings.last_good import Configuration
from edge.settings.plan_keeper import PlanKeeper
from protocol.manner import Manner
from protocol.standards_folder import find_standard
from protocol.state import WallMapping
from tests.worlds.signed_plans import Signer, plan_of

WALL = WallMapping(offset_s=0.0, clock="synced")


def own(**section: object) -> Configuration:
    return Configuration(Settings(desk=DeskSection.model_validate(section)), find_standard("eight-teeth"))


@pytest.fixture
def signer() -> Signer:
    return Signer()


@pytest.fixture
def keys(tmp_path: Path, signer: Signer) -> Path:
    return signer.write_line(tmp_path / "keys")


def plan(signer: Signer, number: int, *off: Manner) -> bytes:
    return signer.sign(plan_of(number).model_copy(update={"leaves_out": off}))


def leaves_out(keeper: PlanKeeper, configuration: Configuration) -> tuple[Manner, ...]:
    return keeper.laid_over(configuration, WALL, 1000.0).leaves_out


def test_a_desk_leaves_out_what_the_plan_says_from_its_next_start_on(
    tmp_path: Path, signer: Signer, keys: Path
) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    assert leaves_out(keeper, own()) == ()
    keeper.take(plan(signer, 1, "smile"))
    assert keeper.is_due(WALL, 1000.0)
    again = PlanKeeper(tmp_path, "desk-1", keys)
    configuration = again.laid_over(own(), WALL, 1000.0)
    assert configuration.leaves_out == ("smile",)
    assert not configuration.settings.desk.smile_measured
    assert birth_facts(configuration, {}).leaves_out == ("smile",)
    assert not again.is_due(WALL, 1000.0)
    assert "leaves out: smile" in again.found(own(), WALL, 1000.0).found


def test_a_plan_that_allows_smiles_takes_the_place_of_the_profile_and_not_of_a_desk_that_measures_none(
    tmp_path: Path, signer: Signer, keys: Path
) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    assert leaves_out(keeper, own(profile="eu")) == ("smile",)
    keeper.take(plan(signer, 1))
    assert leaves_out(keeper, own(profile="eu")) == ()
    assert leaves_out(keeper, own(measure_smile=False)) == ("smile",)


def test_no_key_of_desk_toml_measures_what_the_plan_leaves_out(
    tmp_path: Path, signer: Signer, keys: Path
) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    keeper.take(plan(signer, 1, "smile"))
    assert leaves_out(keeper, own(measure_smile=True)) == ("smile",)


def test_a_plan_that_says_nothing_of_it_leaves_the_desk_its_own_profile(
    tmp_path: Path, signer: Signer, keys: Path
) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    keeper.take(signer.sign(plan_of(1)))
    assert leaves_out(keeper, own(profile="eu")) == ("smile",)
    assert leaves_out(keeper, own()) == ()


@pytest.mark.parametrize("lost", ["{", None])
def test_what_is_left_out_stays_left_out_when_the_plan_is_lost(
    tmp_path: Path, signer: Signer, keys: Path, lost: str | None
) -> None:
    PlanKeeper(tmp_path, "desk-1", keys).take(plan(signer, 1, "smile", "posture"))
    file = tmp_path / "standard-plan.json"
    file.unlink() if lost is None else file.write_text(lost)
    assert leaves_out(PlanKeeper(tmp_path, "desk-1", keys), own()) == ("smile", "posture")


def test_a_plan_that_was_not_signed_by_the_centre_allows_nothing(
    tmp_path: Path, signer: Signer, keys: Path
) -> None:
    keeper = PlanKeeper(tmp_path, "desk-1", keys)
    keeper.take(plan(signer, 1, "smile"))
    keeper.take(plan(Signer(), 2))
    assert leaves_out(keeper, own()) == ("smile",)
