"""Rewrites the last part of MoveNet so that it costs a tenth, with the same results.

To separate persons, MoveNet weighs its h x w heat map of each of the 17 keypoints, for each of 6 persons, by a
Gaussian around the expected place and by a mask of the person's box. As published it computes both for all
h * w * 6 * 17 places. But each is a product of a function of the row and one of the column: computing these alone
leaves two multiplications of that size out of ten operations, among them the exponential.
"""

from dataclasses import replace

from models.build.tfjs_file import Node, TfjsFile

SCOPE = "StatefulPartitionedCall/"
"""Prefix of every node's name in the published graph."""

MESH = {"meshgrid/mul_1": "meshgrid/Reshape_3", "meshgrid/mul": "meshgrid/Reshape_2"}
"""The grids of row and column numbers, and the h x 1 column and 1 x w row that are repeated to make them."""

GAUSSIAN = {"mul_7": 1, "truediv_7": 0, "Exp": 0}
"""From a squared distance to its Gaussian: negate, divide by the variance, exponential; each with the input to take."""

MASK = {"Cast_12": 0, "strided_slice_18": 0}
"""From a truth value for each person to a factor that all its keypoints share."""

WEIGHED_BY_GAUSSIAN = "mul_8"
"""The node that multiplies the keypoints' heat by that Gaussian."""
WEIGHED = "mul_9"
"""The node that multiplies the result by whether the place is inside the person's box."""

DIRECTIONS = {"row": ("sub_7", "LogicalAnd"), "column": ("sub_8", "LogicalAnd_1")}
"""For each direction, the squared distances and whether the place is inside the box."""


def separate_rows_and_columns(file: TfjsFile) -> TfjsFile:
    """The same model with the keypoints' weights computed by row and by column."""
    nodes = dict(file.nodes)
    for grid, line in MESH.items():
        nodes[SCOPE + grid] = Node(SCOPE + grid, "Identity", [f"{SCOPE}{line}:0"])
    factors = [_factor(nodes, name, *values) for name, values in DIRECTIONS.items()]
    heat_map = nodes[SCOPE + WEIGHED_BY_GAUSSIAN].inputs[0]
    for name, factor in zip((WEIGHED_BY_GAUSSIAN, WEIGHED), factors, strict=True):
        nodes[SCOPE + name] = replace(nodes[SCOPE + name], inputs=[heat_map, factor])
        heat_map = nodes[SCOPE + name].output()
    return replace(file, nodes=nodes)


def _factor(nodes: dict[str, Node], direction: str, squared_distance: str, inside: str) -> str:
    """Add the nodes of Gaussian times mask along one direction and return their result."""
    gaussian = _copied(nodes, GAUSSIAN, direction, f"{SCOPE}{squared_distance}:0")
    mask = _copied(nodes, MASK, direction, f"{SCOPE}{inside}:0")
    product = Node(f"{SCOPE}{direction}_factor", "Mul", [gaussian, mask])
    nodes[product.name] = product
    return product.output()


def _copied(nodes: dict[str, Node], chain: dict[str, int], direction: str, value: str) -> str:
    """Add a copy of a chain of nodes that starts from `value` instead, and return its result."""
    for name, place in chain.items():
        original = nodes[SCOPE + name]
        inputs = list(original.inputs)
        inputs[place] = value
        copy = replace(original, name=f"{original.name}_{direction}", inputs=inputs)
        nodes[copy.name] = copy
        value = copy.output()
    return value
