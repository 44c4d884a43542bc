"""Writes what desk and central service are made of, as CycloneDX 1.6 (``make materials``): the same bytes for the same locks, whenever."""

import json
import re
import sys
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import TYPE_CHECKING

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement

from docs.licences import installed
from protocol.software import running_software

if TYPE_CHECKING:
    from cyclonedx.model.license import License

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {"deskside": ROOT / "requirements-run.lock", "deskside-central": ROOT / "requirements-central.lock"}
"""What each program runs with, by the program."""
NAMESPACE = uuid.UUID("6c3ac0a5-0f5f-5b4e-9d0c-7a6c2a4b7f10")
"""Drawn once for this project: a list's serial number is made of it and of what stands in the list."""
MODELS = ROOT / "models" / "manifest.json"


@dataclass(frozen=True, slots=True)
class Pinned:
    """One line of a lock."""

    name: str
    version: str
    marker: str | None
    hashes: tuple[str, ...]


def pinned(lock: str) -> Iterator[Pinned]:
    """The lines of a lock, each with the machines it is for and the hashes of its files.

    Args:
        lock: The text of a requirements file with hashes.

    Example:
        >>> [*pinned("numpy==2.4.6 ; python_full_version < '3.12' --hash=sha256:aa --hash=sha256:bb")]
        [Pinned(name='numpy', version='2.4.6', marker="python_full_version < '3.12'", hashes=('aa', 'bb'))]
    """
    for line in lock.replace("\\\n", " ").splitlines():
        wanted, *hashes = line.partition("#")[0].split("--hash=sha256:")
        if not wanted.strip():
            continue
        package, _, marker = wanted.partition(";")
        name, _, version = package.strip().partition("==")
        yield Pinned(name, version, marker.strip() or None, tuple(each.strip() for each in hashes))


def materials(program: str) -> str:
    """What a program is made of, as CycloneDX in JSON.

    Args:
        program: A key of `LOCKS`.
    """
    software = running_software()
    root = Component(
        name=program,
        version=software.version,
        type=ComponentType.APPLICATION,
        bom_ref=program,
        licenses=_licences("Apache-2.0"),
        properties=[Property(name="deskside:commit", value=software.commit or "unknown")],
    )
    licences = {package.name: package.licence for package in installed()}
    lines = [*pinned(LOCKS[program].read_text(encoding="utf-8"))]
    packages = [(line.name, _package(line, licences.get(line.name))) for line in lines]
    models = [_model(name, told) for name, told in json.loads(MODELS.read_bytes())["models"].items()]
    components = [*(component for _, component in packages), *models]
    bom = Bom(metadata=BomMetaData(component=root), components=components)
    extra = "central" if program == "deskside-central" else ""
    bom.register_dependency(root, [*_needed("deskside", extra, packages), *models])
    for name, component in packages:
        bom.register_dependency(component, _needed(name, "", packages))
    made = json.loads(JsonV1Dot6(bom).output_as_string())
    # When it was made and by which run says nothing of what stands in it.
    del made["metadata"]["timestamp"], made["serialNumber"]
    made["serialNumber"] = uuid.uuid5(NAMESPACE, json.dumps(made, sort_keys=True)).urn
    return json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _package(line: Pinned, licence: str | None) -> Component:
    where = PackageURL("pypi", name=line.name, version=line.version)
    return Component(
        name=line.name,
        version=line.version,
        bom_ref=where.to_string(),
        purl=where,
        # One for each of its files: source, and a wheel for each kind of machine.
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=content) for content in line.hashes],
        licenses=_licences(licence) if licence else (),
        properties=[Property(name="deskside:only-where", value=line.marker)] if line.marker else (),
    )


def _model(name: str, told: Mapping[str, str]) -> Component:
    return Component(
        name=name,
        type=ComponentType.MACHINE_LEARNING_MODEL,
        bom_ref=f"models/{told['file']}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=told["sha256"])],
        licenses=_licences(told["licence"]),
    )


def _licences(licence: str) -> "tuple[License]":
    return (LicenseFactory().make_from_string(licence),)


def _needed(name: str, extra: str, packages: list[tuple[str, Component]]) -> list[Component]:
    """What a package says it needs, on a machine such as this; of one that is not installed here nothing is known."""
    try:
        wanted = [Requirement(line) for line in requires(name) or ()]
    except PackageNotFoundError:
        return []
    names = {
        re.sub(r"[-_.]+", "-", each.name).lower()
        for each in wanted
        if each.marker is None or each.marker.evaluate({"extra": extra})
    }
    return [component for called, component in packages if called in names]


def main() -> int:
    """Write one file for each program into the folder that is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for program in LOCKS:
        (folder / f"{program}.cdx.json").write_text(materials(program), encoding="utf-8")
        print(folder / f"{program}.cdx.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
