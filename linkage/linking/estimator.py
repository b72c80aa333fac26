"""scikit-learn's conventions for a class with parameters."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from os import PathLike
from typing import Any, Self

import numpy as np
import pandas as pd

from linkage.errors import InputError
from linkage.models.pair_model import PairModel, load_model


class Estimator:
    """Parameters are those of `__init__`, each an attribute; `sklearn.base.clone` takes it.

    What `sklearn.base.BaseEstimator` does, but importing that takes longer than linking a thousand
    records.
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002  scikit-learn passes it
        """Parameters by name; none of them has parameters of its own, as `deep` would show."""
        return {name: getattr(self, name) for name in self._defaults()}

    def set_params(self, **params: Any) -> Self:
        """Set some; raises `ValueError` where there is no such parameter."""
        known = self._defaults()
        for name in params.keys() - known:
            raise ValueError(f"found the parameter {name!r}, expected one of {', '.join(known)}")
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        """The parameters that are not the default."""
        given = self.get_params()
        others = (f"{n}={given[n]!r}" for n, d in self._defaults().items() if given[n] is not d)
        return f"{type(self).__name__}({', '.join(others)})"

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn asks before it searches for parameters."""
        from sklearn.base import BaseEstimator

        return BaseEstimator.__sklearn_tags__(self)

    @classmethod
    def _defaults(cls) -> dict[str, Any]:
        given = list(inspect.signature(cls.__init__).parameters.values())[1:]
        return {parameter.name: parameter.default for parameter in given}


def labels_by_id(labels: pd.Series[Any] | Sequence[Any], ids: pd.Series[str]) -> pd.Series[Any]:
    """Known clusters as the Series id -> entity; a list or array has one for each row.

    Raises `InputError` where there is not one for each of `ids`.
    """
    if isinstance(labels, pd.Series):
        return labels.set_axis(labels.index.map(str))
    if len(labels) != len(ids):
        raise InputError(
            f"found {len(labels):,} clusters for {len(ids):,} records, expected as many"
        )
    return pd.Series(list(labels), index=pd.Index(ids), dtype=object)


def pairwise_f1(truth: pd.Series[Any], found: pd.Series[Any]) -> float:
    """F1 (0 to 1) of the pairs that share a cluster, over the ids that `truth` labels.

    1 where there is no pair in either. Raises `InputError` where `found` lacks an id.
    """
    from sklearn.metrics.cluster import pair_confusion_matrix

    known = truth[truth.notna()]
    absent = known.index.difference(found.index)
    if len(absent):
        raise InputError(f"found a known cluster of {absent[0]!r}, expected ids of the input only")
    labels = [pd.factorize(one)[0] for one in (known, found[known.index])]
    (_, false), (missed, true) = np.asarray(pair_confusion_matrix(*labels)).tolist()
    return 2 * true / (2 * true + false + missed) if true + false + missed else 1.0


class ModelEstimator(Estimator):
    """An estimator with the parameters `model`, `threshold` and `engine`; `fit` sets `model_`."""

    model: str | PathLike[str] | PairModel | None
    threshold: float | None
    model_: PairModel

    def _chosen_model(self, default: str, job: str, features: Sequence[str]) -> PairModel:
        """The fitted model, else the given one, else the shipped one called `default`.

        Raises `ModelError` where it is not for `job` or needs other than `features`.
        """
        chosen = getattr(self, "model_", self.model or default)
        model = chosen if isinstance(chosen, PairModel) else load_model(chosen)
        model.require(job, features)
        return model

    def _chosen_threshold(self, default: float) -> float:
        """The given threshold, else `default`. Raises `InputError` where it is no probability."""
        if self.threshold is None:
            return default
        if not 0 <= self.threshold <= 1:
            found = f"found the threshold {self.threshold}"
            raise InputError(f"{found}, expected a probability from 0 to 1")
        return self.threshold

    def predict_frame(self, records: Any) -> Any:
        """Spark DataFrame of records -> Spark DataFrame of what `predict` gives, in any order.

        Columns are named and typed as in `linkage.records.schema`, other types being read as
        `conform` reads them; record_id and title have to be there. Raises `InputError` where they
        are not, where a record_id is missing or there twice, and without the engine Spark.
        """
        return self._spark_job().link(records)

    def predict_parquet(self, path: str) -> Any:
        """The same of a Parquet file or folder at a path or address that Spark can read.

        Usual names of columns are recognised, as by `linkage.read_records`.
        """
        return self._spark_job().link_parquet(path)

    def _spark_job(self) -> Any:
        """The `linkage.engines.spark_records.RecordsJob` of the engine."""
        raise NotImplementedError
