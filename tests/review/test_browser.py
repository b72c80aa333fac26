"""A whole review in a browser, by keys: nothing is lost, all of it comes back."""

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from linkage.library.library import Library
from tests.helpers.command_line import run
from tests.helpers.records import table
from tests.helpers.reviewing import (
    answer,
    asked,
    finish,
    needs_browser,
    new_library,
    read_labels,
    records,
    served,
    served_here,
)

pytestmark = needs_browser
KEYS = "dcdsddcdddds"
LABEL = {"s": 1, "d": 0, "c": None}
VERDICT = {"s": "same", "d": "different", "c": "can't say"}


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.said = []
    opened.on("console", lambda message: opened.said.append(message.text))
    opened.on("pageerror", lambda error: opened.said.append(str(error)))
    yield opened
    context.close()
    assert opened.said == []


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return new_library(tmp_path_factory.mktemp("library") / "made.linkage")


@pytest.fixture
def path(made, tmp_path):
    copy = tmp_path / "a.linkage"
    copy.write_bytes(made.read_bytes())
    return copy


@pytest.mark.parametrize(
    ("kind", "width", "serve"),
    [("papers", 1280, served), ("people", 400, served_here)],
)
def test_a_whole_review_by_keys(page, path, tmp_path, kind, width, serve):
    page.set_viewport_size({"width": width, "height": 900})
    given = {}
    with serve(path) as (address, _):
        page.goto(f"{address}{kind}/question?beyond=1")
        for key in KEYS:
            given[asked(page)] = key
            answer(page, key)
        last = asked(page)
        answer(page, "u")
        taken_back, back = list(given)[-1], asked(page)
        assert taken_back == back != last, "undo shows the question that it is about"
        del given[back]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto(f"{address}{kind}/")
        n = page.locator(".band.probable form button").inner_text()
        page.click(".band.probable form button")
        page.wait_for_selector(".band.probable :text('All accepted.')")
        accepted = int(n.split()[-1])  # no finish: everything was kept as it was given
    with serve(path) as (address, wait):
        page.goto(f"{address}{kind}/history")
        assert page.locator("tbody tr").count() == len(given) + accepted + 2  # one, taken back
        with page.expect_download() as download:
            page.click("a[download]")
        download.value.save_as(tmp_path / "verdicts.csv")
        page.goto(f"{address}{kind}/question?beyond=1")
        assert asked(page) not in given, "nothing is asked twice"
        finish(page, address, wait)
    labels = read_labels(tmp_path / "verdicts.csv")
    assert {pair: labels[pair] for pair in given} == {p: LABEL[k] for p, k in given.items()}
    assert len(labels) == len(given) + accepted
    with Library(path) as kept:
        said = kept.judgements()
        rows = said[~said["judgement_id"].isin(said["takes_back"].dropna())]
        rows = rows[rows["takes_back"].isna()]
        found = dict(zip(zip(rows["left_id"], rows["right_id"], strict=True), rows["verdict"],
                         strict=True))  # fmt: skip
        assert {pair: found[pair] for pair in given} == {p: VERDICT[k] for p, k in given.items()}
        assert set(rows["who"]) == {"Ada"}
        members = kept.papers() if kind == "papers" else _people(kept)
        for (left, right), key in given.items():
            if key == "d":
                assert members[left] != members[right]
    run("judge", path, tmp_path / "verdicts.csv")


def _people(kept):
    rows = kept.people()
    ids = rows["record_id"] + "#" + rows["position"].astype(str)
    return dict(zip(ids, rows["author_id"], strict=True))


@pytest.mark.parametrize("people", [False, True])
def test_a_review_of_files_goes_on_where_it_stopped(page, tmp_path, people, capsys):
    source, labels = tmp_path / "records.csv", tmp_path / "labels.csv"
    records(6).to_csv(source, index=False)
    kind = "people" if people else "papers"
    with served_here(source, output=labels, people=people) as (address, _):
        page.goto(f"{address}{kind}/question?beyond=1")
        first = asked(page)
        answer(page, "d")
        second = asked(page)
        answer(page, "s")
        assert read_labels(labels) == {first: 0, second: 1}, "each is in the file at once"
    with served_here(source, output=labels, people=people, reviewer="Ben") as (address, wait):
        page.goto(f"{address}{kind}/question?beyond=1")
        assert asked(page) not in (first, second)
        page.goto(f"{address}{kind}/question?left={_quoted(first[0])}&right={_quoted(first[1])}")
        answer(page, "c")
        page.goto(f"{address}{kind}/history")
        assert "Ada said: different" in page.inner_text("main")
        finish(page, address, wait)
    assert read_labels(labels) == {second: 1, first: None}
    assert labels.read_text("utf-8-sig").splitlines()[1].split(",")[2] in ("1", ""), "not 1.0"
    command = "authors" if people else "papers"
    assert f"next: linkage {command} {source} --constraints {labels} -o " in capsys.readouterr().err
    run(command, source, "-o", tmp_path / "out.csv", "--constraints", labels)


def _quoted(text):
    return text.replace("#", "%23")


