from collections import defaultdict

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.errors import InputError
from linkage.papers import rules
from linkage.papers.blocking import block, blocking_keys, describe
from linkage.papers.keys import column_form, hashed
from linkage.papers.prepare import prepare_papers
from linkage.papers.rules import PAPER_RULES
from linkage.records.order import canonical_order
from linkage.records.schema import conform
from tests.helpers.records import library, paper, second_copy, table
from tests.helpers.toolkit import toolkit

NOTHING = {"doi": None, "ids": None, "title": None, "rare_words": None, "authors": None,
           "volume": None, "page": None, "year": float("nan"), "abstract": None}  # fmt: skip
EXTRA = ["year", "volume", "pages", "doi", "ids", "abstract"]


def keys(rule, **known):
    return sorted(rule(NOTHING | known))


def ready(*papers):
    """Prepared and plain form of the same rows, in canonical order."""
    records = conform(table(*papers))
    ordered = records.iloc[canonical_order(records)]
    return prepare_papers(ordered), ordered


def pairs_of(candidates):
    return list(zip(candidates.i.tolist(), candidates.j.tolist(), strict=True))


@pytest.mark.parametrize("rule", PAPER_RULES, ids=lambda rule: rule.__name__)
def test_a_rule_gives_no_key_where_nothing_is_known_and_says_what_it_is(rule):
    assert keys(rule) == []
    assert rule.__doc__


def test_keys_of_identifiers():
    assert keys(rules.same_doi, doi="10.5555/a") == ["10.5555/a"]
    ids = {"pmid": "1", "arxiv": "2", "issn": "1234-5678", "isbn": "3"}
    assert keys(rules.same_identifier, ids=ids.items()) == ["arxiv:2", "pmid:1"]


def test_keys_of_titles():
    assert keys(rules.same_title, title="moss growth") == ["mossgrowth"]
    assert keys(rules.same_title_start, title="moss growth") == []
    assert keys(rules.same_title_end, title="moss growth") == []
    title = "the slow growth of moss in the alpine north and in the subalpine south"
    (start,) = keys(rules.same_title_start, title=title)
    (end,) = keys(rules.same_title_end, title=title)
    joined = title.replace(" ", "")
    assert 20 <= len(start) == len(end) < len(joined)
    assert joined.startswith(start)
    assert joined.endswith(end)
    assert keys(rules.same_title_start, title=title + ": a survey") == [start]
    assert keys(rules.same_title_end, title="on " + title) == [end]


def test_keys_of_rare_words_are_pairs_of_the_four_rarest_long_words():
    rare = ("moss", "fern", "kelp", "lichen")
    assert keys(rules.same_rare_words, rare_words=rare) == [
        "fern kelp", "fern lichen", "fern moss", "kelp lichen", "kelp moss", "lichen moss",
    ]  # fmt: skip
    assert keys(rules.same_rare_words, rare_words=("moss",)) == []


def test_rare_words_are_the_four_rarest_of_four_letters_or_more():
    common = [paper(f"{k}", "Growth of an alga") for k in range(3)]
    columns, _ = ready(paper("a", "The growth of an alga on a zebra, bark, cone and dune"), *common)
    assert columns["rare_words"][-1] == ("bark", "cone", "dune", "zebra")
    assert columns["rare_words"][0] == ("alga", "growth")


def test_keys_of_places_and_authors():
    authors = (("ng", "a"), ("li", "b"), ("abe", "c"), ("wu", "d"))
    assert keys(rules.same_volume_and_page, volume="1", page="e2") == ["1 e2"]
    assert keys(rules.same_volume_and_page, page="e2") == []
    assert keys(rules.same_author_and_page, authors=authors, page="e2") == ["ng e2"]
    assert keys(rules.same_author_and_page, authors=authors) == []
    words = ("moss", "fern", "kelp")
    rule = rules.same_author_and_title_word
    assert keys(rule, authors=authors, rare_words=words) == ["ng fern", "ng moss"]
    assert keys(rule, rare_words=words) == []
    assert keys(rules.same_authors_and_year, authors=authors, year=2001.0) == ["abe li ng 2001"]
    assert keys(rules.same_authors_and_year, authors=authors[:1], year=2001.0) == []
    assert keys(rules.same_authors_and_year, authors=authors) == []


