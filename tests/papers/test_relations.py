"""What records are to each other that are not the same paper."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from linkage.errors import InputError
from linkage.merging.merge import merge_records
from linkage.papers.linker import PaperLinker
from linkage.papers.relations import RELATION_COLUMNS, RELATIONS, merged_with_relations
from linkage.papers.review import review_list
from linkage.report.papers import papers_report
from tests.helpers.records import library, paper, table

HARD = json.loads((Path(__file__).parent / "data" / "hard_papers.json").read_text("utf-8"))
NAMED = {
    "parts-roman": "sibling_part",
    "erratum": "corrects",
    "erratum-same-page": "corrects",
    "retraction": "retracts",
    "letter-and-reply": "replies_to",
    "comment-on": "comments_on",
    "preprint-and-article": "version_of",
    "report-and-article": "version_of",
    "edition-numbers": "new_edition_of",
    "serial-yearbook": "sibling_part",
    "retraction-notice": "retracts",
    "correction-by-volume": "corrects",
    "concern-notice": "comments_on",
    "thesis-and-book": "version_of",
    "editorial-issues": "same_title_only",
    "short-notices": "same_title_only",
    "preprint-doi-and-article": "version_of",
    "meeting-abstract-pages": "version_of",
    "meeting-abstract-issue": "version_of",
}
CASES = {case["id"]: case for case in HARD}


def relations_of(*papers):
    return PaperLinker().link(table(*library(10, seed=4), *papers)).relations


@pytest.mark.parametrize(("name", "expected"), NAMED.items())
def test_hard_pairs_are_named_and_in_the_right_direction(name, expected):
    case = CASES[name]
    left, right = ({"record_id": side} | case[side] for side in ("left", "right"))
    found = relations_of(left, right)
    about = found[found["left_id"].isin(["left", "right"])]
    assert about["relation"].tolist() == [expected], case["note"]
    of_one_year = left["year"] == right["year"] and expected == "version_of"
    if expected not in ("sibling_part", "same_title_only") and not of_one_year:
        assert about["left_id"].tolist() == ["right"], "the later one is what it is to the other"


def test_two_papers_are_told_once_whatever_copies_they_have():
    case = CASES["erratum"]
    study, notice = (case[side] for side in ("left", "right"))
    copies = {"a1": study, "a2": study, "b1": notice, "b2": notice, "b3": notice}
    records = [{"record_id": one} | of for one, of in copies.items()]
    links = PaperLinker().link(table(*library(10, seed=4), *records))
    assert links.clusters[list(copies)].nunique() == 2
    relations = links.relations[links.relations["left_id"].isin(copies)]
    assert relations[["left_id", "right_id", "relation"]].values.tolist() == [
        ["b1", "a1", "corrects"]
    ]


NOTICES = ("erratum", "correction", "retraction", "reply", "comment on", "concern", "withdrawal")


def test_every_notice_among_the_hard_pairs_has_to_be_named():
    titles = {name: f"{case['left'].get('title')} {case['right'].get('title')}".lower()
              for name, case in CASES.items() if case["verdict"] == "different"}  # fmt: skip
    notices = {name for name, both in titles.items() if any(word in both for word in NOTICES)}
    assert len(notices) >= 6
    assert notices <= NAMED.keys()


def test_a_chapter_is_part_of_the_book_with_its_isbn():
    book = paper("book", "Handbook of peat", year=2001, type="book", ids={"isbn": "9780000000019"})
    chapter = paper("chapter", "Handbook of peat: an introduction", year=2001,
                    type="incollection", ids={"isbn": "9780000000019"})  # fmt: skip
    found = relations_of(book, chapter)
    assert found[["left_id", "right_id", "relation"]].to_numpy().tolist() == [
        ["chapter", "book", "part_of"]
    ]


def test_a_translation_elsewhere_is_named():
    known = {"authors": "Ana Abendroth; Boris Brzezicki", "abstract": "Fifty words on moss. " * 4}
    one = paper("en", "The growth of the moss in the north and its enemies", year=2001,
                venue="Moss", volume="2", pages="3-9", **known)  # fmt: skip
    other = paper("de", "Das Wachstum von Moos im Norden und seine Feinde", year=2002,
                  venue="Moosblatt", volume="12", pages="33-49", **known)  # fmt: skip
    found = relations_of(one, other)
    assert found["relation"].tolist() == ["translation_of"]
    assert found["left_id"].tolist() == ["de"]


def test_the_table_is_whole_and_unrelated_papers_are_not_in_it():
    found = relations_of()
    assert tuple(found.columns) == RELATION_COLUMNS
    assert found.empty
    assert len({relation.name for relation in RELATIONS}) == len(RELATIONS) == 10
    assert all(relation.reason for relation in RELATIONS)
    measured = [relation for relation in RELATIONS if not math.isnan(relation.probability)]
    assert all(0.5 < relation.probability < 1 for relation in measured)
    assert {relation.name for relation in measured} == {
        *("corrects", "replies_to", "comments_on", "sibling_part", "version_of"),
        "same_title_only",
    }  # of the others no labelled set has a pair


def test_relations_are_the_same_in_any_order_of_rows():
    papers = [{"record_id": f"{n}-{side}"} | CASES[n][side] for n in NAMED
              for side in ("left", "right")]  # fmt: skip
    records = table(*papers)
    turned = records.iloc[np.random.default_rng(1).permutation(len(records))]
    pd.testing.assert_frame_equal(
        PaperLinker().link(records).relations, PaperLinker().link(turned).relations
    )


def test_merged_records_carry_their_relations():
    left, right = ({"record_id": side} | CASES["erratum"][side] for side in ("left", "right"))
    copy = left | {"record_id": "copy"}
    records = table(left, copy, right)
    links = PaperLinker().link(records)
    merged = merge_records(records, links.clusters)
    told = merged_with_relations(merged, links.relations).set_index("record_id")["relations"]
    assert told["right"] == [f"corrects {told.index[0]}"]
    assert told.iloc[0] == ["corrected_by right"]


def test_relations_of_records_that_are_not_there_are_refused():
    records = table(*library(3))
    merged = merge_records(records, PaperLinker().link(records).clusters)
    strange = pd.DataFrame({"left_id": ["x"], "right_id": ["y"], "relation": ["corrects"]})
    with pytest.raises(InputError, match="found the record id 'x'"):
        merged_with_relations(merged, strange)


def test_a_version_under_a_misspelt_name_is_a_version():
    title = "Winter mortality of the marsh snail along the northern dunes of the bay"
    preprint = paper("pre", title, "Goldstayn, E.", year=2019, venue="medRxiv",
                     doi="10.1101/19012856")  # fmt: skip
    article = paper("art", title, "Goldstein, E.", year=2020, venue="Malacologist",
                    doi="10.5555/mjpfi.12945")  # fmt: skip
    found = relations_of(preprint, article)
    assert found[["left_id", "right_id", "relation"]].to_numpy().tolist() == [
        ["art", "pre", "version_of"]
    ]


def test_links_without_records_have_no_relations():
    links = PaperLinker().link_tables([table(*library(3))])
    with pytest.raises(InputError, match="found links without records"):
        _ = links.relations


def test_the_report_counts_a_corrected_study_once_whatever_copies_it_has():
    title = "Growth of moss on stones in the shade of spruce"
    shared = {"authors": "Ana Bell; Ben Cole", "year": 2010, "venue": "Bryologist"}
    links = PaperLinker().link(
        table(
            shared | {"record_id": "study", "title": title},
            shared | {"record_id": "copy", "title": title, "authors": "Bell, A.; Cole, B."},
            *(
                shared | {"record_id": one, "title": f"Correction to: {title}", "year": 2011}
                for one in ("notice", "notice again")
            ),
        )
    )
    summary = papers_report(links, review_list(links), [], []).summary
    (told,) = (sentence for sentence in summary if "corrected" in sentence)
    assert "retracted or corrected: 1. " in told
    assert told.count(title) == told.count("corrected by") == 1
