"""Opens the shipped ONNX models, each only after its bytes have been checked against the manifest."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnxruntime

from protocol.errors import MendableError

# Beside the environment variable that edge/vision/__init__.py sets before onnxruntime is imported.
onnxruntime.disable_telemetry_events()

FOLDER_VARIABLE = "DESKSIDE_MODELS"
"""Environment variable that names another models folder than the shipped one."""

SHIPPED_FOLDER = Path(__file__).resolve().parents[3] / "models"
"""`models/` beside the `edge` package, in a checkout as well as in an installed wheel."""

MANIFEST = "manifest.json"
"""The file in the models folder that names every other with its hash."""

REMEDY = f"Reinstall Deskside, or build the models again with `make models` and let {FOLDER_VARIABLE} name their folder."
"""What to do about a model that was refused."""


class ModelRefusedError(MendableError):
    """A model was not loaded: unknown, missing, or not the file the manifest describes.

    The text names the file, what is wrong with it and what to do.
    """


@dataclass(frozen=True)
class ShippedFile:
    """A file as it must be, according to the manifest."""

    path: Path

    sha256: str
    """Hash of its bytes, lower-case hexadecimal."""

    def read(self) -> bytes:
        """The bytes of the file, which have the expected hash.

        Raises:
            ModelRefusedError: The file is missing or has another hash.
        """
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise ModelRefusedError(
                f"{self.path}: cannot be read ({error.strerror}); a file of sha256 {self.sha256} is expected. {REMEDY}"
            ) from error
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise ModelRefusedError(
                f"{self.path}: is not the file that Deskside shipped, and was not loaded."
                f" Its sha256 is {found}, the manifest says {self.sha256}. {REMEDY}"
            )
        return content


class ModelStore:
    """The models folder: verified models by name, ready to run.

    Example:
        >>> store = ModelStore()
        >>> session = store.session("face_detection_short_range")
        >>> session.get_inputs()[0].shape
        [1, 128, 128, 3]
        >>> store.layout("face_landmarks_attention_mesh")["landmarks"]
        478
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Point at `folder`, else at $DESKSIDE_MODELS, else at the shipped models.

        Raises:
            ModelRefusedError: The folder's manifest is missing or cannot be read.
        """
        self.folder = folder or Path(os.environ.get(FOLDER_VARIABLE) or SHIPPED_FOLDER)
        self._sessions: dict[tuple[str, int], onnxruntime.InferenceSession] = {}
        path = self.folder / MANIFEST
        try:
            models = json.loads(path.read_bytes())["models"]
            self._networks = {name: self._file(model) for name, model in models.items()}
            self._layouts = {
                name: self._file(model["layout"]) for name, model in models.items() if "layout" in model
            }
        except OSError as error:
            raise ModelRefusedError(f"{path}: cannot be read ({error.strerror}). {REMEDY}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelRefusedError(f"{path}: is no manifest of models ({error!r}). {REMEDY}") from error

    def _file(self, entry: dict[str, str]) -> ShippedFile:
        return ShippedFile(self.folder / entry["file"], entry["sha256"])

    @property
    def names(self) -> list[str]:
        """The models this store holds, sorted."""
        return sorted(self._networks)

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each model's file, as the manifest states it, by the model's name."""
        return {name: self._networks[name].sha256 for name in self.names}

    def network(self, name: str) -> bytes:
        """The verified ONNX file of model `name`.

        Raises:
            ModelRefusedError: The model is unknown, missing or has another hash.
        """
        return self._find(self._networks, name, "model").read()

    def layout(self, name: str) -> dict[str, Any]:
        """What the rows of a model's inputs and outputs mean, by its verified layout file (see docs/models.md).

        Raises:
            ModelRefusedError: The model has no layout file, or it is missing or has another hash.
        """
        layout: dict[str, Any] = json.loads(self._find(self._layouts, name, "layout").read())
        return layout

    def session(self, name: str, threads: int = 1) -> onnxruntime.InferenceSession:
        """Model `name`, to run on `threads` threads of the CPU; loaded once, for all who ask.

        Raises:
            ModelRefusedError: The model is unknown, missing or has another hash.
        """
        if (name, threads) not in self._sessions:
            self._sessions[name, threads] = onnxruntime.InferenceSession(
                self.network(name), _session_options(threads), providers=["CPUExecutionProvider"]
            )
        return self._sessions[name, threads]

    def _find(self, files: dict[str, ShippedFile], name: str, kind: str) -> ShippedFile:
        if name not in files:
            raise ModelRefusedError(
                f"{self.folder}: there is no {kind} {name!r}, only {', '.join(sorted(files))}."
            )
        return files[name]


def _session_options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # An arena keeps what loading needed for a moment: 53 MB over the desk's models, for no time saved.
    options.enable_cpu_mem_arena = False
    # Threads that wait sleep instead of turning a core idle: the desk has other work for it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
