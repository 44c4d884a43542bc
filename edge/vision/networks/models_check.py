"""Checks the models by loading every one, as the desk does."""

from edge.finding import Finding
from edge.vision.networks.model_store import ModelRefusedError, ModelStore


def check_models() -> Finding:
    """What is found of the shipped models."""
    try:
        store = ModelStore()
        for name in store.names:
            store.session(name)
    except ModelRefusedError as error:
        return Finding("models", "bad", str(error), "install Deskside again")
    return Finding("models", "good", f"{len(store.names)} files, every hash as in the manifest")
