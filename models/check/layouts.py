"""Checks the index lists of the layout files against MediaPipe's compiled library, in which they stand."""

from pathlib import Path

import mediapipe

from edge.vision.networks.model_store import ModelStore


def missing_lists() -> list[str]:
    """The index lists of our layouts that are not in MediaPipe's library."""
    (library,) = Path(mediapipe.__file__).parent.glob("python/_framework_bindings*.so")
    content = library.read_bytes()
    mesh = ModelStore().layout("face_landmarks_attention_mesh")
    lists = {name: _in_graph(places, field=1) for name, places in mesh["refined"].items()} | {
        f"{name}, depth": _in_graph(places, field=1) for name, places in mesh["depth_averaged_over"].items()
    }
    return [name for name, encoded in lists.items() if encoded not in content]


def _in_graph(numbers: list[int], field: int) -> bytes:
    """A repeated field of whole numbers as protocol buffers encode it: each a tag and 7 bits a byte, lowest first."""
    encoded = bytearray()
    for number in numbers:
        encoded.append(field << 3)
        rest = number
        while rest > 127:
            encoded.append(rest & 127 | 128)
            rest >>= 7
        encoded.append(rest)
    return bytes(encoded)
