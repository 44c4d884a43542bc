"""The way into the pages: the first administrator, invitations, log-ins and their limits, over HTTP."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from central.accounts.failed_logins import MOST_OF_A_NAME
from central.accounts.roles import Grant
from central.privacy.kept_fields import KEPT_FIELDS
from tests.worlds.pages.service import PASSWORD, PagesService


def audited(service: PagesService) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(service.file)) as db:
        return db.execute("SELECT actor, action, subject FROM audit ORDER BY number").fetchall()


def test_the_first_link_makes_the_administrator_once_and_is_dead_afterwards(tmp_path: Path) -> None:
    with PagesService(tmp_path) as service:
        link = service.first_link
        assert link
        browser = service.browser()
        assert "first administrator" in browser.get(link).text
        short = browser.send(link, at=link, name="Ada", password="short", again="short")
        assert (short.status_code, "15 are needed" in short.text) == (422, True)
        made = browser.send(link, at=link, name=" Ada ", password=PASSWORD, again=PASSWORD)
        assert (made.status_code, made.headers["location"]) == (303, "/")
        assert "Make an account" in browser.get("/accounts").text
        other = service.browser()
        assert other.get(link).status_code == 410
        again = other.send(link, at="/login", name="eve", password=PASSWORD, again=PASSWORD)
        assert again.status_code == 410
        assert service.end() == 0
        service.start()
        assert service.first_link is None
        assert service.browser("ada").get("/accounts").status_code == 200
    assert "Traceback" not in service.said


def test_an_invited_person_chooses_a_password_and_the_link_is_dead_afterwards(service: PagesService) -> None:
    administrator = service.browser("administrator")
    made = administrator.send("/accounts", name="new@example.com")
    (link,) = re.findall(r'id="link">http://[^/]+(/invitation/[^<]+)<', made.text)
    person = service.browser()
    used = person.send(
        link, at=link, password="a quiet corner of the harbour", again="a quiet corner of the harbour"
    )
    assert used.status_code == 303
    assert "new@example.com" in person.get("/account").text
    assert service.browser().get(link).status_code == 410
    # Logged in, and without a role: nothing but their own account is open.
    assert person.get("/desks").status_code == 403
    assert (
        service.browser("NEW@Example.com", "a quiet corner of the harbour").get("/account").status_code == 200
    )


def test_a_wrong_password_and_an_unknown_name_are_told_alike_and_audited(service: PagesService) -> None:
    browser = service.browser()
    wrong = browser.send("/login", at="/login", name="auditor", password="not the password at all")
    unknown = browser.send("/login", at="/login", name="nobody-has-this", password="not the password at all")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("auditor", "X") == unknown.text.replace("nobody-has-this", "X")
    failed = [subject for _, action, subject in audited(service) if action == "log-in failed"]
    assert failed[-1] == "unknown name"
    assert failed[-2].startswith("account ")
    assert "nobody-has-this" not in str(audited(service))


def test_passwords_are_not_tried_without_end_and_the_right_one_waits_too(service: PagesService) -> None:
    service.give_account("tried", Grant("host"))
    browser = service.browser()
    for _ in range(MOST_OF_A_NAME):
        assert browser.send("/login", at="/login", name="tried", password="wrong").status_code == 401
    refused = browser.send("/login", at="/login", name=" TRIED", password=PASSWORD)
    assert (refused.status_code, "quarter of an hour" in refused.text) == (429, True)
    # Others get in.
    assert service.browser("host").get("/account").status_code == 200


def test_a_form_of_another_site_changes_nothing(service: PagesService) -> None:
    browser = service.browser("administrator")
    token = browser.token("/account")
    before = browser.get("/accounts").text.count("/accounts/")
    for origin in (None, "https://elsewhere.example", "null", browser.url + "1", "http://127.0.0.1"):
        headers = {} if origin is None else {"origin": origin}
        sent = browser.client.post("/accounts", data={"form": token, "name": "planted"}, headers=headers)
        assert sent.status_code == 403, origin
    for form in ("", "0" * 64, service.browser("host").token("/account")):
        sent = browser.client.post(
            "/accounts", data={"form": form, "name": "planted"}, headers={"origin": browser.url}
        )
        assert sent.status_code == 403, form
    assert browser.get("/accounts").text.count("/accounts/") == before


def test_logged_out_means_out_for_whoever_has_a_copy_of_the_cookie(service: PagesService) -> None:
    browser = service.browser("host")
    copy = service.browser()
    copy.client.cookies.update(dict(browser.client.cookies))
    assert copy.get("/account").status_code == 200
    assert browser.send("/logout").status_code == 303
    assert copy.get("/account").status_code == 303


def test_a_new_password_logs_every_other_browser_out(service: PagesService) -> None:
    service.give_account("changing", Grant("host"))
    one, other = service.browser("changing"), service.browser("changing")
    new = "another row of plain words"
    wrong = one.send("/account/password", old="not it at all", password=new, again=new)
    assert wrong.status_code == 422
    assert one.send("/account/password", old=PASSWORD, password=new, again=new).status_code == 303
    assert one.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert service.browser("changing", new).get("/account").status_code == 200


def test_a_closed_account_is_out_at_once(service: PagesService) -> None:
    service.give_account("leaving", Grant("host"))
    leaving, administrator = service.browser("leaving"), service.browser("administrator")
    (number,) = re.findall(r'href="/accounts/(\d+)">leaving<', administrator.get("/accounts").text)
    assert administrator.send(f"/accounts/{number}/close").status_code == 303
    assert leaving.get("/account").status_code == 303
    refused = service.browser().send("/login", at="/login", name="leaving", password=PASSWORD)
    assert refused.status_code == 401


def test_the_last_administrator_stays(tmp_path: Path) -> None:
    with PagesService(tmp_path) as service:
        service.give_account("only", Grant("administrator"))
        browser = service.browser("only")
        for action in ("close", "take"):
            refused = browser.send(f"/accounts/1/{action}", role="administrator")
            assert (refused.status_code, "nobody would be left" in refused.text) == (422, True)
        assert browser.get("/accounts").status_code == 200


@pytest.mark.parametrize("on", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_a_log_in_leads_to_no_other_place(service: PagesService, on: str) -> None:
    browser = service.browser()
    sent = browser.send("/login", at="/login", name="host", password=PASSWORD, on=on)
    assert sent.headers["location"] == "/"


def test_what_is_kept_opens_no_door(service: PagesService) -> None:
    browser = service.browser("host")
    secrets = [*browser.client.cookies.values(), PASSWORD]
    with closing(sqlite3.connect(service.file)) as db:
        dump = "\n".join(db.iterdump())
    assert not [secret for secret in secrets if secret in dump]
    assert "$argon2id$" in dump


def test_every_answer_holds_the_browser_to_this_service(service: PagesService) -> None:
    browser = service.browser("administrator")
    for path in ("/login", "/desks", "/no-such-page", "/health", "/static/none/deskside.css"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
    page = browser.get("/desks").text
    assert not re.search(r"<style|\sstyle=|<script>|\son\w+=", page)
    assert not re.search(r"""(src|href|action)=["'](https?:)?//""", page)


