"""The page of settings says of every key what the code says."""

from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel

from docs.settings import FILES, PAGE, page


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        yield from _within(field.annotation)


def _within(kind: object) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from _models(kind)
    for part in get_args(kind):
        yield from _within(part)


def _is_leaf(kind: object) -> bool:
    return not list(_within(kind))


def test_the_page_of_settings_is_that_of_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


@pytest.mark.parametrize("model", sorted({m for f, _ in FILES.values() for m in _models(f)}, key=str))
def test_every_key_is_described(model: type[BaseModel]) -> None:
    assert model.__doc__
    silent = {
        name
        for name, field in model.model_fields.items()
        if _is_leaf(field.annotation) and not field.description
    }
    assert not silent


def test_every_key_has_its_row() -> None:
    text = page()
    keys = {
        name
        for file, _ in FILES.values()
        for model in _models(file)
        for name, field in model.model_fields.items()
        if _is_leaf(field.annotation) and name not in {"min", "max"}
    }
    assert not {key for key in keys if f"| `{key}` |" not in text}


def test_no_path_of_the_machine_that_made_the_page_stands_on_it() -> None:
    assert str(PAGE.parents[1]) not in page()
