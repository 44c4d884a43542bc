"""A suggestion to tighten a standard is shown beside it, and a person takes it over into a draft that goes the way of every draft."""

import html
import re
import time

from sqlalchemy.orm import Session

from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from tests.worlds.desk_facts import event, reaction, visit
from tests.worlds.pages.service import PagesService
from tests.worlds.pages.standards import send, write

PAGE = "/standards/eight-teeth/2/tightening"
DAY_S = 86400.0


def keep_days(service: PagesService, days: int = 14, visits: int = 20) -> None:
    """Visits at ``harbour-1`` on days before today, each attended to after half a second."""
    engine = service.engine()
    with Session(engine) as session, session.begin():
        for day in range(1, days + 1):
            began_s = time.time() - day * DAY_S
            for number in range(visits):
                seen = visit(reaction("smiled", 0.5), at_s=60.0 * number)
                raw = event(seen, number + 1, "harbour-1", boot=f"{day:032x}", offset_s=began_s)
                take_in(session, [read("deskside/1/harbour-1/event", raw, began_s)], DeskDefaults())
    engine.dispose()


def test_with_too_little_it_says_so_and_then_a_person_takes_the_step_into_a_draft(
    service: PagesService,
) -> None:
    writer = service.browser("showroom_manager")
    assert "Nothing was measured in the last thirty days" in writer.get(PAGE).text
    keep_days(service, days=3)
    page = writer.get(PAGE).text
    assert "Too little was decided in the last thirty days to suggest a step." in page
    assert "tighter=respond" not in page
    keep_days(service)
    page = html.unescape(writer.get(PAGE).text)
    assert "Tighten next: Attended to in time, from at most 2 s to at most 1.8 s." in page
    assert "nothing changes by it" in page
    link = re.search(r'href="(/standard-draft\?of=[^"]+respond\.within_s[^"]+)"', page)
    assert link
    form = writer.get(link[1]).text
    assert "within_s = 1.8" in form
    # The next free version; and nothing is kept before somebody sends the form.
    assert "version = 4" in form
    assert writer.get("/standards/eight-teeth/4").status_code == 404
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)
    assert text
    assert write(writer, html.unescape(text[1])) == (303, "/standards/eight-teeth/4")
    # Whoever took it over does not approve it; another account does, as of any draft.
    draft = service.browser("area_manager").get("/standards/eight-teeth/4").text
    assert "draft" in draft
    sha = re.search(r'name="sha256" value="([0-9a-f]{64})"', draft)
    assert sha
    assert send(writer, "/standards/eight-teeth/4", "approve", sha256=sha[1])[0] == 403
    boss = service.browser("area_manager")
    assert send(boss, "/standards/eight-teeth/4", "approve", sha256=sha[1])[0] == 303


def test_a_step_that_no_standard_can_ask_for_is_refused_in_words(service: PagesService) -> None:
    writer = service.browser("showroom_manager")
    for tighter in ("respond.within_s:max:0.1", "respond.within_s:min:1", "none:max:1", "x"):
        answer = writer.get(f"/standard-draft?of=eight-teeth@2&tighter={tighter}")
        assert answer.status_code == 422
        assert "names no limit of eight-teeth@2" in html.unescape(answer.text)
