"""The host's page in a real browser, served by its own process, before a desk that the test plays."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from edge.feedback.cue import CueKind
from edge.live.page_point import PinShown
from edge.live.pin_book import PinBook
from edge.page.day_so_far import DaySoFar
from edge.page.page_state import PageRequest
from edge.page.page_words import LARGE
from tests.worlds.host_page import PageProcess, PlayedDesk, host_page
from tests.worlds.pages.chromium import axe_script, chromium, violations

SHOTS = os.environ.get("DESKSIDE_SHOTS")
PATIENCE_MS = 30_000
DAY = DaySoFar(
    10.0, visits=12, judged=11, in_time=10, wait_s=2.4, calls=4, calls_in_time=3, latest_visit_s=80.0
)
SIGNED_IN: dict[str, Any] = {"person": "d4h4p7culiox", "day": DAY, "since": "09:12", "latest_visit": "10:02"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PlayedDesk, PageProcess]]:
    folder = tmp_path_factory.mktemp("desk")
    pins = PinBook(folder / "pins", bytes(32))
    pins.give("lin", "123456")
    with host_page(folder, pins) as world:
        yield world


@contextmanager
def saying(desk: PlayedDesk, say: Callable[[], None]) -> Iterator[None]:
    """The desk says it again and again, as its loop does."""
    over = threading.Event()

    def loop() -> None:
        while not over.is_set():
            say()
            over.wait(0.1)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def opened(
    browser: Browser,
    page: PageProcess,
    *,
    width: int = 1280,
    height: int = 800,
    scheme: Literal["light", "dark"] = "light",
    motion: Literal["reduce", "no-preference"] = "no-preference",
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion=motion
    )
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on(
        "console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None
    )
    tab.goto(page.start.as_uri())
    tab.wait_for_url(f"{page.url}/")
    yield tab
    assert wrong == []
    context.close()


def polled(tab: Page, expression: str) -> bool:
    """Wait until it is true; the page's policy lets no text be run as a program from within."""
    deadline_s = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline_s:
        if tab.evaluate(expression):
            return True
        time.sleep(0.05)
    return False


def shot(tab: Page, name: str) -> None:
    if SHOTS:
        tab.screenshot(path=str(Path(SHOTS) / f"host-{name}.png"), full_page=True)


def test_a_waiting_customer_is_a_word_a_symbol_and_a_bar_that_shrinks(
    browser: Browser, world: tuple[PlayedDesk, PageProcess]
) -> None:
    desk, page = world
    ends_s = time.monotonic() + 300.0
    say = lambda: desk.show(CueKind.WAITING, left_s=ends_s - time.monotonic(), within_s=300.0, **SIGNED_IN)  # noqa: E731
    with saying(desk, say), opened(browser, page) as tab:
        expect(tab.locator("#word")).to_have_text("Greet")
        assert tab.locator("#use").get_attribute("href") == "#waiting"
        expect(tab.locator("#left-text")).to_contain_text("s left")
        share = "parseFloat(document.getElementById('left').style.transform.slice(7))"
        first = tab.evaluate(share)
        assert polled(tab, f"{share} < {first}")
        assert 0.0 < first <= 1.0
        shot(tab, "waiting")


def test_rings_are_counted_and_a_ring_more_is_a_mark_more(
    browser: Browser, world: tuple[PlayedDesk, PageProcess]
) -> None:
    desk, page = world
    with opened(browser, page) as tab:
        for rings in (2, 3):
            with saying(desk, lambda rings=rings: desk.show(CueKind.PHONE_RINGING, rings=rings)):  # type: ignore[misc]
                expect(tab.locator("#ring-text")).to_have_text(f"Ring {rings}")
                assert tab.locator("#ring-marks").inner_text() == "●" * rings
                shot(tab, f"rings-{rings}")


def test_todays_own_numbers_are_shown_to_whoever_is_signed_in_alone(
    browser: Browser, world: tuple[PlayedDesk, PageProcess]
) -> None:
    desk, page = world
    with opened(browser, page) as tab:
        with saying(desk, lambda: desk.show(CueKind.READY, **SIGNED_IN)):
            expect(tab.locator("#numbers")).to_contain_text("10 of 11")
            expect(tab.locator("#day-title")).to_have_text("Your day, since 09:12")
            expect(tab.locator("#signed-in-text")).to_have_text("Signed in: d4h4p7culiox")
            expect(tab.locator("#measuring-text")).to_have_text("Cameras measure")
            shot(tab, "day")
        with saying(desk, lambda: desk.show(CueKind.READY)):
            expect(tab.locator("#signed-in-text")).to_have_text("Nobody is signed in")
            expect(tab.locator("#day")).to_be_hidden()
            expect(tab.locator("#contest")).to_be_hidden()


