"""All features of names of one pass over two columns: what each says of each pair by itself."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.authors.name_counts import count_names
from linkage.features import names as of_keys
from linkage.features import person_names
from linkage.features.arrays import objects
from linkage.features.feature import collect

WORDS = "luis luiz l s ana anna xian you xianyou bob robert wei li titmowell kenji ken".split()
names = st.builds(
    "{}|{}|{}".format,
    st.sampled_from(["titmowell", "titmowel", "li", "luis", "brown smith", "smith brown", ""]),
    st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    st.sampled_from(["||"] * 4 + ["van||", "|jr|", "||0002"]),
)


@settings(max_examples=200)
@given(st.lists(st.tuples(names, names), min_size=1, max_size=20))
def test_columns_of_names_are_compared_as_pair_by_pair(pairs):
    pairs.sort(key=lambda pair: [name.split("|")[1] for name in pair])  # as they are asked for
    keys = [objects(side) for side in zip(*pairs, strict=True)]
    counts = count_names([name for pair in pairs for name in pair])
    numbers = [np.array([float(len(name)) for name in side]) for side in keys]
    people = [objects(map(counts.person_name, side)) for side in keys]
    columns = {"name_key": keys, "person_name": people}
    for feature in collect(of_keys, person_names):
        left, right = columns.get(feature.reads, numbers)
        found = feature.column({feature.reads: left}, {feature.reads: right})
        expected = feature.one_by_one(left, right)
        assert np.array_equal(found, expected, equal_nan=True), feature.name
