"""The documentation is true: every example runs, every link leads somewhere, lists are whole."""

import doctest
import hashlib
import importlib.util
import re
import shlex
import tomllib
from pathlib import Path

import pandas as pd
import pytest

import linkage
from tests.helpers.command_line import run
from tests.helpers.records import library, second_copy

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
WRITTEN = ("gallery/", "reference/names", "reference/command_line.md")  # when the site is built
PAGES = [
    ROOT / "README.md",
    *sorted(p for p in DOCS.rglob("*.md") if not str(p.relative_to(DOCS)).startswith(WRITTEN)),
]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NOT_HERE = {
    "linkage review": "serves pages until somebody ends it; see tests/review",
    "linkage label": "asks in the terminal",
    "linkage demo": "has tests of its own",
    "linkage papers --engine spark": "needs Java; see tests/papers/test_spark.py",
    "linkage authors --engine spark": "needs Java; see tests/authors/test_spark.py",
}


def load(name):
    """A script of the site, which is no part of the package."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NAMES = load("name_pages")
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))


# Examples of docstrings


@pytest.fixture(scope="session")
def known():
    """What the examples know."""
    names = {}
    exec(NAMES.EXAMPLE, names)
    return names


@pytest.mark.parametrize("name", [n for n in dir(linkage) if n != "__version__"])
def test_the_example_of_a_public_name_runs(name, known, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = getattr(linkage, name).__doc__
    example = doctest.DocTestParser().get_doctest(text, dict(known), name, None, 0)
    assert example.examples
    told = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example, out=told.append)
    assert "".join(told) == ""


# Examples of pages


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder with the invented files that the pages name."""
    monkeypatch.chdir(tmp_path)
    originals = library(14, seed=5)
    ids = ["otters11", "heron98", *(f"paper{k}" for k in range(12))]
    rows = [one | {"record_id": key} for one, key in zip(originals, ids, strict=True)]
    copies = [second_copy(one) for one in rows[:8]]
    for name, some in {
        "library.bib": rows,
        "export.ris": copies,
        "pubmed.nbib": rows[:10],
        "scopus.ris": [*copies, *rows[12:]],
    }.items():
        linkage.write_records(pd.DataFrame(some), name)
    papers = [one["record_id"].removesuffix("-copy") for one in [*rows, *copies]]
    keys = [one["record_id"] for one in [*rows, *copies]]
    gold = pd.DataFrame({"record_id": keys, "cluster_id": papers})
    linkage.write_table(gold, "gold.csv")
    labels = [(one["record_id"], one["record_id"] + "-copy", 1) for one in rows[:4]]
    labels += [(rows[k]["record_id"], rows[k + 1]["record_id"], 0) for k in range(4)]
    labels = pd.DataFrame(labels, columns=["left_id", "right_id", "same"])
    linkage.write_table(labels, "labels.csv")
    return tmp_path


def blocks(page):
    """(language, text) of the fenced blocks of a page, but for directives."""
    text = page.read_text(encoding="utf-8")
    return re.findall(r"(?ms)^```(\w*)\n(.*?)^```$", text)


def commands(text):
    """The lines of a block that call us, without comments, joined where they go on."""
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [line for line in lines if line.startswith("linkage ")]


@every_page
def test_the_examples_of_a_page_run(page, files):
    names = {}
    for language, text in blocks(page):
        if language == "python":
            exec(compile(text, str(page), "exec"), names)
        elif not language:
            for line in commands(text):
                if not line.startswith(tuple(NOT_HERE)):
                    run(*shlex.split(line, comments=True)[1:])


def test_blocks_that_do_not_run_say_so():
    languages = {language for page in PAGES for language, _ in blocks(page)}
    assert languages <= {"", "python", "text"}


# Links