def test_a_page_whose_desk_is_silent_is_grey_within_three_seconds_and_back_with_the_next_word(
    browser: Browser, world: tuple[PlayedDesk, PageProcess]
) -> None:
    desk, page = world
    with opened(browser, page) as tab:
        with saying(desk, lambda: desk.show(CueKind.ATTENDED)):
            expect(tab.locator("#word")).to_have_text("Attended")
            # The page's own clock measures: when it last heard something, and when it went grey.
            tab.evaluate(
                """() => { new MutationObserver(() => { if (document.documentElement.hasAttribute('data-stale')) window.grey = performance.now() - said; })
                .observe(document.documentElement, { attributes: true }); }"""
            )
        assert polled(tab, "window.grey !== undefined")
        assert tab.evaluate("window.grey") >= 2000, "a desk that is only slow is not grey at once"
        expect(tab.locator("#word")).to_have_text("No data")
        assert tab.locator("#use").get_attribute("href") == "#stale"
        expect(tab.locator("#help")).to_be_disabled()
        expect(tab.locator("#measuring-text")).to_have_text("Not known whether cameras measure")
        shot(tab, "stale")
        with saying(desk, lambda: desk.show(CueKind.ATTENDED)):
            expect(tab.locator("#word")).to_have_text("Attended")
            expect(tab.locator("#help")).to_be_enabled()


def test_a_page_process_that_was_killed_is_back_by_itself_with_the_same_token(
    browser: Browser, world: tuple[PlayedDesk, PageProcess]
) -> None:
    desk, page = world
    token = page.token
    with saying(desk, lambda: desk.show(CueKind.READY)), opened(browser, page) as tab:
        expect(tab.locator("#word")).to_have_text("Ready")
        page.process.kill()
        expect(tab.locator("#word")).to_have_text("No data")
        page.begin_anew()
        assert page.token == token
        expect(tab.locator("#word")).to_have_text("Ready")


def test_a_pin_signs_in_and_five_wrong_ones_are_followed_by_a_wait(
    browser: Browser, world: tuple[PlayedDesk, PageProcess]
) -> None:
    desk, page = world
    list(desk.point.poll())
    with saying(desk, lambda: desk.show(CueKind.READY)), opened(browser, page) as tab:
        tab.locator("#sign").click()
        shot(tab, "pin")
        for digit in "123456":
            tab.locator("#pad button", has_text=digit).click()
        tab.locator("#pin-ok").click()
        expect(tab.locator("#pin-dialog")).to_be_hidden()
        assert list(desk.point.poll()) == [PinShown("lin")]
        tab.locator("#sign").click()
        for _ in range(4):
            tab.locator("#pin").fill("999999")
            tab.keyboard.press("Enter")
            expect(tab.locator("#pin-said")).to_have_text("This PIN is nobody's.")
            tab.evaluate("document.getElementById('pin-said').textContent = ''")
        tab.locator("#pin").fill("999999")
        tab.keyboard.press("Enter")
        expect(tab.locator("#pin-said")).to_contain_text("Too many wrong PINs")
        tab.locator("#pin").fill("123456")
        tab.keyboard.press("Enter")
        expect(tab.locator("#pin")).to_have_value("")
        assert list(desk.point.poll()) == [], "the right one neither, before the time is over"


def test_help_and_a_contest_are_two_touches_each(
    browser: Browser, world: tuple[PlayedDesk, PageProcess]
) -> None:
    desk, page = world
    list(desk.point.poll())
    with saying(desk, lambda: desk.show(CueKind.READY, **SIGNED_IN)), opened(browser, page) as tab:
        tab.locator("#help").click()
        shot(tab, "help")
        tab.locator("#technical").click()
        expect(tab.locator("#said")).to_have_text("Noted. It is sent to the back office.")
        tab.locator("#contest").click()
        expect(tab.locator("#contest-visit")).to_have_text("The latest visit, 10:02")
        shot(tab, "contest")
        tab.locator("#contest-visit").click()
        expect(tab.locator("#contest-dialog")).to_be_hidden()
        tab.locator("#sign").click()
        done: list[Any] = []
        deadline_s = time.monotonic() + 30.0
        while len(done) < 3 and time.monotonic() < deadline_s:
            done += desk.point.poll()
            time.sleep(0.05)
        told = [(each.do, each.kind, each.about) for each in done if isinstance(each, PageRequest)]
        assert told == [("help", "technical", None), ("contest", None, "visit"), ("sign_out", None, None)]


