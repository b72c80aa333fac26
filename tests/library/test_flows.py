"""What is said of a run: each kind of change, once."""

import pytest

from linkage.library.flows import find_changes


def clusters(text):
    """`ab:X c:Y` is a, b in X and c in Y."""
    groups = (group.split(":") for group in text.split())
    return {member: name for members, name in groups for member in members}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("ab:X", "ab:X", []),
        ("", "ab:X", ["X new None 2"]),
        ("", "ab:W", ["W returned None 2"]),
        ("a:X", "abc:X", ["X grown None 2"]),
        ("ab:X c:Y", "abc:X", ["Y merged X 1"]),
        ("abc:X", "ab:X c:Y", ["Y split X 1"]),
        ("abc:X", "ab:X c:W", ["W split X 1"]),
        ("abc:X d:Y", "ab:X cd:Y", ["Y moved X 1"]),
        ("ab:X", "a:X", ["X shrunk None 1"]),
        ("ab:X", "", ["X withdrawn None 2"]),
        ("ab:X", "abc:X d:Y", ["X grown None 1", "Y new None 1"]),
        ("ab:X c:Y", "abd:X", ["X grown None 1", "Y withdrawn None 1"]),
    ],
)
def test_what_changed(before, after, told):
    found = find_changes(clusters(before), clusters(after), lambda one: one == "W")
    assert [f"{c.id} {c.change} {c.other_id} {c.members}" for c in found] == told


def test_a_cluster_that_ends_in_two_others_is_merged_into_each():
    found = find_changes(clusters("ab:X c:Y d:Z"), clusters("ac:Y bd:Z"), lambda _: False)
    assert [(c.id, c.change, c.other_id) for c in found] == [
        ("X", "merged", "Y"),
        ("X", "merged", "Z"),
    ]
