"""What merging did not choose."""

import pandas as pd
import pytest

from linkage.merging.conflicts import merge_conflicts
from linkage.merging.merge import merge_records
from linkage.records.schema import conform


def test_what_two_formats_call_one_type_is_no_conflict():
    one = {"record_id": "a", "title": "Fens in spring", "type": "article", "native_type": "JOUR"}
    for kind, told in (("article", []), ("book", ["native_type", "type"])):
        other = one | {"record_id": "b", "type": kind, "native_type": kind}
        records = conform(pd.DataFrame([one, other]))
        clusters = pd.Series("a", index=["a", "b"])
        found = merge_conflicts(records, clusters, merge_records(records, clusters))
        assert sorted(found["field"]) == told


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("orcid", "0000-0002-1825-0097", "0000-0001-5109-3700"),
        ("email", "ann@fen.example", "abel@bog.example"),
        ("affiliation", "Fen College", "Bog Institute"),
    ],
)
def test_of_one_author_the_second_value_is_told(key, one, other):
    people = [{"name": "Abel, Ann", key: one}, {"name": "Brock, Bo", key: "0000-0003-1415-9269"}]
    less = [{"name": "Abel, A.", key: other}]
    for second, told in ((people, []), (less, [f"Abel, A.: {other}"])):
        rows = [
            {"record_id": "a", "title": "Fens", "authors": people},
            {"record_id": "b", "title": "Fens", "authors": second},
        ]
        records = conform(pd.DataFrame(rows))
        clusters = pd.Series("a", index=["a", "b"])
        found = merge_conflicts(records, clusters, merge_records(records, clusters))
        found = found[found["field"] == f"authors {key}"]
        assert found["value"].tolist() == told
        assert found["chosen value"].tolist() == [one] * len(told)
