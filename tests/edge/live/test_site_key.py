"""The site's key and the PINs are the desk's alone."""

import stat
from pathlib import Path

import pytest

from edge.duty.pseudonym import pseudonym_of
from edge.live.pin_book import PinBook
from edge.live.site_key import SiteKeyError, make_key, site_key


def test_a_made_key_is_its_owners_and_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "site.key"
    key = make_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert site_key(file) == key
    assert pseudonym_of("1234", key) not in {pseudonym_of("1234", bytes(32)), pseudonym_of("1235", key)}


def test_a_key_is_never_made_over_another(tmp_path: Path) -> None:
    file = tmp_path / "site.key"
    key = make_key(file)
    with pytest.raises(SiteKeyError, match="left alone"):
        make_key(file)
    assert site_key(file) == key


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o660, 0o602, 0o601])
def test_a_key_that_others_may_read_or_write_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "site.key"
    make_key(file)
    file.chmod(mode)
    with pytest.raises(SiteKeyError, match="chmod 640"):
        site_key(file)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o440, 0o640])
def test_a_key_of_the_owner_and_the_group_is_taken(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "site.key"
    key = make_key(file)
    file.chmod(mode)
    assert site_key(file) == key


@pytest.mark.parametrize("text", ["", "secret", "00" * 31, "00" * 33, "\ufeff" + "00" * 32, "zz" * 32])
def test_what_is_no_key_is_refused_with_what_makes_one(tmp_path: Path, text: str) -> None:
    file = tmp_path / "site.key"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(SiteKeyError, match="make-key"):
        site_key(file)


def test_systemd_hands_the_key_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_key(tmp_path / "site-key")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert site_key(Path("credential:site-key")) == key
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    monkeypatch.setattr("edge.live.site_key.CREDENTIALS", tmp_path)
    (tmp_path / "site-key").rename(tmp_path / "deskside.site-key")
    assert site_key(Path("credential:site-key")) == key


def test_a_pin_is_its_owners_until_it_is_forgotten(tmp_path: Path) -> None:
    book = PinBook(tmp_path / "pins", bytes(32))
    book.give("lin", "123456")
    book.give("wu", "654321")
    assert (book.owner("123456"), book.owner("654321"), book.owner("111111")) == ("lin", "wu", None)
    book.give("lin", "222222")
    assert (book.owner("123456"), book.owner("222222")) == (None, "lin")
    assert book.forget("lin")
    assert not book.forget("lin")
    assert (book.owner("222222"), book.owner("654321")) == (None, "wu")


def test_the_file_of_pins_holds_none_and_is_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "pins"
    PinBook(file, bytes(32)).give("lin", "123456")
    assert "123456" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) & 0o007 == 0
    assert PinBook(file, bytes([1] * 32)).owner("123456") is None, "without the key it says nothing"
    file.chmod(0o644)
    with pytest.raises(SiteKeyError, match="others"):
        PinBook(file, bytes(32)).owner("123456")


@pytest.mark.parametrize("pin", ["12345", "1234567890123", "12345a", "", "\uff11" * 6])
def test_what_is_no_pin_is_refused(tmp_path: Path, pin: str) -> None:
    with pytest.raises(SiteKeyError, match="6 to 12 digits"):
        PinBook(tmp_path / "pins", bytes(32)).give("lin", pin)


def test_two_people_never_have_one_pin(tmp_path: Path) -> None:
    book = PinBook(tmp_path / "pins", bytes(32))
    book.give("lin", "123456")
    with pytest.raises(SiteKeyError, match="choose another"):
        book.give("wu", "123456")
    assert book.owner("123456") == "lin"


def test_a_pseudonym_that_is_no_name_has_no_pin(tmp_path: Path) -> None:
    with pytest.raises(SiteKeyError, match="lower-case"):
        PinBook(tmp_path / "pins", bytes(32)).give("Lin Wu", "123456")
