"""What the tests of reports share: a page as a reader meets it, and invented contents."""

from html.parser import HTMLParser

import pandas as pd

from linkage.errors import Problem
from linkage.evaluation.scoring import evaluate
from linkage.records.schema import conform
from linkage.report.blocking import Blocking
from linkage.report.cards import Group, RecordPair
from linkage.report.page import ReportData, ScoreSection
from linkage.report.waterfall import Bar, Waterfall

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
            "unlike_titles": [4],
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


def waterfall(n=9):
    bars = [Bar(f"detail {k}", f"Meaning {k}.", k / 2, (-1) ** k * 2.0 / (k + 1)) for k in range(n)]
    total = sum(bar.adds for bar in bars)
    return Waterfall(-1.0, bars, 0.5, 30, total - 0.5, 0.4, 0.6)


def scored(*rows):
    return pd.DataFrame(rows, columns=["left_id", "right_id", "probability", "veto"])


TRUTH = pd.Series({"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 3})
PAIRS = scored(
    ("a", "b", 0.9, ""), ("a", "c", 0.4, ""), ("d", "f", 0.7, ""),
    ("d", "e", 0.0, "different_part"), ("a", "x", 0.9, ""),
)  # fmt: skip


def library():
    titles = {"a": "Moss", "b": "Moss", "c": "Mosses", "d": "Fern", "e": "Fern", "f": "Ferns"}
    authors = [[{"name": "Fern, A."}]] * 6
    table = pd.DataFrame({"record_id": list(titles), "title": titles.values()})
    return conform(table.assign(authors=authors, year=2018))
