"""A graph holds each constant once, half-precision ones as such, and nothing that no output needs."""

import numpy as np
import onnx
import onnxruntime

from models.build.graph import Graph, Port, relu6
from models.build.values import Values

FLOAT = onnx.TensorProto.FLOAT


def test_half_precision_constants_are_stored_in_half_precision_and_used_in_single() -> None:
    graph = Graph()
    graph.add_input(Port("x", FLOAT, [3]))
    factors = np.array([0.1, 0.2, 0.3], np.float16)
    graph.add_output(Port("y", FLOAT, [3]), graph.node("Mul", ["x", graph.constant(factors)]))
    model = graph.model("scaling")
    assert [constant.data_type for constant in model.graph.initializer] == [onnx.TensorProto.FLOAT16]
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (result,) = session.run(None, {"x": np.ones(3, np.float32)})
    np.testing.assert_array_equal(np.asarray(result), factors.astype(np.float32))


def test_equal_constants_are_stored_once_but_scalars_and_vectors_are_kept_apart() -> None:
    graph = Graph()
    assert graph.integers(1, 2) == graph.constant(np.array([1, 2], np.int64))
    assert graph.scalar(1) == graph.scalar(1)
    assert graph.scalar(1) != graph.constant(np.ones(1, np.float32))


def test_what_no_output_needs_is_left_out() -> None:
    graph = Graph()
    graph.add_input(Port("x", FLOAT, [3]))
    graph.node("Mul", ["x", graph.constant(np.arange(3, dtype=np.float32))])
    graph.add_output(Port("y", FLOAT, [3]), relu6(graph, "x"))
    model = graph.model("clipped")
    assert [node.op_type for node in model.graph.node] == ["Clip", "Identity"]
    assert sorted(onnx.numpy_helper.to_array(constant).item() for constant in model.graph.initializer) == [
        0,
        6,
    ]


def test_a_run_of_operators_on_pictures_is_transposed_once_on_the_way_in_and_once_on_the_way_out() -> None:
    graph = Graph()
    values: Values[str] = Values(graph, {"shift": np.array([1, 2, 3], np.float32)})
    graph.add_input(Port("picture", FLOAT, [1, 2, 2, 3]))
    values.put("picture", "picture")
    values.put_nchw("doubled", graph.node("Add", [values.nchw("picture"), values.nchw("picture")]))
    values.elementwise("Add", ["doubled", "shift"], "shifted")
    values.elementwise("Add", ["shifted", "doubled"], "sum")
    graph.add_output(Port("sum", FLOAT, [1, 2, 2, 3]), values.get("sum"))
    model = graph.model("sum")
    assert [node.op_type for node in model.graph.node].count("Transpose") == 2
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    picture = np.random.default_rng(0).random((1, 2, 2, 3), np.float32)
    (result,) = session.run(None, {"picture": picture})
    np.testing.assert_allclose(np.asarray(result), 4 * picture + [1, 2, 3], rtol=1e-6)
