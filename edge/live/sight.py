"""The networks of all cameras; a desk whose model files cannot be used measures all the rest."""

from pathlib import Path

from edge.camera.frame import Frame
from edge.camera.source import SourceError
from edge.face.perception import perceptions
from edge.observation import FrameSeen
from edge.settings.desk_toml import Settings
from edge.vision.networks.model_store import ModelRefusedError, ModelStore
from edge.vision.schedule import Schedule


class Sight:
    """What the appliance sees with.

    Args:
        settings: The desk's settings.
        models: The folder of the networks; None for the usual one.
    """

    def __init__(self, settings: Settings, models: Path | None = None) -> None:
        self.schedule = Schedule(settings.vision.cpu_budget)
        """Shared by all cameras of the desk."""
        self.hashes: dict[str, str] = {}
        """SHA-256 of each model's file, by the model's name."""
        self.trouble: str | None = None
        """Why nothing can be seen, in words; None where all can."""
        try:
            store = ModelStore(models)
            self.hashes = store.hashes
            self._perceptions = perceptions(settings, store, self.schedule)
        except ModelRefusedError as error:
            self.trouble = f"no camera is used: {error}"

    def require(self) -> None:
        """Do nothing where there is something to see with.

        Raises:
            SourceError: The model files cannot be used, so no camera is of use.
        """
        if self.trouble is not None:
            raise SourceError(self.trouble)

    def observe(self, frame: Frame) -> FrameSeen:
        """What a frame of any camera shows; frames of one camera come in order of time."""
        return self._perceptions[frame.camera].observe(frame)
