"""The pages that people read, and the pieces of code that stand in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGES = [
    *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((PROJECT / "docs").rglob("*.md")),
]

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?<=\n\n)((?: {4,}\S.*\n|\n)+)")
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """One page, taken apart."""

    path: Path
    spans: tuple[str, ...]
    """Code within a sentence."""
    lines: tuple[str, ...]
    """Lines of code that stand by themselves."""
    links: tuple[str, ...]
    programs: tuple[str, ...]
    """Blocks of Python."""

    @property
    def code(self) -> tuple[str, ...]:
        return self.spans + self.lines


@cache
def page(path: Path) -> Page:
    """A page taken apart."""
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    blocks = [block for _, block in _FENCED.findall(text)]
    prose = _FENCED.sub("\n", text)
    # Lists may indent their own text; code in them stands deeper than the text of its point.
    blocks += [block for block in _INDENTED.findall(prose) if not block.lstrip().startswith(("- ", "* "))]
    for block in blocks:
        prose = prose.replace(block, "\n")
    lines = tuple(line.strip() for block in blocks for line in _joined(block) if line.strip())
    programs = tuple(block for language, block in _FENCED.findall(text) if language == "python")
    return Page(path, tuple(_SPAN.findall(prose)), lines, tuple(_LINK.findall(prose)), programs)


def _joined(block: str) -> Iterator[str]:
    """The lines of a block, each with those that continue it."""
    yield from re.sub(r"\\\n\s*", "", block).splitlines()
