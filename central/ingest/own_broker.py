"""A broker that runs beside the service, for trying it on one machine (`deskside-central serve --with-broker`)."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from central.settings import CentralSettings
from protocol.broker.trial_broker import TrialBrokerError, trial_broker


@contextmanager
def own_broker(settings: CentralSettings) -> Iterator[CentralSettings]:
    """A broker at the address of the settings, for as long as the context lasts; gives the settings by which it is reached.

    Args:
        settings: Of the service; ``broker.host`` and ``broker.port`` are where it listens.

    Raises:
        TrialBrokerError: It cannot be as the settings ask, or did not come up.
    """
    asked = settings.broker
    if asked.encrypted or asked.transport != "tcp" or asked.username is not None:
        raise TrialBrokerError(
            "--with-broker starts a broker for trying, without TLS, websockets and passwords: leave these out of [broker], "
            "or install mosquitto"
        )
    with (
        tempfile.TemporaryDirectory(prefix="deskside-broker-") as folder,
        trial_broker(asked.host, asked.port, Path(folder)) as (_, speaks),
    ):
        yield settings.model_copy(update={"broker": asked.model_copy(update={"mqtt": speaks})})
