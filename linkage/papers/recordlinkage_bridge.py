"""The Python Record Linkage Toolkit (recordlinkage 0.16) where it is good and alive.

Its index algorithms serve as blocking rules, and its ECM classifier links when there are no labels
at all. It is an extra, `biblinkage[recordlinkage]`, since it can't be installed beside pandas 3;
importing this module without it raises `LinkageError`.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.errors import InputError, LinkageError
from linkage.linking.clustering import Indices

try:
    from recordlinkage import ECMClassifier
    from recordlinkage.algorithms.nb_sklearn import ECM
except ImportError as error:
    raise LinkageError(
        "the model 'ecm' and index algorithms need the package recordlinkage, "
        "which needs pandas below 3: pip install 'biblinkage[recordlinkage]'"
    ) from error

SIMILAR = 0.85  # a value of a feature with sign +1 from which on it counts as agreement
_BOUND = 1e-4  # no agreement probability closer to 0: one odd pair must not decide alone
_JARO_M, _JARO_U, _JARO_MATCHES = 0.9, 0.1, 0.1  # the toolkit's starting values


def index_pairs(algorithm: Any, records: pd.DataFrame) -> tuple[Indices, Indices]:
    """Pair records by a recordlinkage index algorithm (`Block`, `SortedNeighbourhood`, `Index` …).

    Returns two int64 arrays of row positions in `records`, left < right, each pair once, sorted.
    The algorithm sees every column, may use those that hold one value a record (not lists), and is
    itself left as it was. `Random` needs a `random_state` to give the same pairs every time.
    Raises `InputError` for a column that is not there or holds lists.
    """
    frame = records.reset_index(drop=True)
    frame.columns.name = None
    try:
        # A copy, because SortedNeighbourhood remembers the keys of the first frame it sees.
        pairs = copy.deepcopy(algorithm).index(frame)
    except KeyError as error:
        raise InputError(
            f"blocking rule {algorithm!r}: found no column {error}, "
            f"expected one of {', '.join(map(str, frame.columns))}"
        ) from error
    except TypeError as error:
        raise InputError(
            f"blocking rule {algorithm!r}: expected columns of single values, found lists ({error})"
        ) from error
    both = np.stack([pairs.get_level_values(k).to_numpy(np.int64) for k in (0, 1)])
    left, right = np.sort(both, axis=0)
    keys = np.unique((left * len(frame) + right)[left < right])
    left, right = np.divmod(keys, max(len(frame), 1))
    return left, right


def ecm_probabilities(
    features: NDArray[np.float32], feature_names: Sequence[str], monotone_signs: Sequence[int]
) -> NDArray[np.float64]:
    """Match probability of each pair, learnt from the pairs alone (no labels).

    Fits the Fellegi-Sunter model by expectation conditional maximisation (Fellegi & Sunter 1969,
    doi:10.1080/01621459.1969.10501049; Jaro 1989, doi:10.1080/01621459.1989.10478785), assuming
    that features are independent given match or non-match. They are not, so the probabilities are
    too close to 0 and 1; their order is more to be trusted than their size.

    `features` has shape (n_pairs, n_features), NaN = missing. Each becomes agreement or not:

    - sign +1: agreement from `SIMILAR` (0.85) on, so a count agrees from 1 on;
    - sign −1 (a difference or a count of conflicts): agreement at 0 or below;
    - sign 0: not used, it speaks for neither side;
    - NaN: no agreement.

    The matches are the class that agreement on everything speaks for. Where no feature tells pairs
    apart (one pair only, all alike) nothing can be learnt and the method's starting values decide:
    agreement in .9 of the matches and .1 of the rest, one pair in ten a match.
    Returns float64 of shape (n_pairs,). Raises `InputError` if the shapes do not fit.
    """
    if features.ndim != 2 or not features.shape[1] == len(feature_names) == len(monotone_signs):
        raise InputError(
            f"features: found shape {features.shape}, {len(feature_names)} names and "
            f"{len(monotone_signs)} signs, expected one column, name and sign per feature"
        )
    agree = _agreement(features, np.asarray(monotone_signs, dtype=np.int64))
    varies = agree.any(axis=0) & ~agree.all(axis=0)
    if not varies.any():
        return _without_learning(agree)
    names = [name for name, sign in zip(feature_names, monotone_signs, strict=True) if sign]
    vectors = pd.DataFrame(agree[:, varies].astype(np.int64), columns=np.array(names)[varies])
    classifier = ECMClassifier(init="jaro")
    classifier.kernel = _BoundedECM(init="jaro", binarize=None)
    with np.errstate(divide="ignore", invalid="ignore"):  # log 0 is what the bound is for
        classifier.fit(vectors)
    patterns, pattern_of = np.unique(vectors.to_numpy(), axis=0, return_inverse=True)
    match = classifier.prob(pd.DataFrame(patterns, columns=vectors.columns)).to_numpy(np.float64)
    if classifier.kernel.agreement_speaks_for_class_0():
        match = 1 - match
    # The kernel multiplies by BLAS, whose last bits depend on the number of threads.
    probability: NDArray[np.float64] = np.round(match, 9)[pattern_of.ravel()]
    return probability


def _agreement(features: NDArray[np.float32], signs: Indices) -> NDArray[np.bool_]:
    """Agreement of the features that have a sign; comparing with NaN is False."""
    return np.where(signs > 0, features >= SIMILAR, features <= 0)[:, signs != 0]


def _without_learning(agree: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Posterior under the starting values of ECM."""
    weight = np.log(_JARO_M / _JARO_U) * np.where(agree, 1, -1).sum(axis=1)
    prior = np.log(_JARO_MATCHES / (1 - _JARO_MATCHES))
    return np.asarray(1 / (1 + np.exp(-(prior + weight))), dtype=np.float64)


class _BoundedECM(ECM):  # type: ignore[misc]
    """ECM that survives a value never seen in a class: 0 · log 0 would make everything NaN."""

    def _joint_log_likelihood(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        prior = np.maximum(np.nan_to_num(self.class_log_prior_, nan=np.log(0.5)), np.log(_BOUND))
        likelihood = self._transform_data(X) @ self._bounded_agreements().T + prior
        return np.asarray(likelihood, dtype=np.float64)

    def agreement_speaks_for_class_0(self) -> bool:
        """Tell whether the classes came out the other way round (columns: no, yes, no, yes …)."""
        bounded = self._bounded_agreements()
        log_odds = (bounded[:, 1::2] - bounded[:, ::2]).sum(axis=1)
        return bool(log_odds[0] > log_odds[1])

    def _bounded_agreements(self) -> NDArray[np.float64]:
        seen = np.nan_to_num(self.feature_log_prob_, nan=np.log(0.5))
        bounded: NDArray[np.float64] = np.clip(seen, np.log(_BOUND), np.log1p(-_BOUND))
        return bounded
