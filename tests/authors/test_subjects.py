"""Subject vectors of papers, and what the company of an author's name says."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from linkage.authors import evidence, subjects
from linkage.authors.ambiguity import chains, namesakes
from linkage.authors.author_lists import AuthorLists
from linkage.authors.subjects import document_vectors
from linkage.features.arrays import objects
from linkage.features.coauthors import Companies, Lists
from linkage.features.columns import Coded, Words

WANG = "wang|wei|||"
FISH = ["herring shore", "herring net", "net cod", "cod shore"]
STARS = ["quasar disk", "disk dust", "dust nova", "nova quasar"]
DOCUMENTS = st.lists(
    st.lists(st.sampled_from("herring shore net cod quasar disk".split()), max_size=4), max_size=8
)


def vectors_of(documents):
    return document_vectors(Words.of(documents))


def cosine(a, b):
    return float(np.dot(a.astype(float), b.astype(float)))


@given(st.lists(st.text(), max_size=4))
def test_signs_are_those_that_a_generator_gives_for_each_token(tokens):
    drawn = [np.random.Generator(np.random.PCG64(zlib.crc32(t.encode()))) for t in tokens]
    found = subjects.signs(tokens)
    for row, generator in zip(found, drawn, strict=True):
        assert (row == generator.integers(0, 2, subjects.DIMENSIONS) * 2.0 - 1.0).all()


@given(
    st.lists(st.lists(st.sampled_from([0.5, 1.0, 2.0]), max_size=6), max_size=8),
    st.integers(1, 5),
    st.integers(1, 30),
)
def test_the_heaviest_tokens_of_each_row_are_kept(rows, most, together):
    ends = np.cumsum([0, *map(len, rows)])
    codes = np.concatenate([[], *(np.arange(len(row)) for row in rows)]).astype(np.int32)
    bags = csr_array((np.concatenate([[], *rows]), codes, ends), shape=(len(rows), 6))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence, "_TOGETHER", together)
        kept = evidence.heaviest(bags, most)
    for row, start, end in zip(rows, kept.indptr[:-1], kept.indptr[1:], strict=True):
        first = sorted(sorted(range(len(row)), key=lambda code: (-row[code], code))[:most])
        assert kept.indices[start:end].tolist() == first
        assert kept.data[start:end].tolist() == [row[code] for code in first]


def test_papers_without_a_common_word_are_alike_by_what_goes_with_their_words():
    vectors = vectors_of([text.split() for text in FISH * 3 + STARS * 3])
    assert cosine(vectors[0], vectors[2]) > 0.3  # herring shore, net cod
    assert cosine(vectors[0], vectors[2]) > cosine(vectors[0], vectors[12]) + 0.5


def test_what_shares_no_word_with_any_other_has_no_subject():
    vectors = vectors_of([["herring", "shore"], ["herring"], ["lonely"], []])
    assert vectors[0] is not None
    assert vectors[2] is None
    assert vectors[3] is None


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_order_of_words_changes_nothing(documents, random):
    shuffled = [random.sample(tokens, len(tokens)) for tokens in documents]
    for a, b in zip(vectors_of(documents), vectors_of(shuffled), strict=True):
        assert (a is None and b is None) or np.array_equal(a, b)


def test_lots_in_which_documents_are_added_up_change_next_to_nothing(monkeypatch):
    documents = [text.split() for text in FISH * 3 + STARS * 3 + ["lonely"]]
    whole = vectors_of(documents)
    monkeypatch.setattr(subjects, "LOT", 4)
    lots = vectors_of(documents)
    assert np.array_equal(whole.codes, lots.codes)
    np.testing.assert_allclose(whole.values, lots.values, atol=2e-4)


@given(DOCUMENTS)
def test_vectors_have_length_one(documents):
    for vector in vectors_of(documents):
        if vector is not None and vector.any():
            assert abs(cosine(vector, vector) - 1) < 0.01


def companies(*papers: dict[str, float]) -> Coded:
    """Wang Wei's mentions, one a paper: whom else it names, and how rare their names are."""
    tokens = sorted({key for paper in papers for key in paper} | {WANG})
    lists = [sorted(tokens.index(key) for key in (WANG, *paper)) for paper in papers]
    ends = np.cumsum([0, *map(len, lists)])
    columns = np.array([code for codes in lists for code in codes])
    everybody = csr_array((np.ones(len(columns), np.int8), columns, ends))
    own = csr_array((np.ones(1, np.int8), ([0], [tokens.index(WANG)])), shape=(1, len(tokens)))
    nats = np.array([max(paper.get(key, 0.0) for paper in papers) for key in tokens])
    nobody = csr_array(everybody.shape, dtype=np.int8)
    found = Lists(everybody, nobody, own, objects(tokens), nats)
    rows = np.arange(len(papers))
    return Coded(rows.astype(np.int32), Companies(found, rows, np.zeros_like(rows)))


def test_chains_join_mentions_that_share_no_coauthor_themselves():
    names = companies({"a": 12.0}, {"a": 12.0, "b": 8.0}, {"b": 8.0}, {"c": 20.0})
    found = chains(np.zeros(4, dtype=np.int64), names, np.array([2, 3, 2, 2]))["chain"]
    strength = [sum(x == y for x, y in zip(found[0], other, strict=True)) for other in found]
    # the weakest link, of 8 nats, reaches two of the five strengths
    assert strength == [5, 4, 2, 0]


def test_no_chain_across_blocks_nor_over_long_lists():
    names = companies(*[{"a": 12.0}] * 3)
    found = chains(np.array([0, 1, 1]), names, np.array([2, 2, 500]))["chain"]
    assert not any(x == y for x, y in zip(found[0], found[1], strict=True))
    assert found[2] is None


def test_namesakes_are_other_positions_with_family_name_and_initial():
    keys = ["wang|jing|||", "wang|wei|||"]
    paper = ["wang|jing|||", "wang|j|||", "wang|wei|||", "li|jing|||"]
    known = sorted(paper)
    listed = np.array([known.index(key) for key in paper])
    lists = AuthorLists(1, np.zeros(4, dtype=np.int64), listed, known)
    places = np.zeros(2, dtype=np.int64), np.array([0, 2])
    found = namesakes(keys, np.array([0, 1]), places, lists)
    assert found[0].others == {"wang|j|||"}
    assert found[1].others == set()
