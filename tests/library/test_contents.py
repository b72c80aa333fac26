"""Records are kept whole, whatever their columns hold."""

import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal

from linkage import gold
from linkage.library.contents import as_contents, as_records, digest_of
from linkage.records.schema import Conformed, conform


def kept(records):
    return as_records(records["record_id"].tolist(), as_contents(records))


def test_conformed_records_come_back_as_they_were():
    records = conform(gold.load_records())
    back = kept(records)
    told = [name for name in records if records[name].notna().any()]
    assert_frame_equal(back[told], records[told].reset_index(drop=True), check_dtype=False)
    assert back.dtypes["year"] == "Int64"
    assert back.dtypes["authors_truncated"].kind == "b"
    assert_frame_equal(conform(back), back)


def test_columns_of_any_kind_are_kept():
    given = {
        "record_id": ["a", "b"],
        "title": ["Moss", "Fern"],
        "note": pd.Series([None, "half \ud800 a character"], dtype=object),
        "authors": [[], None],  # said to have none; not said
        "keywords": [["one", "two"], np.array(["three"])],
        "cited": [np.int64(3), np.nan],
        "when": [pd.Timestamp("2020-02-05"), pd.NaT],
    }
    back = kept(conform(pd.DataFrame(given)))
    assert back["authors"].tolist() == [[], None]
    assert back["keywords"].tolist() == [["one", "two"], ["three"]]
    assert back["cited"].tolist() == [3, None]
    assert back["note"].tolist() == given["note"].tolist()
    assert kept(Conformed(back))["when"].tolist() == back["when"].tolist()


def test_the_digest_depends_on_no_order_of_columns():
    assert digest_of('{"a": 1, "b": [2]}') == digest_of('{"b": [2], "a": 1}')
    assert digest_of('{"a": 1}') != digest_of('{"a": 2}')
