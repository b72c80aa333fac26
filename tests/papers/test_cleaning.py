import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.features.columns import Coded
from linkage.papers import rules
from linkage.papers.blocking import block
from linkage.papers.cleaning import (
    BITS,
    LEAST_ALIKE,
    ComparisonCleaning,
    places,
    signatures,
)
from linkage.papers.prepare import prepare_papers
from linkage.papers.rules import LOOSE_RULES, PAPER_RULES
from linkage.records.schema import conform
from tests.helpers.records import paper, table

TITLES = st.lists(st.text(alphabet="abc de\u4e2d\U0001f600", max_size=30), min_size=1, max_size=6)
FOLDED = st.lists(st.text(alphabet="ab 09z", max_size=30), min_size=1, max_size=6)


def plain_signature(title):
    """The obvious way: the bits of a title's trigrams, one after the other."""
    padded = f" {title} "
    trigrams = [padded[at : at + 3] for at in range(len(padded) - 2)]
    letters = [[np.array([ord(c)], dtype=np.uint32) for c in three] for three in trigrams]
    return {int(places(*three)[0]) for three in letters}


def bits(signature):
    return set(np.flatnonzero(np.unpackbits(signature.view(np.uint8))).tolist())


@given(TITLES | FOLDED)
def test_signatures_are_the_bits_of_each_titles_own_trigrams(titles):
    found = signatures(titles)
    assert [bits(row) for row in found] == [plain_signature(title) for title in titles]
    assert found.shape == (len(titles), BITS // 64)


@given(TITLES | FOLDED)
def test_pairs_are_kept_where_the_shorter_title_is_in_the_other(titles):
    column = Coded.of([*titles, None])
    i, j = (rows.ravel() for rows in np.indices((len(column),) * 2))
    kept = ComparisonCleaning(column, [0, 2]).keeps(i, j, np.full(len(i), 0b100))
    sets = [plain_signature(title) for title in titles]
    for a, b, keep in zip(i.tolist(), j.tolist(), kept.tolist(), strict=True):
        if column[a] is None or column[b] is None or a == b:
            assert keep  # missing: nothing speaks against them
            continue
        one, other = sets[a], sets[b]
        assert keep == (len(one & other) >= LEAST_ALIKE * min(len(one), len(other)))


@pytest.mark.parametrize(
    ("found_by", "kept", "note"),
    [
        (0b001, False, "one loose rule"),
        (0b100, False, "another loose rule"),
        (0b010, True, "a rule that is not loose"),
        (0b101, True, "two loose rules: no chance"),
        (0b011, True, "a loose rule and another"),
        (0, True, "no rule: compared since others link the two"),
    ],
)
def test_only_what_one_loose_rule_proposes_must_have_like_titles(found_by, kept, note):
    column = Coded.of(["moss growth in the alps", "voting by mail and turnout"])
    cleaning = ComparisonCleaning(column, [0, 2])
    one, other = np.array([0]), np.array([1])
    assert cleaning.keeps(one, other, np.array([found_by])).tolist() == [kept], note


ALIKE = {
    "misprints": ("slow growth of moss in alpine ravines", "slwo growth of mos in alpin ravines"),
    "cut": (
        "slow growth of moss in alpine ravines: a survey of forty years",
        "slow growth of moss",
    ),
    "words joined": ("micro climate of the sub alpine zone", "microclimate of the subalpine zone"),
    "order": ("alpine ravines, slow growth of moss in", "slow growth of moss in alpine ravines"),
}
UNLIKE = {
    "two words shared": (
        "slow moss growth in alpine ravines",
        "ravines flooded by alpine glaciers",
    ),
    "another language": ("slow moss growth in alpine ravines", "langsames wachstum in schluchten"),
}


@pytest.mark.parametrize("case", [*ALIKE, *UNLIKE])
def test_titles_alike_and_unlike(case):
    column = Coded.of((ALIKE | UNLIKE)[case])
    kept = ComparisonCleaning(column, [0]).keeps(np.array([0]), np.array([1]), np.array([1]))
    assert kept.tolist() == [case in ALIKE]


def test_blocking_tells_what_was_left_out_and_keeps_it_when_asked():
    records = conform(table(
        paper("a", "Slow moss growth in alpine ravines", volume="7", pages="12-15"),
        paper("b", "Voting by mail and turnout", volume="7", pages="12-20"),
    ))  # fmt: skip
    columns = prepare_papers(records)
    chosen = [rules.same_doi, rules.same_volume_and_page]
    found = block(columns, records, chosen)
    assert len(found.i) == 0
    assert found.report["unlike_titles"].tolist() == [0, 1]
    assert found.report["pairs"].tolist() == [0, 0]
    whole = block(columns, records, chosen, cleaned=False)
    assert whole.i.tolist() == [0]
    assert whole.report["unlike_titles"].tolist() == [0, 0]


def test_loose_rules_are_rules():
    assert set(LOOSE_RULES) < set(PAPER_RULES)
