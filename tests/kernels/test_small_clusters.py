"""Clusters of small components: compiled, the source as it stands, and the plain form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.linking import clustering
from linkage.linking.clustering import ScoredPairs, average_linkage
from tests.helpers.kernels import FORMS, kernel


def linked(form, seed, n):
    """Clusters of rows of which few hang together; some pairs tie, some are vetoed."""
    rng = np.random.default_rng(seed)
    code = np.unique(rng.integers(0, n * n, 2 * n))
    i, j = code // n, code % n
    i, j = i[i < j], j[i < j]
    values = rng.choice([0.0, 0.4, 0.6, 0.7, 0.8, rng.random()], len(i))
    pairs = ScoredPairs(i, j, values, rng.random(len(i)) < 0.1)
    weight = None if seed % 2 else rng.integers(1, 4, n).astype(float)
    module = None if form is None else kernel("small_clusters", form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "compiled", lambda _: module)
        return average_linkage(n, pairs, 0.5, weight).tolist()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("n", [1, 3, 20, 200])
def test_the_clusters_are_those_of_the_plain_form(form, n):
    assert linked(form, n, n) == linked(None, n, n)


@settings(max_examples=50)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_compiled_the_clusters_are_those_of_the_plain_form(seed, n):
    assert linked("compiled", seed, n) == linked(None, seed, n)
