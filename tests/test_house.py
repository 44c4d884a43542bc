"""How the house is kept: what stands at its door, one thing of one name, and every number with its reason."""

import ast
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.not_tested import needs

PROJECT = Path(__file__).resolve().parents[1]
ROOMS = ("protocol", "edge", "central")
AT_THE_DOOR = {
    *("protocol", "edge", "central", "models", "firmware_config", "systemd", "tests", "benchmarks", "docs"),
    *("pyproject.toml", "Makefile"),
    *("requirements.lock", "requirements-run.lock", "requirements-central.lock"),
    *("README.md", "LICENSE", "NOTICE", "CONTRIBUTING.md", "CHANGELOG.md"),
}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((PROJECT / room).rglob("*.py")):
            yield str(path.relative_to(PROJECT)), ast.parse(path.read_text(encoding="utf-8"))


def _listed() -> list[str]:
    """The files that are the project's."""
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode:
        needs("a git checkout", "git clone, for git knows which files are the project's")
    return listed.stdout.splitlines()


def test_only_what_was_agreed_stands_at_the_door() -> None:
    found = {name.split("/")[0] for name in _listed()}
    assert not {name for name in found - AT_THE_DOOR if not name.startswith(".")}


def test_no_file_of_the_project_is_a_link_to_another_place() -> None:
    assert not [name for name in _listed() if (PROJECT / name).is_symlink()]


def test_no_two_classes_have_the_same_name() -> None:
    places = defaultdict(list)
    for name, module in _modules():
        for node in module.body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    assert not {name: where for name, where in places.items() if len(where) > 1}


def test_no_two_files_have_the_same_name() -> None:
    places = defaultdict(list)
    for name, _ in _modules():
        places[name.rsplit("/", 1)[-1]].append(name)
    twice = {name: where for name, where in places.items() if len(where) > 1}
    # Each program has its command line.
    assert set(twice) <= {"__init__.py", "cli.py"}


def test_no_example_in_a_docstring_is_skipped() -> None:
    assert not [name for name, module in _modules() if "doctest: +SKIP" in ast.unparse(module)]


def test_every_number_says_its_reason() -> None:
    silent = [
        f"{name}:{line} {constant}"
        for name, module in _modules()
        for constant, line in _silent_numbers(module)
    ]
    assert not silent


def _silent_numbers(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Module-level numeric constants that no text stands under."""
    for node, following in zip(module.body, [*module.body[1:], None], strict=True):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        named = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        if named.isupper() and _is_numeric(node.value) and not _is_text(following):
            yield named, node.lineno


def _is_numeric(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=number):
            return isinstance(number, int | float) and not isinstance(number, bool)
        case ast.UnaryOp(operand=operand):
            return _is_numeric(operand)
        case ast.BinOp(left=left, right=right):
            return _is_numeric(left) or _is_numeric(right)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return bool(parts) and all(_is_numeric(part) for part in parts)
        case _:
            return False


def _is_text(node: ast.stmt | None) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def test_every_decision_has_a_number_of_its_own() -> None:
    files = sorted((PROJECT / "docs" / "decisions").glob("*.md"))
    numbers = [int(path.name[:4]) for path in files]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [path.read_text(encoding="utf-8").split(".")[0] for path in files] == [f"# {n}" for n in numbers]


def test_the_migrations_are_one_chain() -> None:
    folder = PROJECT / "central" / "database" / "migrations" / "versions"
    named: dict[str, str | None] = {}
    for path in sorted(folder.glob("v*.py")):
        words = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id in {"revision", "down_revision"}
        }
        named[words["revision"]] = words["down_revision"]
    before = list(named.values())
    assert len(before) == len(set(before)), "two migrations follow the same one"
    assert set(before) - {None} == set(named) - (set(named) - set(before)), "one follows what is not there"
    assert len(set(named) - set(before)) == 1
