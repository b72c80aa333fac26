"""What runs of a large library keep: from it the next gives what one run over all would."""

import pandas as pd
import pytest

from linkage.library import kept, relinking
from linkage.library.library import Library
from linkage.papers.batches import read_batch
from linkage.papers.copies import RULE
from linkage.papers.linker import PaperLinker
from tests.helpers.linking import partition
from tests.helpers.records import library, paper, second_copy, table

PAPERS = library(30, seed=8)
CROWD = [  # one title of more records than are all compared with each other
    paper(f"e{n:02}", "Editorial", f"Ana {'ABCDE'[n % 5]}nderson", year=1990 + n % 9, volume=str(n))
    for n in range(70)
]
OFTEN = [  # a title that turns out to be one of many papers
    paper(f"o{n}", "Moss of the north", author, year=year, volume=volume)
    for n, (author, year, volume) in enumerate([
        ("Ana Okonkwo", 2001, "1"), ("A. Okonkwo", 2001, "2"), ("Ben Novak", 1990, "3"),
        ("Cy Fonseca", 1995, "4"), ("Di Mbeki", 1999, "5"),
    ])
]  # fmt: skip
SAME = [PAPERS[0] | {"record_id": f"s{n}"} for n in range(25)]  # so many that one stands for all


@pytest.fixture
def large(monkeypatch):
    """A library that keeps what only large ones do."""
    monkeypatch.setattr(relinking, "LEAST", 1)
    monkeypatch.setattr(kept, "MOST_CHANGED", 10.0)
    with Library(":memory:", people=False) as opened:
        yield opened


def state(opened):
    """Run of the last linking, records counted, and how many changed since."""
    return opened._store.rows("SELECT run, records, changed FROM kept_counts")


def check(opened, changed):
    """As one run over all with the counts that are kept, pair by pair."""
    (last, _, told) = state(opened)[0]
    assert (last, told) == (opened.status().runs["run"][0], changed)
    before = kept.read_kept(opened._store, last).before
    links = PaperLinker().link_batches([read_batch(opened.records())], None, before.counts)
    assert partition(links.clusters) == partition(opened.papers())
    names = pd.Series([*(veto.__name__ for veto in PaperLinker().scorer().vetoes), ""])
    mine = before.pairs.to_pandas()
    mine["veto"] = names.to_numpy()[mine["veto"]]
    theirs = links.pairs[links.pairs["rules"] != RULE]
    columns = ["left_id", "right_id", "probability", "veto"]
    both = [one[columns].sort_values(columns[:2], ignore_index=True) for one in (mine, theirs)]
    pd.testing.assert_frame_equal(*both, check_exact=True, check_dtype=False)


def test_runs_that_go_on_from_what_was_kept_equal_one_run(large):
    large.update(table(*PAPERS[:25], *CROWD[:58], *SAME[:18], *OFTEN[:2]), "one")
    check(large, 0)
    large.update(table(*CROWD[58:64], *SAME[18:], *map(second_copy, PAPERS[:9])), "one")
    check(large, 6 + 7 + 9)  # now more than 60 of one title, more than 20 identical
    large.update(table(*CROWD[64:], *PAPERS[25:], *OFTEN[2:]), "one")
    check(large, 22 + 14)
    other = [CROWD[30] | {"title": "Editorial: moss"}, PAPERS[3] | {"pages": "1-9", "doi": None}]
    large.update(table(*other), "one")
    check(large, 36 + 2)
    large.undo(2)  # fewer than 60 again
    check(large, 38 + 22)


def test_an_id_is_given_as_without_what_is_kept(large):
    plain = Library(":memory:", people=False)
    for some in (PAPERS[:20], [second_copy(PAPERS[3]), *PAPERS[20:]], PAPERS[:5]):
        for opened in (large, plain):
            relinking_least = 1 if opened is large else 10**9
            with pytest.MonkeyPatch.context() as limits:
                limits.setattr(relinking, "LEAST", relinking_least)
                opened.update(table(*some), "one")
    assert large.papers().equals(plain.papers())
    plain.close()


def test_words_are_counted_anew_when_much_has_changed(large, monkeypatch):
    monkeypatch.setattr(kept, "MOST_CHANGED", 0.1)
    large.update(table(*PAPERS[:20]), "one")
    large.update(table(*PAPERS[20:22]), "one")
    assert state(large) == [(2, 20, 2)]
    large.update(table(PAPERS[22]), "one")
    assert state(large) == [(3, 23, 0)]


def test_another_model_links_all_anew(large):
    large.update(table(*PAPERS[:20]), "one")
    large._store.change("UPDATE runs SET paper_model = 'another'")
    large.update(table(*PAPERS[20:22]), "one")
    assert state(large) == [(2, 22, 0)]


def test_what_was_kept_may_be_missing(large):
    large.update(table(*PAPERS[:20]), "one")
    large._store.change("DELETE FROM kept_records")
    large.update(table(*PAPERS[20:22]), "one")
    assert state(large) == [(2, 22, 0)]


def test_a_small_library_keeps_nothing():
    with Library(":memory:", people=False) as opened:
        opened.update(table(*PAPERS), "one")
        assert state(opened) == []
        assert opened._store.one("SELECT count(*) FROM kept_records") == 0
