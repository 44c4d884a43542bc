"""Any message at all: a hypothesis strategy read off the message classes themselves."""

import types
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import annotated_types
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from protocol.measurements import Message
from protocol.state import BootId, Device

M = TypeVar("M", bound=Message)

DEVICES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
BOOTIDS = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
SESSIONS = st.integers(0, 2**53 - 1)

_BY_ALIAS: dict[Any, st.SearchStrategy[Any]] = {Device: DEVICES, BootId: BOOTIDS}


def any_message(kind: type[M]) -> st.SearchStrategy[M]:
    """Messages of a class, over the whole range that their fields allow (times within a decade)."""
    return st.builds(
        kind,
        **{name: _field(name, field) for name, field in kind.model_fields.items()},
    )


def _field(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    if name.endswith("_s") and field.annotation is float and not field.metadata:
        return st.floats(-3e8, 3e8)
    return _of(field.annotation, tuple(field.metadata))


def _of(kind: Any, limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *metadata = get_args(kind)
        known = [m for m in metadata if not isinstance(m, FieldInfo)]
        of_fields = [limit for m in metadata if isinstance(m, FieldInfo) for limit in m.metadata]
        return _of(inner, (*limits, *known, *of_fields))
    if origin in (Union, types.UnionType):
        return st.one_of(*(_of(part, limits) for part in get_args(kind)))
    if origin is Literal:
        return st.sampled_from(get_args(kind))
    if origin is tuple:
        return st.lists(_of(get_args(kind)[0], ()), max_size=min(4, _longest(limits))).map(tuple)
    if origin is dict:
        key, value = get_args(kind)
        return st.dictionaries(_of(key, ()), _of(value, ()), max_size=min(4, _longest(limits)))
    return _plain(kind, limits)


def _plain(kind: Any, limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    least: Any = next((m.ge for m in limits if isinstance(m, annotated_types.Ge)), None)
    most: Any = next((m.le for m in limits if isinstance(m, annotated_types.Le)), None)
    if kind is type(None):
        return st.none()
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(least if least is not None else -(2**40), most if most is not None else 2**40)
    if kind is float:
        return st.floats(least, most, allow_nan=False, allow_infinity=False)
    if kind is str:
        return st.text(max_size=min(60, _longest(limits)))
    if isinstance(kind, type) and issubclass(kind, Message):
        return any_message(kind)
    raise TypeError(f"no strategy for {kind}")


def _longest(limits: tuple[Any, ...]) -> int:
    return next((m.max_length for m in limits if isinstance(m, annotated_types.MaxLen)), 1000)
