"""The verdicts of `linkage.features.names` on two folded names, as features.

Prepared column: `name_key`, one value a distinct name.
"""

from __future__ import annotations

from linkage.features import names
from linkage.features.feature import feature
from linkage.features.given_names import NameRelation

_NUMBERS = {
    NameRelation.CONFLICT: 0.0,
    NameRelation.ALIKE: 0.5,
    NameRelation.UNSURE: 1.0,
    NameRelation.COMPATIBLE: 2.0,
    NameRelation.EQUAL: 3.0,
}


@feature(reads="name_key", sign=+1)
def name_relation(a: str, b: str) -> float:
    """3 the very same name, 2 compatible, 1 unsure (a slip), .5 alike, 0 conflict."""
    return _NUMBERS[names.compare_names(a, b)]


@feature(reads="name_key", sign=+1)
def given_name_agreement(a: str, b: str) -> float:
    """Of the first given names: 1 equal, .75 compatible, .5 left out, .25 a slip, .1 alike."""
    return names.given_name_agreement(a, b)


@feature(reads="name_key", sign=+1)
def middle_name_agreement(a: str, b: str) -> float:
    """Of further given names where both have them: 1 equal, .75 initials, 0 conflict."""
    return names.middle_name_agreement(a, b)


@feature(reads="name_key", sign=+1)
def family_name_agreement(a: str, b: str) -> float:
    """Of the family names: 1 equal, .75 spelling, particle or half, .25 a slip, 0 conflict."""
    return names.family_name_agreement(a, b)


@feature(reads="name_key", sign=-1)
def swapped_order(a: str, b: str) -> float:
    """1 if given and family name stand in each other's place."""
    return names.swapped_order(a, b)
