"""Brings central/web/languages/*.po up to the words that stand in the pages (``make docs``); what is translated stays."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from protocol.standard import AREAS, CLAUSES

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "central" / "web" / "languages"
TEMPLATES = ("central/web/templates", "central/reports/templates")
MODULES = (
    *(
        "central/web",
        "central/reports",
        "central/promises",
        "central/monitoring",
        "central/alerts",
        "central/accounts",
    ),
    *(
        "central/appraisal",
        "central/competitions",
        "central/evaluation",
        "central/people",
        "central/showrooms",
    ),
    "central/standards",
)
REFUSALS = (
    "AccountError",
    "AlertStepError",
    "AppraisalStepError",
    "BadChoiceError",
    "BadCorrectionError",
    "BadExemptionError",
    "BadPeriodError",
    "BenchmarkError",
    "CompetitionStepError",
    "EvaluationStepError",
    "MonitoringStepError",
    "PasskeyError",
    "ProfileStepError",
    "PromiseStepError",
    "StandardStepError",
    "TokenError",
    "UnfitPasswordError",
)
"""Every `protocol.errors.RefusalError`, whose text a page puts into the reader's language."""
KEYWORDS = {
    "_": None,
    "gettext": None,
    "later": None,
    "ngettext": (1, 2),
    "refuse": None,
    **dict.fromkeys(REFUSALS),
}


def messages() -> Catalog:
    """Every text that is put into the reader's language, with where it stands."""
    found = Catalog(fuzzy=False)
    for place, text in _found():
        found.add(text, locations=[(place, 0)])
    return found


def updated(po: Path) -> bytes:
    """The file of a language with exactly the texts of the pages: translated where it had them, empty where not."""
    with po.open("rb") as file:
        known = read_po(file)
    known.update(messages(), no_fuzzy_matching=True)
    known.obsolete.clear()
    written = BytesIO()
    write_po(written, known, width=140, no_location=True, sort_output=True)
    lines = written.getvalue().split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith(_OF_THE_RUN))


_OF_THE_RUN = tuple(
    f'"{name}:'.encode()
    for name in (
        *("Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date"),
        *("Last-Translator", "Language-Team", "Generated-By"),
    )
)
"""Lines of a file's head that would differ from run to run and tell a reader nothing."""


def _found() -> Iterator[tuple[str, Any]]:
    for folder in TEMPLATES:
        for file in sorted((ROOT / folder).glob("*.j2")):
            yield from _in_file("jinja2.ext:babel_extract", file)
    for folder in MODULES:
        for file in sorted((ROOT / folder).glob("*.py")):
            yield from _in_file("python", file)
    yield from (("protocol/standard.py", text) for text in _of_clauses())
    for file in sorted((ROOT / "central" / "scoring").rglob("*.py")):
        for reason in _reasons(ast.parse(file.read_text(encoding="utf-8"))):
            yield str(file.relative_to(ROOT)), reason


def _of_clauses() -> Iterator[str]:
    for text in CLAUSES.values():
        yield text.title
        if text.caution:
            yield text.caution
        if text.unit.isalpha() and len(text.unit) > 2:
            yield text.unit
    yield from AREAS.values()


def _reasons(module: ast.Module) -> Iterator[str]:
    """Why verdicts come out as they do: every text of several words that is no description."""
    described = {
        id(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    inside = {
        id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in node.values
    }
    for node in ast.walk(module):
        if id(node) in described or id(node) in inside:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)  # type: ignore[misc]
        else:
            continue
        yield from (part.removeprefix("{}: ") for part in text.split(", but ") if " " in part)


def _in_file(method: str, file: Path) -> Iterator[tuple[str, Any]]:
    options = {"trimmed": "true", "encoding": "utf-8"}
    for _, message, _, _ in extract_from_file(method, file, keywords=KEYWORDS, options=options):
        yield str(file.relative_to(ROOT)), message


if __name__ == "__main__":
    for each in sorted(FOLDER.glob("*.po")):
        each.write_bytes(updated(each))
