"""Ids that stay from run to run."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.authors.linker import AuthorLinker
from linkage.linking.identity import inherit_ids, inherited
from linkage.papers.linker import PaperLinker
from tests.helpers.records import paper


def series(text):
    """`ab c` is the clusters {a, b} and {c}, called by their first letters."""
    return pd.Series({one: group[0] for group in text.split() for one in group}, dtype=object)


@pytest.mark.parametrize(
    ("clusters", "previous", "expected", "note"),
    [
        ("ab c", "ab c", {"a": "a", "c": "c"}, "nothing changed"),
        ("abc", "bc a", {"a": "b"}, "merged: the larger's id stays"),
        ("abcd", "ab cd", {"a": "a"}, "merged, a tie: the older"),
        ("abcd", "cd ab", {"a": "c"}, "the older is the one that stands first"),
        ("a bcd", "abcd", {"b": "a"}, "split: the larger part keeps it"),
        ("ab cd", "abcd", {"a": "a"}, "split in halves: the first"),
        ("abd c", "abc d", {"a": "a"}, "moved: c is a new cluster, d's id has ended"),
        ("xy a", "a b", {"a": "a"}, "new ones inherit nothing"),
    ],
)
def test_who_inherits_what(clusters, previous, expected, note):
    assert inherited(series(clusters), series(previous)) == expected, note


def test_a_new_cluster_never_takes_the_name_of_an_old_one():
    previous = pd.Series({"b": "a", "c": "a-2"})
    assert inherit_ids(series("a b c"), previous).to_dict() == {"a": "a-3", "b": "a", "c": "a-2"}


def test_without_a_run_before_clusters_keep_their_names():
    assert inherit_ids(series("ab c"), None).equals(series("ab c"))


members = st.dictionaries(st.sampled_from("abcdefghij"), st.sampled_from("vwxyz"))


@given(members, members)
def test_every_id_that_stays_shares_a_member_and_is_given_once(new, old):
    clusters, previous = pd.Series(new, dtype=object), pd.Series(old, dtype=object)
    found = inherited(clusters, previous)
    assert len(set(found.values())) == len(found)
    for label, one in found.items():
        assert {m for m in new if new[m] == label} & {m for m in old if old[m] == one}
    for label in set(new.values()) - set(found):  # only where others took all that it knew
        mine = {old[m] for m in new if new[m] == label and m in old}
        assert mine <= set(found.values())
    named = inherit_ids(clusters, previous)
    assert named.groupby(clusters).nunique().le(1).all()
    assert named.nunique() == clusters.nunique()


def test_both_linkers_call_clusters_by_the_ids_of_before():
    records = pd.DataFrame([paper("a", "Moss in the far north"), paper("b", "Salmon at sea")])
    papers = PaperLinker().link(records, previous=pd.Series({"b": "mine"})).clusters
    assert papers.to_dict() == {"a": "a", "b": "mine"}
    before = pd.Series({"b#1": "boris", "a#0": "ana"})
    people = AuthorLinker().link(records, previous=before).people_as_given()
    assert people["author_id"].tolist() == ["ana", "boris", "ana", "boris"]
