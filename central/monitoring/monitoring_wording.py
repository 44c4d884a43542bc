"""Monitoring in words: what it is of, how often, and what is due."""

from central.monitoring.rhythm import Rhythm
from central.monitoring.source_book import MonitoredKind, MonitoredNote, MonitoredSource
from central.reports.language import gettext, later

KIND_WORDS: dict[MonitoredKind, str] = {
    "customers": later("Customers"),
    "market": later("The market"),
    "competitors": later("Competitors"),
    "team": later("The team"),
}
RHYTHM_WORDS: dict[Rhythm, str] = {
    "week": later("every week"),
    "month": later("every month"),
    "quarter": later("every quarter"),
    "year": later("every year"),
}


def kind_words(kind: str) -> str:
    """What is monitored."""
    return next((gettext(words) for key, words in KIND_WORDS.items() if key == kind), kind)


def rhythm_words(rhythm: str) -> str:
    """How often."""
    return next((gettext(words) for key, words in RHYTHM_WORDS.items() if key == rhythm), rhythm)


def note_words(source: MonitoredSource, note: MonitoredNote) -> str:
    """What was noted, with its value."""
    if note.value is None:
        return note.text
    return f"{note.value:g} {source.said.unit}: {note.text}"
