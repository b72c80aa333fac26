"""What is looked at some at a time gives the same people, however few are looked at together."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.authors import ambiguity, blocking, clusters, links, prepare, scorer
from linkage.authors.blocking import compatible_names, may_be_one
from linkage.authors.linker import PACKED, AuthorLinker
from linkage.authors.names import plain
from linkage.authors.prepare import keys_of_names
from linkage.authors.rules import name_keys
from linkage.benchmarks.synthetic.libraries import synthetic_library
from linkage.readers.files import read_packed
from linkage.tables.files import write_table

LOTS = [
    (ambiguity, "_LOT"),
    (blocking, "_SHARING"),
    (blocking, "_PAIRS"),
    (blocking, "_NAMES"),
    (clusters, "_LOT"),
    (links, "_LOT"),
    (plain, "_WORDS"),
    (prepare, "_KEYS"),
    (scorer, "_LOT"),
]
names = st.builds(
    "{}|{}".format,
    st.sampled_from(["titmowell", "wang", "titmowel", "kaiser"]),
    st.lists(st.sampled_from("ana a lei lin lei li bob robert r".split()), max_size=2).map(
        " ".join
    ),
)


def test_the_people_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.parquet"
    write_table(synthetic_library(150, 7, "biomedicine")[0], path)

    def people() -> list[tuple[str, float]]:
        found = AuthorLinker().link_packed(read_packed([path], PACKED, set_aside=[]))
        columns = found.people_as_given()[["author_id", "probability"]].fillna(-1.0)
        return list(columns.itertuples(index=False, name=None))

    expected = people()
    for module, name in LOTS:
        monkeypatch.setattr(module, name, 7)
    assert people() == expected


@pytest.mark.parametrize("together", [1, 5, 1_000])
@given(found=st.sets(names, max_size=12))
@settings(max_examples=60)
def test_names_that_share_a_key_are_paired_as_one_by_one(together: int, found: set[str]) -> None:
    listed = sorted(found)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(blocking, "_SHARING", together)
        pairs = compatible_names(listed, keys_of_names([]).name, keys_of_names(listed))
    keys = [set(name_keys(name)) for name in listed]
    expected = [
        (a, b)
        for a, one in enumerate(listed)
        for b in range(a, len(listed))
        if a == b or (keys[a] & keys[b] and may_be_one([[one], [listed[b]]])[0])
    ]
    assert list(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True)) == expected
