"""Plans of standards, signed as the central service signs them."""

import base64
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol.standard_plan import (
    PlannedStandard,
    SignedPlan,
    StandardPlan,
    key_id,
    public_line,
    signed_bytes,
)


class Signer:
    """A central service's key."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.public = self._key.public_key().public_bytes_raw()

    @property
    def line(self) -> str:
        return public_line(self.public) + "\n"

    def write_line(self, file: Path) -> Path:
        file.write_text(self.line)
        return file

    def sign(self, plan: StandardPlan) -> bytes:
        text = plan.model_dump_json()
        signature = base64.b64encode(self._key.sign(signed_bytes(text))).decode()
        return SignedPlan(key=key_id(self.public), signature=signature, plan=text).model_dump_json().encode()


def planned(from_wall_s: float, text: str, name: str = "house", version: int = 1) -> PlannedStandard:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return PlannedStandard(from_wall_s=from_wall_s, name=name, version=version, sha256=digest, text=text)


def plan_of(number: int, *standards: PlannedStandard, device: str = "desk-1") -> StandardPlan:
    return StandardPlan(device=device, number=number, standards=standards)