def test_keys_of_abstracts():
    assert keys(rules.same_abstract_start, abstract="moss " * 40) == [("moss" * 15)]
    assert keys(rules.same_abstract_start, abstract="moss " * 10) == []


def test_blocking_keys_lists_each_key_of_a_record_once():
    columns = {"x": np.array(["a", "b"], dtype=object)}
    (found,) = blocking_keys(columns, [lambda r: [r["x"], r["x"]], None, lambda r: ()])
    assert found.select(["rule", "row"]).to_pylist() == [
        {"rule": 0, "row": 0},
        {"rule": 0, "row": 1},
    ]


def test_equal_keys_have_equal_numbers_whatever_else_stands_beside_them():
    few = {"x": np.array(["b", None, "a"], dtype=object)}
    many = {"x": np.array([f"k{k}" for k in range(60_000)] + ["a", "b"], dtype=object)}
    rule = [lambda r: [r["x"]] if r["x"] else ()]
    b, a = next(blocking_keys(few, rule))["key"].to_pylist()
    found = pa.concat_tables(blocking_keys(many, rule))["key"].to_pylist()
    assert found[-2:] == [a, b]
    assert len(set(found)) == len(found) == 60_002


def test_keys_with_half_a_surrogate_pair_are_keys_like_others():
    texts = ["pmid:1", "mine\ud800:1", "mine:1", "pmid:1", "mine\ud800:1"]
    found = hashed(texts).tolist()
    assert found[0] == found[3] == hashed(["pmid:1"]).tolist()[0]
    assert found[1] == found[4]
    assert len(set(found)) == 3


SOME_PAPERS = st.lists(
    st.builds(
        paper,
        st.none(),
        st.lists(st.sampled_from("moss fern of alpine subalpine growth 2".split()), max_size=9)
        .map(" ".join),
        st.lists(st.sampled_from(["Ana Li", "Bo van Berg", "Van Berg Bo", "Ng"]), max_size=4),
        year=st.none() | st.sampled_from([2001, 2002]),
        volume=st.none() | st.sampled_from(["1", "2"]),
        pages=st.none() | st.sampled_from(["1-2", "12-15", "e12"]),
        doi=st.none() | st.sampled_from(["10.5555/a", "10.5555/b"]),
        ids=st.dictionaries(st.sampled_from(["pmid", "arxiv", "isbn"]), st.just("1706.03762")),
        abstract=st.none() | st.sampled_from(["slow moss " * 9, "slow moss " * 8 + "fern", "no"]),
    ),
    max_size=6,
)  # fmt: skip


@given(SOME_PAPERS)
def test_whole_columns_give_keys_that_are_equal_where_those_of_the_rules_are(papers):
    papers = [one | {"record_id": str(row)} for row, one in enumerate(papers)]
    columns = prepare_papers(conform(pd.DataFrame(papers, columns=list(paper("", "")) + EXTRA)))

    def sharing(rules):
        found = pa.concat_tables(blocking_keys(columns, rules)).to_pandas()
        rows = defaultdict(list)
        for rule, key, row in found[["rule", "key", "row"]].itertuples(index=False):
            rows[rule, key].append(row)
        return sorted(
            (PAPER_RULES[rule].__name__, sorted(some)) for (rule, _), some in rows.items()
        )

    def plain(rule):
        return lambda record: rule(record)

    assert all(map(column_form, PAPER_RULES))
    assert sharing(PAPER_RULES) == sharing(list(map(plain, PAPER_RULES)))


