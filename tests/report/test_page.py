"""The page itself: everything is there, hostile text stays text, nothing is loaded."""

import base64
import hashlib
import re
from itertools import pairwise

import pandas as pd
import pytest
from jinja2 import UndefinedError

from linkage.errors import InputError
from linkage.evaluation.classes import class_tables
from linkage.evaluation.curves import pair_curve
from linkage.evaluation.steps import LostAt
from linkage.report.cards import SHOWN, Group, RecordPair, pair_card
from linkage.report.page import SHOWN_PAIRS, ReportData, ScoreSection, render, write_report
from tests.helpers.report_pages import (
    BLOCKING,
    HOSTILE,
    PAIRS,
    TRUTH,
    Page,
    full_report,
    record,
    waterfall,
)


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
    rows = [("Moss", 2018), ("Moss", float("nan")), ("MOSS!", 2019), ("Mosses", float("nan"))]
    group = Group("c", [record(*row) for row in rows])
    page = Page(render(ReportData("R", groups=[group])))
    # 2018 and 2019: no majority, both are marked; a missing year is not a differing one, and
    # capitals and punctuation make no difference
    assert page.marked == ["Marked", "2018", "2019", "Mosses"]
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


def test_the_heading_is_the_names_or_the_longest_title():
    def heading(*records):
        return pair_card(RecordPair(*records, "")).heading

    assert heading({"name": "Fern, A.", "title": "M"}, {"name": "A. Fern"}) == "Fern, A. / A. Fern"
    assert heading(record("Moss"), record("Moss and fern")) == "Moss and fern"
    assert heading({"id": "r1"}, {"id": "r2"}) == "r1"
    assert heading({}, {"title": None}) == "Untitled"


def test_pairs_of_papers_and_of_people_stand_apart():
    papers = RecordPair({"title": "Moss"}, {"title": "Mosses"}, "", 0.5, True)
    people = RecordPair({"name": "J. Hill"}, {"name": "Jo Hill"}, "", 0.5, True)
    page = Page(render(ReportData("R", review=[people, papers], missed=[people])))
    assert "Close calls: papers" in page.text
    assert "Close calls: people" in page.text
    assert "Missed: people" not in page.text  # of one kind: nothing to part
    assert len(page.ids) == len(set(page.ids))


def test_people_in_circles_come_before_the_closest_calls_and_the_page_says_so():
    call = RecordPair({"name": "J. Hill"}, {"name": "Jo Hill"}, "", 0.5, True)
    circles = call._replace(explanation="two circles of co-authors without a link; same title")
    first = "circles of co-authors without a link come first, then the closest calls"
    assert first in Page(render(ReportData("R", review=[circles, call]))).text
    plain = Page(render(ReportData("R", review=[call]))).text
    assert first not in plain
    assert "the closest calls come first" in plain
