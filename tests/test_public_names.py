"""The public names: what `import linkage` promises, and nothing beside it."""

import ast
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest

import linkage
from tests.helpers.command_line import run

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PUBLIC_ROOMS = {"gold"}


def seen_by_type_checkers():
    """Public name -> its home, as the imports for type checkers have it."""
    tree = ast.parse(Path(linkage.__file__).read_text(encoding="utf-8"))
    (block,) = (
        node.body
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    imports = [node for node in block if isinstance(node, ast.ImportFrom)]
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in imports
        for alias in node.names
    }


def in_a_new_process(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_type_checkers_see_what_is_exported():
    assert seen_by_type_checkers() == linkage._HOMES
    assert set(linkage.__all__) == {"__version__", *linkage._HOMES}
    assert len(linkage.__all__) == len(set(linkage.__all__))


@pytest.mark.parametrize("name", sorted(linkage._HOMES))
def test_a_public_name_is_what_stands_in_its_home_and_is_documented(name):
    module, _, own_name = linkage._HOMES[name].rpartition(".")
    assert getattr(linkage, name) is getattr(import_module(module), own_name)
    assert getattr(linkage, name).__doc__


def test_dir_shows_the_public_names_only():
    assert dir(linkage) == sorted(linkage.__all__)


def test_a_star_import_gives_the_public_names_only():
    code = "from linkage import *; print(*(name for name in dir() if name != '__builtins__'))"
    plain = set(in_a_new_process("print(*dir())"))
    assert set(in_a_new_process(code)) - plain == set(linkage.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'linkage' has no attribute 'link_paper'"):
        linkage.link_paper  # noqa: B018


def test_sub_packages_are_imported_by_name():
    code = "from linkage import gold; import linkage.models; print(gold.__name__, linkage.models)"
    assert in_a_new_process(code)[0] == "linkage.gold"


def test_importing_the_package_loads_nothing_else():
    code = "import sys; old = set(sys.modules); import linkage; print(*set(sys.modules) - old)"
    loaded = {name.split(".")[0] for name in in_a_new_process(code)}
    assert loaded - sys.stdlib_module_names == {"linkage"}


def test_the_version_is_that_of_the_installed_package():
    assert linkage.__version__ == version("biblinkage")
    assert run("--version").stdout == f"biblinkage {version('biblinkage')}\n"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_uses_public_names_only(path):
    cells = nbformat.read(path, as_version=4).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    used = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("linkage.") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("linkage"):
            assert node.module == "linkage"
            used |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "linkage":
            used.add(node.attr)
    assert used
    assert used <= PUBLIC_ROOMS | set(linkage.__all__)
