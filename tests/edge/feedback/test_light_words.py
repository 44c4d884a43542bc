"""The light speaks every language of the house, and its card says all of it."""

from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from edge.feedback.card_language import Language
from edge.feedback.cue import CueKind
from edge.feedback.light_card import CardError, card, write_card
from edge.feedback.light_words import CARD, COLOURS, TO_DO, WORDS
from edge.feedback.palette import PALETTES
from edge.settings.desk_toml import PaletteName, RgbLight, SeparateLights
from protocol.output_file import NotReplacedError

LANGUAGES: tuple[Language, ...] = get_args(Language)
NAMES = {colour.name for palette in PALETTES.values() for colour in palette.values()} - {"off"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cue_has_words_of_its_own_and_says_what_to_do(language: Language) -> None:
    assert set(WORDS[language]) == set(TO_DO[language]) == set(CueKind)
    assert len(set(WORDS[language].values())) == len(CueKind)
    assert all(TO_DO[language].values())
    assert set(COLOURS[language]) == NAMES
    assert set(CARD[language]) == set(CARD["en"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("palette", list(PALETTES))
def test_the_card_shows_every_cue_in_its_colour_with_what_to_do(
    language: Language, palette: PaletteName
) -> None:
    page = card(language, palette)
    assert f'<html lang="{language}">' in page
    for kind in CueKind:
        assert WORDS[language][kind] in page
        assert TO_DO[language][kind] in page
    shown = {name for name in NAMES if f"</svg>{COLOURS[language][name]}</td>" in page}
    assert shown == {colour.name for colour in PALETTES[palette].values()} - {"off"}
    assert page.count("<svg") == len(CueKind)


def test_the_card_is_a_page_that_asks_for_nothing_from_elsewhere() -> None:
    class Page(HTMLParser):
        found: set[str] = set()  # noqa: RUF012 - one page, one set

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found |= {tag} | {name for name, _ in attrs}

    page = Page()
    page.feed(card("en", "red-green"))
    assert not page.found & {"script", "link", "img", "iframe", "src", "href"}


def test_the_card_has_the_colours_of_the_desks_own_light(tmp_path: Path) -> None:
    file = tmp_path / "card.html"
    write_card(file, "en", RgbLight(red=17, green=27, blue=22, palette="blue-orange"))
    assert "orange</td>" in file.read_text(encoding="utf-8")
    write_card(file, "en", SeparateLights(kind="separate", red=17, amber=27, green=22))
    assert "amber</td>" in file.read_text(encoding="utf-8")


def test_a_file_that_is_no_card_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text("mine")
    with pytest.raises(NotReplacedError, match="name another file"):
        write_card(file, "en", None)
    assert file.read_text() == "mine"


def test_a_card_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="name another place"):
        write_card(tmp_path / "nowhere" / "card.html", "en", None)
