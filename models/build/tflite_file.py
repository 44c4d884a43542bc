"""Reads a .tflite file into plain Python: tensors, constants and operators."""

from dataclasses import dataclass, field
from typing import Any

import flatbuffers.flexbuffers
import numpy as np
import tflite

from models.build.graph import Array, UnsupportedError
from models.build.sparse import CompressedLevel, DenseLevel, Sparsity, densify

# Neither library says the types of its functions.
schema: Any = tflite
load_flexbuffer: Any = flatbuffers.flexbuffers.Loads

ELEMENT_TYPES: dict[int, type[np.generic]] = {
    schema.TensorType.FLOAT32: np.float32,
    schema.TensorType.FLOAT16: np.float16,
    schema.TensorType.INT32: np.int32,
    schema.TensorType.INT64: np.int64,
}

INDEX_VECTORS = {
    schema.SparseIndexVector.Int32Vector: schema.Int32Vector,
    schema.SparseIndexVector.Uint16Vector: schema.Uint16Vector,
    schema.SparseIndexVector.Uint8Vector: schema.Uint8Vector,
}

OPERATOR_NAMES: dict[int, str] = {
    code: name for name, code in vars(schema.BuiltinOperator).items() if isinstance(code, int)
}

OPTIONS = {
    "ADD": schema.AddOptions,
    "CONCATENATION": schema.ConcatenationOptions,
    "CONV_2D": schema.Conv2DOptions,
    "DEPTHWISE_CONV_2D": schema.DepthwiseConv2DOptions,
    "DEPTH_TO_SPACE": schema.DepthToSpaceOptions,
    "DIV": schema.DivOptions,
    "MAX_POOL_2D": schema.Pool2DOptions,
    "MEAN": schema.ReducerOptions,
    "MUL": schema.MulOptions,
    "RESIZE_BILINEAR": schema.ResizeBilinearOptions,
    "STRIDED_SLICE": schema.StridedSliceOptions,
    "SUB": schema.SubOptions,
    "SUM": schema.ReducerOptions,
}
"""The options table of each operator whose options matter."""


@dataclass(frozen=True)
class Operator:
    """One operator of the file, its tensors by their number."""

    kind: str
    """Name of the built-in operator, or of the custom one."""

    inputs: list[int]
    outputs: list[int]

    options: Any
    """The operator's table from OPTIONS, a dict of options for a custom operator, else None."""


@dataclass
class TfliteFile:
    """What a .tflite file holds, its tensors numbered as in the file."""

    names: list[str] = field(default_factory=list)
    shapes: list[list[int]] = field(default_factory=list)
    constants: dict[int, Array] = field(default_factory=dict)
    operators: list[Operator] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)


def read_tflite(content: bytes) -> TfliteFile:
    """Read a file with one graph of floating-point operators.

    Raises:
        UnsupportedError: It holds an element type that the shipped models do not use.
    """
    model = schema.Model.GetRootAsModel(content, 0)
    graph = model.Subgraphs(0)
    file = TfliteFile(inputs=_numbers(graph.InputsAsNumpy()), outputs=_numbers(graph.OutputsAsNumpy()))
    for number in range(graph.TensorsLength()):
        tensor = graph.Tensors(number)
        file.names.append(tensor.Name().decode().split(":")[0])
        file.shapes.append(_numbers(tensor.ShapeAsNumpy()) if tensor.ShapeLength() else [])
        buffer = model.Buffers(tensor.Buffer())
        if buffer.DataLength():
            file.constants[number] = _constant(tensor, buffer.DataAsNumpy().tobytes(), file.shapes[-1])
    for number in range(graph.OperatorsLength()):
        operator = graph.Operators(number)
        file.operators.append(_operator(operator, model.OperatorCodes(operator.OpcodeIndex())))
    return file


def _numbers(vector: Any) -> list[int]:
    return [int(number) for number in vector]


def _constant(tensor: Any, content: bytes, shape: list[int]) -> Array:
    if tensor.Type() not in ELEMENT_TYPES:
        raise UnsupportedError(f"tensor {tensor.Name().decode()}: element type {tensor.Type()}")
    values = np.frombuffer(content, ELEMENT_TYPES[tensor.Type()])
    sparsity = tensor.Sparsity()
    return densify(values, _sparsity(sparsity, shape)) if sparsity else values.reshape(shape)


def _sparsity(table: Any, shape: list[int]) -> Sparsity:
    return Sparsity(
        shape=shape,
        order=_numbers(table.TraversalOrderAsNumpy()),
        block_axes=_numbers(table.BlockMapAsNumpy()) if table.BlockMapLength() else [],
        levels=[_level(table.DimMetadata(number)) for number in range(table.DimMetadataLength())],
    )


def _level(table: Any) -> DenseLevel | CompressedLevel:
    if table.Format() == schema.DimensionType.DENSE:
        return DenseLevel(table.DenseSize())
    return CompressedLevel(
        segments=_index_vector(table.ArraySegments(), table.ArraySegmentsType()),
        indices=_index_vector(table.ArrayIndices(), table.ArrayIndicesType()),
    )


def _index_vector(table: Any, kind: int) -> list[int]:
    vector = INDEX_VECTORS[kind]()
    vector.Init(table.Bytes, table.Pos)
    return _numbers(vector.ValuesAsNumpy())


def _operator(operator: Any, code: Any) -> Operator:
    # Codes below 127 stand in the older field, which the newer one then leaves at 0.
    number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    if number == schema.BuiltinOperator.CUSTOM:
        kind = code.CustomCode().decode()
        has_options = operator.CustomOptionsLength() > 0
        options: Any = load_flexbuffer(operator.CustomOptionsAsNumpy().tobytes()) if has_options else {}
    else:
        kind = OPERATOR_NAMES[number]
        options = _builtin_options(operator, kind)
    return Operator(kind, _numbers(operator.InputsAsNumpy()), _numbers(operator.OutputsAsNumpy()), options)


def _builtin_options(operator: Any, kind: str) -> Any:
    if kind not in OPTIONS:
        return None
    options = OPTIONS[kind]()
    table = operator.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    return options
