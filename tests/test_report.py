import base64
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest
from jinja2 import UndefinedError

from linkage.errors import InputError, Problem
from linkage.report import SHOWN_PAIRS, ReportData, ScoreSection, render, write_report
from linkage.report_blocking import Blocking
from linkage.report_cards import SHOWN, Group, RecordPair, pair_card
from linkage.report_classes import class_tables
from linkage.report_curves import pair_curve
from linkage.report_errors import Evidence, LostAt, error_words, pair_scores
from linkage.report_evaluation import evaluation_report
from linkage.report_waterfall import Bar, Waterfall
from linkage.scoring import evaluate

VOID = {"meta", "link", "br", "img", "input", "hr"}
BLOCKING = Blocking(
    [("Pairs there are", "15")],
    pd.DataFrame(
        {
            "rule": ["same DOI"],
            "pairs": [12345],
            "only_this_rule": [3],
            "so_far": [12345],
            "cut_by_cap": [7],
            "completeness": [0.75],
            "low": [0.5],
            "high": [0.9],
            "completeness_so_far": [0.75],
        }
    ),
    [("0", 4), ("1", 2)],
)
HOSTILE = '<script>alert("x")</script> & "Quotes" </td></table>'


class Page(HTMLParser):
    """Checks that tags nest, and collects links, ids, text and marked text."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.links, self.ids = [], [], [], []
        self.attributes = []
        self.text, self.marked = "", []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append(dict(attrs))
        self.links += [v for k, v in attrs if k in ("href", "src", "action", "srcset")]
        self.ids += [v for k, v in attrs if k == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += "" if self.open[-1:] in (["style"], ["script"]) else data
        if "mark" in self.open:
            self.marked.append(data)


def record(title, year="2018", doi=None):
    return {"title": title, "year": year, "doi": doi}


def full_report(**changes):
    clusters = pd.Series([1, 1, 2, 3, 3, 4])
    sections = {
        "title": f"Report {HOSTILE}",
        "summary": ["Six records.", HOSTILE],
        "facts": [("Input", HOSTILE), ("Seconds", "3.1")],
        "scores": [ScoreSection("Gold", HOSTILE, evaluate(clusters, clusters % 3))],
        "blocking": BLOCKING,
        "groups": [Group("c1", [record(HOSTILE, doi="10.1000/a<b"), record("Slow moss", "2019")])],
        "missed": [RecordPair(record("Fern A"), record("Fern B"), f"Too unlike. {HOSTILE}")],
        "false_merges": [RecordPair(record("Part I"), record("Part II"), "Parts differ.")],
        "set_aside": [Problem("a.bib", "line 4", HOSTILE, "a title")],
    }
    return ReportData(**{**sections, **changes})


def test_report_is_well_formed_and_shows_everything():
    page = Page(render(full_report()))
    for text in (
        "Six records.", "3.1", "Pairs: F1", "same DOI", "12,345", "0.750", "c1: 2 records",
        "Slow moss", "Fern A", "Fern B", "Too unlike.", "Part II", "Parts differ.", "line 4",
        "record set aside",
    ):  # fmt: skip
        assert text in page.text
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert page.tags.count("h1") == 1
    # a table is called by its caption or by the summary of the card that it is in
    assert page.tags.count("caption") + page.tags.count("details") >= page.tags.count("table")


def test_everything_has_a_name_for_screen_readers():
    report = full_report(
        review=[RecordPair(record("Fern"), record("Ferns"), "W.", 0.5, True, waterfall())] * 4,
        curves=[pair_curve("C", PAIRS, TRUTH, 0.6)],
        classes=class_tables(TRUTH, TRUTH),
        lost=[LostAt("never compared", "No rule.", 1, 2)],
    )
    html = render(report)
    page = Page(html)
    elements = list(zip(page.tags, page.attributes, strict=True))
    assert [tag for tag in page.tags if tag in ("header", "nav", "main")] == [
        "header",
        "nav",
        "main",
    ]
    assert all("scope" in a for tag, a in elements if tag == "th")
    assert all(a.get("role") == "img" and a["aria-label"] for tag, a in elements
               if tag == "svg" and a.get("aria-hidden") != "true")  # fmt: skip
    assert {a["aria-labelledby"] for a in page.attributes if "aria-labelledby" in a} <= set(
        page.ids
    )
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        assert "<caption>" in table or "aria-label=" in table.split(">")[0]
    for inside in re.findall(r"<details[^>]*>\s*(<\w+)", html):
        assert inside == "<summary"
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_hostile_text_stays_text():
    html = render(full_report())
    page = Page(html)
    assert page.tags.count("script") == 1  # ours
    assert html.count("<script") == 1
    assert page.text.count(HOSTILE) >= 6


def test_report_needs_no_network():
    page = Page(render(full_report()))
    outside = [link for link in page.links if not link.startswith("#")]
    assert outside == ["https://doi.org/10.1000/a%3Cb"]
    assert not {"link", "img", "iframe", "object"} & set(page.tags)
    assert "url(" not in render(full_report())
    assert "@import" not in render(full_report())


def test_only_what_differs_from_the_majority_is_marked():
    group = Group("c", [record("Moss", 2018), record("Moss", float("nan")), record("Moss!", 2019)])
    page = Page(render(ReportData("R", groups=[group])))
    # 2018 and 2019: no majority, both are marked; a missing year is not a differing one
    assert page.marked == ["Marked", "2018", "Moss!", "2019"]
    assert "not given" in page.text
    assert "doi" not in page.text  # a field that no record has is left out


def test_an_empty_report_has_no_empty_sections():
    page = Page(render(ReportData("Nothing to report")))
    assert "table" not in page.tags
    assert page.tags.count("h2") == 0
    assert page.links == []


def test_many_groups_the_telling_ones_first_the_rest_counted():
    alike = [Group(f"a{k:04}", [record("T"), record("T")]) for k in range(3000)]
    differing = Group("z-differing", [record("T"), record("U")])
    large = Group("z-large", [record("T")] * 40)
    page = Page(render(ReportData("R", groups=[*alike, differing, large])))
    names = re.findall(r"(z-\w+|a\d{4}): (\d+) records", page.text)
    assert names[:3] == [("z-large", "40"), ("z-differing", "2"), ("a0000", "2")]
    assert len(names) == SHOWN
    assert "Shown are 1,000 of 3,002 groups, the largest first; not shown: 2,002." in page.text
    assert "15 more records of this group are not shown." in page.text
    reordered = ReportData("R", groups=[large, differing, *alike[::-1]])
    assert Page(render(reordered)).text == page.text


def test_ten_thousand_long_records_stay_under_ten_megabytes():
    long = [{"title": f"{k} {'moss ' * 400}", "authors": "Fern, A; " * 40} for k in range(10_000)]
    groups = [Group(f"g{k}", long[k : k + 10]) for k in range(0, 10_000, 10)]
    html = render(ReportData("R", groups=groups))
    assert len(html.encode()) < 10_000_000
    assert "…</mark>" in html  # cut
    assert "Shown are 400 of 1,000 groups" in html


def test_waterfalls_of_every_pair_shown_stay_small():
    pair = RecordPair(record("A"), record("B"), "Why.", 0.5, True, waterfall())
    html = render(ReportData("R", review=[pair] * 300, missed=[pair] * 300))
    assert html.count('class="fall more"') == 2 * SHOWN_PAIRS
    assert len(html.encode()) < 2_000_000
    text = Page(html).text
    assert text.count("Meaning 3.") == 2  # once a section


def test_how_a_score_adds_up_is_printed():
    page = Page(render(ReportData("R", review=[RecordPair({}, {}, "", 0.5, True, waterfall(2))])))
    for text in ("log-odds +0.500, probability 0.400", "+2.000", "−1.000", "30 others", "+0.500"):
        assert text in page.text


def test_many_pairs_are_counted():
    pair = RecordPair(record("A"), record("B"), "Why.")
    page = Page(render(ReportData("R", missed=[pair] * 201)))
    assert "Shown are 200 of 201 pairs; not shown: 1." in page.text
    assert page.text.count("Why.") == SHOWN_PAIRS


def test_only_our_script_may_run():
    html = render(full_report())
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = (a["content"] for a in Page(html).attributes if "http-equiv" in a)
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert not [name for a in Page(html).attributes for name in a if name.startswith("on")]


def test_close_calls_say_what_was_decided():
    same = RecordPair(record("Fern"), record("Ferns"), "titles differ", 0.61, True)
    apart = RecordPair(record("Moss"), record("Mosses"), "another year", 0.4, False)
    doubtful = Group("c", [record("Fern"), record("Ferns")], doubt="least alike pair: 0.610")
    page = Page(render(ReportData("R", review=[same, apart], groups=[doubtful])))
    for text in (
        "Close calls", "Probability 0.610, taken to be the same, differ in title", "another year",
        "Probability 0.400, taken to be different", "least alike pair: 0.610",
    ):  # fmt: skip
        assert text in page.text
    kinds = [a["data-doubt"] for a in page.attributes if "data-doubt" in a]
    assert kinds == ["same", "different", "yes"]


def test_records_that_no_rule_reached_are_listed():
    page = Page(render(full_report(unreached=[record("Lone moss"), {"record_id": "r7"}])))
    for text in ("2 records that no rule paired", "Lone moss", "r7"):
        assert text in page.text


def test_scores_from_a_table_undefined_ones_are_named():
    table = pd.DataFrame(
        {
            "measure": ["own_measure", "pairwise_precision", "pairwise_f1", "lumping"],
            "value": [0.9999, float("nan"), 0.5, 0.0001],
            "low": [0.9, float("nan"), float("nan"), 0.0001],
            "high": [1.0, float("nan"), float("nan"), 0.0001],
        }
    )
    page = Page(render(ReportData("R", scores=[ScoreSection("S", "Note.", table)])))
    order = [page.text.index(name) for name in ("Pairs: F1", "Lumping", "own_measure")]
    assert order == sorted(order)
    for text in ("> 0.999", "0.900 to 1.000", "< 0.001", "no spread", "unknown"):
        assert text in page.text
    assert "because there was nothing to count: Pairs: precision." in page.text


def test_report_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "report.html"
    write_report(path, full_report())
    written = path.read_text(encoding="utf-8")
    assert written == render(full_report())
    with pytest.raises(UndefinedError):  # a blocking table without its columns
        write_report(
            path, full_report(blocking=BLOCKING._replace(rules=BLOCKING.rules[["rule", "pairs"]]))
        )
    assert path.read_text(encoding="utf-8") == written
    with pytest.raises(InputError, match="does not exist"):
        write_report(tmp_path / "no folder" / "report.html", full_report())
    (tmp_path / "a folder").mkdir()
    with pytest.raises(InputError, match="a folder"):
        write_report(tmp_path / "a folder", full_report())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a folder", "report.html"]


def test_text_in_any_script_and_broken_text(tmp_path):
    path = tmp_path / "r.html"
    write_report(path, ReportData("苔藓 \ud800 طحالب", groups=[Group("ç", [record("Çelik")])]))
    text = path.read_text(encoding="utf-8")
    assert "苔藓 ? طحالب" in text
    assert "ç: 1 record, alike" in text


def scored(*rows):
    return pd.DataFrame(rows, columns=["left_id", "right_id", "probability", "veto"])


TRUTH = pd.Series({"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 3})
PAIRS = scored(
    ("a", "b", 0.9, ""), ("a", "c", 0.4, ""), ("d", "f", 0.7, ""),
    ("d", "e", 0.0, "different_part"), ("a", "x", 0.9, ""),
)  # fmt: skip


def test_a_curve_counts_pairs_at_every_threshold():
    curve = pair_curve("C", PAIRS, TRUTH, 0.6)
    rows = curve.points.set_index(curve.points["threshold"].round(2))
    counts = ["found", "wrong", "missed"]
    assert rows.loc[0.4, counts].tolist() == [2, 1, 2]  # b, c were never compared; d, e vetoed
    assert rows.loc[0.41, counts].tolist() == [1, 1, 3]
    assert rows.loc[0.71, counts].tolist() == [1, 0, 3]
    assert rows.loc[0.95, counts].tolist() == [0, 0, 4]
    assert rows.loc[0.4, "precision"] == pytest.approx(2 / 3)
    assert rows.loc[0.4, "recall"] == 0.5
    assert rows.loc[0.4, "f1"] == pytest.approx(4 / 7)
    assert pd.isna(rows.loc[0.95, "precision"])
    assert curve.calibration["share"].tolist() == [1, 0, 1]
    assert curve.calibration["mean"].tolist() == [0.4, 0.7, 0.9]
    assert curve.calibration["pairs"].tolist() == [1, 1, 1]


def test_a_curve_against_labelled_pairs_knows_those_pairs_only():
    gold = pd.DataFrame({"left_id": ["b", "f"], "right_id": ["a", "d"], "same": [1, 0]})
    points = pair_curve("C", PAIRS, gold, 0.6).points
    assert points.loc[49, ["found", "wrong", "missed"]].tolist() == [1, 1, 0]
    assert pair_curve("C", scored(("x", "y", 0.5, "")), gold, 0.6) is None
    assert pair_curve("C", PAIRS, pd.Series({"a": 1, "b": 2}), 0.6) is None  # no true pair


def library():
    titles = {"a": "Moss", "b": "Moss", "c": "Mosses", "d": "Fern", "e": "Fern", "f": "Ferns"}
    authors = [[{"name": "Fern, A."}]] * 6
    table = pd.DataFrame({"record_id": list(titles), "title": titles.values()})
    return table.assign(authors=authors, year=2018)


def test_an_evaluation_with_records_and_pairs_says_why():
    clusters = pd.Series({"a": 1, "b": 1, "c": 2, "d": 3, "f": 3, "e": 4})
    evidence = Evidence(library(), PAIRS, 0.6)
    args = ("r.csv", "g.csv", clusters, TRUTH, evaluate(clusters, TRUTH))
    report = evaluation_report(*args, evidence)
    (merge,) = report.false_merges
    assert (merge.probability, merge.left["title"], merge.right["title"]) == (0.7, "Fern", "Ferns")
    assert merge.explanation == (
        "Probability 0.700, at or over the threshold 0.6. Same authors, year; title Fern / Ferns; "
        "not known on both sides: venue, volume, number, pages, doi."
    )
    under, vetoed = report.missed  # what the model said comes before what a rule did
    assert under.explanation.startswith("Probability 0.400, under the threshold 0.6. Same authors")
    assert vetoed.explanation.startswith("Kept apart by the rule different part. The titles name")
    assert vetoed.probability is None
    page = Page(render(report))
    for text in ("Of 2 pairs that were put together, 1 are right", "3 were missed", "Thresholds"):
        assert text in page.text
    (points,) = (json.loads(a["data-points"]) for a in page.attributes if "data-points" in a)
    assert points[59] == [0.6, 1, 1, 3]
    assert {a["for"] for a in page.attributes if "for" in a} <= set(page.ids)


def test_an_evaluation_by_itself_claims_nothing_of_the_pairs():
    clusters = pd.Series({"a": 1, "b": 1, "c": 2, "d": 3, "f": 3, "e": 4})
    report = evaluation_report("r.csv", "g.csv", clusters, TRUTH, evaluate(clusters, TRUTH))
    assert report.curves == []
    assert {pair.explanation for pair in [*report.missed, *report.false_merges]} == {""}
    mentions = pd.Series({"a#0": 1, "b#0": 2, "z#0": 3})
    people = pd.Series({"a#0": 1, "b#0": 1, "z#0": 1})
    args = ("r.csv", "g.csv", mentions, people, evaluate(mentions, people), Evidence(library()))
    left, right = evaluation_report(*args).missed[0][:2]
    assert left == {"name": "Fern, A.", "title": "Moss", "authors": "Fern, A.", "date": "2018"}
    assert right["name"] == "Fern, A."
    assert evaluation_report(*args).missed[1].right == {"id": "z#0"}  # of a record not at hand


def test_reasons_in_words():
    def words(*pairs, kind, threshold=0.6):
        wrong = pd.DataFrame({"left_id": ["a"], "right_id": ["b"], "kind": [kind]})
        scores = pair_scores(scored(*pairs), {frozenset("ab")})
        (text,) = error_words(wrong, scores, Evidence(threshold=threshold)).values()
        return text

    assert words(kind="missed") == "No blocking rule paired the two, so they were never compared."
    assert words(kind="false merge").endswith("never compared; they are one through others.")
    low, high = ("b", "a", 0.2, ""), ("a", "b", 0.8, "")
    assert words(low, kind="false merge").endswith(
        "the threshold 0.6; they are one through others."
    )
    assert words(high, kind="missed").endswith("0.6, but their groups were kept apart.")
    assert words(high, kind="missed", threshold=None) == "Probability 0.800."


def test_the_heading_is_the_names_or_the_longest_title():
    def heading(*records):
        return pair_card(RecordPair(*records, "")).heading

    assert heading({"name": "Fern, A.", "title": "M"}, {"name": "A. Fern"}) == "Fern, A. / A. Fern"
    assert heading(record("Moss"), record("Moss and fern")) == "Moss and fern"
    assert heading({"id": "r1"}, {"id": "r2"}) == "r1"
    assert heading({}, {"title": None}) == "Untitled"


READER = """
const list = document.querySelector("[data-list=list-groups]");
const status = () => list.querySelector("[role=status]").textContent;
const enter = (name, value) => {
  const input = list.querySelector(`[name=${name}]`);
  input.value = value;
  input.dispatchEvent(new Event("input"));
};
const told = [status()];
enter("text", "celik MOSS"); told.push(status());
enter("text", ""); enter("size", "4"); told.push(status());
enter("size", ""); enter("doubt", "yes"); told.push(status());
const card = document.querySelector("#list-groups > details:not([hidden])");
card.open = false;
card.querySelector("summary").click(); told.push(String(card.open));
list.querySelector("[name=close]").click(); told.push(String(card.open));
const slider = document.querySelector(".slider input");
slider.value = 70;
slider.dispatchEvent(new Event("input"));
told.push(document.querySelector(".slider output").textContent);
told.push(String(document.documentElement.scrollWidth <= innerWidth));
document.title = told.join(" | ");
"""


def browse(tmp_path, html, script):
    """Open the page, run a script that leaves its findings in the title; what it found."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    html = html.replace("script-src ", f"script-src 'sha256-{digest}' ")
    html = html.replace("</body>", f"<script>{script}</script></body>")
    return opened(tmp_path, html)


