"""The benchmark page: what it shows, and that page, tables and README are those of the JSON."""

import json
import re
import shutil
import subprocess
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from statistics import mean

import pytest

from linkage.benchmarks.page.charts import Question, charts
from linkage.benchmarks.page.page import KINDS, html_page, markdown_page, read_results
from linkage.errors import InputError
from tests.helpers.command_line import run

ROOT = Path(__file__).parents[2]
PUBLISHED = sorted((ROOT / "benchmarks").glob("*.json"))
HOSTILE = "<script>alert(1)</script>_set"


def scores(value, low, high):
    names = ("b_cubed", "pairwise")
    parts = [f"{name}_{part}" for name in names for part in ("precision", "recall", "f1")]
    parts += ["record_precision", "record_recall", "macro_f1", "macro_f1_of_means"]
    return {
        "failure": None,
        "scores": dict.fromkeys(parts, value),
        "intervals": {name: [low, high] for name in parts},
    }


FAILED = {"failure": "not done after 9 s", "scores": None, "intervals": None}
COST = {"cost": {"seconds": 1.25, "cpu_seconds": 1.0, "peak_mb": 300}}
MACHINE = {"machine": {"processors": 2, "system": "Linux"}, "versions": {"python": "3.12.1"}}


def paper_result():
    def one(name, system, rest, protocol="end to end"):
        place = {"set": name, "level": "publication", "system": system, "protocol": protocol}
        return place | COST | {"blocking": None} | rest

    mean = {"level": "publication", "scores": {"pairwise_f1": 0.7, "record_precision": 0.8}}
    return MACHINE | {
        "benchmark": "papers",
        "settings": {"time_limit_seconds": 9.0},
        "peers": {"Other": "2.0"},
        "sets": [{"name": "one", "records": 1234}, {"name": HOSTILE, "records": 5}],
        "runs": [
            one("one", "biblinkage", scores(0.75, 0.5, 1.0)),
            one("one", "Other", scores(0.5, 0.25, 0.625)),
            one("one", "biblinkage", scores(0.875, 0.8, 0.9), "given pairs"),
            one(HOSTILE, "biblinkage", scores(0.65, None, None)),
            one(HOSTILE, "Other", FAILED),
        ],
        "averages": [
            mean | {"system": "biblinkage", "n_sets": 2},
            mean | {"system": "Other", "n_sets": 1},
        ],
    }


def author_result():
    place = {"set": "names", "scope": "whole", "protocol": "left out", "system": "biblinkage"}
    return MACHINE | {
        "benchmark": "authors",
        "settings": {"time_limit_seconds": 9.0, "together": []},
        "sets": [{"name": "names", "records": 10, "people": 4}],
        "runs": [place | COST | scores(0.96, 0.95, 0.97)],
        "averages": [],
    }


@pytest.fixture
def paths(tmp_path):
    found = []
    for result in (author_result(), paper_result()):
        found.append(tmp_path / f"{result['benchmark']}.json")
        found[-1].write_text(json.dumps(result))
    return found


