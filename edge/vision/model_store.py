"""Opens the shipped ONNX models, each only after its bytes have been checked against the manifest."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

# Set before onnxruntime is imported: its Linux wheels from 1.29 on carry telemetry that is on by default and keeps
# a device id under the home folder. Nothing may leave the desk that the company did not ask for.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime  # After the line above, so not at the top.

onnxruntime.disable_telemetry_events()

FOLDER_VARIABLE = "DESKSIDE_MODELS"
"""Environment variable that names another models folder than the shipped one."""

SHIPPED_FOLDER = Path(__file__).resolve().parents[2] / "models"
"""`models/` beside the `edge` package, in a checkout as well as in an installed wheel."""

MANIFEST = "manifest.json"


class ModelRefusedError(Exception):
    """A model was not loaded: unknown, missing, or not the file the manifest describes.

    The text names the file, what is wrong with it and what to do.
    """


@dataclass(frozen=True)
class ModelEntry:
    """What the manifest says about one model."""

    file: str
    """Name of the ONNX file inside the models folder."""

    sha256: str
    """Hash of that file, lower-case hexadecimal."""


class ModelStore:
    """The models folder: verified models by name, ready to run.

    Example:
        >>> store = ModelStore()
        >>> session = store.session("face_blendshapes")
        >>> session.get_inputs()[0].shape
        [1, 146, 2]
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Point at `folder`, else at $DESKSIDE_MODELS, else at the shipped models."""
        self.folder = folder or Path(os.environ.get(FOLDER_VARIABLE) or SHIPPED_FOLDER)

    def entries(self) -> dict[str, ModelEntry]:
        """Every model of the manifest, by name.

        Raises:
            ModelRefusedError: The manifest is missing or cannot be read.
        """
        path = self.folder / MANIFEST
        try:
            models = json.loads(path.read_bytes())["models"]
            return {name: ModelEntry(model["file"], model["sha256"]) for name, model in models.items()}
        except OSError as error:
            raise ModelRefusedError(
                f"{path}: cannot be read ({error.strerror}). Reinstall Deskside, or let {FOLDER_VARIABLE} name the"
                " folder that holds the models and their manifest."
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelRefusedError(
                f"{path}: is no manifest of models ({error!r}). Reinstall Deskside."
            ) from error

    def verified(self, name: str) -> bytes:
        """The bytes of model `name`, which have the hash of the manifest.

        Raises:
            ModelRefusedError: The model is unknown, missing or has another hash.
        """
        entries = self.entries()
        if name not in entries:
            raise ModelRefusedError(
                f"{self.folder}: holds no model {name!r}. It holds {', '.join(sorted(entries))}."
            )
        entry = entries[name]
        path = self.folder / entry.file
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelRefusedError(
                f"{path}: cannot be read ({error.strerror}); the manifest expects sha256 {entry.sha256}."
                " Reinstall Deskside, or build the file again with `make models`."
            ) from error
        found = hashlib.sha256(content).hexdigest()
        if found != entry.sha256:
            raise ModelRefusedError(
                f"{path}: is not the file that Deskside shipped and was not loaded."
                f" Its sha256 is {found}, the manifest expects {entry.sha256}."
                " Reinstall Deskside, or build the file again with `make models`."
            )
        return content

    def session(self, name: str, threads: int = 1) -> onnxruntime.InferenceSession:
        """Load model `name` to run on `threads` threads of the CPU.

        Raises:
            ModelRefusedError: The model is unknown, missing or has another hash.
        """
        return onnxruntime.InferenceSession(
            self.verified(name), _options(threads), providers=["CPUExecutionProvider"]
        )


def _options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that wait sleep instead of turning a core idle: the desk has other work for it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
