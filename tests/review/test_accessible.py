"""The rules of axe (axe-core): no serious fault on any page of a review, nor in a report."""

from importlib.resources import files
from importlib.util import find_spec

import pytest

from linkage.report.cards import RecordPair
from linkage.report.overlaps import histogram, overlap
from linkage.report.page import write_report
from tests.helpers.command_line import LIBRARY, run
from tests.helpers.report_pages import PAIRS, TRUTH, full_report, record
from tests.helpers.reviewing import answer, needs_browser, new_library, served_here

needs_axe = pytest.mark.skipif(
    not find_spec("axe_playwright_python"), reason="needs axe-playwright-python"
)
pytestmark = [needs_browser, needs_axe]
PLACES = {
    "papers": ["", "question", "band/probable", "history", "search?words=a", "group?id={group}"],
    "people": ["question", "group?id={group}", "group?id=nothing"],
}


def faults(page):
    """What axe finds serious: rule and the elements."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [
        (one["id"], [node["target"] for node in one["nodes"]][:5])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_a_fault_is_found(browser):
    page = browser.new_page()
    page.set_content("<input><p style='color:#999;background:#aaa'>Pale</p>")
    assert {rule for rule, _ in faults(page)} >= {"label", "color-contrast"}
    page.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = new_library(tmp_path_factory.mktemp("library") / "a.linkage")
    with served_here(path) as (found, _):
        yield found


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 400)])
def test_no_page_of_a_review_has_a_serious_fault(browser, address, scheme, width):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    found = {}
    for kind in ("papers", "people"):
        page.goto(f"{address}{kind}/question")
        answer(page, "s")
        page.goto(f"{address}{kind}/search?words=a")
        group = page.locator(".found a").first.get_attribute("href").partition("id=")[2]
        for place in PLACES[kind]:
            page.goto(f"{address}{kind}/{place.format(group=group)}")
            found[kind, place] = faults(page)
    page.goto(f"{address}finish")
    found["finish"] = faults(page)
    page.close()
    assert {place: told for place, told in found.items() if told} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_report_has_a_serious_fault(browser, tmp_path, scheme):
    calls = [RecordPair(record("Fern"), record("Ferns"), "W.", 0.5, True, ids=("a", "b"))] * 4
    more = {"review": calls, "next_steps": [("Decide.", "linkage review a.bib -o b.csv")]}
    charts = histogram(PAIRS, (0.3, 0.8)), overlap(TRUTH.astype(str), TRUTH.map("source {}".format))
    report = full_report(histogram=charts[0], overlap=charts[1], **more)
    write_report(tmp_path / "report.html", report)
    page = browser.new_page(color_scheme=scheme)
    page.goto((tmp_path / "report.html").as_uri())
    page.locator(".verdicts button").first.click()
    told = faults(page)
    run("authors", LIBRARY, "-o", tmp_path / "a.csv", "--profiles", tmp_path / "people.html")
    page.goto((tmp_path / "people.html").as_uri())
    for card in page.locator("summary").all()[:3]:
        card.click()
    page.locator(".me").first.click()
    told += faults(page)
    page.close()
    assert told == []
