"""What merging did not choose."""

import pandas as pd

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
