"""Prepared columns: what goes in comes out, and words shared are those of plain sets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.features.arrays import Tokens
from linkage.features.columns import Coded, Words
from linkage.features.feature import known_pairs

cells = st.lists(st.none() | st.sampled_from(["moss", "fern", "", "kelp"]), max_size=8)
some_words = st.lists(st.sampled_from("moss fern kelp alga of".split()), max_size=5, unique=True)
name = st.tuples(*[st.sampled_from(["li", "wang", "j", ""])] * 2)
lists_of_names = st.none() | st.lists(name, min_size=1, max_size=3).map(tuple)
sets = st.lists(st.tuples(some_words, some_words), max_size=6)


@given(cells)
def test_a_coded_column_gives_back_its_cells_and_holds_each_value_once(values):
    column = Coded.of(values)
    assert column.tolist() == list(column) == values
    assert [column[k] for k in range(len(values))] == values
    assert len(set(column.values.tolist())) == len(column.values)


@given(cells, st.data())
def test_rows_of_a_column_are_those_of_its_list(values, data):
    rows = data.draw(st.lists(st.integers(0, max(len(values) - 1, 0)), max_size=5))
    rows = rows if values else []
    found = Coded.of(values)[np.array(rows, dtype=np.int64)]
    assert found.tolist() == [values[row] for row in rows]


@given(cells)
def test_map_asks_once_for_each_value_and_none_is_missing(values):
    asked = []

    def length(text):
        asked.append(text)
        return len(text) or None

    found = Coded.of(values).map(length)
    assert found.tolist() == [None if v is None else len(v) or None for v in values]
    assert sorted(asked) == sorted({v for v in values if v is not None})


@given(cells)
def test_words_of_a_value_are_kept_in_order_and_no_words_are_missing(values):
    found = Coded.of(values).words(lambda text: list(text))
    expected = [dict.fromkeys(v, 1.0) if v else None for v in values]
    assert found.tolist() == expected
    assert [found[k] for k in range(len(values))] == expected
    assert [list(one) for one in found if one] == [list(one) for one in expected if one]


@given(st.lists(st.lists(st.sampled_from("moss fern kelp of".split()), max_size=6), max_size=5))
def test_words_of_many_texts_at_once_are_those_of_each(texts):
    tokens, plain = Tokens.of(list(map(" ".join, texts))), Words.of(texts)
    found = Words.of_tokens(tokens)
    assert [list(one) for one in found] == [list(one) for one in plain]
    assert found.words.tolist() == plain.words.tolist()
    is_moss = np.array([[word == "moss"] for word in plain.words], dtype=bool).reshape(-1, 1)
    assert tokens.count_of(is_moss)[:, 0].tolist() == [words.count("moss") for words in texts]
    assert list(Words.of_tokens(Tokens.of(list(map(" ".join, texts)), most=2))) == list(
        Words.of(words[:2] for words in texts)
    )
    twice, ends = np.repeat(np.arange(len(texts)), 2), 2 * np.arange(len(texts) + 1)
    joined = Words.of_tokens(tokens.joined(twice, ends))
    assert [list(one) for one in joined] == [list(one) for one in plain]


@given(cells, st.sets(st.sampled_from(["moss", "fern", "", "kelp"])))
def test_what_only_some_values_say_is_asked_of_these_alone(values, some):
    column = Coded.of(values)
    asked = np.array([value in some for value in column.values], dtype=bool)
    found = column.map_some(len, asked, None)
    assert found.tolist() == [len(v) if v in some else None for v in values]


@given(st.lists(st.tuples(*[st.none() | st.sampled_from(["moss", "fern"])] * 3), max_size=8))
def test_values_made_on_demand_are_made_once_for_equal_rows(rows):
    made = []

    def together(*parts):
        made.append(parts)
        return "+".join(map(str, parts))

    parts = [Coded.of(row[k] for row in rows) for k in range(3)]
    (column,) = Coded.on_demand(parts, together)
    assert made == []
    expected = ["+".join(map(str, row)) if row[0] else None for row in rows]
    assert column.tolist() == expected
    assert len(made) == len(set(made)) == len({row for row in rows if row[0]})
    assert [column[k] for k in range(len(rows))] == expected
    assert column[np.arange(len(rows))[::-1]].tolist() == expected[::-1]


@given(st.lists(lists_of_names, max_size=4), st.lists(lists_of_names, max_size=4))
def test_lists_of_names_are_a_column_like_any_other(one, other):
    column = Coded.concat([Coded.of_names(one), Coded.of_names(other)])
    cells = [*one, *other]
    assert column.tolist() == [column[k] for k in range(len(cells))] == cells
    known = {cell for cell in cells if cell is not None}
    assert len(column.values) == len(known)
    assert set(column.values) == known
    assert column.values.sizes().tolist() == [len(names) for names in column.values]
    backwards = np.arange(len(cells))[::-1]
    assert column[backwards].tolist() == cells[::-1]
    assert column.map(len).tolist() == [None if cell is None else len(cell) for cell in cells]


@given(sets, st.data())
def test_shared_words_weigh_what_they_weigh_in_plain_sets(pairs, data):
    both = Words.of([words for pair in pairs for words in pair])
    weights = data.draw(st.lists(st.floats(0.1, 1), min_size=5, max_size=5))
    both = both.weighted(np.array(weights[: len(both.words)]))
    weight = dict(zip(both.words.tolist(), weights, strict=False))
    a, b = both[np.arange(0, len(both), 2)], both[np.arange(1, len(both), 2)]
    shared = [sum(weight[word] for word in set(x) & set(y)) for x, y in pairs]
    assert a.shared(b).tolist() == pytest.approx(shared)
    assert a.shared(b).tolist() == b.shared(a).tolist()
    assert a.shared(a).tolist() == a.totals().tolist(), "exactly: equal sets share all they have"
    assert a.sizes().tolist() == [len(x) for x, _ in pairs]


@given(st.lists(st.tuples(*[st.none() | st.sampled_from("abc")] * 2), max_size=9))
def test_each_pair_of_values_is_compared_once_in_either_order(pairs):
    column = Coded.of([cell for pair in pairs for cell in pair])
    rows = 2 * np.arange(len(pairs))
    known = known_pairs(column[rows], column[rows + 1])
    told = [
        {known.a[place], known.b[place]} if place >= 0 else None for place in known.place.tolist()
    ]
    assert told == [None if None in pair else set(pair) for pair in pairs]
    assert len(known.a) == len({frozenset(pair) for pair in pairs if None not in pair})
