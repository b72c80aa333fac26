"""Must-links and cannot-links: they hold for whole clusters, and may not contradict each other."""

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.authors.linker import AuthorLinker
from linkage.errors import InputError
from linkage.linking.clustering import ScoredPairs, average_linkage
from linkage.linking.constraints import (
    Constraints,
    constrained_linkage,
    contracted,
    must_groups,
    read_constraints,
    without_answered,
)
from linkage.papers.linker import PaperLinker
from linkage.tables.truth import labelled_pairs
from tests.helpers.command_line import run
from tests.helpers.records import library, paper, second_copy, table


def labels(*pairs):
    """`left right same` in words as a table of labelled pairs."""
    rows = [text.split() for text in pairs]
    return pd.DataFrame(
        [(a, b, int(s)) for a, b, s in rows], columns="left_id right_id same".split()
    )


def scored(pairs):
    i, j, probability, vetoed = zip(*pairs, strict=True) if pairs else ((), (), (), ())
    return ScoredPairs(
        np.array(i, dtype=np.int64),
        np.array(j, dtype=np.int64),
        np.array(probability, dtype=float),
        np.array(vetoed, dtype=bool),
    )


def linked(ids, pairs, *known, threshold=0.5):
    constraints = read_constraints(pd.Index(list(ids)), labels(*known))
    return constrained_linkage(scored(pairs), constraints, threshold).tolist()


def test_a_must_link_joins_what_was_never_compared():
    assert linked("abc", [], "a c 1") == [0, 1, 0]


def test_a_must_link_outweighs_a_veto():
    assert linked("ab", [(0, 1, 0.9, True)], "a b 1") == [0, 0]


def test_a_must_link_does_not_take_a_record_from_its_copies():
    # b and c are one; a is like b only: by the mean of both a would be left alone
    pairs = [(0, 1, 0.9, False), (0, 2, 0.0, False), (1, 2, 0.0, True)]
    assert linked("abc", pairs, "b c 1") == [0, 0, 0]


def test_what_is_vetoed_on_every_side_stays_apart_from_a_must_linked_pair():
    pairs = [(0, 1, 0.9, True), (0, 2, 0.9, True)]
    assert linked("abc", pairs, "b c 1") == [0, 1, 1]


def test_a_cannot_link_holds_through_a_chain():
    # by the scores alone all three are one
    pairs = [(0, 1, 0.99, False), (1, 2, 0.95, False), (0, 2, 0.9, False)]
    assert linked("abc", pairs) == [0, 0, 0]
    assert linked("abc", pairs, "a c 0") == [0, 0, 2]


def test_a_cannot_link_of_one_holds_for_all_that_must_be_one_with_it():
    pairs = [(0, 3, 0.99, False), (0, 1, 0.2, False)]
    assert linked("abcd", pairs, "a b 1", "c b 1", "c d 0") == [0, 0, 0, 3]


def test_no_constraints_are_plain_average_linkage():
    pairs = [(0, 1, 0.9, False), (1, 2, 0.6, False), (0, 2, 0.1, False)]
    assert linked("abc", pairs) == average_linkage(3, scored(pairs), 0.5).tolist()


@st.composite
def constrained(draw):
    """A graph, and constraints that some clustering satisfies."""
    n = draw(st.integers(2, 9))
    rng = random.Random(draw(st.integers(0, 2**32)))
    pairs = [
        (i, j, rng.random(), rng.random() < 0.2)
        for i in range(n)
        for j in range(i + 1, n)
        if rng.random() < 0.7
    ]
    truth = [rng.randrange(3) for _ in range(n)]
    asked = [rng.sample(range(n), 2) for _ in range(draw(st.integers(0, 6)))]
    return n, pairs, [f"{a} {b} {int(truth[a] == truth[b])}" for a, b in asked]


@given(constrained(), st.floats(0.05, 0.95))
def test_constraints_hold_whatever_the_scores(graph, threshold):
    n, pairs, known = graph
    found = linked(map(str, range(n)), pairs, *known, threshold=threshold)
    for text in known:
        a, b, same = map(int, text.split())
        assert (found[a] == found[b]) == bool(same)
    assert all(found[row] == min(r for r in range(n) if found[r] == found[row]) for row in range(n))