def headings(page):
    """Anchors of a page, as Sphinx and hosts of repositories make them."""
    titles = re.findall(r"(?m)^#+ (.*)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@every_page
def test_links_lead_somewhere(page):
    text = re.sub(r"(?ms)^```\w*\n.*?^```$", "", page.read_text(encoding="utf-8"))
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)
    links += re.findall(r"\{(?:include|image)\} (\S+)", text)
    for link in (one for one in links if "://" not in one):
        target, _, anchor = link.partition("#")
        found = (page.parent / target) if target else page
        if (
            found.relative_to(DOCS if found.is_relative_to(DOCS) else ROOT)
            .as_posix()
            .startswith(WRITTEN)
            or "reference/names" in found.as_posix()
        ):
            continue
        assert found.exists(), link
        assert not anchor or anchor in headings(found), link


def test_every_page_is_in_a_table_of_contents():
    listed = set()
    for page in PAGES[1:]:
        for tree in re.findall(r"(?s)```\{toctree\}\n(.*?)```", page.read_text(encoding="utf-8")):
            lines = (line for line in tree.splitlines() if line and not line.startswith(":"))
            listed |= {(page.parent / f"{line}.md").resolve() for line in lines}
    assert {page for page in PAGES[1:] if page.name != "index.md"} - listed == set()


# Lists that must be whole


def test_every_public_name_has_a_page():
    listed = [name for names in NAMES.GROUPS.values() for name in names.split()]
    assert sorted(listed) == sorted(set(dir(linkage)) - {"__version__"})


def test_every_command_is_in_the_reference_and_in_the_readme(tmp_path):
    path = tmp_path / "commands.md"
    load("command_pages").write(path)
    told = set(re.findall(r"(?m)^## linkage (\w+)", path.read_text(encoding="utf-8")))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Commands")[2].partition("Each has")[0]
    named = set(re.findall(r"`(?:linkage )?(\w+)`", table))
    assert told - {"demo"} == named


def test_the_readme_takes_a_screen_and_a_half():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 900


def test_the_table_of_dependencies_is_whole():
    text = (DOCS / "install.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| ([\w-]+) \| [\w. ]+ \| \d{4}-\d\d \| \S.* \|$", text)
    needed = [re.match(r"[\w-]+", one)[0] for one in PYPROJECT["dependencies"]]
    assert rows == needed
    assert "Twenty-one packages" in text
    assert len(needed) == 21
    extras = set(PYPROJECT["optional-dependencies"])
    assert {one for one in extras if f"`{one}`" not in text} == set()


def test_every_model_has_a_card_and_a_sum(tmp_path):
    pages = load("model_pages")
    pages.write(tmp_path / "sums.txt")
    sums = (tmp_path / "sums.txt").read_text(encoding="utf-8")
    text = (DOCS / "reference" / "models.md").read_text(encoding="utf-8")
    assert pages.MODELS
    for path in pages.MODELS:
        assert hashlib.sha256(path.read_bytes()).hexdigest() in sums
        assert f"\nmodel_{path.stem}\n" in text


def test_loggers_that_are_named_exist():
    text = (DOCS / "reference" / "logging.md").read_text(encoding="utf-8")
    for name in re.findall(r"`(linkage\.[a-z_.]+)`(?=[,| ]+(?:`linkage\.|INFO|WARNING|\|))", text):
        assert importlib.util.find_spec(name), name


def test_every_notebook_is_a_page_of_the_gallery(tmp_path):
    pages = load("notebook_pages")
    pages.write(tmp_path)
    told = (DOCS / "gallery.md").read_text(encoding="utf-8")
    assert {path.stem for path in tmp_path.iterdir()} == {path.stem for path in pages.NOTEBOOKS}
    for path in tmp_path.iterdir():
        assert told.count(f"gallery/{path.stem}") == 2  # the table and the contents
        links = re.findall(r"\]\(([^):]+)\)", path.read_text(encoding="utf-8"))
        assert [one for one in links if not (tmp_path / one).exists()] == []
