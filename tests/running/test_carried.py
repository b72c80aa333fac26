"""Prepared columns between processes: what comes out is what plain columns would be."""

import pickle

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linkage.features.columns import Coded, Words
from linkage.features.name_lists import NameLists
from linkage.running.carried import carried, concat_carried

texts = st.sampled_from(["moss", "fern moss", "", "kelp é alga", "α moss"])
odd = st.sampled_from(["moss", "half a pair \ud800"])
sets = st.sampled_from([frozenset(), frozenset({"moss"}), frozenset({"1", "2"})])
name = st.tuples(*[st.sampled_from(["li", "wang", "moss", ""])] * 2)
names = st.lists(name, min_size=1, max_size=3).map(tuple)
ROWS = st.lists(st.tuples(*(st.none() | cell for cell in (texts, odd, sets, names))), max_size=6)


def columns_of(rows):
    printed, strange, plain, listed = zip(*rows, strict=True) if rows else ([], [], [], [])
    words = Coded.of(printed).words(str.split)
    return {
        "text": Coded.of(printed),
        "odd": Coded.of(strange),
        "set": Coded.of(plain),
        "words": words,
        "names": Coded.of_names(listed),
        "size": np.array([len(one or "") for one in printed], dtype=float),
    }


@given(st.lists(ROWS, min_size=1, max_size=4))
def test_carried_columns_become_those_of_all_lots_one_below_the_other(lots):
    sent = [pickle.loads(pickle.dumps(carried(columns_of(rows)))) for rows in lots]
    found, parts = concat_carried(sent), [columns_of(rows) for rows in lots]
    assert list(found) == list(parts[0])
    for kind in found.keys() - {"size"}:
        expected = Coded.concat([part[kind] for part in parts])
        assert found[kind].tolist() == expected.tolist()
        assert found[kind].codes.tolist() == expected.codes.tolist()
        assert found[kind].codes.dtype == expected.codes.dtype
        assert list(found[kind].values) == list(expected.values)
        if isinstance(expected.values, Words):
            assert found[kind].values.words.tolist() == expected.values.words.tolist()
            assert found[kind].values.matrix.indices.dtype == expected.values.matrix.indices.dtype
        if isinstance(expected.values, NameLists):
            assert found[kind].values.texts.tolist() == expected.values.texts.tolist()
    assert found["size"].tolist() == [size for part in parts for size in part["size"]]


def test_a_text_of_several_columns_is_one_object():
    both = [columns_of([("moss", "moss", None, (("moss", "li"),))]) for _ in range(2)]
    found = concat_carried([carried(columns) for columns in both])
    texts = [found["text"].values[0], found["odd"].values[0], found["words"].values.words[0]]
    texts += [text for text in found["names"].values.texts if text == "moss"]
    assert len(texts) == 4
    assert len(set(map(id, texts))) == 1
