"""A trained pair classifier as plain data: boosted trees in flat arrays, kept in JSON.

Nothing is unpickled: a model file holds numbers and names only, and loading refuses a model
whose features this version does not have.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage.errors import InputError, ModelError
from linkage.models.trees import Alike, Tree, TreeScorer

Calibration = tuple[tuple[float, float, float], ...]

FORMAT = "biblinkage-pair-model/1"
MOST_BYTES = 100_000_000  # of a model file: the shipped ones have 700,000
_MOST_BAGS = 1000
_MOST_LOG_ODDS = 700.0  # that all trees may add up to: the exponential of more is infinite
_DAMAGE = (
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    MemoryError,
)


@dataclass(frozen=True)
class PairModel:
    """Feature vector of a pair -> probability that the two sides are the same.

    `level` says what "the same" meant in training ("publication", "work", or "" for persons).
    `trees` add up to a log-odds score, averaged over `n_bags` ensembles trained with different
    seeds. `threshold` separates "same" from "different"; probabilities between `review[0]` and
    `review[1]` deserve a person's look. `calibration`: how often it erred on sets left out of
    training, rows of a probability, the share of pairs from it on that are not the same, and of
    those below it that are; () where nobody measured it. `about` is free text for people: training
    sets, protocol, versions, metrics.

    Examples
    --------
    >>> model = linkage.load_model("papers_publication")
    >>> model.job, model.level, len(model.features)
    ('papers', 'publication', 50)
    >>> import numpy as np
    >>> nothing_known = np.full((1, len(model.features)), np.nan, dtype=np.float32)
    >>> bool(model.probability(nothing_known)[0] < 0.5)
    True
    """

    job: str
    features: tuple[str, ...]
    trees: tuple[Tree, ...] = field(repr=False)
    baseline: float
    level: str = ""
    n_bags: int = 1
    threshold: float = 0.5
    review: tuple[float, float] = (0.3, 0.9)
    calibration: Calibration = ()
    about: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def _scorer(self) -> TreeScorer:
        return TreeScorer(self.trees, len(self.features))

    def log_odds(self, X: NDArray[np.float32], same: Alike | None = None) -> NDArray[np.float64]:
        """Score of each row of X (n pairs, n features; NaN = missing), float64 of shape (n,).

        `same`: what groups of rows have in common, for speed only.
        """
        return self.baseline + self._scorer.score(X, same) / self.n_bags

    def probability(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability that each pair is the same, float64 of shape (n,) in 0..1."""
        result: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-self.log_odds(X)))
        return result

    def threshold_for(self, max_false: float) -> float:
        """The lowest threshold from which at most this share of pairs is not the same.

        As measured on sets left out of training; never below `threshold`. Raises `ModelError`
        where the model has no calibration, or none of its thresholds does.
        """
        if not self.calibration:
            raise ModelError("the model has no calibration, expected one trained on several sets")
        found = [max(at, self.threshold) for at, false, _ in self.calibration if false <= max_false]
        if not found:
            least = min(false for _, false, _ in self.calibration)
            asked = f"at most {max_false:g} false merges asked for"
            raise ModelError(f"{asked}, expected {least:g} or more: this model's best left out")
        return min(found)

    def require(self, job: str, available: Sequence[str]) -> None:
        """Raise `ModelError` unless this model is for `job` and needs only `available` features."""
        if self.job != job:
            raise ModelError(f"the model is for {self.job}, expected one for {job}")
        unknown = [name for name in self.features if name not in available]
        if unknown:
            raise ModelError(
                f"the model needs features that this version of linkage does not have: "
                f"{', '.join(unknown)}; train it anew with 'linkage train {job}'"
            )

    def to_json(self) -> str:
        """Text of the model file; equal models give equal text."""
        body = {
            "format": FORMAT,
            "job": self.job,
            "level": self.level,
            "about": self.about,
            "threshold": self.threshold,
            "review": list(self.review),
            "calibration": list(map(list, self.calibration)),
            "n_bags": self.n_bags,
            "baseline": self.baseline,
            "features": list(self.features),
        }
        head = json.dumps(body, indent=1, ensure_ascii=False).removesuffix("\n}")
        # one tree a line instead of one number a line
        lines = ",\n".join("  " + json.dumps(tree.to_lists()) for tree in self.trees)
        return f'{head},\n "trees": [\n{lines}\n ]\n}}\n'

    @cached_property
    def fingerprint(self) -> str:
        """A name for this model by its content."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    @classmethod
    def from_json(cls, text: str, name: str = "model") -> PairModel:
        """Read a model file's text; `name` is what an error calls it. Raises `ModelError`."""
        try:
            body = json.loads(text)
            if not isinstance(body, dict):
                raise ValueError("it holds no JSON object")
            if body.get("format") != FORMAT:
                found = body.get("format")
                raise ModelError(f"{name}: found model format {found!r}, expected {FORMAT!r}")
            return cls._from_body(body)
        except ModelError:
            raise
        except KeyError as error:
            raise ModelError(f"{name}: not a model file of linkage (it has no {error})") from error
        except _DAMAGE as error:
            reason = str(error)[:200] or type(error).__name__
            raise ModelError(f"{name}: not a model file of linkage ({reason})") from error

    @classmethod
    def _from_body(cls, body: dict[str, Any]) -> PairModel:
        model = cls(
            job=body["job"],
            level=body.get("level", ""),
            features=_names(body["features"]),
            trees=tuple(Tree.from_lists(tree) for tree in body["trees"]),
            baseline=float(body["baseline"]),
            n_bags=body["n_bags"],
            threshold=float(body["threshold"]),
            review=(float(body["review"][0]), float(body["review"][1])),
            calibration=tuple(
                (float(at), float(false), float(missed))
                for at, false, missed in body.get("calibration", ())
            ),
            about=dict(body["about"]),
        )
        _check_numbers(model)
        _ = model._scorer  # refuses trees that are too large or read a feature that is not there
        return model


