"""Reads a .tflite file into plain Python: tensors, constants and operators."""

from dataclasses import dataclass, field
from typing import Any

import flatbuffers.flexbuffers
import numpy as np
import tflite

from models.build.graph import Array, UnsupportedError
from models.build.sparse import CompressedLevel, DenseLevel, Sparsity, densify

# Neither library declares the types of its functions.
schema: Any = tflite
"""The generated reader of the format, which carries no types."""
load_flexbuffer: Any = flatbuffers.flexbuffers.Loads
"""Reads the options of a custom operator."""

ELEMENT_TYPES: dict[int, type[np.generic]] = {
    schema.TensorType.FLOAT32: np.float32,
    schema.TensorType.FLOAT16: np.float16,
    schema.TensorType.INT32: np.int32,
    schema.TensorType.INT64: np.int64,
}
"""NumPy's type for each number of the format."""

INDEX_VECTORS = {
    schema.SparseIndexVector.Int32Vector: schema.Int32Vector,
    schema.SparseIndexVector.Uint16Vector: schema.Uint16Vector,
    schema.SparseIndexVector.Uint8Vector: schema.Uint8Vector,
}
"""How the indices of a sparse tensor may be stored."""

OPERATOR_NAMES: dict[int, str] = {
    code: name for name, code in vars(schema.BuiltinOperator).items() if isinstance(code, int)
}
"""The name of each built-in operator's number."""

POOL_FIELDS = ("Padding", "StrideH", "StrideW", "FusedActivationFunction")
"""Options of a pool that its conversion uses."""
CONVOLUTION_FIELDS = (*POOL_FIELDS, "DilationHFactor", "DilationWFactor")
"""Options of a convolution that its conversion uses."""

OPTIONS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "ADD": (schema.AddOptions, ("FusedActivationFunction",)),
    "CONCATENATION": (schema.ConcatenationOptions, ("Axis",)),
    "CONV_2D": (schema.Conv2DOptions, CONVOLUTION_FIELDS),
    "DEPTHWISE_CONV_2D": (schema.DepthwiseConv2DOptions, CONVOLUTION_FIELDS),
    "DEPTH_TO_SPACE": (schema.DepthToSpaceOptions, ("BlockSize",)),
    "DIV": (schema.DivOptions, ("FusedActivationFunction",)),
    "MAX_POOL_2D": (schema.Pool2DOptions, (*POOL_FIELDS, "FilterHeight", "FilterWidth")),
    "MEAN": (schema.ReducerOptions, ("KeepDims",)),
    "MUL": (schema.MulOptions, ("FusedActivationFunction",)),
    "RESIZE_BILINEAR": (schema.ResizeBilinearOptions, ("AlignCorners", "HalfPixelCenters")),
    "STRIDED_SLICE": (
        schema.StridedSliceOptions,
        ("BeginMask", "EndMask", "EllipsisMask", "NewAxisMask", "ShrinkAxisMask"),
    ),
    "SUB": (schema.SubOptions, ("FusedActivationFunction",)),
    "SUM": (schema.ReducerOptions, ("KeepDims",)),
}
"""For each operator whose options matter, their table and the fields of it that do."""

DECOMPRESSIONS = ("DENSIFY", "DEQUANTIZE")
"""Operators that unpack weights: done while reading, but half precision is left to the runtime."""


@dataclass(frozen=True)
class Operator:
    """One operator of the file, its tensors by their number."""

    kind: str
    """Name of the built-in operator, or of the custom one."""

    inputs: list[int]
    outputs: list[int]

    options: dict[str, Any] = field(default_factory=dict)
    """The fields named in OPTIONS, or all those of a custom operator."""


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
        table = graph.Operators(number)
        operator = _operator(table, model.OperatorCodes(table.OpcodeIndex()))
        if operator.kind in DECOMPRESSIONS:
            file.constants[operator.outputs[0]] = file.constants[operator.inputs[0]]
        else:
            file.operators.append(operator)
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


def _operator(table: Any, code: Any) -> Operator:
    # Codes below 127 stand in the older field, which the newer one then leaves at 0.
    number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    if number == schema.BuiltinOperator.CUSTOM:
        kind, options = code.CustomCode().decode(), _custom_options(table)
    else:
        kind = OPERATOR_NAMES[number]
        options = _builtin_options(table, kind)
    return Operator(kind, _numbers(table.InputsAsNumpy()), _numbers(table.OutputsAsNumpy()), options)


def _custom_options(table: Any) -> dict[str, Any]:
    return (
        dict(load_flexbuffer(table.CustomOptionsAsNumpy().tobytes())) if table.CustomOptionsLength() else {}
    )


def _builtin_options(table: Any, kind: str) -> dict[str, Any]:
    if kind not in OPTIONS:
        return {}
    options_class, fields = OPTIONS[kind]
    options = options_class()
    options.Init(table.BuiltinOptions().Bytes, table.BuiltinOptions().Pos)
    return {name: getattr(options, name)() for name in fields}
