"""Other authors of a paper with a like name.

Prepared column: `namesakes`, a `Namesakes` a mention.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from linkage.features.feature import feature, nan_if


class Namesakes(NamedTuple):
    """A mention's own name key, and those of other authors of the paper with a like name."""

    own: str
    others: frozenset[str]


@feature(reads="namesakes", sign=-1)
def namesakes_on_paper(a: Namesakes, b: Namesakes) -> float:
    """Log of how many authors of one paper could be meant by such a name."""
    return math.log(1 + max(len(a.others), len(b.others)))


@feature(reads="namesakes", sign=-1)
def better_match_on_paper(a: Namesakes, b: Namesakes) -> float:
    """1 where another author of the other's paper has the very same name."""
    found = a.own != b.own and (a.own in b.others or b.own in a.others)
    return nan_if(not a.others and not b.others, float(found))
