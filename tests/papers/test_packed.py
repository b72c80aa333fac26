"""Records that are never unpacked give what those give that were conformed."""

import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.papers.batches import Batch, read_batch
from linkage.records.order import CONTENT
from linkage.records.schema import conform, conform_packed

NAMES = ("Ada Byron", "Byron, A.", "Bell J; Carr K", "Moss Group", "Anonymous", "Li, Bo", "", None)
TEXTS = {
    "title": ("Moss on stones", "Moss  on stones", "RETRACTED: Moss", "NA", "Trial NCT01234567"),
    "venue": ("Moss Letters", "Proc. of the Moss Conference, 1994", "a &amp; b"),
    "volume": ("12(3)", "XIV", "7"),
    "pages": ("1-12", "S12", "e5"),
    "doi": ("10.1000/xyz", "https://doi.org/10.1000/XYZ", "10.1000/a;10.1000/b", "none such"),
    "url": ("https://arxiv.org/abs/1706.03762", "https://doi.org/10.1000/q"),
    "year": ("2001", "19", "c1999"),
    "type": ("Journal Article", "book"),
    "edition": ("2nd", "Third edition"),
}
RECORDS = st.fixed_dictionaries({
    name: st.none() | st.sampled_from(texts) for name, texts in TEXTS.items()
} | {
    "authors": st.none() | st.lists(st.fixed_dictionaries({"name": st.sampled_from(NAMES)})),
    "ids": st.none() | st.sampled_from([{}, {"pmid": "PMID 12"}, {"doi": "10.1000/z"}]),
    "authors_truncated": st.none() | st.booleans(),
})  # fmt: skip


def as_printed(batch: Batch) -> dict[str, str]:
    columns = {name: str(values.tolist()) for name, values in batch.columns.items()}
    return columns | {"ids": str(batch.ids), "digests": str(batch.digests.tolist())}


@settings(max_examples=40)
@given(st.lists(RECORDS, min_size=1, max_size=5))
def test_packed_records_are_read_as_conformed_ones(records):
    table = pd.DataFrame(records, dtype=object)
    lists = pa.list_(pa.struct([("name", pa.string())]))
    kinds = dict.fromkeys(TEXTS, pa.string()) | {"authors": lists}
    columns = {name: pd.array(table[name].tolist(), pd.ArrowDtype(k)) for name, k in kinds.items()}
    told, told_packed = [], []
    expected = read_batch(conform(table, set_aside=told))
    found = read_batch(conform_packed(table.assign(**columns), CONTENT, set_aside=told_packed))
    assert as_printed(found) == as_printed(expected)
    assert list(map(str, told_packed)) == list(map(str, told))
