"""Clusters that merge: compiled, the source as it stands, and the plain form are the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.linking import sparse
from linkage.linking.clustering import ScoredPairs
from linkage.linking.sparse import SparseLinkage
from tests.helpers.kernels import FORMS, kernel


def told(form, n, pairs, threshold, most, weight):
    """The clusters, and all that was asked and joined on the way, with every mean."""
    module = None if form is None else kernel("neighbours", form)
    said = []

    def meet(a, b, mean):
        said.append((a, b, mean))
        return (a * 7 + b * 3) % 5 > 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sparse, "compiled", lambda _: module)
        linkage = SparseLinkage(n, pairs, most, weight)
        found = linkage.merge(threshold, meet, lambda a, b: said.append((a, b)))
    return found.tolist(), sorted(said)


def graph(seed, n, share, repeated):
    """Pairs of n rows at random, some of them vetoed, some often of one probability."""
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(n, 1)
    kept = rng.random(len(i)) < share
    probability = rng.random(kept.sum())
    if repeated:
        probability = np.round(probability * 8) / 8
    order = rng.permutation(kept.sum())  # pairs stand in any order
    vetoed = rng.random(kept.sum()) < 0.02
    return ScoredPairs(i[kept][order], j[kept][order], probability, vetoed)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(
    st.integers(0, 2**32), st.integers(0, 40), st.sampled_from([0.05, 0.3, 1.0]), st.booleans(),
    st.booleans(), st.booleans(),
)  # fmt: skip
def test_it_merges_as_the_plain_form_does(form, seed, n, share, repeated, limited, weighed):
    pairs = graph(seed, n, share, repeated)
    rng = np.random.default_rng(seed)
    most = rng.integers(1, 9, n).astype(float) if limited else None
    weight = rng.integers(1, 4, n).astype(float) if weighed else None
    expected = told(None, n, pairs, 0.4, most, weight)
    assert told(form, n, pairs, 0.4, most, weight) == expected


@pytest.mark.parametrize("seed", range(3))
def test_a_crowd_and_many_small_components_merge_alike(seed, monkeypatch):
    monkeypatch.setattr(sparse, "_TOGETHER", 500)  # components in several lots
    parts, n = list[ScoredPairs](), 0
    for k, size in enumerate((300, 2, 3, 40, 1, 5, 2)):
        part = graph(seed * 100 + k, size, 1.0, k % 2)
        parts.append(part._replace(i=part.i + n, j=part.j + n))
        n += size
    pairs = ScoredPairs(*map(np.concatenate, zip(*parts, strict=True)))
    assert told("compiled", n, pairs, 0.45, None, None) == told(None, n, pairs, 0.45, None, None)
