"""TOML files checked against a model: every error at once, each with its key, its line and what is allowed."""

import difflib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from pydantic_core import ErrorDetails

from protocol.errors import MendableError
from protocol.home import at_home
from protocol.program import refusal
from protocol.toml_kinds import Kinds
from protocol.toml_text import NotReadableError, document_of, text_of

Model = TypeVar("Model", bound=BaseModel)
KeyPath = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)


class Section(BaseModel):
    """A table of a settings file: immutable, and closed to misspelt keys; ``~`` in a path is somebody's home."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    example: ClassVar[Path | None] = None
    """Of a whole file: one that comes with the software, to copy from."""

    @field_validator("*", mode="after")
    @classmethod
    def _at_home(cls, value: Any) -> Any:
        return Path(at_home(str(value))) if isinstance(value, Path) else value


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file."""

    key: str
    message: str
    line: int | None

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.key}: {self.message}" if self.key else f"{place}{self.message}"


class BadFileError(MendableError):
    """A settings file cannot be used; it carries every problem that was found in it."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        self.path = path
        self.problems = problems
        super().__init__("\n".join([f"{path} cannot be used:", *(f"  {problem}" for problem in problems)]))


def load(path: Path, model: type[Model]) -> Model:
    """Read a TOML file into a model.

    Raises:
        BadFileError: The file is missing, unreadable, no TOML, or does not fit the model.
    """
    return parse(read_text(path, model), model, path)


def read_text(path: Path, model: type[BaseModel]) -> str:
    """The text of a settings file, which is to fit a model.

    Raises:
        BadFileError: The file is missing, unreadable, or no UTF-8.
    """
    try:
        return text_of(path)
    except NotReadableError as error:
        raise BadFileError(path, (Problem("", str(error), error.line),)) from None
    except FileNotFoundError as error:
        example = getattr(model, "example", None)
        copied = f"; copy {example} there and edit it" if example else ""
        raise BadFileError(path, (Problem("", f"cannot be read: {error.strerror}{copied}", None),)) from None
    except OSError as error:
        raise BadFileError(path, (Problem("", f"cannot be read: {refusal(error)}", None),)) from None


def parse(text: str, model: type[Model], path: Path) -> Model:
    """Read TOML text into a model; ``path`` names it in errors.

    Raises:
        BadFileError: The text is no TOML, or does not fit the model.
    """
    try:
        document = document_of(text)
    except NotReadableError as error:
        raise BadFileError(path, (Problem("", str(error), error.line),)) from None
    return _fitted(document, text, model, path)


def _fitted(document: dict[str, Any], text: str, model: type[Model], path: Path) -> Model:
    """The model of a document; its text tells in which line what is wrong stands."""
    kinds = _kinds_of(model)
    lines = _lines_of_keys(text)
    of_kind = kinds.complaints(document)
    problems = [
        Problem(_dotted(place), message, _line_of(place, lines)) for place, message in of_kind.items()
    ]
    try:
        read = model.model_validate(kinds.with_lists(document))
    except ValidationError as error:
        of_model = ((_without_union_tags(detail["loc"], lines), detail) for detail in error.errors())
        problems += [
            _problem(place, detail, lines, model) for place, detail in of_model if place not in of_kind
        ]
    else:
        if not problems:
            return read
    raise BadFileError(path, tuple(sorted(problems, key=lambda problem: problem.line or 0)))


def good_tables(text: str, model: type[Model], path: Path) -> tuple[Model, frozenset[str]]:
    """What can be used of a file that cannot be used as a whole, and the names of the tables that are left out.

    Raises:
        BadFileError: The text is no TOML, or what is wrong lies in no single table.
    """
    left_out: set[str] = set()
    while True:
        try:
            document = document_of(text)
        except NotReadableError as error:
            raise BadFileError(path, (Problem("", str(error), error.line),)) from None
        kept = {key: value for key, value in document.items() if key not in left_out}
        try:
            return _fitted(kept, text, model, path), frozenset(left_out)
        except BadFileError as error:
            wrong = {re.split(r"[.\[]", problem.key)[0] for problem in error.problems} & kept.keys()
            if not wrong:
                raise
            left_out |= wrong


@cache
def _kinds_of(model: type[BaseModel]) -> Kinds:
    return Kinds(model.model_json_schema(mode="validation"))


def _problem(
    location: KeyPath, detail: ErrorDetails, lines: dict[KeyPath, int], model: type[BaseModel]
) -> Problem:
    if detail["type"] == "extra_forbidden":
        known = sorted(_fields_at(model, location[:-1]))
        close = difflib.get_close_matches(str(location[-1]), known, n=1)
        message = (
            f"is not a known key; did you mean {_as_header(close[0], model, location)}?"
            if close
            else f"is not a known key; allowed are {', '.join(known)}"
        )
    elif detail["type"] == "missing":
        message = "is missing"
    elif detail["type"] == "value_error":
        message = detail["msg"].removeprefix("Value error, ")
    else:
        allowed = detail["msg"].removeprefix("Input should be ")
        given = detail["input"]
        shown = repr(given) if isinstance(given, str | int | float | bool) else f"a {type(given).__name__}"
        message = (
            f"must be {allowed}, not {shown}"
            if allowed != detail["msg"]
            else f"{detail['msg']} (given: {shown})"
        )
    return Problem(_dotted(location), message, _line_of(location, lines))


def _as_header(key: str, model: type[BaseModel], location: KeyPath) -> str:
    """A key as it is written: of the file's own tables in their brackets."""
    if len(location) > 1 or not _models_in(model.model_fields[key].annotation):
        return key
    return f"[[{key}]]" if _kinds_of(model).is_many(key) else f"[{key}]"


def _without_union_tags(location: KeyPath, lines: dict[KeyPath, int]) -> KeyPath:
    """Pydantic puts the tag of a union's member into an error's place; the file knows no such key."""
    kept: KeyPath = ()
    for part in location:
        is_last = part == location[-1]
        if (*kept, part) in lines or isinstance(part, int) or is_last:
            kept = (*kept, part)
    return kept


def _fields_at(model: type[BaseModel], location: KeyPath) -> set[str]:
    """Names of the fields that the table at a place may have."""
    candidates: list[type[BaseModel]] = [model]
    for part in location:
        if isinstance(part, int):
            continue
        candidates = [
            found
            for candidate in candidates
            if part in candidate.model_fields
            for found in _models_in(candidate.model_fields[part].annotation)
        ]
    return {name for candidate in candidates for name in candidate.model_fields}


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in getattr(annotation, "__args__", ()) for model in _models_in(argument)]


def _dotted(location: KeyPath) -> str:
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _line_of(location: KeyPath, lines: dict[KeyPath, int]) -> int | None:
    """Line of the key, or of the nearest table or list around it."""
    while location:
        if location in lines:
            return lines[location]
        location = location[:-1]
    return None


def _lines_of_keys(text: str) -> dict[KeyPath, int]:
    """Line (from 1) of every key and table header; the standard parser keeps no places."""
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            path: KeyPath = ()
            names = _split_key(header[2])
            for name in names:
                path = (*path, name)
                if path in counts and path != tuple(names):
                    path = (*path, counts[path] - 1)
            if header[1] == "[[":
                array = path if not isinstance(path[-1], int) else path[:-1]
                counts[array] = counts.get(array, 0) + 1
                lines.setdefault(array, number)
                path = (*array, counts[array] - 1)
            table = path
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            path = table
            for name in _split_key(key[1]):
                path = (*path, name)
                lines.setdefault(path, number)
    return lines


def _split_key(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.findall(r'"[^"]*"|\'[^\']*\'|[^.]+', dotted)]
