"""Whether a plan of standards is the central service's, for this desk, and can be worked by: pure."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol.decoding import BadMessageError, decode
from protocol.standard import Standard
from protocol.standard_plan import PlannedStandard, SignedPlan, StandardPlan, signed_bytes
from protocol.toml_file import BadFileError, parse


class BadPlanError(ValueError):
    """A plan that is not followed; the text says why, in words for a technician."""


@dataclass(frozen=True, slots=True)
class CheckedPlan:
    """A plan whose signature and standards are good."""

    plan: StandardPlan
    standards: tuple[Standard, ...]
    """Those of the plan, read."""

    def place_at(self, wall_s: float) -> int | None:
        """Which of them is in force at a Unix time; None where none is yet."""
        begun = [place for place, each in enumerate(self.plan.standards) if each.from_wall_s <= wall_s]
        return max(begun, default=None)


def checked_plan(payload: bytes, device: str, keys: Mapping[str, bytes]) -> CheckedPlan:
    """Read a plan.

    Args:
        payload: A `SignedPlan` as JSON.
        device: This desk's name.
        keys: The public keys that are believed, by their ids.

    Raises:
        BadPlanError: It is none, its signature is wrong, it is another desk's, or a standard in it cannot be used.
    """
    try:
        signed = decode(SignedPlan, payload)
    except BadMessageError as error:
        raise BadPlanError(str(error)) from None
    if signed.key not in keys:
        known = ", ".join(keys)
        raise BadPlanError(
            f"it is signed with the key {signed.key}, and this desk knows {known}: add that key's line to desk.standard_keys"
        )
    try:
        signature = base64.b64decode(signed.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(keys[signed.key]).verify(signature, signed_bytes(signed.plan))
    except (InvalidSignature, binascii.Error, ValueError):
        raise BadPlanError(f"its signature is not that of the key {signed.key}") from None
    try:
        plan = decode(StandardPlan, signed.plan.encode())
    except BadMessageError as error:
        raise BadPlanError(str(error)) from None
    if plan.device != device:
        raise BadPlanError(f"it is for the desk {plan.device}")
    moments = [each.from_wall_s for each in plan.standards]
    if sorted(set(moments)) != moments:
        raise BadPlanError("its standards do not stand in the order of their moments")
    return CheckedPlan(plan, tuple(_read(each) for each in plan.standards))


def _read(planned: PlannedStandard) -> Standard:
    label = f"{planned.name}@{planned.version}"
    if hashlib.sha256(planned.text.encode()).hexdigest() != planned.sha256:
        raise BadPlanError(f"the text of {label} is not the one that its hash names")
    try:
        standard = parse(planned.text, Standard, Path(label))
    except BadFileError as error:
        # A newer central service may know clauses that this software does not.
        raise BadPlanError(" ".join(str(error).split())) from None
    if (standard.name, standard.version) != (planned.name, planned.version):
        raise BadPlanError(f"the text of {label} is of {standard.label}")
    return standard