class Page(HTMLParser):
    """Text, tags and attributes; each panel of a chart by its caption."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(html)
        self.text = re.sub(r"\s+", " ", self.text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append(dict(attrs))
        self.text += "\n" if tag in ("figure", "li", "tr", "p", "h2", "h3") else ""

    def handle_data(self, data):
        self.text += data


def panels(html):
    """Caption and text of every panel, the widths of its bars, and the ends of its intervals."""
    found = []
    for figure in re.findall("<figure>(.*?)</figure>", html, re.DOTALL):
        caption, _, rest = figure.partition("</figcaption>")
        widths = re.findall(r'<rect class="(ours|other)" width="([\d.]+)"', rest)
        ends = re.findall(r'class="spread" d="M([\d.]+) 5H([\d.]+)M', rest)
        text = [Page(part).text for part in (caption, rest)]
        found.append((text[0].strip(), text[1], widths, ends))
    return found


def test_charts_show_every_set_and_system_to_scale(paths):
    mean, one, hostile, given, names = panels(html_page(read_results(paths)))
    assert (mean[0], mean[2], mean[3]) == ("Mean 2 sets", [("ours", "70.00")], [])
    assert "Other has a score on 1 of 2 sets" in mean[1]
    assert one[0] == "one 1,234 records"
    assert one[2] == [("ours", "75.00"), ("other", "50.00")]  # not the run on given pairs
    assert one[3] == [("50.00", "100.00"), ("25.00", "62.50")]
    assert "biblinkage .7500 [.5000, 1.0000] 1.2 s, 300 MB" in one[1]
    assert hostile[2:] == ([("ours", "65.00")], [])  # nothing is drawn where nothing is known
    assert "Other not done after 9 s 1.2 s, 300 MB" in hostile[1]
    assert given[2] == [("ours", "87.50")]
    assert names[0] == "names 10 records, 4 people"
    assert "biblinkage, left out .9600" in names[1]


def test_costs_are_drawn_against_the_highest_of_all():
    def one(name, system, failure, seconds):
        used = None if seconds is None else {"cpu_seconds": seconds}
        place = {"set": name, "made_up": True, "system": system}
        return place | {"failure": failure, "cost": used}

    runs = [one("10000", "biblinkage", None, 12.345), one("10000", "Other", None, 24.69)]
    runs += [one("real", "biblinkage", None, 1234.5), one("real", "Slow", "not done", 9999.0)]
    runs += [one("real", "Absent", "not installed", None)]
    sets = [{"name": "10000", "records": 10000}, {"name": "real", "records": 7}]
    asked = Question("CPU seconds", {"made_up": True}, "cpu_seconds", "s")
    never = Question("Never run", {"made_up": False}, "cpu_seconds", "s")
    (chart,) = charts({"runs": runs, "sets": sets}, [asked, never])
    assert "highest of all is a full bar" in chart.note
    assert [(panel.name, panel.note) for panel in chart.panels] == [
        ("10,000 records", ""),
        ("real", "7 records"),
    ]
    bars = [(b.system, b.text, b.value) for panel in chart.panels for b in panel.bars]
    assert bars == [
        ("biblinkage", "12.3 s", pytest.approx(0.01)),
        ("Other", "24.7 s", pytest.approx(0.02)),
        ("biblinkage", "1,234 s", 1.0),
        ("Slow", "not done", None),
        ("Absent", "not installed", None),
    ]


def test_what_labels_are_worth_is_drawn_as_means_over_seeds():
    def one(model, choice, value, low, high):
        mean = {"value": value, "low": low, "high": high, "n": 2}
        place = {"set": "one", "protocol": "other half", "model": model, "choice": choice}
        return place | {"scores": [value, value], "mean": mean}

    runs = [one("adapted", "chosen", 0.9, 0.8, 1.0), one("start", "", None, None, None)]
    content, kind = {"sets": [{"name": "one", "records": 7}], "runs": runs}, KINDS["labelling"]
    (chart,) = charts(content | {"runs": kind.runs(content)}, kind.questions)
    bars = [tuple(bar)[:6] for bar in chart.panels[0].bars]
    assert bars == [
        ("biblinkage, adapted, chosen", ".9000 [.8000, 1.0000]", True, 0.9, 0.8, 1.0),
        ("biblinkage, no labels", "–", True, None, None, None),
    ]


def test_both_pages_hold_the_tables_of_each_result(paths):
    results = read_results(paths[::-1])
    assert results == read_results(paths)  # in the order of the page, not of the files
    text, html = markdown_page(results), html_page(results)
    for one in results:
        assert one.tables.strip() in text
    page = Page(html)
    figures = set(re.findall(r"\.\d{4}", text))
    assert figures == set(re.findall(r"\.\d{4}", page.text))
    for name in ("papers", "authors"):
        assert KINDS[name].title in page.text
        for term, words in KINDS[name].meaning.items():
            assert f"- **{term}**: {words}" in text
            assert term in page.text
            assert words.replace("`", "") in page.text
    assert text.index(KINDS["papers"].title) < text.index(KINDS["authors"].title)


def test_the_page_needs_no_network_and_runs_nothing(paths):
    html = html_page(read_results(paths))
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert "<script>alert(1)</script>_set 5 records" in page.text  # as text
    links = [a[k] for a in page.attributes for k in ("href", "src") if k in a]
    assert links == ["#part-1", "#part-2"]
    assert "url(" not in html
    (policy,) = (a["content"] for a in page.attributes if "http-equiv" in a)
    assert policy.startswith("default-src 'none'")


def test_figures_and_their_heads_are_aligned(paths):
    html = html_page(read_results(paths))
    assert '<td class="number">.7500 [.5000, 1.0000]</td>' in html
    assert '<th class="number">F1</th>' in html
    assert "<th>system</th>" in html
    assert "<td>biblinkage</td>" in html


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"benchmark": "cooking"}', "found the benchmark 'cooking', expected one of papers, auth"),
        ('{"runs": []}', "found no benchmark, expected one of papers"),
        ("[1]", "found no benchmark"),
        ("{", "not a readable JSON file"),
        ('{"benchmark": "papers", "sets": []}', "found KeyError.*of this version writes"),
    ],
)
def test_a_file_that_is_no_result_is_one_sentence(tmp_path, content, told):
    path, output = tmp_path / "odd.json", tmp_path / "index.html"
    path.write_text(content)
    stderr = run("benchmark", "page", path, "-o", output, code=1).stderr
    assert re.search(rf"{path}: {told}", stderr.replace("\n", " "))
    assert list(tmp_path.iterdir()) == [path]


def test_the_command_writes_both_pages(paths, tmp_path):
    output = tmp_path / "page.html"
    run("benchmark", "page", *paths, "-o", output)
    results = read_results(paths)
    assert output.read_text(encoding="utf-8") == html_page(results)
    assert output.with_suffix(".md").read_text(encoding="utf-8") == markdown_page(results)
    run("benchmark", "page", *paths, "-o", tmp_path / "page.txt", code=1)
    run("benchmark", "page", tmp_path / "absent.json", "-o", output, code=1)
    with pytest.raises(InputError, match="no such file"):
        read_results([tmp_path / "absent.json"])


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium")
def test_the_page_fits_a_phone(paths, tmp_path):
    html = re.sub("<meta http-equiv[^>]*>", "", html_page(read_results(paths)))
    reader = "document.title = `${document.documentElement.scrollWidth} of ${innerWidth}`"
    page = tmp_path / "page.html"
    page.write_text(html.replace("</body>", f"<script>{reader}</script></body>"), encoding="utf-8")
    options = "--headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run"
    done = subprocess.run(
        ["chromium", *options.split(), "--window-size=500,900",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    content, window = re.findall("<title>(\\d+) of (\\d+)</title>", done.stdout)[0]
    assert int(content) <= int(window)


# What is published: JSON -> tables beside it -> the page and the documentation; README's summary.


def content(html):
    """The page without its style, which other pages share."""
    return re.sub("<style>.*?</style>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_the_published_tables_are_those_of_the_published_json(path):
    (result,) = read_results([path])
    assert path.with_suffix(".md").read_text(encoding="utf-8") == result.tables


def test_the_published_page_is_that_of_the_published_json():
    told = "out of date: run `linkage benchmark page benchmarks/*.json -o benchmarks/index.html`"
    results, page = read_results(PUBLISHED), ROOT / "benchmarks" / "index.html"
    assert page.with_suffix(".md").read_text(encoding="utf-8") == markdown_page(results), told
    assert content(page.read_text(encoding="utf-8")) == content(html_page(results)), told


def test_the_documentation_shows_the_published_tables():
    """They are included, so no copy can grow old."""
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\{include\} \.\./benchmarks/(\w+)\.md", page))
    assert shown == {path.stem for path in PUBLISHED}


ASKED = "Splink, best threshold picked on the answer"  # what nobody can have
SUMMARY = {
    "papers, each set linked by a model that has not seen it; mean pairwise F1": (
        ("papers", "biblinkage", "pairwise_f1", {"level": "publication"})
    ),
    "papers, any version of one work, the same": (
        ("papers", "biblinkage", "pairwise_f1", {"level": "work"})
    ),
    "authors, the same; mean B-cubed F1": (
        ("authors", "biblinkage", "b_cubed_f1", {"scope": "whole"})
    ),
}


def shown(score):
    return "–" if score is None else f"{score:.4f}".removeprefix("0")


def scores_of_sets(benchmark, measure, chosen):
    """System -> set -> score, of runs on whole sets by models that have not seen them."""
    found = defaultdict(dict)
    for one in json.loads((ROOT / "benchmarks" / f"{benchmark}.json").read_text("utf-8"))["runs"]:
        told = chosen.items() <= one.items() and measure in (one["scores"] or {})
        if told and one["protocol"] not in ("within its group", "given pairs"):
            found[one["system"]][one["set"]] = one["scores"][measure]
    return found


def row_of_the_summary(what, benchmark, ours, measure, chosen):
    """The means over all sets that others ran on: ours, the best other's, what Splink could."""
    scores = scores_of_sets(benchmark, measure, chosen)
    most = max(len(sets) for system, sets in scores.items() if not system.startswith(ours))
    names = next(iter(s.keys() for system, s in scores.items() if len(s) == most))
    means = {s: mean(sets[n] for n in names) for s, sets in scores.items() if names <= sets.keys()}
    others = [s for s in means if s != ASKED and not s.startswith(ours)]
    best = max(others, key=means.__getitem__)
    cells = f"{most} sets of {what}", shown(means[ours]), f"{shown(means[best])} ({best})"
    return "| " + " | ".join([*cells, shown(means.get(ASKED))]) + " |"


def test_the_summary_in_the_readme_is_that_of_the_json():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (quoted,) = re.findall(r"<!-- summary -->\n(.*?)\n<!-- end -->", readme, re.DOTALL)
    expected = [row_of_the_summary(what, *where) for what, where in SUMMARY.items()]
    assert quoted.splitlines()[2:] == expected
