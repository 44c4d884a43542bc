"""When desks are asked for another birth: at once, so that a false claim is contradicted, and when a true one may be believed. Pure."""

from collections.abc import Iterable

from central.ingest.claims import CONFIRM_S


class Rebirths:
    """The desks that are to be asked, and when."""

    def __init__(self) -> None:
        self._due_s: dict[str, list[float]] = {}

    def want(self, devices: Iterable[str], now_s: float) -> None:
        """Ask desks, now and once more when what they claim has stood long enough; one that is being asked is not asked anew."""
        for device in devices:
            self._due_s.setdefault(device, [now_s, now_s + CONFIRM_S + 1.0])

    def due(self, now_s: float) -> list[str]:
        """The desks to be asked at this moment."""
        found = [device for device, times in self._due_s.items() if times[0] <= now_s]
        for device in found:
            self._due_s[device].pop(0)
            if not self._due_s[device]:
                del self._due_s[device]
        return found