def _names(features: object) -> tuple[str, ...]:
    """The features of a model file; `ValueError` where they are not names, each there once."""
    if not isinstance(features, list) or not all(isinstance(name, str) for name in features):
        raise ValueError("the features are not a list of names")
    if len(set(features)) < len(features):
        raise ValueError("a feature is there twice")
    return tuple(features)


def _check_numbers(model: PairModel) -> None:
    """Raise `ValueError` where a number is none that training gives."""
    if not isinstance(model.job, str) or model.level not in ("", "publication", "work"):
        raise ValueError("job or level is not one that linkage has")
    if type(model.n_bags) is not int or not 1 <= model.n_bags <= _MOST_BAGS:
        raise ValueError(f"n_bags is not a whole number from 1 to {_MOST_BAGS:,}")
    if not 0 <= model.threshold <= 1 or not 0 <= model.review[0] <= model.review[1] <= 1:
        raise ValueError("threshold or review is not in 0 to 1")
    if not all(0 <= number <= 1 for row in model.calibration for number in row):
        raise ValueError("calibration is not in 0 to 1")
    if not model.trees:
        raise ValueError("it has no tree")
    most = sum(float(np.abs(tree.value).max()) for tree in model.trees) / model.n_bags
    if not math.isfinite(model.baseline) or not abs(model.baseline) + most <= _MOST_LOG_ODDS:
        raise ValueError(f"its log-odds add up to more than {_MOST_LOG_ODDS:.0f}")


def load_model(name: str | PathLike[str]) -> PairModel:
    """Load a shipped model by name ("papers_publication") or any model from a path.

    Raises `InputError` when there is no such file, `ModelError` when it is not a model.

    Examples
    --------
    >>> linkage.load_model("authors").job
    'authors'
    """
    if isinstance(name, str) and name in shipped_models():
        return _shipped_model(name)
    path = Path(name)
    if not path.is_file():
        raise InputError(
            f"{path}: no such model file; shipped models: {', '.join(shipped_models())}"
        )
    if path.stat().st_size > MOST_BYTES:
        found = f"{path.stat().st_size:,} bytes, expected at most {MOST_BYTES:,}"
        raise ModelError(f"{path}: not a model file of linkage ({found})")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(f"{path}: not a model file of linkage (not UTF-8 text)") from error
    return PairModel.from_json(text, str(path))


@cache
def _shipped_model(name: str) -> PairModel:
    file = resources.files("linkage.models") / f"{name}.json"
    return PairModel.from_json(file.read_text(encoding="utf-8"), name)


def shipped_models() -> list[str]:
    """Names of the models that come with the package."""
    files = (item.name for item in resources.files("linkage.models").iterdir())
    return sorted(name.removesuffix(".json") for name in files if name.endswith(".json"))
