"""Titles and authors written as one text, compiled and as it stands: as record by record."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.features import citation
from linkage.features.arrays import OnDemand, OnDemandRows, SharedRows
from linkage.features.columns import Coded
from linkage.text import citations
from tests.helpers.kernels import FORMS, kernel

TEXTS = st.lists(st.sampled_from(["moss", "b", "ba", "zz", "m\u00f6ss"]), max_size=5).map(" ".join)
NAMES = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=11).map(tuple)
RECORDS = st.lists(st.tuples(TEXTS, st.none() | NAMES), min_size=1, max_size=6)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=100)
@given(RECORDS, st.data())
def test_records_are_written_as_one_by_one(form, records, data):
    columns = [Coded.of(title for title, _ in records), Coded.of_names(a for _, a in records)]
    place = st.lists(st.integers(0, len(records) - 1), max_size=5)
    rows = [np.array(data.draw(place), dtype=np.int64) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(citations, "compiled", lambda _: kernel("citations", form))
        for function, written in [
            (citation.citation, citations.citations),
            (citation.citation_letters, citations.letters),
        ]:
            sides = OnDemandRows.pair(OnDemand(function, SharedRows(columns)), *rows)
            for side, some in zip(sides, rows, strict=True):
                assert list(written(side)) == [function(*records[row]) for row in some.tolist()]


@pytest.mark.parametrize("form", FORMS)
def test_very_many_words_are_sorted_as_few_are(form):
    words = [f"w{k * 7919 % 1009}" for k in range(1_000)]
    column = OnDemand(
        citation.citation, SharedRows([Coded.of([" ".join(words)]), Coded.of_names([None])])
    )
    side, _ = OnDemandRows.pair(column, np.array([0]), np.array([0]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(citations, "compiled", lambda _: kernel("citations", form))
        assert list(citations.citations(side)) == [" ".join(sorted(words))]