def test_two_windows_lose_nothing(browser, path):
    with served_here(path) as (address, _):
        one, two = browser.new_page(), browser.new_page()
        for window in (one, two):
            window.goto(f"{address}papers/question")
        first = asked(one)
        assert asked(two) == first
        answer(one, "s")
        answer(two, "d")  # of the question that it shows, not of the next
        second = asked(two)
        answer(two, "d")
        one.goto(f"{address}papers/history")
        assert one.locator("tbody tr").count() == 3
        one.close(), two.close()
    with Library(path) as kept:
        rows = kept.judgements()[["left_id", "right_id", "verdict"]].to_numpy().tolist()
    assert rows == [[*first, "same"], [*first, "different"], [*second, "different"]]


def test_skip_back_and_a_group_split_by_hand(page, path):
    with served_here(path) as (address, wait):
        page.goto(f"{address}papers/question")
        first = asked(page)
        answer(page, "n")
        second = asked(page)
        assert second != first
        answer(page, "b")
        assert asked(page) == first
        page.goto(f"{address}papers/search?words=NOWHERE.0.7")
        page.click(".found a")
        boxes = page.locator("input[type=checkbox]")
        n = boxes.count()
        assert n > 1
        gone = boxes.last.get_attribute("value")
        boxes.last.uncheck()
        assert f"{n - 1} stay together, 1 are split off" in page.inner_text("#effect")
        stayed = boxes.first.get_attribute("value")
        page.click("form[data-split] button")
        page.wait_for_selector("#said:has-text('split off')")
        finish(page, address, wait)
    with Library(path) as kept:
        assert kept.papers()[gone] != kept.papers()[stayed]


HOSTILE = "<script>document.title='x'</script><img src=x onerror=alert(1)>"


def test_data_run_nothing_and_lead_nowhere(page, tmp_path):
    bad = {"title": f"On moss {HOSTILE}", "authors": f"{HOSTILE} Ng; Ana Abendroth",
           "doi": "javascript:alert(1)", "url": "javascript:alert(1)", "venue": HOSTILE,
           "abstract": HOSTILE}  # fmt: skip
    rows = [bad | {"record_id": f"<b>{k}'\"#", "year": 2000 + k} for k in range(3)]
    source = tmp_path / "<b>'records.csv"
    table(*rows).to_csv(source, index=False)
    with served_here(source, output=tmp_path / "labels.csv") as (address, _):
        for place in ("papers/", "papers/question?beyond=1", "papers/search?words=moss",
                      "papers/band/sure", "papers/band/close", "finish",
                      "papers/search?words=%3Cscript%3E", "papers/?say=%3Cb%3Ehello"):  # fmt: skip
            page.goto(address + place)
            assert page.locator("main script, main img, main b script").count() == 0
            assert page.locator("[href^=javascript]").count() == 0
            assert page.title() != "x"
        page.goto(f"{address}papers/?say=%3Cb%3Ehello")
        assert page.inner_text("#said") == "<b>hello"
        page.goto(f"{address}papers/search?words=moss")
        page.click(".found a")
        assert HOSTILE in page.inner_text("main")


def status(address, method="GET", body=None, **headers):
    try:
        asking = Request(address, data=body, method=method, headers=headers)
        return urlopen(asking, timeout=10).status
    except HTTPError as error:
        return error.code


def test_strangers_are_refused(page, browser, path):
    with served_here(path) as (address, _):
        origin, token = address.split("/")[2], address.split("/")[3]
        own = {"Origin": f"http://{origin}"}
        form = b"left=r0001x&right=r00023&verdict=same"
        base = f"http://{origin}"
        assert status(address) == 200
        assert status(f"{base}/") == status(f"{base}/papers/") == 403
        assert status(f"{base}/{token[:-1]}x/papers/") == status(f"{base}/{token}") == 403
        assert status(address + "papers/", Host="evil.example") == 421, "another name for us"
        answer_at = address + "papers/answer"
        assert status(answer_at, "POST", form) == 403, "no origin"
        assert status(answer_at, "POST", form, Origin="https://evil.example") == 403
        assert status(answer_at, "POST", form, Origin="null") == 403
        large = {"Content-Length": str(2 << 20)}
        assert status(answer_at, "POST", form, **own, **large) == 413
        assert status(answer_at, "POST", b"verdict=same", **own) == 400
        assert status(answer_at, "PUT", form, **own) == 405
        assert status(address + "papers/../../etc/passwd") in (403, 404)
        assert status(address + "papers/band/nothing") == status(address + "nothing/") == 404
        assert status(address + "papers/group?id=nothing") == 400
        foreign = browser.new_page()
        foreign.set_content(f"<form method=post action='{answer_at}'><input name=left></form>")
        with foreign.expect_navigation():
            foreign.evaluate("document.forms[0].submit()")
        assert "another origin" in foreign.inner_text("body")
        foreign.set_content(f"<iframe src='{address}'></iframe>")
        assert "Overview" not in foreign.frames[-1].content()
        foreign.close()
        page.goto(f"{address}papers/")
        policy = page.request.get(address + "papers/").headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    with Library(path) as kept:
        assert kept.judgements().empty
