import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linkage
from linkage.errors import InputError, SetAsideWarning
from linkage.papers import batches
from linkage.papers.linker import PaperLinker, link_papers
from tests.helpers.linking import MODEL, ORIGINAL, clusters_of, pair
from tests.helpers.records import invented, library, paper, second_copy, table

HARD = json.loads((Path(__file__).parent / "data" / "hard_papers.json").read_text("utf-8"))
BACKGROUND = library(30, seed=4)


def merged(*papers):
    """Whether the given records, among others, all end up in one cluster, and nothing else does."""
    ids = frozenset(each["record_id"] for each in papers)
    return ids in clusters_of(*BACKGROUND, *papers)


def apart(*papers):
    """Whether each of the given records, among others, stays alone."""
    return {frozenset([p["record_id"]]) for p in papers} <= clusters_of(*BACKGROUND, *papers)


def decided(case):
    left, right = ({"record_id": side} | case[side] for side in ("left", "right"))
    return "same" if merged(left, right) else "different"


def hard_case(case):
    marks = [pytest.mark.xfail(reason=case["known"], strict=True)] if "known" in case else []
    return pytest.param(case, id=case["id"], marks=marks)


@pytest.mark.parametrize("case", [hard_case(case) for case in HARD])
def test_hard_pairs(case):
    assert decided(case) == case["verdict"], case["note"]


def test_the_hard_pairs_are_whole_and_the_few_wrong_ones_no_merges():
    assert len({case["id"] for case in HARD}) == len(HARD) >= 60
    assert {case["verdict"] for case in HARD} == {"same", "different"}
    assert all(case["note"] for case in HARD)
    wrong = [case["verdict"] for case in HARD if "known" in case]
    assert len(wrong) <= len(HARD) / 20
    assert "different" not in wrong


def test_two_dois_of_one_paper_merge():
    assert merged(*pair(ORIGINAL, doi="10.5555/early.view.17"))


def test_one_doi_on_two_titles_does_not_merge():
    another = invented(5, seed=77) | {"record_id": "another", "doi": ORIGINAL["doi"]}
    assert apart(ORIGINAL, another)


def test_initials_merge_with_full_names():
    assert merged(*pair(ORIGINAL, authors=second_copy(ORIGINAL)["authors"]))


def test_a_cut_author_list_merges_with_the_whole():
    whole = ORIGINAL | {"authors": "Ana Abendroth; Boris Brzezicki; Ines Mbeki; Lars Quintero"}
    assert merged(*pair(whole, authors="Ana Abendroth; et al."))


def test_a_poorer_copy_merges():
    assert merged(ORIGINAL, second_copy(ORIGINAL))


@pytest.mark.parametrize("word", ["Erratum", "Corrigendum", "Retraction", "Reply", "Comment on"])
def test_what_is_about_a_paper_never_merges_with_it(word):
    assert apart(*pair(ORIGINAL, title=f"{word}: {ORIGINAL['title']}"))


def test_parts_never_merge_even_over_a_record_that_names_none():
    one = ORIGINAL | {"title": ORIGINAL["title"] + ". Part I"}
    two = one | {"record_id": "two", "title": one["title"] + "I"}
    between = one | {"record_id": "between", "title": one["title"].removesuffix(". Part I")}
    found = PaperLinker(MODEL).predict(table(*BACKGROUND, one, two, between))
    assert found["original"] != found["two"]