def opened(tmp_path, html):
    """Title of the page when its scripts have run, split at bars; nothing may be on the console."""
    page = tmp_path / "page.html"
    page.write_text(html, encoding="utf-8")
    options = "--headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run"
    options += " --allow-file-access-from-files --enable-logging=stderr --window-size=500,900"
    options += " --hide-scrollbars"
    done = subprocess.run(
        ["chromium", *options.split(), f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom",
         page.as_uri()],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr
    return re.findall("<title>(.*?)</title>", done.stdout)[0].split(" | ")


needs_chromium = pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium")


@needs_chromium
def test_a_reader_searches_filters_opens_and_moves_the_threshold(tmp_path):
    groups = [
        Group("c1", [record("Çelik on moss"), record("Celik on moss")]),
        Group("c2", [record("Fern")] * 5),
        Group("c3", [record("Peat")] * 3, doubt="least alike pair: 0.5"),
        Group("c4", [record("Bog")] * 2),
    ]
    curve = pair_curve("C", PAIRS, TRUTH, 0.6)
    assert browse(tmp_path, render(full_report(groups=groups, curves=[curve])), READER) == [
        "4 of 4 shown", "1 of 4 shown", "1 of 4 shown", "1 of 4 shown", "true", "false",
        "At 0.71: 1 pairs rightly put together, 0 wrongly, 3 missed; "
        "precision 1.000, recall 0.250.", "true",
    ]  # fmt: skip


PRINTER = """
const card = document.querySelector("#list-review > details");
const fall = card.querySelector(".fall");
const told = [];
const say = (...values) => told.push(values.join(" "));
const all = document.querySelector("[data-list=list-review] [name=open]");
card.open = false;
all.click(); say(card.open, fall.open);
fall.querySelector("summary").click(); say(fall.open);
const picture = fall.querySelector(".step").getBoundingClientRect();
const bars = [...fall.querySelectorAll(".step i")].map((bar) => bar.getBoundingClientRect());
const within = (bar) => bar.left >= picture.left - 1 && bar.right <= picture.right + 3;
say(bars.length, bars.every(within));
fall.open = card.open = false;
dispatchEvent(new Event("beforeprint")); say(card.open, fall.open);
dispatchEvent(new Event("afterprint")); say(card.open, fall.open);
document.title = told.join(" | ");
"""


def waterfall(n=9):
    bars = [Bar(f"detail {k}", f"Meaning {k}.", k / 2, (-1) ** k * 2.0 / (k + 1)) for k in range(n)]
    total = sum(bar.adds for bar in bars)
    return Waterfall(-1.0, bars, 0.5, 30, total - 0.5, 0.4, 0.6)


@needs_chromium
def test_a_reader_sees_how_a_score_adds_up_and_prints_the_cards(tmp_path):
    calls = [RecordPair(record("Fern"), record("Ferns"), "W.", 0.5, True, waterfall())] * 21
    assert browse(tmp_path, render(full_report(review=calls)), PRINTER) == [
        "true false", "true", "12 true", "true false", "false false"
    ]  # fmt: skip


PHONE = """
<iframe src="report.html" style="width:360px;height:800px"></iframe>
<script>onload = () => {
const page = document.querySelector("iframe").contentDocument;
for (const card of page.querySelectorAll("details")) card.open = true;
document.title = `${page.documentElement.clientWidth} | ${page.documentElement.scrollWidth}`;
}</script>
"""


@needs_chromium
def test_nothing_scrolls_sideways_on_a_phone(tmp_path):
    path = "/a/very/long/path/" + "without_any_blank_" * 10
    clusters = pd.Series({"a": 1, "b": 1, "c": 2, "d": 3, "f": 3, "e": 4})
    scores = evaluate(clusters, TRUTH)
    evidence = Evidence(library(), PAIRS.assign(rules="same_title_and_much_else"), 0.6)
    report = evaluation_report(path, path, clusters, TRUTH, scores, evidence)
    review = [RecordPair(record(path), record(path[1:]), path, 0.5, True, waterfall())]
    report = replace(report, review=review, groups=[Group(path, [record(path)] * 3)])
    write_report(tmp_path / "report.html", report)
    assert opened(tmp_path, PHONE) == ["360", "360"]
