"""The rules of CONTRIBUTING.md that a machine can check, read off the syntax trees."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("features", "gold", "models")
MOST_LINES, LONGEST_FUNCTION = 400, 60
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
UNSAFE_CALLS = {"eval", "exec", "read_pickle", "to_pickle"}


def modules():
    """Path (as in the package) -> source text of every module of ours."""
    found = {path.relative_to(ROOT): path for path in (ROOT / "linkage").rglob("*.py")}
    for room in ROOMS:
        inside = (ROOT / room).glob("*.py")
        found |= {"linkage" / path.relative_to(ROOT): path for path in inside}
    return {name.as_posix(): path.read_text(encoding="utf-8") for name, path in found.items()}


MODULES = modules()
TREES = {name: ast.parse(text) for name, text in MODULES.items()}


def imported(tree):
    """Dotted names of the modules that a module imports, at its top or inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            module = node.module or ""
            if module == "linkage":
                yield from (f"linkage.{alias.name}" for alias in node.names)
            else:
                yield module


def ours(folder):
    """What the modules of a sub-package import of our own: (importing module, imported one)."""
    return {
        (name, module)
        for name, tree in TREES.items()
        if name.startswith(f"linkage/{folder}/")
        for module in imported(tree)
        if module.split(".")[0] == "linkage"
    }


def outside(imports, *allowed):
    return {
        (name, module)
        for name, module in imports
        if not any(f"{module}.".startswith(f"{one}.") for one in allowed)
    }


@pytest.mark.parametrize(
    ("room", "allowed"),
    [
        ("features", ["linkage.features"]),
        ("gold", []),
        ("models", ["linkage.models", "linkage.features", "linkage.kernels", "linkage.errors"]),
    ],
)
def test_a_room_imports_only_what_it_may(room, allowed):
    assert any(name.startswith(f"linkage/{room}/") for name in TREES)
    assert outside(ours(room), *allowed) == set()


def test_only_the_engines_import_duckdb():
    users = {name.split("/")[1] for name, tree in TREES.items() if "duckdb" in imported(tree)}
    assert users - {"benchmarks"} == {"engines"}  # a benchmark may run another tool on it


def test_nothing_imports_the_command_line():
    users = {name for name, tree in TREES.items() if "linkage.cli" in imported(tree)}
    assert users == {"linkage/__main__.py"}


def test_rooms_are_flat():
    for room in ROOMS:
        folders = {path.name for path in (ROOT / room).iterdir() if path.is_dir()}
        assert folders <= {"__pycache__"}


@pytest.mark.parametrize("name", sorted(TREES))
def test_nothing_is_unpickled_or_evaluated(name):
    tree = TREES[name]
    assert not {module.split(".")[0] for module in imported(tree)} & UNSAFE_MODULES
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    plain = {func.id for func in called if isinstance(func, ast.Name)}
    methods = {func.attr for func in called if isinstance(func, ast.Attribute)}
    assert not plain & UNSAFE_CALLS
    assert not methods & UNSAFE_CALLS


@pytest.mark.parametrize("name", sorted(TREES))
def test_files_and_functions_stay_short(name):
    assert MODULES[name].count("\n") <= MOST_LINES
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(TREES[name]):
        if isinstance(node, functions):
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name
