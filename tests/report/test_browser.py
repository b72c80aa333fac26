"""The page in a browser, as a reader uses it."""

import base64
import hashlib
import re
import shutil
import subprocess
from dataclasses import replace

import pandas as pd
import pytest

from linkage.evaluation.curves import pair_curve
from linkage.evaluation.scoring import evaluate
from linkage.evaluation.steps import Evidence
from linkage.report.cards import Group, RecordPair
from linkage.report.evaluation import evaluation_report
from linkage.report.page import render, write_report
from tests.helpers.report_pages import PAIRS, TRUTH, full_report, library, record, waterfall

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


LONG = """
const told = [];
const bar = document.querySelector("[data-list=list-groups]");
const all = bar.querySelector("[name=all]");
const text = bar.querySelector("[name=text]");
const cards = [...document.querySelectorAll("#list-groups > details")];
const tell = () => {
  const seen = cards.filter((card) => card.offsetHeight).length;
  const status = bar.querySelector("[role=status]").textContent;
  told.push(`${seen}: ${status}: ${all.offsetHeight ? all.textContent : "no more"}`);
};
const find = (words) => {
  text.value = words;
  text.dispatchEvent(new Event("input"));
  tell();
};
tell(); find("moss 39"); find("moss"); all.click(); tell(); find("peat"); find("");
document.title = told.join(" | ");
"""


@needs_chromium
def test_of_many_groups_the_first_are_on_the_page_until_all_are_asked_for(tmp_path):
    groups = [Group(f"c{n}", [record(f"{'Moss' if n > 9 else 'Peat'} {n}")] * 2) for n in range(40)]
    assert browse(tmp_path, render(full_report(groups=groups)), LONG) == [
        "25: 25 of 40 shown: Show all 40",
        "1: 1 of 40 shown: no more",
        "25: 25 of 40 shown: Show all 30",
        "30: 30 of 40 shown: no more",
        "10: 10 of 40 shown: no more",
        "40: 40 of 40 shown: no more",
    ]


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
