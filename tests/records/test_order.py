"""Numbers of records by their content: the same in whatever table they stand."""

from linkage.records.order import digests
from linkage.records.schema import conform
from tests.helpers.records import library, table

PAPERS = library(3)


def test_a_column_that_one_record_of_a_batch_has_changes_no_other():
    alone = digests(conform(table(*PAPERS)))
    beside = digests(conform(table(*PAPERS, PAPERS[0] | {"record_id": "x", "edition": "2nd"})))
    assert beside[:3].tolist() == alone.tolist()
    assert beside[3] != alone[0]
