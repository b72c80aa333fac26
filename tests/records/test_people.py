"""Authors of plain names, kept as columns, are what they are as dicts."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from linkage.records.author_cells import author
from linkage.records.people import People

NAMES = st.lists(st.sampled_from(["Ada Byron", "Moss, J. B.", "Li B", "Øst, Jan", "Moss Group"]))


def people_of(names):
    return People.of_names(pa.array(names, pa.string()), author)


@given(NAMES)
def test_authors_are_those_that_were_read(names):
    expected = [*map(author, names)]
    found = people_of(names)
    assert [*found] == [*map(found.__getitem__, range(len(found)))] == expected
    assert found.names().to_pylist() == names
    group = found.those(lambda one: bool(one.get("group")))
    assert group.tolist() == [bool(one.get("group")) for one in expected]


@given(NAMES, NAMES, st.data())
def test_authors_are_set_behind_others_and_left_out(names, more, data):
    both = People.concat([people_of(names), People.of(map(author, more))])
    kept = [data.draw(st.booleans()) for _ in [*names, *more]]
    expected = [author(name) for name, one in zip([*names, *more], kept, strict=True) if one]
    assert [*both.some(pa.array(kept, pa.bool_()).to_numpy(zero_copy_only=False))] == expected