def test_behind_https_the_cookie_is_held_to_this_host_and_to_encryption(tmp_path: Path) -> None:
    settings = '[web]\nurl = "https://desks.example.com"\n'
    with PagesService(tmp_path, settings=settings) as service:
        headers = service.browser().get("/login").headers
        assert re.search(
            "__Host-deskside-form=.*HttpOnly; Path=/; SameSite=lax; Secure", headers["set-cookie"]
        )
        assert "max-age" in headers["strict-transport-security"]


def test_a_log_in_ends_when_nobody_is_there(tmp_path: Path) -> None:
    with PagesService(tmp_path, settings="[web]\nidle_h = 0.0003\n") as service:
        service.give_account("host", Grant("host"))
        browser = service.browser("host")
        with browser.client.stream("GET", "/live") as answer:
            # The stream does not keep it alive, and ends with it.
            assert "event: ended" in "".join(answer.iter_text())
        assert browser.get("/account").status_code == 303


def test_the_page_of_privacy_lists_everything_that_is_kept_with_its_time(tmp_path: Path) -> None:
    with PagesService(
        tmp_path, settings="[retention]\nnames_days = 73\ncases_days = 71\nalerts_days = 72\n"
    ) as service:
        service.give_account("council", Grant("works_council"))
        page = service.browser("council").get("/privacy").text
    found = dict(re.findall(r'data-kept="(\w+)".*?<td data-head="Kept">([^<]+)</td>', page))
    assert list(found) == [field.key for field in KEPT_FIELDS]
    assert found["duty"] == found["appraisals"] == found["exemptions"] == found["exclusions"] == "73 days"
    assert (found["cases"], found["alerts"], found["boots"]) == ("71 days", "72 days", "400 days")
    assert (found["visits"], found["audit"], found["people"]) == (
        "without a limit",
        "without a limit",
        "until they are erased",
    )
