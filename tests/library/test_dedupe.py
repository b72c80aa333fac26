"""A review's exports: one clean file, and counts that add up."""

import pandas as pd
import pytest

from linkage.errors import InputError
from linkage.library.dedupe import TOTAL, dedupe_records, with_origins
from linkage.readers.files import read_records
from linkage.writers.records import write_records
from tests.helpers.command_line import run
from tests.helpers.records import library, second_copy

PAPERS = library(24, seed=11)
KINDS = ("duplicates_by_tool", "duplicates_by_hand", "known_before", "kept")


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    """Twelve exports in four formats: paper n stands in files n and n + 1, as two copies."""
    folder = tmp_path_factory.mktemp("search")
    for number in range(12):
        some = PAPERS[2 * number : 2 * number + 2]
        before = PAPERS[2 * number - 2 : 2 * number] if number else []
        records = pd.DataFrame([*some, *map(second_copy, before)])
        suffix = (".ris", ".bib", ".csv", ".jsonl")[number % 4]
        write_records(records.assign(record_id=range(len(records))), folder / f"f{number}{suffix}")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def records(search):
    return read_records(search, set_aside=[])


def test_counts_are_those_that_the_files_tell(records):
    clean, removed, counts = dedupe_records(records)
    table = counts.set_index("source")
    assert (table["identified"] == table[list(KINDS)].sum(axis=1)).all()
    assert table["identified"].drop(TOTAL).to_dict() == records["source"].value_counts().to_dict()
    assert table.loc[TOTAL].tolist() == [46, 22, 0, 0, 24]
    assert (len(clean), len(removed)) == (24, 22)
    assert set(removed["stands_for_it"]) <= set(clean["record_id"])
    made_of = [one for ids in clean["merged_from"] for one in ids]
    assert sorted(made_of) == sorted(records["record_id"])


def test_the_preferred_source_is_kept(records):
    source = records["source"].iloc[-1]
    clean, removed, _ = dedupe_records(records, prefer=[source])
    assert source not in set(removed["source"])
    own = records[records["source"] == source].set_index("record_id")["title"]
    assert clean.set_index("record_id")["title"][own.index].tolist() == own.tolist()
    with pytest.raises(InputError, match="found the source 'Nowhere', expected one of"):
        dedupe_records(records, prefer=["Nowhere"])


def test_what_an_earlier_search_found_is_removed(records):
    old = pd.DataFrame([second_copy(one) for one in PAPERS[:5]])
    clean, removed, counts = dedupe_records(records, against=old)
    assert counts["known_before"].iloc[-1] == 5
    assert len(clean) == 19
    before = removed[removed["removed"] == "known before"]
    assert set(before["stands_for_it"]) == set(old["record_id"])


def test_labels_count_as_work_by_hand(records):
    a, b = records["record_id"][records["source"] == "f11.jsonl"].iloc[:2]  # they have no copies
    labels = pd.DataFrame({"left_id": [a], "right_id": [b], "same": [1]})
    _, _, counts = dedupe_records(records, constraints=labels)
    total = counts.iloc[-1]
    assert (total["duplicates_by_hand"], total["kept"]) == (1, 23)


def test_a_note_in_ris_tells_what_a_record_was_made_of(records, tmp_path):
    clean, _, _ = dedupe_records(records)
    path = tmp_path / "clean.ris"
    write_records(with_origins(clean, path), path)
    back = read_records(path, set_aside=[])
    told = [note for cell in back["notes"] for note in (cell if isinstance(cell, list) else [cell])]
    for ids in clean["merged_from"][clean["merged_from"].map(len) > 1]:
        assert f"merged_from: {'; '.join(ids)}" in told


def test_the_command_writes_all_three(search, tmp_path):
    names = ("clean.ris", "removed.csv", "prisma.csv")
    clean, removed, counts = (tmp_path / name for name in names)
    done = run("dedupe", *search, "-o", clean, "--removed", removed, "--counts", counts)
    assert "46 records: 22 duplicates by tool" in done.stderr
    assert pd.read_csv(counts).iloc[-1].tolist() == [TOTAL, 46, 22, 0, 0, 24]
    assert len(read_records(clean, set_aside=[])) == 24
    assert len(pd.read_csv(removed)) == 22
