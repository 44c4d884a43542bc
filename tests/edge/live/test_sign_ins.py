"""The ways to sign in at a desk at work: each becomes a sign-in of a pseudonym, and the last of them counts."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero import devices
from gpiozero.pins import mock as mock_pins

from edge.duty.pseudonym import pseudonym_of
from edge.host.host_now import HostNow
from edge.live.badge_reader import open_reader
from edge.live.sign_in_check import check_sign_in
from edge.live.sign_in_point import SignInPoint, sign_in
from edge.live.sign_ins import SignIns
from edge.live.site_key import make_key
from edge.observation import SignedIn
from edge.settings.desk_toml import SignIn
from protocol.state import WallMapping
from tests.edge.live.test_badge_reader import ENTER, Plugged, keys

_gpio: Any = devices
mock: Any = mock_pins
SOON_S = 30.0
BUTTON = 26


class WoundClock:
    """A timeline that the test winds."""

    boot = "0" * 32

    def __init__(self) -> None:
        self.t_s = 100.0

    def now_s(self) -> float:
        return self.t_s

    def mapping(self) -> WallMapping:
        return WallMapping(offset_s=1767258000.0, clock="synced")

    def jump(self) -> None:
        return None


@pytest.fixture
def plugged(tmp_path: Path) -> Iterator[Plugged]:
    plugged = Plugged(tmp_path / "reader")
    plugged.plug_in()
    yield plugged
    plugged.unplug()


@pytest.fixture
def pins() -> Iterator[Any]:
    before = _gpio.Device.pin_factory
    _gpio.Device.pin_factory = mock.MockFactory()
    yield _gpio.Device.pin_factory
    _gpio.Device.pin_factory.reset()
    _gpio.Device.pin_factory = before


class World:
    def __init__(self, folder: Path, settings: SignIn, plugged: Plugged | None = None) -> None:
        self.file = folder / "sign-in"
        self.clock = WoundClock()
        opener = open_reader if plugged is None else plugged.open
        self.ways = SignIns(settings, SignInPoint(self.file), self.clock, opener)

    def next(self) -> SignedIn:
        """The next sign-in; time passes slowly, so that nobody is gone meanwhile."""
        deadline_s = time.monotonic() + SOON_S
        while time.monotonic() < deadline_s:
            self.clock.t_s += 0.05
            for change in self.ways.poll(self.clock.t_s):
                return change
            time.sleep(0.01)
        raise AssertionError(self.ways.troubles)


def test_a_badge_becomes_its_pseudonym_and_signs_out_again(tmp_path: Path, plugged: Plugged) -> None:
    key = make_key(tmp_path / "site.key")
    world = World(tmp_path, SignIn(reader="Badge", key_file=tmp_path / "site.key"), plugged)
    while plugged.outside is None:
        list(world.ways.poll(world.clock.t_s))
        time.sleep(0.01)
    plugged.types(keys(2, 3, 4, 5, ENTER, at_s=100.0))
    signed_in = world.next()
    assert signed_in.person == pseudonym_of("1234", key)
    assert abs(signed_in.t_s - 100.0) < 1.0
    plugged.types(keys(2, 3, 4, 5, ENTER, at_s=110.0))
    world.clock.t_s = 120.0
    assert world.next().person is None
    world.ways.close()


def test_a_badge_after_a_sign_in_by_hand_takes_the_desk_over(tmp_path: Path, plugged: Plugged) -> None:
    key = make_key(tmp_path / "site.key")
    world = World(tmp_path, SignIn(reader="Badge", key_file=tmp_path / "site.key"), plugged)
    sign_in(world.file, pseudonym_of("1234", key), in_front=None)
    assert world.next().person == pseudonym_of("1234", key)
    while plugged.outside is None:
        list(world.ways.poll(world.clock.t_s))
        time.sleep(0.01)
    plugged.types(keys(2, 3, 4, 5, ENTER, at_s=100.0))
    assert world.next().person is None, "whoever was signed in by hand shows their own badge"
    plugged.types(keys(2, 3, 4, 6, ENTER, at_s=101.0))
    assert world.next().person == pseudonym_of("1235", key)
    world.ways.close()


def test_a_button_signs_its_person_in_and_out(tmp_path: Path, pins: Any) -> None:
    world = World(tmp_path, SignIn(button=BUTTON, button_person="host"))
    deadline_s = time.monotonic() + SOON_S
    while world.ways._button is None or world.ways._button._button is None:
        assert time.monotonic() < deadline_s
        list(world.ways.poll(world.clock.t_s))
        time.sleep(0.01)
    pin = pins.pin(BUTTON)
    pin.drive_low()
    world.clock.t_s = time.monotonic() + 1.0
    assert world.next().person == "host"
    pin.drive_high()
    world.ways.close()


def test_whoever_has_gone_is_signed_out(tmp_path: Path) -> None:
    world = World(tmp_path, SignIn(away_min=1.0))
    world.ways.look(HostNow(100.0, observed=True, present=False))
    sign_in(world.file, "lin", in_front=None)
    began_s = world.next().t_s
    world.clock.t_s = began_s + 59.0
    assert list(world.ways.poll(world.clock.t_s)) == []
    world.clock.t_s = began_s + 61.0
    assert list(world.ways.poll(world.clock.t_s)) == [SignedIn(began_s + 61.0, since_s=began_s)]
    world.ways.close()


@pytest.mark.parametrize("named", ["missing", "open"])
def test_a_key_that_cannot_be_used_is_told_and_the_desk_goes_on(tmp_path: Path, named: str) -> None:
    make_key(tmp_path / "open")
    (tmp_path / "open").chmod(0o644)
    settings = SignIn(reader="Badge", key_file=tmp_path / named)
    world = World(tmp_path, settings)
    assert "nobody can sign in by badge or PIN" in world.ways.faults[0]
    sign_in(world.file, "lin", in_front=None)
    assert world.next().person == "lin"
    world.ways.close()
    assert next(check_sign_in(settings)).verdict == "bad"


def test_the_doctor_says_which_key_it_is_and_that_the_reader_is_missing(tmp_path: Path) -> None:
    make_key(tmp_path / "site.key")
    found = list(check_sign_in(SignIn(reader="No Such Reader", key_file=tmp_path / "site.key")))
    assert [each.verdict for each in found] == ["good", "bad"]
    assert "No Such Reader" in found[1].found
    assert check_sign_in(SignIn()) is not None
    assert next(check_sign_in(SignIn())).verdict == "good"
