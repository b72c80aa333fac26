"""What the documents say of the checkout is true: paths, links, public names, layers."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONTRIBUTING, README = ROOT / "CONTRIBUTING.md", ROOT / "README.md"
ROOMS = ("linkage", "features", "models", "gold")  # three of them are links in `linkage`, too
NOTES = sorted({path.resolve() for room in ROOMS for path in (ROOT / room).rglob("README.md")})
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FILE_NAMES = {path.name for room in (*ROOMS, "tests") for path in (ROOT / room).rglob("*.py")}

both = pytest.mark.parametrize(
    "document", [CONTRIBUTING, README, *NOTES], ids=lambda p: str(p.relative_to(ROOT))
)


def prose(document):
    """A document without its blocks of code, which name the user's own files."""
    return re.sub(r"(?ms)^```.*?^```$", "", document.read_text(encoding="utf-8"))


def words_in_backticks(document):
    """Words of what stands in backticks; those with capitals are placeholders."""
    quoted = " ".join(re.findall(r"`([^`]+)`", prose(document)))
    return {word for word in quoted.split() if re.fullmatch(r"[a-z._][a-z0-9_./*-]*", word)}


def exists(path, document):
    """Whether a path or pattern stands for something, from the root or the document's folder."""
    found = [one for base in (ROOT, document.parent) for one in base.glob(path.rstrip("/"))]
    return any(one.is_dir() or not path.endswith("/") for one in found)


@both
def test_paths_in_backticks_exist(document):
    paths = {word for word in words_in_backticks(document) if "/" in word}
    if document == README:
        paths -= {"both/papers.csv", "both/people.csv"}  # the user's
    assert {path for path in paths if not exists(path, document)} == set()


@both
def test_modules_named_without_a_folder_exist(document):
    modules = {word for word in words_in_backticks(document) if re.fullmatch(r"\w+\.py", word)}
    assert modules - FILE_NAMES == set()


@both
def test_links_lead_somewhere(document):
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", prose(document))
    ours = [link for link in links if "://" not in link]
    assert [link for link in ours if not (document.parent / link).exists()] == []


def test_every_note_of_a_room_is_linked():
    links = re.findall(r"\]\(([^)]+/README\.md)\)", CONTRIBUTING.read_text(encoding="utf-8"))
    assert sorted((ROOT / link).resolve() for link in links) == NOTES


def test_the_layers_are_those_of_the_import_contract():
    (told,) = re.findall(r"(?s)```layers\n(.*?)```", CONTRIBUTING.read_text(encoding="utf-8"))
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one["type"] == "layers")
    assert told.splitlines() == layers


def test_every_room_of_the_layers_is_explained():
    rooms = {path.parent.name for path in (ROOT / "linkage").glob("*/__init__.py")}
    told = set(re.findall(r"(?m)^\| `(?:linkage/)?(\w+)/` \|", prose(CONTRIBUTING)))
    assert rooms - told == set()


def test_names_in_capitals_are_names_of_the_code():
    """Lists that one adds to, such as `PAPER_RULES`."""
    names = set(re.findall(r"`(_?[A-Z]+_[A-Z_]+)`", prose(CONTRIBUTING)))
    code = "".join(
        path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py")
    )
    assert names
    assert {name for name in names if not re.search(rf"(?m)^{name}\b", code)} == set()
