"""A client that a generator makes from the description reads and writes at a running service."""

import importlib
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from central.accounts.tokens import PERMITS
from tests.worlds.desk_facts import BOOT
from tests.worlds.pages.service import PagesService
from tests.worlds.standard_texts import house_standard

NAME = "client_of_the_test"


@pytest.fixture
def module(
    registered: PagesService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], ModuleType]:
    """Imports a module of the client, which is made anew from what the service says of itself."""
    document = tmp_path / "openapi.json"
    document.write_bytes(registered.program().get("/openapi.json").content)
    generate = [
        sys.executable,
        "-m",
        "openapi_python_client",
        "generate",
        "--fail-on-warning",
        "--meta",
        "none",
    ]
    # It tidies up what it has written by a program beside this Python.
    path = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [*generate, "--path", str(document), "--output-path", str(tmp_path / NAME)],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.split(".")[0] == NAME]:
        monkeypatch.delitem(sys.modules, name)
    return lambda name: importlib.import_module(f"{NAME}.{name}")


def test_a_generated_client_reads_and_writes(
    registered: PagesService, module: Callable[[str], ModuleType]
) -> None:
    token = registered.give_token("area_manager", *PERMITS)
    with module("client").AuthenticatedClient(base_url=registered.url, token=token) as client:
        read_and_write(client, module)


def read_and_write(client: Any, module: Callable[[str], ModuleType]) -> None:
    def ask(name: str, /, **given: Any) -> Any:
        return module(f"api.{name}").sync_detailed(client=client, **given)

    first = ask("measurements.list_visits", limit=1)
    assert first.status_code == 200
    second = ask("measurements.list_visits", limit=1, cursor=first.parsed.next_)
    assert {item.id for item in (*first.parsed.items, *second.parsed.items)} > {first.parsed.items[0].id}
    visit = ask("measurements.read_visit", device="harbour-1", boot=BOOT, number=1).parsed
    assert (visit.on_duty, visit.verdicts[0].outcome.value) == ("wren", "pass")
    assert visit.measurement.reactions[0].kind.value == "smiled"
    known = ask("desks.read_desk", device="harbour-1")
    again = ask("desks.read_desk", device="harbour-1", if_none_match=known.headers["etag"])
    assert again.status_code == 304
    draft = module("models.standard_draft").StandardDraft
    written = ask("standards.write_draft", body=draft(text=house_standard(1, "by-client")))
    assert (written.status_code, written.parsed.state.value) == (201, "draft")
    anew = ask(
        "standards.rewrite",
        name="by-client",
        version=1,
        body=draft(text=house_standard(1, "by-client", "[respond]", "within_s = 2")),
        if_match=written.headers["etag"],
    )
    assert (anew.status_code, anew.parsed.sha256 != written.parsed.sha256) == (200, True)
    refused = ask("standards.write_draft", body=draft(text="name = 5"))
    assert (refused.status_code, refused.parsed.status) == (422, 422)
    assert refused.parsed.errors
