"""The languages of the pages: each has every text, and shows it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from central.reports.catalogues import FOLDER, LANGUAGES, catalogue, language_for
from central.reports.language import speaking
from central.reports.wording import asked, why
from central.scoring.verdict import Verdict
from docs.languages import REFUSALS, ROOT, messages, updated
from protocol.standard import Limits
from tests.worlds.desk_facts import BOOT
from tests.worlds.pages.service import PagesService

FILES = sorted(FOLDER.glob("*.po"))
PLACE = re.compile(r"%\(\w+\)s|\{\w*\}")
OF_A_PAGE = {"en": "Clause by clause", "de": "Klausel für Klausel", "zh-Hans": "逐条评定"}

every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def _translated(file: Path) -> list[Message]:
    with file.open("rb") as opened:
        return [message for message in read_po(opened) if message.id]


def _texts(of: object) -> list[str]:
    """The forms of a message: one, or one and many."""
    return list(of) if isinstance(of, tuple | list) else [str(of)]


def test_every_language_but_that_of_the_templates_has_its_file() -> None:
    assert {file.stem for file in FILES} == set(LANGUAGES) - {"en"}


@every_file
def test_every_text_of_the_pages_is_translated(file: Path) -> None:
    assert updated(file) == file.read_bytes(), "make docs"
    assert not [message.id for message in _translated(file) if not all(_texts(message.string))]


@every_file
def test_every_translation_has_the_places_of_its_text(file: Path) -> None:
    for message in _translated(file):
        for text in _texts(message.string):
            allowed = [sorted(PLACE.findall(source)) for source in _texts(message.id)]
            assert sorted(PLACE.findall(text)) in allowed, message.id


@every_file
def test_a_translation_has_a_percent_sign_only_where_its_text_has_one(file: Path) -> None:
    """The pages' templates take a lone one for the beginning of a place, and cannot be shown."""
    lone = re.compile(r"%(?!\(\w+\)s|%)")
    for message in _translated(file):
        if not any(lone.search(text.replace("%%", "")) for text in _texts(message.id)):
            assert not any(lone.search(text.replace("%%", "")) for text in _texts(message.string)), message.id


def test_nothing_is_said_of_what_a_person_feels() -> None:
    words = re.compile(
        r"happy|friendly|mood|freundlich|glücklich|stimmung|高兴|友好|开心|情绪|心情", re.IGNORECASE
    )
    texts = [text for file in FILES for message in _translated(file) for text in _texts(message.string)]
    assert not [text for text in texts if words.search(text)]
    assert len(texts) > len(list(messages()))


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("de-AT, en;q=0.5", "de"),
        ("en-GB,de;q=0.9", "en"),
        ("fr, de;q=0.2, en;q=0.7", "en"),
        ("fr", "en"),
        ("", "en"),
        ("de;q=0, en", "en"),
        (";;q=x,,de", "de"),
    ],
)
def test_a_browser_gets_the_language_it_asks_for(accepted: str, language: str) -> None:
    assert language_for(accepted) == language


def test_a_verdict_says_why_in_the_readers_language_with_its_numbers() -> None:
    limits = Limits(min=0.4, max=1.5)
    verdict = Verdict(
        "smile.hold_s",
        "indeterminate",
        "no smile was seen, but the host was visible for only 30% of the visit",
        limits,
    )
    with speaking(catalogue("de")):
        assert (
            why(verdict) == "kein Lächeln wurde gesehen, aber der Gastgeber war nur 30% des Besuchs zu sehen"
        )
        covered = replace(
            verdict,
            reason="the host's mouth was covered for 40% of the visit: a smile may have lasted behind it",
        )
        assert why(covered).startswith("der Mund des Gastgebers war 40% des Besuchs verdeckt: ")
        assert asked("smile.lift_cm", limits) == "0.4 bis 1.5 cm"
        assert asked("smile.teeth", Limits(min=8)) == "mindestens 8 Zähne"
    assert why(verdict) == verdict.reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_stands_in_the_language_that_was_asked_for_or_chosen(
    service: PagesService, language: str
) -> None:
    visit = f"/visits/harbour-1/{BOOT}/1"
    asking = service.browser("showroom_manager")
    asking.client.headers["accept-language"] = language
    page = asking.get(visit).text
    assert f'<html lang="{language}">' in page
    assert OF_A_PAGE[language] in page
    choosing = service.browser("showroom_manager")
    chosen = choosing.send("/language", language=language, on=visit)
    assert chosen.headers["location"] == visit
    assert OF_A_PAGE[language] in choosing.get(visit).text


def test_no_text_to_translate_stands_within_another_one_where_it_is_not_found() -> None:
    """What gathers the texts does not look into the braces of an f-string: in another language such a text would stay English."""
    within = re.compile(r"\{(?:gettext|ngettext|_)\(\s*['\"]")
    central = Path(__file__).parents[3] / "central"
    assert not [file.name for file in central.rglob("*.py") if within.search(file.read_text())]


def test_every_refusal_is_known_to_what_gathers_the_texts() -> None:
    """A class that is missing there would speak English to everybody."""
    told = re.compile(r"^class (\w+)\(RefusalError\):", re.MULTILINE)
    found = [told.findall(file.read_text("utf-8")) for file in (ROOT / "central").rglob("*.py")]
    assert {name for names in found for name in names} == set(REFUSALS)


@pytest.mark.parametrize(
    ("language", "refused", "dead"),
    [
        ("en", "a standard comes into force from now on or later", "It was used already"),
        ("de", "ein Standard tritt ab jetzt oder später in Kraft", "Er wurde schon benutzt"),
        ("zh-Hans", "标准只能从现在或以后生效", "链接已被使用"),
    ],
)
def test_a_form_is_refused_in_the_readers_language(
    service: PagesService, language: str, refused: str, dead: str
) -> None:
    browser = service.browser("area_manager")
    browser.client.headers["accept-language"] = language
    at = "/standards/eight-teeth/2"
    answer = browser.send(f"{at}/put-into-force", at=at, showroom="1", moment="2020-01-01T09:00")
    assert answer.status_code == 422
    assert refused in answer.text
    assert dead in browser.get("/invitation/dead").text