def test_a_contradiction_names_the_records_on_the_way():
    with pytest.raises(InputError) as error:
        linked("abcd", [], "a b 1", "c b 1", "d c 1", "a c 0")
    said = "the constraints: 'a' = 'b' = 'c', but 'a' and 'c' are labelled different"
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (labels("a b 1", "b a 0"), "'a' and 'b' are labelled both the same and different"),
        (labels("a x 1"), "found 'x', expected an id that the input has"),
        (labels("a a 0"), "'a' is labelled different from itself"),
        (labels("a b 1").drop(columns="same"), "expected the labels in 'same'"),
        (labels("a b 7"), "found .7. in row 1, expected 1 or 0"),
        (labels("a b 1")[["same"]], "expected left_id and right_id"),
    ],
)
def test_bad_constraints_are_told_in_one_sentence(known, said):
    with pytest.raises(InputError, match=said):
        read_constraints(pd.Index(["a", "b"]), known)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("left_id,right_id,same\np000,p001,1,\n", "line 2: found 4 cells, expected 3"),
        ("left_id,right_id,same\np000,p001,1\np001,p002,0,x,y\n", "line 3: found 5 cells"),
        ("left_id,right_id,same\np000,p001\n", "line 2: found 2 cells, expected 3"),
        ("left_id,right_id,same,same\np000,p001,1,0\n", "found the column 'same' twice"),
        ("left_id;right_id;same\np000;p001;1\n", "expected left_id and right_id"),
        ("p000,p001,1\n", "expected left_id and right_id"),
        ("left_id,right_id,same\np000,p001,1\np000,p002,x\n", "found 'x' in row 2, expected 1 or"),
        ("left_id,right_id,same\np000,p001,0.5\n", "found '0.5' in row 1"),
        ("left_id,right_id,same\np000,p001,nan\n", "found 'nan' in row 1"),
        ("left_id,right_id,same\np000,,1\n", "found a pair with a missing id"),
        ('left_id,right_id,same\np000,"p001,1\n', "not a readable .csv file"),
    ],
)
def test_a_row_that_is_not_understood_is_never_passed_over(folder, content, said):
    (folder / "labels.csv").write_text(content)
    words = ("papers", folder / "records.csv", "-o", folder / "out.csv")
    done = run(*words, "--constraints", folder / "labels.csv", code=1)
    (line,) = done.stderr.splitlines()
    assert "labels.csv: " in line
    assert said in line
    assert not (folder / "out.csv").exists()


@pytest.mark.parametrize("content", ["[" * 100_000, '{"left_id": ' * 50_000, '{"a": 1e400'])
def test_a_table_nested_without_end_is_one_sentence(folder, content):
    (folder / "labels.jsonl").write_text(content)
    words = ("papers", folder / "records.csv", "-o", folder / "out.csv")
    done = run(*words, "--constraints", folder / "labels.jsonl", code=1)
    assert "labels.jsonl: not a readable .jsonl file" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("same", "together"), [("yes", True), ("TRUE", True), ("1.0", True), ("no", False)]
)
def test_labels_in_words_are_understood(folder, same, together):
    (folder / "labels.csv").write_text(f"left_id,right_id,same\np000,p001,{same}\n")
    words = ("papers", folder / "records.csv", "-o", folder / "out.csv")
    run(*words, "--constraints", folder / "labels.csv")
    found = pd.read_csv(folder / "out.csv", index_col="record_id")["cluster_id"]
    assert (found["p000"] == found["p001"]) == together


def test_pairs_without_a_label_and_repeated_ones_are_left_out():
    known = labels("b a 1", "a b 1", "c d 0").assign(same=[1, 1, None])
    assert labelled_pairs(known, "it").to_numpy().tolist() == [["a", "b", True]]


def test_papers_obey_constraints_in_any_row_order():
    papers = library(6)
    records = table(*papers, second_copy(papers[0]), second_copy(papers[1]))
    known = labels("p000 p000-copy 0", "p002 p003 1", "p001 p000-copy 1")
    for shuffled in (records, records.sample(frac=1, random_state=1)):
        found = PaperLinker().link(shuffled, known).clusters
        assert found["p000"] != found["p000-copy"]
        assert found["p002"] == found["p003"]
        assert found["p001"] == found["p001-copy"] == found["p000-copy"]
        assert found.groupby(found).size().sort_index().tolist() == [1, 3, 2, 1, 1]


def people(*known):
    records = table(
        paper("a", "Moss in Estonia", "Jane Miller; Boris Brzezicki"),
        paper("b", "Moss of Estonia in winter", "Jane Miller; Boris Brzezicki"),
        paper("c", "Kelp farms", "Jane Okonkwo; Boris Brzezicki"),
        paper("d", "Otters", "WHO Kelp Group; Chiara Castellanos"),
    )
    found = AuthorLinker().link(records, labels(*known) if known else None).people()
    ids = found["record_id"] + "#" + found["position"].astype(str)
    return dict(zip(ids, found["author_id"], strict=True))


