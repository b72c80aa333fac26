from html.parser import HTMLParser

import pandas as pd
import pytest

from linkage.errors import InputError, Problem
from linkage.report import SHOWN, Group, ReportData, ScoreSection, WrongPair, render, write_report
from linkage.scoring import evaluate

VOID = {"meta", "link", "br", "img", "input", "hr"}
HOSTILE = '<script>alert("x")</script> & "Quotes" </td></table>'


class Page(HTMLParser):
    """Checks that tags nest, and collects links, ids, text and marked text."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.links, self.ids = [], [], [], []
        self.text, self.marked = "", []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [v for k, v in attrs if k in ("href", "src", "action", "srcset")]
        self.ids += [v for k, v in attrs if k == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += "" if self.open[-1:] == ["style"] else data
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
        "blocking": pd.DataFrame(
            {
                "rule": ["same DOI"],
                "pairs": [12345],
                "only_this_rule": [3],
                "cut_by_cap": [7],
                "completeness": [0.75],
            }
        ),
        "groups": [Group("c1", [record(HOSTILE, doi="10.1000/a<b"), record("Slow moss", "2019")])],
        "missed": [WrongPair(record("Fern A"), record("Fern B"), f"Too unlike. {HOSTILE}")],
        "false_merges": [WrongPair(record("Part I"), record("Part II"), "Parts differ.")],
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
    assert page.tags.count("caption") == page.tags.count("table")


def test_hostile_text_stays_text():
    html = render(full_report())
    page = Page(html)
    assert "script" not in page.tags
    assert "<script" not in html
    assert page.text.count(HOSTILE) >= 6


def test_report_needs_no_network():
    page = Page(render(full_report()))
    outside = [link for link in page.links if not link.startswith("#")]
    assert outside == ["https://doi.org/10.1000/a%3Cb"]
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
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
    captions = [part for part in page.text.split("\n") if part.endswith("records")]
    assert captions[:3] == ["z-large: 40 records", "z-differing: 2 records", "a0000: 2 records"]
    assert len(captions) == SHOWN
    assert "Shown are 200 of 3,002 groups, the largest first; not shown: 2,802." in page.text
    assert "15 more records of this group are not shown." in page.text
    reordered = ReportData("R", groups=[large, differing, *alike[::-1]])
    assert Page(render(reordered)).text == page.text


def test_many_pairs_are_counted():
    pair = WrongPair(record("A"), record("B"), "Why.")
    page = Page(render(ReportData("R", missed=[pair] * 201)))
    assert "Shown are 200 of 201 pairs; not shown: 1." in page.text
    assert page.text.count("Why.") == SHOWN


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
    with pytest.raises(TypeError):  # a blocking table without its columns
        write_report(path, full_report(blocking=pd.DataFrame({"rule": ["x"]})))
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
    assert "ç: 1 record<" in text
