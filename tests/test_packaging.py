"""The wheel: one top-level package, every module, the data files, the command."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("features", "gold", "models")  # folders of the checkout that are parts of `linkage`
SOURCES = ("linkage", *ROOMS, "pyproject.toml", "setup.py", "README.md", "LICENSE")
BUILT = (".so", ".pyd")  # what is compiled, beside its source


@pytest.fixture(
    scope="module",
    params=[{"LINKAGE_PURE": "1"}, pytest.param({}, marks=pytest.mark.slow)],
    ids=["pure", "compiled"],  # compiling takes most of a minute
)
def wheel(request, tmp_path_factory):
    """The wheel of a copy of the sources: building leaves its own files beside them."""
    copy, target = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    junk = shutil.ignore_patterns("__pycache__", *(f"*{ending}" for ending in BUILT))
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=junk)
        else:
            shutil.copy(ROOT / name, copy)
    with ZipFile(build(copy, target, **request.param)) as archive:
        yield archive


def build(copy, target, **variables):
    """The path of the wheel of some sources."""
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    told = os.environ | variables
    done = subprocess.run([*pip, "-w", target, copy], capture_output=True, text=True, env=told)
    assert done.returncode == 0, done.stderr
    (path,) = target.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def files(wheel):
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    return {name for name in names if not name.endswith(BUILT)}


def test_linkage_is_the_only_top_level_package(files):
    assert {name.split("/")[0] for name in files} == {"linkage"}


def test_every_module_is_in_the_wheel(files):
    modules = {path.relative_to(ROOT) for path in (ROOT / "linkage").rglob("*.py")}
    rooms = {path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).glob("*.py")}
    expected = {path.as_posix() for path in modules}
    expected |= {f"linkage/{path.as_posix()}" for path in rooms}
    assert {name for name in files if name.endswith(".py")} == expected


def test_every_data_file_is_in_the_wheel(files):
    data = {"linkage/py.typed", "linkage/readers/letters.json"}
    for room in ("report", "review"):
        templates = (ROOT / "linkage" / room / "templates").iterdir()
        data |= {f"linkage/{room}/templates/{page.name}" for page in templates}
    for room in ROOMS:
        inside = (path for path in (ROOT / room).iterdir() if path.is_file())
        data |= {
            f"linkage/{room}/{path.name}" for path in inside if path.suffix not in (".py", *BUILT)
        }
    assert {name for name in files if not name.endswith(".py")} == data
    for needed in (
        "report/templates/report.html",
        "report/templates/report.js",
        "models/papers_publication.json",
        "models/authors.json",
        "gold/papers.csv",
    ):
        assert f"linkage/{needed}" in data


def test_the_metadata(wheel):
    (folder,) = {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
    metadata = Parser().parsestr(wheel.read(f"{folder}/METADATA").decode())
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert (metadata["Name"], metadata["Version"]) == ("biblinkage", version[1])
    assert metadata["License-Expression"] == "MIT"
    assert "linkage = linkage.__main__:command" in wheel.read(f"{folder}/entry_points.txt").decode()
    assert f"{folder}/licenses/LICENSE" in wheel.namelist()


def test_the_unpacked_wheel_works_by_itself(wheel, tmp_path):
    wheel.extractall(tmp_path)
    code = (
        "import linkage; from linkage import gold; print(linkage.__file__);"
        "assert len(linkage.link_papers(gold.load_records())) == len(gold.load_papers())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)


@pytest.mark.parametrize("told", [{"CC": "false"}, {"LINKAGE_PURE": "1"}], ids=["none", "pure"])
def test_without_a_compiler_there_is_a_wheel_all_the_same(tmp_path, told):
    pytest.importorskip("Cython")
    copy = tmp_path / "copy"
    kernels = Path("linkage") / "kernels"
    shutil.copytree(ROOT / kernels, copy / kernels, ignore=shutil.ignore_patterns("*.so", "*.pyd"))
    for path in (copy / kernels).glob("*.py"):
        path.write_text("x = 1\n")  # is made C of at once
    shutil.copy(ROOT / "setup.py", copy)
    (copy / "pyproject.toml").write_text(
        '[project]\nname = "without"\nversion = "1"\n'
        '[tool.setuptools]\npackages = ["linkage.kernels"]\n'
    )
    with ZipFile(build(copy, tmp_path / "wheel", **told)) as archive:
        assert not [name for name in archive.namelist() if name.endswith(BUILT)]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_cannot_be_imported_by_its_bare_name(room):
    done = subprocess.run(
        [sys.executable, "-c", f"import {room}"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert f"ImportError: import this package as linkage.{room}, not as {room}" in done.stderr


# What a release says of itself in other places


def version():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]


def test_the_version_is_the_same_everywhere():
    assert f"\nversion: {version()}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    recipe = (ROOT / "packaging" / "meta.yaml").read_text(encoding="utf-8")
    assert f'set version = "{version()}"' in recipe
    assert f"\n## [{version()}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_conda_recipe_needs_what_the_wheel_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    others = {"duckdb": "python-duckdb", "msgspec": "msgspec-python"}  # conda-forge's names
    needed = [re.fullmatch(r"([\w-]+)(.*)", one).groups() for one in project["dependencies"]]
    recipe = (ROOT / "packaging" / "meta.yaml").read_text(encoding="utf-8")
    listed = re.findall(
        r"(?m)^    - (\S+) (\S+)$", recipe.partition("  run:")[2].partition("\ntest:")[0]
    )
    expected = [(others.get(name, name), versions) for name, versions in needed]
    assert listed == [("python", project["requires-python"]), *expected]
