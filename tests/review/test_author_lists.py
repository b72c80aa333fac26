"""Lists of authors side by side: who is on one side only is marked, and nothing else."""

import pytest

from linkage.records.schema import conform
from linkage.review.author_lists import compare_authors
from linkage.review.comparing import ALIKE, DIFFERS, ONE_SIDE, SAME
from tests.helpers.records import table


def authors(names):
    return conform(table({"record_id": "a", "title": "Moss", "authors": names}))["authors"][0] or []


@pytest.mark.parametrize(
    ("left", "right", "state", "marks", "why"),
    [
        ("Ana Bell", "Ana Bell", SAME, [[], []], "equal"),
        ("Ana Bell; Ben Cole", "Bell, A.; Cole, B.", ALIKE, [[], []], "initials, turned round"),
        ("Ana Bell; Ben Cole", "Bell, A.; Cole, B.; Dorn, E.", DIFFERS, [[], ["Dorn, E."]],
         "one more"),
        ("Ana Bell; Ben Cole", "Bell, A.; Cole, W.", DIFFERS, [["Ben Cole"], ["Cole, W."]],
         "another given name is another person"),
        ("Ana Bell", "", ONE_SIDE, [[], []], "nobody on the right: missing is not different"),
        ("Ana Bell; Ana Bell", "Ana Bell", DIFFERS, [["Ana Bell"], []], "named twice"),
    ],
)  # fmt: skip
def test_who_is_marked(left, right, state, marks, why):
    found = compare_authors(authors(left), authors(right))
    sides = [[part.text for part in side or () if part.marked] for side in found[2:]]
    assert (found.state, sides) == (state, marks), why
    turned = compare_authors(authors(right), authors(left))
    assert turned.state == state


def test_long_lists_are_cut_but_compared_as_a_whole():
    many = [f"Ana Bell{'abcdefghij'[k // 10]}{'abcdefghij'[k % 10]}" for k in range(40)]
    found = compare_authors(authors("; ".join(many)), authors("; ".join(many[:-1])), 5)
    texts = ["".join(part.text for part in side) for side in found[2:]]
    assert texts == [f"{'; '.join(many[:5])}; … (+35)", f"{'; '.join(many[:5])}; … (+34)"]
    assert found.state == DIFFERS
