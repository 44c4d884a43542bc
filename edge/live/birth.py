"""The facts that an appliance publishes about itself in its birth."""

import hashlib

from edge.settings.last_good import Configuration
from edge.vision.networks.model_store import ModelStore
from protocol.software import running_software
from protocol.state import BirthFacts


def birth_facts(configuration: Configuration, models: ModelStore) -> BirthFacts:
    """What this appliance is, for the central service."""
    settings = configuration.settings.model_dump_json()
    return BirthFacts(
        software=str(running_software()),
        models=models.hashes,
        configuration=hashlib.sha256(settings.encode()).hexdigest(),
        standard=configuration.standard.label,
        calibration=None,
    )
