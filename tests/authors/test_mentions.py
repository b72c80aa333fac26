"""Mentions of records and the name keys under which variants of one name meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.authors.blocking import candidate_names, mention_pairs
from linkage.authors.mentions import list_mentions
from linkage.authors.name_counts import NameCounts, count_names
from linkage.authors.prepare import MAX_COAUTHORS, prepare_mentions
from linkage.authors.repeated_names import problems_of_repeats
from linkage.authors.rules import name_keys, primary_key
from linkage.features.name_keys import read_name_key, split_name_key
from linkage.names.parse import name_key, parse_name
from linkage.records.order import sort_records
from linkage.records.schema import conform


def table_of(*author_lists: list[Any]) -> pd.DataFrame:
    papers = [{"title": f"Paper {n}", "authors": names} for n, names in enumerate(author_lists)]
    return conform(pd.DataFrame(papers))


def keys_of(printed: str) -> set[str]:
    return name_keys(name_key(parse_name(printed)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Łukasz Kaiser", "L. Kaiser"),
        ("Nguyen Karina", "Karina Nguyen"),
        ("Joaquin Quiñonero-Candela", "J. Candela"),
        ("M. Eduard Gröller", "Eduard Groeller"),
        ("Chen Xuechen Li", "Xuechen Li 0005"),
        ("George van den Driessche", "G. Driessche"),
        ("George van den Driessche", "G. Vandendriessche"),
        ("H. Francis Song", "Francis Song"),
        ("Bob Byrne", "Robert Byrne"),
        ("Müller, Jan", "J. Mueller"),
        ("Wang, Shang-Yung", "S. Y. Wang"),
        ("Yajuan Lü", "Y. Lv"),
        ("Jordi Atserias Batalla", "J. Atserias"),
        ("Artem Sokolov", "Artem Sokokov"),
        ("Pushpak Bhattacharyya", "Pushpak Bhattacharya"),
        ("Nikolay Arefyev", "Nikolay Arefiev"),
        ("Taku Kudo", "Taku Kudoh"),
    ],
)
def test_variants_share_a_key(one: str, other: str) -> None:
    assert keys_of(one) & keys_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Lovelace", "Alan Turing"),
        ("Wei Li Zhang", "W. Li"),  # two syllables, no family name
        ("Weimin Zhang", "Weimin Zheng"),  # no slip: syllables of Mandarin
        ("Peter Johnson", "Petra Johnston"),
    ],
)
def test_strangers_share_no_key(one: str, other: str) -> None:
    assert not keys_of(one) & keys_of(other)


def test_primary_key_is_family_name_and_initial() -> None:
    assert primary_key("muller|jan||jr|") == "muller j"
    assert primary_key("plato||||") == "plato"


WORDS = st.lists(st.sampled_from(["muller", "l", "van", "macdonald", "lv"]), max_size=2)


@given(st.lists(WORDS.map(" ".join), max_size=5))
def test_a_primary_key_is_of_the_parts_of_a_name(parts: list[str]) -> None:
    key = "|".join(parts)
    family, given, *rest = (key.split("|") + [""] * 5)[:5]
    name = split_name_key(key)
    assert name == read_name_key(key)
    assert name == (tuple(family.split()), tuple(given.split()), tuple(rest[0].split()), *rest[1:])
    first = f" {name.given[0][0]}" if name.given else ""
    assert primary_key(key) == primary_key("".join(name.family)) + first


def test_one_row_an_author_in_input_order() -> None:
    mentions = list_mentions(table_of(["B Two", "A One"], ["C Three"]))
    assert mentions["name"].tolist() == ["B Two", "A One", "C Three"]
    assert mentions["position"].tolist() == [0, 1, 0]
    assert mentions["mention_id"].tolist() == ["row:1#0", "row:1#1", "row:2#0"]


def test_records_without_authors_have_no_mentions() -> None:
    records = conform(pd.DataFrame({"title": ["x", "y"], "authors": [None, []]}))
    assert list_mentions(records).empty


def test_fields_of_an_author_object_are_kept() -> None:
    author = {"name": "Ada Lovelace", "affiliation": "London", "email": "Ada@X.org"}
    row = list_mentions(table_of([author])).iloc[0]
    assert (row["affiliation"], row["email"], row["homonym"]) == ("London", "ada@x.org", None)


def test_a_name_that_a_list_repeats_is_reported() -> None:
    mentions = list_mentions(table_of(["Ada Oz", "Bo Ek", "Ada Oz"], ["Ada Oz"]))
    [problem] = problems_of_repeats(mentions)
    assert (problem.source, problem.where, problem.kept) == ("row:1", "author 3", True)


def prepared(records: pd.DataFrame) -> Any:
    ordered = sort_records(records)
    return prepare_mentions(list_mentions(ordered), ordered, NameCounts.from_json({}))


def test_a_long_author_list_is_capped_to_the_same_names_everywhere() -> None:
    letters = "abcdefghijkl"
    crowd = [f"Given Fam{x}{y}{z}" for x in letters for y in letters for z in letters][:1500]
    mentions = prepared(table_of(crowd, crowd[::-1]))
    first, second = (mentions.by_mention["coauthor_names"][row].rarity for row in (0, 1500))
    assert len(first) == MAX_COAUTHORS
    assert first.keys() == second.keys()


def test_two_authors_of_one_record_are_no_candidates() -> None:
    mentions = prepared(table_of(["Wei Li", "Wei Li"], ["Wei Li"]))
    pairs = mention_pairs(mentions, candidate_names(mentions))
    assert (mentions.record_of[pairs.i] != mentions.record_of[pairs.j]).all()
    assert len(pairs.i) == 2


def test_conflicting_names_and_groups_are_no_candidates() -> None:
    group = {"name": "The Reimar Team", "group": True}
    mentions = prepared(table_of(["Jan Leike", group], ["Jim Leike", group]))
    names = candidate_names(mentions)
    assert (names.a == names.b).all()
    assert not any("team" in mentions.keys[a] for a in names.a)


def test_circles_tell_common_names_from_productive_people() -> None:
    team = ["Ada Oz", "Bo Ek"]
    mentions = prepared(table_of(team, team, ["Wei Li", "C Um"], ["Wei Li", "D Ax"]))
    circles = dict(zip(mentions.keys, mentions.by_name["name_circles"], strict=True))
    assert circles["oz|ada|||"] == 1
    assert circles["li|wei|||"] == 2


def test_name_counts_survive_json_and_add_up() -> None:
    counts = count_names(["li|wei|||", "li|jun|||", "oz|wei|||"])
    again = NameCounts.from_json(counts.to_json())
    assert again.rarity("li|wei|||") == counts.rarity("li|wei|||")
    assert (counts + again).people == 6
    assert NameCounts.from_json(counts.to_json(least=2)).family == {"li": 2}


def test_canonical_order_depends_on_content_only() -> None:
    records = table_of(["A One"], ["B Two"], ["C Three"])
    shuffled = records.iloc[[2, 0, 1]]
    assert (
        sort_records(shuffled)["record_id"].tolist() == sort_records(records)["record_id"].tolist()
    )


def test_no_mentions_prepare_to_nothing() -> None:
    mentions = prepared(conform(pd.DataFrame({"title": ["x"], "authors": [None]})))
    assert len(mentions) == 0
    assert len(mention_pairs(mentions, candidate_names(mentions)).i) == 0
    assert np.size(mentions.by_name["name_circles"]) == 0