def test_recurring_titles_of_different_issues_do_not_merge():
    editorials = [
        paper(
            f"e{k:02}",
            "Editorial",
            "Mona Lind",
            year=1990 + k // 4,
            venue="Fern Letters",
            volume=str(1 + k // 4),
            number=str(1 + k % 4),
            pages=f"{k + 1}-{k + 2}",
        )
        for k in range(30)
    ]
    assert apart(*editorials)


def test_a_comment_under_a_papers_title_is_another_work_beside_it():
    title = "Hydraulic lift by fern rhizomes abolishes the drought response of peat moss in bogs"
    one = paper("one", title, "Ola Kirsch; Ida Farhat; Jan Menasche", year=2000,
                venue="Transplant Ecology", volume="69", number="10", pages="2013-2019",
                doi="10.5555/te.2000.7")  # fmt: skip
    comment = one | {"record_id": "comment", "authors": "Una Weisel; Leo Rao",
                     "pages": "2001-2002", "doi": None}  # fmt: skip
    for level in ("publication", "work"):
        found = clusters_of(*BACKGROUND, one, comment, linker=PaperLinker(level=level))
        assert {frozenset(["one"]), frozenset(["comment"])} <= found, level


def test_records_some_at_a_time_and_beyond_the_memory_limit_give_the_same(monkeypatch):
    papers = [*library(40), *map(second_copy, library(40)), paper("none", None, None)]
    whole = table(*papers)
    linked = PaperLinker(MODEL).link(whole)
    monkeypatch.setattr(batches, "RECORDS", 7)
    for tables in ([whole], [whole.iloc[:33], whole.iloc[33:]]):
        found = PaperLinker(MODEL, memory_limit="20MB").link_tables(tables)
        pd.testing.assert_series_equal(found.clusters, linked.clusters)
        pd.testing.assert_frame_equal(found.pairs, linked.pairs)
        assert found.unreached == linked.unreached
    pd.testing.assert_series_equal(PaperLinker(MODEL).link(whole).clusters, linked.clusters)


def test_several_processes_find_the_same(monkeypatch):
    monkeypatch.setattr(batches, "RECORDS", 20)
    papers = [*library(30), second_copy(invented(3)), paper("odd", "Moss", year=20244)]
    told, linked = [], []
    for jobs in (1, 2):
        problems = []
        linker = PaperLinker(MODEL, n_jobs=jobs)
        linked.append(linker.link_tables([table(*papers[:25]), table(*papers[25:])], problems))
        told.append(problems)
    pd.testing.assert_series_equal(linked[0].clusters, linked[1].clusters)
    pd.testing.assert_frame_equal(linked[0].pairs, linked[1].pairs)
    assert told[0] == told[1]
    assert [problem.where for problem in told[0]] == ["odd"]


@pytest.mark.parametrize("jobs", [0, -2])
def test_a_number_of_processes_that_is_none_is_refused(jobs):
    with pytest.raises(InputError, match=f"found n_jobs {jobs}, expected 1 or more, or -1"):
        PaperLinker(MODEL, n_jobs=jobs).link_tables([table(ORIGINAL)])


def test_tables_that_share_an_id_or_need_all_records_are_refused():
    one = table(paper("a", "Moss"))
    with pytest.raises(InputError, match="record_id 'a' stands twice"):
        PaperLinker(MODEL).link_tables([one, one])
    with pytest.raises(InputError, match="index algorithm"):
        PaperLinker(MODEL, rules=["no function"]).link_tables([one])
    with pytest.raises(InputError, match="no column 'record_id'"):
        PaperLinker(MODEL).link_tables([one.drop(columns="record_id")])
    with pytest.raises(InputError, match=r"found no table of records, expected one or more"):
        PaperLinker(MODEL).link_tables([])


def test_values_set_aside_in_any_table_are_told_once():
    one, two = (table(paper(name, "Moss", year=20244)) for name in "ab")
    with pytest.warns(SetAsideWarning, match=r"20244.*and 1 more"):
        PaperLinker(MODEL).link_tables([one, two])
    problems = []
    PaperLinker(MODEL).link_tables([one, two], problems)
    assert [problem.where for problem in problems] == ["a", "b"]


def test_nothing_to_link():
    columns = ["record_id", "title", "authors"]
    links = PaperLinker(MODEL).link(pd.DataFrame(columns=columns))
    assert len(links.clusters) == len(links.pairs) == 0
    assert links.unreached == []
    assert clusters_of(ORIGINAL) == {frozenset(["original"])}


def test_records_without_titles_stay_alone_unless_something_else_links_them():
    nameless = [paper(f"n{k}", None, None, year=2000) for k in range(4)]
    links = PaperLinker(MODEL).link(table(*nameless))
    assert links.clusters.tolist() == links.clusters.index.tolist() == links.unreached
    assert apart(*nameless, ORIGINAL)


def test_a_paper_of_a_thousand_authors():
    authors = "; ".join(f"A. Name{k}" for k in range(1000))
    assert merged(*pair(ORIGINAL | {"authors": authors}, authors=authors.upper()))


def test_thirty_identical_records_are_one_cluster():
    copies = [ORIGINAL | {"record_id": f"c{k:02}"} for k in range(30)]
    assert merged(*copies)


def test_five_hundred_identical_records_are_one_cluster():
    assert len(clusters_of(*[ORIGINAL | {"record_id": f"c{k:03}"} for k in range(500)])) == 1


@st.composite
def small_libraries(draw):
    """Papers, poorer copies, exact copies and recurring titles, in canonical and in other order."""
    numbers = draw(st.lists(st.integers(0, 9), min_size=1, max_size=7, unique=True))
    papers = [invented(number, seed=8) for number in numbers]
    copies = [second_copy(p) for p in papers if draw(st.booleans())]
    exact = [p | {"record_id": p["record_id"] + "-same"} for p in papers if draw(st.booleans())]
    notes = [
        paper(f"e{k}", "Editorial", None, volume=str(k)) for k in range(draw(st.integers(0, 4)))
    ]
    return papers + copies + exact + notes


@settings(max_examples=20)
@given(small_libraries(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_cluster(papers, rng):
    shuffled = rng.sample(papers, len(papers))
    found = PaperLinker(MODEL).predict(table(*shuffled))
    pd.testing.assert_series_equal(
        found.sort_index(), PaperLinker(MODEL).predict(table(*papers)).sort_index()
    )
    assert found.index.tolist() == [each["record_id"] for each in shuffled]


@settings(max_examples=20)
@given(small_libraries(), st.randoms(use_true_random=False))
def test_ids_given_by_position_change_no_cluster(papers, rng):
    shuffled = rng.sample(papers, len(papers))
    contents = {each["record_id"]: repr({**each, "record_id": ""}) for each in papers}

    def by_content(order):
        renamed = [each | {"record_id": f"row:{k}"} for k, each in enumerate(order)]
        names = {f"row:{k}": contents[each["record_id"]] for k, each in enumerate(order)}
        return sorted(sorted(names[r] for r in group) for group in clusters_of(*renamed))

    assert by_content(shuffled) == by_content(papers)


def test_the_hash_seed_changes_nothing(pytestconfig):
    script = (
        "from tests.helpers.records import library, second_copy, table\n"
        "from linkage.papers.linker import PaperLinker\n"
        "papers = library(30)\n"
        "links = PaperLinker().link(table(*papers, *map(second_copy, papers)))\n"
        "print(links.pairs.to_csv(), links.clusters.to_csv(), links.blocking.to_csv())"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=pytestconfig.rootpath,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert "p029-copy" in said[0]


def test_links_tell_what_was_compared_and_why():
    papers = [
        *library(5),
        second_copy(invented(1)),
        *pair(ORIGINAL, title="Erratum: " + ORIGINAL["title"]),
    ]
    links = PaperLinker(MODEL).link(table(*papers))
    assert links.clusters.index.name == "record_id"
    assert links.clusters.name == "cluster_id"
    assert links.clusters["p001-copy"] == "p001", "a cluster is called by its first record id"
    found = links.pairs.set_index(["left_id", "right_id"])
    assert (found["probability"].between(0, 1)).all()
    vetoed = links.pairs[links.pairs["veto"] != ""]
    assert vetoed["veto"].tolist() == ["correction_or_reply"]
    assert vetoed["probability"].tolist() == [0]
    assert set(links.unreached) == set(links.clusters.index) - set(links.pairs["left_id"]) - set(
        links.pairs["right_id"]
    )
    assert links.threshold == MODEL.threshold
    assert links.blocking["pairs"].max() > 0


def test_the_package_offers_link_papers():
    assert linkage.link_papers is link_papers


@pytest.mark.parametrize(
    "case",
    [
        "preprint-doi-and-article",
        "preprint-versions",
        "thesis-and-article",
        "preprint-and-article",
    ],
)
def test_versions_are_one_work_whatever_their_dois(case):
    found = next(one for one in HARD if one["id"] == case)
    left, right = ({"record_id": side} | found[side] for side in ("left", "right"))
    linker = PaperLinker(level="work")
    ids = frozenset(["left", "right"])
    assert ids in clusters_of(*BACKGROUND, left, right, linker=linker), found["note"]


@pytest.mark.parametrize(
    "case",
    [
        "companion-arxiv",
        "companion-pmid",
        "trials-nct",
        "serial-yearbook",
        "erratum",
        "commentary-same-title",
        "short-notices",
        "supplement-neighbours",
        "volumes-of-a-work",
    ],
)
def test_other_works_stay_apart_at_the_level_of_works(case):
    found = next(one for one in HARD if one["id"] == case)
    left, right = ({"record_id": side} | found[side] for side in ("left", "right"))
    clusters = clusters_of(*BACKGROUND, left, right, linker=PaperLinker(level="work"))
    assert frozenset(["left"]) in clusters, found["note"]
