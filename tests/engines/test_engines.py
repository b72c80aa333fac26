from functools import partial
from itertools import combinations
from zlib import crc32

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.engines.duckdb_engine import DuckDB
from linkage.engines.memory_engine import InMemory
from tests.helpers import spark_session

keyed = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from("abc"), st.integers(0, 12)),
    unique=True,
    max_size=40,
)


def spark_blocks(cap, window):
    spark = spark_session.spark()
    from linkage.engines.spark_engine import SparkBlocks

    return SparkBlocks(cap, window, spark)


# py4j leaves its sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

# With how many examples each is tried: a query to Spark takes half a second.
ENGINES = [
    pytest.param(InMemory, 200, id="memory"),
    pytest.param(partial(DuckDB, memory_limit="500MB"), 60, id="duckdb"),
    pytest.param(spark_blocks, 6, id="spark"),
]
all_engines = pytest.mark.parametrize(("make", "examples"), ENGINES)


def as_keys(rows):
    rule, key, row = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table({
        "rule": pa.array(rule, pa.int32()),
        "key": pa.array([crc32(text.encode()) for text in key], pa.int64()),
        "row": pa.array(row, pa.int64()),
    })  # fmt: skip


def joined(engine, rows, **options):
    """Rows of i, j, found_by that the engine gives, ordered; the keys come in two lots."""
    parts = [as_keys(rows[::2]), as_keys(rows[1::2])]
    batches = list(engine.candidate_pairs(parts, **options))
    assert all(batch.schema == engine.SCHEMA for batch in batches)
    return sorted(tuple(row.values()) for batch in batches for row in batch.to_pylist())


def slow_join(rows, cap, window):
    """The obvious join: all pairs of every block, or of neighbours where it is too large."""
    blocks = {}
    for rule, key, row in sorted(rows):
        blocks.setdefault((rule, key), []).append(row)
    found, cut = {}, {}
    for (rule, _), members in blocks.items():
        for a, b in combinations(range(len(members)), 2):
            if len(members) <= cap or b - a <= window:
                pair = members[a], members[b]
                found[pair] = found.get(pair, 0) | 1 << rule
            else:
                cut[rule] = cut.get(rule, 0) + 1
    return [(i, j, mask) for (i, j), mask in sorted(found.items())], cut


@all_engines
def test_the_engine_equals_a_slow_obvious_join(make, examples):
    @settings(max_examples=examples)
    @given(keyed, st.integers(1, 14), st.integers(0, 4))
    def check(rows, cap, window):
        engine = make(cap, window)
        pairs, cut = slow_join(rows, cap, window)
        assert joined(engine, rows) == pairs
        assert {rule: count for rule, count in engine.cut.items() if count} == cut

    check()


@all_engines
def test_the_order_of_the_keys_changes_nothing(make, examples):
    @settings(max_examples=examples // 3)
    @given(keyed, st.randoms(use_true_random=False))
    def check(rows, rng):
        assert joined(make(4, 2), rows) == joined(make(4, 2), rng.sample(rows, len(rows)))

    check()


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_number_of_threads_changes_nothing(threads, monkeypatch):
    rows = [
        (rule, str(row * 7 % (5 + 97 * rule)), row) for row in range(2_000) for rule in range(3)
    ]
    pairs, cut = slow_join(rows, 60, 8)
    connect = duckdb.connect

    def with_threads(*args, **options):
        connection = connect(*args, **options)
        connection.execute(f"SET threads = {threads}")
        return connection

    monkeypatch.setattr(duckdb, "connect", with_threads)
    engine = DuckDB(60, 8, "500MB")
    assert joined(engine, rows) == pairs
    assert engine.cut == cut
    assert cut[0] > 0


@all_engines
def test_batches_are_whole_whatever_their_size(make, examples):
    rows = [(0, str(row % 50), row) for row in range(1_500)]
    whole, _ = slow_join(rows, 20, 8)
    assert joined(make(20, 8), rows) == whole
    assert joined(make(20, 8), rows, batch_rows=1_000) == whole


@all_engines
def test_no_keys_give_no_pairs(make, examples):
    engine = make(60, 8)
    assert joined(engine, []) == []
    assert engine.cut == {}
