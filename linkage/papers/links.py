"""What paper linking found."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from linkage.errors import InputError
from linkage.models.pair_model import PairModel
from linkage.papers.batches import Prepared
from linkage.records.schema import Conformed


@dataclass(frozen=True)
class PaperLinks:
    """What linking found.

    `clusters`: Series record_id -> cluster_id in input order; a cluster is called by the first of
    its record ids in plain string order. `pairs`: every pair compared, with left_id, right_id,
    probability, veto (what keeps the two apart whatever the probability, or "") and rules (the
    blocking rules that found it; "" for a pair compared only because others linked its sides).
    `blocking`: one row a rule, see `linkage.papers.blocking.describe`. `unreached`: ids of the
    records that no rule paired with any other. `threshold`: what separated "same" from "different";
    `band`: probabilities between these two deserve a person's look. `model`: what gave the
    probabilities, None for "ecm". `records`: those that were linked, conformed, in input order, and
    `prepared`: what was compared of them; None for `link_tables`, which keeps neither. `caps`:
    sentences, one for each limit of the work that decided something.

    Where very many records are identical (`linkage.papers.copies`), one stands for the others: the
    only pairs of these are with it, by the rule "identical_records".

    Examples
    --------
    >>> links = linkage.PaperLinker().link(records)
    >>> links.clusters.nunique(), len(links.pairs), links.unreached
    (3, 2, [])
    >>> links.relations[["left_id", "right_id", "relation"]].iloc[0].tolist()
    ['a2', 'a3', 'sibling_part']
    """

    clusters: pd.Series[str]
    pairs: pd.DataFrame
    blocking: pd.DataFrame
    unreached: list[str]
    threshold: float
    band: tuple[float, float]
    model: PairModel | None = None
    records: Conformed | None = field(default=None, repr=False)
    prepared: Prepared | None = field(default=None, repr=False)
    caps: tuple[str, ...] = ()

    @property
    def relations(self) -> pd.DataFrame:
        """What compared records of different papers are to each other, see `find_relations`."""
        from linkage.papers.relations import find_relations

        return find_relations(self)

    def kept_records(self) -> Conformed:
        """The records that were linked; raises `InputError` where they were not kept."""
        if self.records is None:
            raise InputError("found links without records, expected those of PaperLinker.link")
        return self.records
