"""Cuts a model in parts that run apart, so that what is not wanted of a frame is not computed."""

from collections.abc import Mapping
from dataclasses import replace

from models.build.graph import UnsupportedError
from models.build.tflite_file import Operator, TfliteFile


def part(file: TfliteFile, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> TfliteFile:
    """What computes some tensors of a model from others.

    Args:
        file: The model.
        inputs: The tensors that the part is given, by the names of the part's inputs.
        outputs: The tensors that it gives, by the names of its outputs.

    Raises:
        UnsupportedError: The outputs need more than the inputs, or a tensor is not there.
    """
    given, wanted = _numbers(file, inputs), _numbers(file, outputs)
    operators = _needed(file, given, wanted)
    made = {tensor for operator in operators for tensor in operator.outputs}
    missing = {tensor for operator in operators for tensor in operator.inputs}
    missing -= made | set(given) | set(file.constants)
    if missing:
        names = ", ".join(sorted(file.names[tensor] for tensor in missing))
        raise UnsupportedError(f"a part that is not given {names}")
    renamed = list(file.names)
    for tensor, name in {
        **dict(zip(given, inputs, strict=True)),
        **dict(zip(wanted, outputs, strict=True)),
    }.items():
        renamed[tensor] = name
    return replace(
        file,
        names=renamed,
        shapes=list(file.shapes),
        constants=dict(file.constants),
        operators=operators,
        inputs=given,
        outputs=wanted,
    )


def _numbers(file: TfliteFile, ports: Mapping[str, str]) -> list[int]:
    missing = set(ports.values()) - set(file.names)
    if missing:
        raise UnsupportedError(f"no tensor {', '.join(sorted(missing))}")
    return [file.names.index(name) for name in ports.values()]


def _needed(file: TfliteFile, given: list[int], wanted: list[int]) -> list[Operator]:
    """The operators on the way from some tensors to others, in order."""
    sought = set(wanted)
    needed = []
    for operator in reversed(file.operators):
        if sought.intersection(operator.outputs) and not set(operator.outputs) <= set(given):
            needed.append(operator)
            sought.update(set(operator.inputs) - set(given))
    return needed[::-1]