@pytest.mark.parametrize("language", ["de", "zh-Hans", "en"])
def test_the_page_speaks_each_language_of_the_house(
    browser: Browser, world: tuple[PlayedDesk, PageProcess], language: Literal["de", "zh-Hans", "en"]
) -> None:
    desk, page = world
    with saying(desk, lambda: desk.show(CueKind.COMING, **SIGNED_IN)), opened(browser, page) as tab:
        tab.locator(f"[data-language='{language}']").click()
        expect(tab.locator("#word")).to_have_text(LARGE[language][CueKind.COMING])
        assert tab.evaluate("document.documentElement.lang") == language
        shot(tab, language)
        tab.reload()
        expect(tab.locator("#word")).to_have_text(LARGE[language][CueKind.COMING])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits_every_screen(
    browser: Browser, world: tuple[PlayedDesk, PageProcess], scheme: Literal["light", "dark"]
) -> None:
    desk, page = world
    script = axe_script()
    every_tone = (CueKind.TOO_LATE, CueKind.WAITING, CueKind.READY)
    for width, height, kinds in (
        (320, 568, every_tone[:1]),
        (768, 1024, every_tone[:1]),
        (1440, 900, every_tone),
    ):
        with opened(browser, page, width=width, height=height, scheme=scheme) as tab:
            for kind in kinds:
                left_s = -2.0 if kind is CueKind.TOO_LATE else 3.0
                with saying(desk, partial(desk.show, kind, left_s=left_s, **SIGNED_IN)):
                    expect(tab.locator("#word")).to_have_text(LARGE["en"][kind])
                    assert violations(tab, script) == []
                    assert tab.evaluate("document.documentElement.scrollWidth") <= width
                    shot(tab, f"{kind.value}-{scheme}-{width}")
            with saying(desk, lambda: desk.show(CueKind.READY)):
                expect(tab.locator("#sign")).to_have_text("Sign in")
                tab.locator("#sign").click()
                assert violations(tab, script) == []


def test_whoever_asks_for_less_motion_gets_less(
    browser: Browser, world: tuple[PlayedDesk, PageProcess]
) -> None:
    desk, page = world
    with (
        saying(desk, lambda: desk.show(CueKind.WAITING, left_s=4.5)),
        opened(browser, page, motion="reduce") as tab,
    ):
        expect(tab.locator("#left-text")).to_have_text("5 s left")
        assert tab.evaluate("getComputedStyle(document.getElementById('left')).transitionDuration") == "0s"


def test_everything_is_reached_by_keyboard(browser: Browser, world: tuple[PlayedDesk, PageProcess]) -> None:
    desk, page = world
    with saying(desk, lambda: desk.show(CueKind.READY, **SIGNED_IN)), opened(browser, page) as tab:
        expect(tab.locator("#help")).to_be_enabled()
        reached = []
        for _ in range(6):
            tab.keyboard.press("Tab")
            reached.append(
                tab.evaluate("document.activeElement.id || document.activeElement.dataset.language")
            )
        assert reached == ["sign", "help", "contest", "en", "de", "zh-Hans"]
        tab.locator("#help").focus()
        tab.keyboard.press("Enter")
        expect(tab.locator("#help-dialog")).to_be_visible()
        tab.keyboard.press("Escape")
        expect(tab.locator("#help-dialog")).to_be_hidden()


def test_no_two_cues_differ_by_colour_alone(browser: Browser, world: tuple[PlayedDesk, PageProcess]) -> None:
    desk, page = world
    html = (Path(__file__).parents[3] / "edge/page/assets/host.html").read_text(encoding="utf-8")
    shapes = {}
    for part in html.split("<symbol ")[1:]:
        name, drawn = part.split('" viewBox="0 0 48 48">')
        shapes[name.removeprefix('id="')] = drawn.split("</symbol>")[0]
    assert set(shapes) == {kind.value for kind in CueKind} | {"stale"}
    assert len(set(shapes.values())) == len(shapes)
    with opened(browser, page) as tab:
        for kind in (CueKind.OFFLINE, CueKind.PHONE_URGENT):
            with saying(desk, lambda kind=kind: desk.show(kind, rings=3)):  # type: ignore[misc]
                expect(tab.locator("#use")).to_have_attribute("href", f"#{kind.value}")
