"""The standard and the words of its clauses."""

import pytest

from protocol.standard import AREAS, CLAUSES, Limits, Standard, area_of, limits_of
from protocol.standards_folder import find_standard, standard_names


def test_every_limit_of_the_standard_is_a_clause_with_its_words() -> None:
    fields = Standard.model_fields.items()
    tables = {key: getattr(Standard(name="x", version=1, title="X"), key) for key, _ in fields}
    limits = {
        f"{key}.{name}"
        for key, table in tables.items()
        for name, value in getattr(table, "__dict__", {}).items()
        if isinstance(value, Limits)
    }
    assert limits
    assert limits <= set(CLAUSES)


def test_no_two_clauses_have_one_title_and_every_area_has_a_word() -> None:
    assert len({text.title for text in CLAUSES.values()}) == len(CLAUSES)
    assert all(AREAS[area_of(clause)] for clause in CLAUSES)


def test_clauses_stand_in_the_order_of_the_standard() -> None:
    areas = [area_of(clause) for clause in CLAUSES]
    assert list(dict.fromkeys(areas)) == [area for area in AREAS if area in areas]


@pytest.mark.parametrize("name", standard_names())
def test_what_a_clause_asks_is_said_with_its_unit(name: str) -> None:
    standard = find_standard(name)
    for clause, text in CLAUSES.items():
        asked = text.asked(limits_of(standard, clause))
        assert text.unit in asked or asked == "left open"


def test_a_bare_number_is_a_maximum() -> None:
    assert limits_of(find_standard("eight-teeth"), "respond.within_s") == Limits(max=5.0)


def test_a_clause_that_the_standard_lacks_is_refused() -> None:
    with pytest.raises(KeyError, match=r"near\.approach_m"):
        limits_of(find_standard("eight-teeth"), "near.approach_m")
