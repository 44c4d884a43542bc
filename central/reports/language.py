"""The language that words are put into at this moment: English, unless whoever renders a page has chosen another."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

_ENGLISH = NullTranslations()
_chosen: ContextVar[NullTranslations] = ContextVar("language", default=_ENGLISH)


@contextmanager
def speaking(catalogue: NullTranslations) -> Iterator[None]:
    """Put words into a catalogue's language for as long as the context lasts."""
    before = _chosen.set(catalogue)
    try:
        yield
    finally:
        _chosen.reset(before)


def gettext(text: str) -> str:
    """A text in the language of this moment; as it stands where that language lacks it.

    >>> gettext("met")
    'met'
    """
    return _chosen.get().gettext(text)


def later(text: str) -> str:
    """Marks a text that is put into the reader's language where it is shown."""
    return text


def ngettext(one: str, many: str, count: int) -> str:
    """A text for so many things in the language of this moment."""
    return _chosen.get().ngettext(one, many, count)


def tag() -> str:
    """The language of this moment, as a tag for dates and numbers: ``en_GB``, ``de``, ``zh_Hans``."""
    return _chosen.get().info().get("language", "en_GB")