def test_block_unites_the_rules_and_reports_what_each_found():
    columns, ordered = ready(
        paper("a", "Moss growth", doi="10.5555/x", year=2001),
        paper("b", "Moss growth", doi="10.5555/x", year=2002),
        paper("c", "Moss growth", doi="10.5555/y", year=2003),
        paper("d", "Zebra", doi="10.5555/y"),
        paper("e", None),
    )
    assert ordered["record_id"].tolist() == ["e", "a", "b", "c", "d"]
    found = block(columns, ordered, [rules.same_doi, rules.same_title])
    assert pairs_of(found) == [(1, 2), (1, 3), (2, 3), (3, 4)]
    assert found.report.to_dict("list") == {
        "rule": ["same_doi", "same_title"],
        "pairs": [2, 3],
        "only_this_rule": [1, 2],
        "cut_by_cap": [0, 0],
        "unlike_titles": [0, 0],
    }


def test_index_algorithms_of_recordlinkage_are_rules_and_unite_with_ours():
    papers = [
        paper("a", "Moss", year=2001),
        paper("b", "Moth", year=2002),
        paper("c", "Moths", year=2002),
        paper("d", "Zebra", year=2001),
    ]
    columns, ordered = ready(*papers)
    index = toolkit("recordlinkage.index")
    chosen = [index.Block("year"), rules.same_title, index.SortedNeighbourhood("title", window=3)]
    found = block(columns, ordered, chosen)
    assert pairs_of(found) == [(0, 1), (0, 3), (1, 2), (2, 3)]
    assert found.report["rule"].tolist() == ["Block", "same_title", "SortedNeighbourhood"]
    assert found.report["pairs"].tolist() == [2, 0, 3]
    assert found.report["only_this_rule"].tolist() == [1, 0, 2]


def test_a_rule_over_a_column_that_is_not_there_is_an_input_error():
    columns, ordered = ready(*library(2))
    with pytest.raises(InputError, match=r"found no column .*colour"):
        block(columns, ordered, [toolkit("recordlinkage.index").Block("colour")])


def test_too_many_rules_are_an_input_error():
    columns, ordered = ready(*library(2))
    with pytest.raises(InputError, match="63 blocking rules, at most 62"):
        block(columns, ordered, [rules.same_doi] * 63)


def test_the_last_of_62_rules_still_counts():
    columns, ordered = ready(*library(1), paper("x", "Moss"))
    together = [*[rules.same_doi] * 61, lambda record: ["all"]]
    found = block(columns, ordered, together)
    assert pairs_of(found) == [(0, 1)]
    assert found.report["pairs"].tolist() == [0] * 61 + [1]


def test_no_records_and_no_rules_give_no_pairs():
    columns, ordered = ready(*library(2))
    assert pairs_of(block(columns, ordered, [])) == []
    empty = conform(pd.DataFrame({"title": []}))
    assert pairs_of(block(prepare_papers(empty), empty, PAPER_RULES)) == []


def test_every_poorer_copy_meets_its_original():
    papers = library(40)
    columns, ordered = ready(*papers, *map(second_copy, papers))
    ids = ordered["record_id"].to_numpy()
    found = {frozenset((ids[i], ids[j])) for i, j in pairs_of(block(columns, ordered, PAPER_RULES))}
    assert {frozenset((p["record_id"], p["record_id"] + "-copy")) for p in papers} <= found


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=8))
def test_a_union_with_an_index_algorithm_has_each_pair_once_in_order(values):
    table_ = pd.DataFrame(values, columns=["x", "y"], dtype="int64")
    columns = {"x": table_["x"].to_numpy(), "y": table_["y"].to_numpy()}
    found = block(
        columns, table_, [lambda r: [str(r["x"])], toolkit("recordlinkage.index").Block("y")]
    )
    n = len(values)
    expected = [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if values[i][0] == values[j][0] or values[i][1] == values[j][1]
    ]
    assert pairs_of(found) == expected


def test_describe_counts_bits():
    report = describe(["p", "q"], np.array([0b01, 0b11, 0b10, 0b10]), {1: 7}, {0: 4})
    assert report.to_numpy().tolist() == [["p", 2, 1, 0, 4], ["q", 3, 2, 7, 0]]