def test_authors_obey_constraints_against_names_and_scores():
    before = people()
    assert before["a#0"] == before["b#0"] != before["c#0"]
    joined = people("a#0 c#0 1")  # she married: the names contradict each other
    assert joined["a#0"] == joined["b#0"] == joined["c#0"]
    parted = people("a#0 b#0 0")
    assert parted["a#0"] != parted["b#0"]
    assert before["a#1"] == before["b#1"]


def test_a_cannot_link_keeps_a_must_linked_person_whole():
    found = people("a#0 c#0 1", "c#0 b#0 0")
    assert found["a#0"] == found["c#0"] != found["b#0"]


def test_organisations_take_no_constraint():
    with pytest.raises(InputError, match="'d#0' is an organisation"):
        people("d#0 a#0 0")


@pytest.fixture
def folder(tmp_path):
    """Three papers and a copy of the first, as a file of records."""
    papers = library(3)
    table(*papers, second_copy(papers[0])).to_csv(tmp_path / "records.csv", index=False)
    return tmp_path


def constrain(folder, command, *known, code=0):
    """Run the command under constraints; what it found, and what it said."""
    labels(*known).to_csv(folder / "labels.csv", index=False)
    out = folder / "out.csv"
    done = run(
        *(command, folder / "records.csv", "-o", out),
        *("--constraints", folder / "labels.csv"),
        code=code,
    )
    return pd.read_csv(out, dtype=str) if code == 0 else done.stderr


def test_the_papers_command_obeys_a_file_of_labels(folder):
    found = constrain(folder, "papers", "p000 p000-copy 0", "p001 p002 1")
    assert found["cluster_id"].tolist() == ["p000", "p001", "p001", "p000-copy"]


def test_the_authors_command_obeys_a_file_of_labels(folder):
    found = constrain(folder, "authors", "p000#0 p000-copy#0 0", "p001#0 p002#0 1")
    ids = found["record_id"] + "#" + found["position"]
    person = dict(zip(ids, found["author_id"], strict=True))
    assert person["p000#0"] != person["p000-copy#0"]
    assert person["p001#0"] == person["p002#0"]


@pytest.mark.parametrize("command", ["papers", "authors"])
def test_constraints_on_unknown_records_name_the_file(folder, command):
    said = constrain(folder, command, "p000 nobody 1", code=1)
    assert "labels.csv: found 'nobody', expected an id that the input has" in said


def test_the_command_tells_a_contradiction(folder):
    said = constrain(folder, "papers", "p000 p001 1", "p001 p002 1", "p000 p002 0", code=1)
    assert "labels.csv: 'p000' = 'p001' = 'p002', but 'p000' and 'p002' are labelled" in said


def test_what_labels_settle_is_asked_no_more():
    labels = pd.DataFrame(
        [("a", "b", 1), ("b", "c", 0), ("d", "e", None)], columns=["left_id", "right_id", "same"]
    )
    asked = [("b", "a"), ("a", "c"), ("d", "e"), ("a", "d"), ("f", "g")]
    questions = pd.DataFrame(asked, columns=["left_id", "right_id"])
    left = without_answered(questions, labels)
    assert [*zip(left["left_id"], left["right_id"], strict=True)] == asked[2:]
    pd.testing.assert_frame_equal(without_answered(questions, None), questions)


@given(
    st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 7)), st.floats(0.01, 1)),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=3),
)
def test_contracting_changes_no_pair_of_rows_without_constraints(scores, must):
    known = {pair: score for pair, score in scores.items() if pair[0] < pair[1]}
    i, j = np.array(list(known), dtype=np.int64).reshape(-1, 2).T
    must = np.array(must, dtype=np.int64).reshape(-1, 2)
    group = must_groups(8, must)
    nothing = np.empty((0, 2), dtype=np.int64)
    pairs = ScoredPairs(i, j, np.array(list(known.values()), dtype=float), np.zeros(len(i), bool))
    found = contracted(pairs, Constraints(must, nothing, group))
    best = {}
    for (a, b), score in known.items():
        ends = tuple(sorted((int(group[a]), int(group[b]))))
        if ends[0] != ends[1]:
            best[ends] = max(score, best.get(ends, 0.0))
    ends = zip(found.i.tolist(), found.j.tolist(), strict=True)
    assert dict(zip(ends, found.probability.tolist(), strict=True)) == best
    assert len(found.i) == len(best)
