"""The pair classifiers: trained models as data files, how they score and how they are trained."""

if __name__ != "linkage.models":
    raise ImportError("import this package as linkage.models, not as models")

from linkage.models.pair_model import PairModel, load_model, shipped_models

__all__ = ["PairModel", "load_model", "shipped_models"]
