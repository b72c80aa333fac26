"""Linking a few papers with the shipped model, and one paper to begin with."""

import pandas as pd

from linkage.models import load_model
from linkage.papers.linker import PaperLinker
from tests.helpers.records import invented, table

MODEL = load_model("papers_publication")
ORIGINAL = invented(0, seed=77) | {"record_id": "original"}


def clusters_of(*papers, linker=None):
    """The clusters as a set of frozensets of record ids."""
    found = (linker or PaperLinker(MODEL)).predict(table(*papers))
    return {frozenset(found.index[found == name]) for name in found.unique()}


def partition(clusters):
    """A clustering as sets of members."""
    groups = pd.Series(clusters.index, index=clusters.index).groupby(clusters.to_numpy())
    return {frozenset(members) for _, members in groups}


def pair(one, **changes):
    return one, one | {"record_id": "other"} | changes
