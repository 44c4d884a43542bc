"""Who is measured worse: every measure by group, with its number of cases and interval; `--write` puts the tables on docs/fairness.md."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import fairness_faces, fairness_people
from benchmarks.fairness_rows import FairnessRow, table, with_table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "fairness.md"
TABLES: Mapping[str, Callable[[], list[FairnessRow]]] = {
    "skin": fairness_faces.skin,
    "light": fairness_faces.light,
    "worn": fairness_faces.worn,
    "hidden": fairness_faces.hidden,
    "lips": fairness_faces.lips,
    "distance": fairness_people.distances,
    "pace": fairness_people.paces,
    "bodies": fairness_people.bodies,
}
"""The tables of the page, each with what measures it."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("table", nargs="*", default=list(TABLES), help=f"of {', '.join(TABLES)}; all without")
    asked.add_argument("--write", action="store_true", help="write the tables to docs/fairness.md")
    chosen = asked.parse_args()
    unknown = set(chosen.table) - set(TABLES)
    if unknown:
        sys.exit(f"there is no table {', '.join(sorted(unknown))}; there are: {', '.join(TABLES)}")
    for name in chosen.table:
        rows = TABLES[name]()
        print(f"{name}\n{table(rows)}\n")
        if chosen.write:
            PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), name, rows), encoding="utf-8")


if __name__ == "__main__":
    main()
