"""Refuses packages under a licence that is not on the list, and prints the licence of each (``make licences``)."""

import argparse
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions

from license_expression import ExpressionError, Licensing

PERMISSIVE = frozenset(
    [
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "HPND",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "PSF-2.0",
        "Python-2.0",
        "Unlicense",
        "Zlib",
    ]
)
"""Licences that ask for their notice to be kept, and for nothing else; by their names in the SPDX list."""
LIBRARIES = frozenset(["LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"])
"""Taken as well of what is a library: it is imported unchanged, and everybody can put another version in its place."""
DECIDED = {"certifi": "MPL-2.0", "hypothesis": "MPL-2.0", "pathspec": "MPL-2.0"}
"""Packages that are taken under one licence more, each with a reason in docs/decisions/0001-lock-file.md."""

MEANT = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
}
"""What packages write that do not use SPDX's names. Any other words are a licence that nobody has looked at."""

_SPDX = Licensing()


@dataclass(frozen=True, slots=True)
class Licensed:
    """A package, and the licence that it says it is under, as an SPDX expression where its words are known."""

    name: str
    version: str
    licence: str

    @property
    def taken(self) -> bool:
        """Whether the licence is on the list."""
        return is_taken(self.licence, PERMISSIVE | LIBRARIES | {DECIDED.get(self.name, "MIT")})


def is_taken(licence: str, known: Iterable[str]) -> bool:
    """Whether a licence leaves a way to take it: one side of each OR, both sides of each AND.

    Args:
        licence: An SPDX expression.
        known: Licences that are taken.

    Example:
        >>> is_taken("EPL-2.0 OR BSD-3-Clause", {"BSD-3-Clause"}), is_taken("MIT AND GPL-3.0-only", {"MIT"})
        (True, False)
        >>> is_taken("Apache-2.0 WITH LLVM-exception", {"Apache-2.0"}), is_taken("do as you like", {"MIT"})
        (True, False)
    """
    try:
        tree = _SPDX.parse(licence)
    except (ExpressionError, ValueError):
        return False
    return tree is not None and _is_taken(tree, frozenset(known))


def _is_taken(part: object, known: frozenset[str]) -> bool:
    # An exception only ever allows more than its licence.
    part = getattr(part, "license_symbol", part)
    sides = [_is_taken(side, known) for side in getattr(part, "args", ())]
    if isinstance(part, _SPDX.OR):
        return any(sides)
    return all(sides) if sides else getattr(part, "key", None) in known


def licence_of(package: Distribution) -> str:
    """The licence of a package: its SPDX expression, else its short name, else what it classifies itself as."""
    told = package.metadata
    if "License-Expression" in told:
        return told["License-Expression"]
    short = told["License"].strip() if "License" in told else ""
    if short and "\n" not in short and (known := _named(short)):
        return known
    classified = [
        words.rpartition(" :: ")[2]
        for words in told.get_all("Classifier", [])
        if words.startswith("License :: ")
    ]
    # Several of them may mean all or any: all is the reading under which nothing is taken by mistake.
    return (
        " AND ".join(_named(words) or words for words in classified)
        or short.partition("\n")[0]
        or "none told"
    )


def _named(words: str) -> str | None:
    if meant := MEANT.get(words.lower()):
        return meant
    return words if re.fullmatch(r"[A-Za-z0-9.+-]+((?: OR | AND | WITH )[A-Za-z0-9.+-]+)*", words) else None


def installed(*folders: str) -> list[Licensed]:
    """The packages in folders, or of this Python where none is named, by name; each name once."""
    found = {
        name: Licensed(name, package.version, licence_of(package))
        for package in distributions(path=[*folders] or sys.path)
        if (name := re.sub(r"[-_.]+", "-", str(package.metadata["Name"])).lower())
    }
    return sorted(found.values(), key=lambda package: package.name)


def main() -> int:
    """Print what was found; 1 where a licence is not on the list."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--path", action="append", default=[], help="a folder of packages; this Python's else"
    )
    options.add_argument("--all", action="store_true", help="print every package, not only what is refused")
    given = options.parse_args()
    packages = installed(*given.path)
    refused = [package for package in packages if not package.taken]
    for package in packages if given.all else ():
        print(f"{package.name:32}{package.version:16}{package.licence}")
    for package in refused:
        print(
            f"{package.name} {package.version} is under a licence that is not on the list: {package.licence}. Do without the package, or "
            "decide (docs/decisions/0001-lock-file.md) and add it to docs/licences.py.",
            file=sys.stderr,
        )
    print(f"{len(packages)} packages, {len(packages) - len(refused)} of them under a licence on the list")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
