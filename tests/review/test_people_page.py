"""The page of people in a browser: everybody is found, and what a person says comes back."""

import json

import pandas as pd
import pytest

from linkage.library.library import Library
from linkage.records.mention_ids import mention_ids
from linkage.report import people as people_page
from tests.helpers.command_line import run
from tests.helpers.reviewing import needs_browser, new_library, read_labels, records

pytestmark = needs_browser


@pytest.fixture
def page(browser):
    opened, said = browser.new_page(), []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.close()
    assert said == []


@pytest.fixture
def made(tmp_path):
    source = tmp_path / "records.csv"
    records(6).to_csv(source, index=False)
    run("authors", source, "-o", tmp_path / "a.csv", "--profiles", tmp_path / "people.html")
    return tmp_path


def test_a_person_says_not_mine_and_mine_too(page, made):
    mentions = pd.read_csv(made / "a.csv")
    size = mentions["author_id"].value_counts()
    (mine, other) = size.index[:2]
    page.goto((made / "people.html").as_uri())
    cards = [page.locator(f'details[id="person:{one}"]') for one in (mine, other)]
    for card in cards:
        card.locator("summary").click()
    cards[0].locator(".me").click()
    gone = cards[0].locator("li[data-mentions]").first.get_attribute("data-mentions")
    cards[0].get_by_text("Not mine").first.click()
    too = cards[1].locator("li[data-mentions]").first.get_attribute("data-mentions")
    cards[1].get_by_text("Mine, too").first.click()
    assert "2 papers changed" in page.inner_text("#answers")
    with page.expect_download() as download:
        page.click("#answers [name=save]")
    download.value.save_as(made / "decisions.csv")
    said = read_labels(made / "decisions.csv")
    assert sorted(said.values())[0] == 0
    assert {left for (left, _), same in said.items() if same == 1} == set(json.loads(too))
    assert all(left in gone for (left, _), same in said.items() if same == 0)
    run("authors", made / "records.csv", "-o", made / "b.csv",
        "--constraints", made / "decisions.csv")  # fmt: skip
    after = pd.read_csv(made / "b.csv")
    ids = after["record_id"] + "#" + after["position"].astype(str)
    of = dict(zip(ids, after["author_id"], strict=True))
    assert all((of[left] == of[right]) == bool(same) for (left, right), same in said.items())


def test_everybody_is_found_also_those_without_a_card(page, made, monkeypatch):
    monkeypatch.setattr(people_page, "SHOWN", 2)
    run("authors", made / "records.csv", "-o", made / "a.csv", "--profiles", made / "few.html")
    names = pd.read_csv(made / "a.csv")["name"].unique()
    page.goto((made / "few.html").as_uri())
    assert page.locator("main details").count() == 2
    for name in [name for name in names if len(name.split()[0]) > 2][::7]:
        page.fill("#name", name)
        assert page.locator("details:visible").count() >= 1, name
    page.fill("#name", "")
    assert page.locator("details:visible").count() == 2


def test_those_without_a_card_answer_and_are_answered_of(page, made, monkeypatch):
    monkeypatch.setattr(people_page, "SHOWN", 1)
    run("authors", made / "records.csv", "-o", made / "a.csv", "--profiles", made / "few.html")
    page.goto((made / "few.html").as_uri())
    page.fill("#name", "a")
    cards = page.locator("#others details")
    for k in range(2):
        cards.nth(k).locator("summary").click()
    cards.nth(0).locator(".me").click()
    cards.nth(1).get_by_text("Mine, too").first.click()
    page.fill("#name", "nobody of this name")  # what was said stays, also out of sight
    assert "1 paper changed" in page.inner_text("#answers")
    with page.expect_download() as download:
        page.click("#answers [name=save]")
    download.value.save_as(made / "decisions.csv")
    said = read_labels(made / "decisions.csv")
    assert set(said.values()) == {1}
    run("authors", made / "records.csv", "-o", made / "b.csv",
        "--constraints", made / "decisions.csv")  # fmt: skip
    after = pd.read_csv(made / "b.csv")
    ids = after["record_id"] + "#" + after["position"].astype(str)
    of = dict(zip(ids, after["author_id"], strict=True))
    assert all(of[left] == of[right] for left, right in said)


def test_what_a_person_says_of_a_library_is_judged(page, tmp_path):
    library = new_library(tmp_path / "l.linkage")
    run("export", library, "--people", tmp_path / "people.html")
    page.goto((tmp_path / "people.html").as_uri())
    cards = page.locator("main details")
    for k in range(2):
        cards.nth(k).locator("summary").click()
    cards.nth(0).locator(".me").click()
    cards.nth(1).get_by_text("Mine, too").first.click()
    with page.expect_download() as download:
        page.click("#answers [name=save]")
    download.value.save_as(tmp_path / "decisions.csv")
    said = read_labels(tmp_path / "decisions.csv")
    assert set(said.values()) == {1}
    run("judge", library, tmp_path / "decisions.csv")
    with Library(library) as opened:
        people = opened.people()
    of = dict(zip(mention_ids(people), people["author_id"], strict=True))
    assert all(of[left] == of[right] for left, right in said)
