"""Explanations: the step, the words, and contributions that add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from linkage import read_records
from linkage.authors.explain import explain_authors
from linkage.authors.linker import AuthorLinker
from linkage.errors import InputError
from linkage.papers.explain import explain_papers
from linkage.papers.linker import PaperLinker
from tests.helpers.command_line import LIBRARY, run

TEAM = ["Tamsin Qvarnström", "Oddvar Blekastad"]


@pytest.fixture(scope="module")
def library():
    return read_records([LIBRARY])


@pytest.fixture(scope="module")
def paper_links(library):
    return PaperLinker().link(library)


@pytest.fixture(scope="module")
def papers(paper_links):
    return lambda a, b, links=paper_links: explain_papers(links, a, b)


@pytest.fixture(scope="module")
def people():
    def paper(title, authors, year=2001):
        return {"title": title, "authors": authors, "year": year, "venue": "Invented Letters"}

    records = pd.DataFrame(
        [
            paper("Herrings one", ["Jan Pszczelarz", *TEAM]),
            paper("Herrings two", ["J. Pszczelarz", *TEAM]),
            paper("Herrings three", ["Jerzy Pszczelarz", *TEAM]),
            paper("Herrings four", ["Wei Wang", "Wei Wang", "Ann Dorn"]),
            paper("Plaster", ["Wei Wang", "Halibut Consortium"], 1950),
        ]
    )
    found = AuthorLinker().link(records)

    def explain(a, b, **changed):
        return explain_authors(replace(found, **changed), a, b)

    explain.links = found
    return explain


@pytest.mark.parametrize("ids", [("a1", "a2"), ("a1", "b2"), ("c1", "c2"), ("b2", "b1")])
def test_contributions_add_up_for_papers(papers, ids):
    found = papers(*ids)
    total = found.base + found.features["contribution"].sum()
    assert total == pytest.approx(found.log_odds, abs=1e-6)
    assert 1 / (1 + np.exp(-total)) == pytest.approx(found.probability, abs=1e-6)
    sizes = found.features["contribution"].abs()
    assert sizes.is_monotonic_decreasing


@pytest.mark.parametrize("ids", [("row:1#0", "row:2#0"), ("row:1#1", "row:5#0")])
def test_contributions_add_up_for_authors(people, ids):
    found = people(*ids)
    assert found.base + found.features["contribution"].sum() == pytest.approx(found.log_odds)


@pytest.mark.parametrize("ids", [("a1", "a2"), ("c1", "c2")])
def test_order_changes_nothing_but_the_words(papers, ids):
    there, back = papers(*ids), papers(*reversed(ids))
    pd.testing.assert_frame_equal(there.features, back.features)
    assert (there.same, there.step) == (back.same, back.step)


def test_records_put_together(papers):
    found = papers("a1", "a2")
    assert found.same
    assert found.step.startswith("Paired by same title, ")
    assert "at or over the threshold" in found.step
    assert "same title, authors" in found.words


def test_records_never_compared(papers):
    found = papers("a1", "b2")
    assert not found.same
    assert found.step == "No blocking rule paired the two, so they were not compared."


def test_records_kept_apart_by_a_rule(papers):
    found = papers("c1", "c2")
    assert not found.same
    assert found.step.startswith("Kept apart by a rule, whatever the score: different part.")
    assert "titles differ by one word (i / ii)" in found.words


@pytest.mark.parametrize(
    ("ids", "same", "told"),
    [
        (("row:1#1", "row:2#1"), True, "at or over the threshold"),
        (("row:1#0", "row:1#1"), False, "Two positions on one record are two people."),
        (("row:1#0", "row:3#0"), False, "given names that may be forms of one"),
        (("row:1#0", "row:4#2"), False, "names that contradict each other"),
        (("row:5#0", "row:5#1"), False, "one record"),
        (("row:4#2", "row:5#1"), False, "Organisations"),
    ],
)
def test_steps_of_mentions(people, ids, same, told):
    found = people(*ids)
    assert found.same is same
    assert told in found.step


def test_records_that_others_put_together(papers, paper_links):
    one = replace(paper_links, clusters=paper_links.clusters.replace({"b1": "a1"}))
    assert papers("a1", "b2", one).step == (
        "No blocking rule paired the two, so they were not compared; they are one through others."
    )
    unlikely = replace(paper_links, threshold=1.1)
    assert papers("a1", "a2", unlikely).step.endswith("they are one through others.")


def test_records_alike_whose_groups_are_not(papers, paper_links):
    clusters = paper_links.clusters.copy()
    clusters["a2"], clusters["g1"] = "g1", "g1"
    found = papers("a1", "a2", replace(paper_links, clusters=clusters))
    assert not found.same
    assert f"over all their pairs the mean probability is {found.probability / 2:.3f}" in found.step


def test_records_alike_with_a_rule_between_their_groups(papers, paper_links):
    pairs = paper_links.pairs
    vetoed = pairs.query("veto != ''").iloc[0]
    a, b = vetoed["left_id"], vetoed["right_id"]
    extra = {"left_id": "a1", "right_id": "f1", "probability": 0.99, "veto": "", "rules": ""}
    clusters = paper_links.clusters.copy()
    clusters["a1"], clusters["f1"] = clusters[a], clusters[b]
    links = replace(paper_links, clusters=clusters, pairs=pd.concat([pairs, pd.DataFrame([extra])]))
    step = papers("a1", "f1", links).step
    assert step.startswith("Paired through others.")
    assert f"a rule holds between {a} and {b}" in step


def test_mentions_alike_whose_people_are_not(people):
    links = people.links
    rows = {one: row for row, one in enumerate(links.mentions.table["mention_id"])}
    alone = np.arange(len(links.cluster))
    found = people("row:1#1", "row:2#1", cluster=alone)
    assert not found.same
    assert "but the two people as a whole were kept apart (cubic mean" in found.step
    one = alone.copy()
    one[[rows["row:1#1"], rows["row:2#1"]]] = min(rows["row:1#1"], rows["row:2#1"])
    assert (
        "through others (cubic mean"
        in people("row:1#1", "row:2#1", cluster=one, threshold=1.1).step
    )


def test_mentions_alike_with_other_orcids():
    own, other = "0000-0002-1825-0097", "0000-0001-5109-3700"
    records = [
        {"record_id": f"r{k}", "title": f"Moss of the hills {k}", "authors": [author, *TEAM]}
        for k, author in enumerate({"name": "Ana Rosling", "orcid": x} for x in (own, other))
    ]
    step = explain_authors(AuthorLinker().link(records), "r0#0", "r1#0").step
    assert f"kept apart: the ORCIDs {own} of one are not those of the other ({other})." in step


def test_single_mentions_that_need_more_than_the_threshold():
    names = ("Ana Rosling", "A. Rosling")
    records = [{"record_id": n, "title": f"On {n}", "authors": [n]} for n in names]
    sides = [f"{name}#0" for name in names]
    likely = AuthorLinker().link(records).pairs_table()["probability"].iloc[0]
    step = explain_authors(AuthorLinker(threshold=0.99 * likely).link(records), *sides).step
    assert "over the threshold" in step
    assert "but two mentions with nobody else are one from" in step
    low = AuthorLinker(threshold=0.5 * likely).link(records)
    assert explain_authors(low, *sides).same


def test_words_of_mentions(people):
    words = people("row:1#0", "row:2#0").words
    assert words.startswith("compatible names; 2 shared co-authors: Blekastad O, Qvarnstrom T")
    assert "same venue" in words
    assert "same year" in words


@pytest.mark.parametrize("ids", [("a1", "nowhere"), ("a1", "a1")])
def test_ids_must_be_two_of_the_input(papers, ids):
    with pytest.raises(InputError, match=r"expected the ids? of"):
        papers(*ids)


def test_command_explains_papers():
    done = run("explain", LIBRARY, "a1", "a2")
    assert done.stdout.startswith("a1 and a2: 1 paper\n")
    assert "details_agreeing" in done.stdout
    assert "sum" in done.stdout


@pytest.mark.parametrize("option", [[], ["--authors"]])
def test_command_explains_mentions(option):
    done = run("explain", LIBRARY, "a1#0", "a2#0", *option)
    assert done.stdout.startswith("a1#0 and a2#0: 1 person\n")


def test_command_names_an_unknown_id():
    done = run("explain", LIBRARY, "a1", "zz", code=1)
    assert done.stderr.strip() == ("linkage: found 'zz', expected the id of a record in the input")
