"""The facts that an appliance publishes about itself in its birth."""

import hashlib
from collections.abc import Mapping

from edge.live.machine_id import machine_id
from edge.settings.last_good import Configuration
from protocol.software import running_software
from protocol.state import BirthFacts


def birth_facts(configuration: Configuration, models: Mapping[str, str]) -> BirthFacts:
    """What this appliance is, for the central service; ``models`` has the SHA-256 of each model's file by its name."""
    settings = configuration.settings.model_dump_json()
    return BirthFacts(
        software=str(running_software()),
        models=dict(models),
        configuration=hashlib.sha256(settings.encode()).hexdigest(),
        standard=configuration.standard.label,
        standard_sha256=configuration.standard_sha256,
        standard_plan=configuration.standard_plan,
        calibration=None,
        leaves_out=configuration.leaves_out,
        machine_id=machine_id(),
    )
