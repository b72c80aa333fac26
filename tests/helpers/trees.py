"""Made-up trees, and models of few."""

from contextlib import contextmanager
from unittest import mock

from linkage.authors.training import fit
from linkage.models import training
from linkage.models.trees import Tree

N_FEATURES = 4
GRID = [-2.0, -1.0, -0.5, 0.0, 0.25, 0.5, 1.0, 3.0]  # exact in float32


@contextmanager
def few_trees(n=20):
    """Models trained meanwhile have few trees: for tests of what is done with a model."""
    with (
        mock.patch.dict(training.SETTINGS, max_iter=n),
        mock.patch.dict(fit.TREES, max_iter=n),
    ):
        yield


def random_tree(rng, leaves):
    """A tree with that many leaves, split at random, its children behind their parent."""
    rows = [[-1, 0, 0, 0, 0, rng.uniform(-1, 1)]]
    open_leaves = [0]
    for _ in range(leaves - 1):
        node = open_leaves.pop(rng.randrange(len(open_leaves)))
        left, right = len(rows), len(rows) + 1
        if rng.random() < 0.5:
            left, right = right, left
        threshold = rng.choice([*GRID, float("inf")])
        rows[node] = [rng.randrange(N_FEATURES), threshold, rng.random() < 0.5, left, right, 0]
        rows += [[-1, 0, 0, 0, 0, rng.uniform(-1, 1)] for _ in range(2)]
        open_leaves += [left, right]
    return Tree.from_lists(list(zip(*rows, strict=True)))
