"""Two versions of a standard side by side, in words and in the units of each clause."""

from central.reports.catalogues import catalogue
from central.reports.language import speaking
from central.reports.standard_difference import changes_what_a_visit_is, standard_lines
from protocol.standard import AREAS, Standard
from protocol.standards_folder import find_standard

EIGHT, FOUR = find_standard("eight-teeth"), find_standard("four-teeth")


def changed(before: Standard, after: Standard) -> dict[str, tuple[str, str]]:
    return {line.what: (line.before, line.after) for line in standard_lines(before, after) if line.changed}


def test_what_differs_is_told_clause_by_clause_in_its_units() -> None:
    found = changed(EIGHT, FOUR)
    assert found["Teeth shown"] == ("at least 8 teeth", "at most 4 teeth")
    assert found["Attended to in time"] == ("at most 5 s", "at most 8 s")
    assert found["Lift of the mouth corners"] == ("0.4 to 1.5 cm", "0.2 to 0.8 cm")
    assert found["Eyes on the customer"] == ("at least 60 %", "at least 50 %")
    assert found["Telephone answered"] == ("at most 3 rings", "3 to 5 rings")
    assert found["Which rings count"] == (
        "the one in progress at the pick-up too",
        "only rings that have ended",
    )
    assert found["A visit begins at"] == ("3 m", "2 m")
    assert found["Hours that count for it"] == ("all hours", "hours of business")
    assert changes_what_a_visit_is(EIGHT, FOUR)


def test_every_number_of_a_standard_stands_on_the_page() -> None:
    """What is altered in a standard shows, whatever it is: a change that nobody sees would be approved unread."""
    for table in AREAS:
        ours, theirs = getattr(EIGHT, table), getattr(FOUR, table)
        for key in type(ours).model_fields:
            if getattr(ours, key) != getattr(theirs, key):
                altered = ours.model_copy(update={key: getattr(theirs, key)})
                assert len(changed(EIGHT, EIGHT.model_copy(update={table: altered}))) == 1, (table, key)


def test_a_standard_does_not_differ_from_itself() -> None:
    assert changed(EIGHT, EIGHT) == {}
    assert not changes_what_a_visit_is(EIGHT, EIGHT)


def test_it_is_told_in_the_readers_language() -> None:
    with speaking(catalogue("de")):
        assert changed(EIGHT, FOUR)["Gezeigte Zähne"] == ("mindestens 8 Zähne", "höchstens 4 Zähne")
