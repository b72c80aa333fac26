"""A review's exports: one clean file, and counts that add up."""

import pandas as pd
import pytest

from linkage.errors import InputError
from linkage.library.dedupe import TOTAL, dedupe_records, with_origins
from linkage.readers.files import read_records
from linkage.writers.records import write_records
from tests.helpers.command_line import run
from tests.helpers.records import library, second_copy

PAPERS = library(44, seed=11)
KINDS = ("duplicates_by_tool", "duplicates_by_hand", "known_before", "kept")
ENW = {
    "T": "title",
    "D": "year",
    "J": "venue",
    "V": "volume",
    "N": "number",
    "P": "pages",
    "R": "doi",
}


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    """22 exports in four formats: paper n stands in files n // 2 and n // 2 + 1, as two copies."""
    folder = tmp_path_factory.mktemp("search")
    for number in range(22):
        some = PAPERS[2 * number : 2 * number + 2]
        before = PAPERS[2 * number - 2 : 2 * number] if number else []
        records = pd.DataFrame([*some, *map(second_copy, before)])
        path = folder / f"f{number:02}{('.ris', '.nbib', '.enw', '.csv')[number % 4]}"
        if path.suffix == ".enw":
            path.write_text("\n".join(map(as_enw, records.to_dict("records"))))
        else:
            write_records(records.assign(record_id=range(len(records))), path)
    return sorted(folder.iterdir())


def as_enw(record):
    """A record in EndNote's tagged format, which nothing of ours writes."""
    names = [
        f"%A {family}, {given}" for given, family in map(str.split, record["authors"].split("; "))
    ]
    known = [f"%{tag} {record[name]}" for tag, name in ENW.items() if record[name]]
    return "\n".join(["%0 Journal Article", *names, *known, ""])


@pytest.fixture(scope="module")
def records(search):
    return read_records(search, set_aside=[])


def test_counts_are_those_that_the_files_tell(records):
    clean, removed, counts = dedupe_records(records)
    table = counts.set_index("source")
    assert (table["identified"] == table[list(KINDS)].sum(axis=1)).all()
    assert table["identified"].drop(TOTAL).to_dict() == records["source"].value_counts().to_dict()
    assert table.loc[TOTAL].tolist() == [86, 42, 0, 0, 44]
    assert (len(clean), len(removed)) == (44, 42)
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
    assert len(clean) == 39
    before = removed[removed["removed"] == "known before"]
    assert set(before["stands_for_it"]) == set(old["record_id"])


def test_labels_count_as_work_by_hand(records):
    a, b = records["record_id"][records["source"] == "f21.nbib"].iloc[:2]  # they have no copies
    labels = pd.DataFrame({"left_id": [a], "right_id": [b], "same": [1]})
    _, _, counts = dedupe_records(records, constraints=labels)
    total = counts.iloc[-1]
    assert (total["duplicates_by_hand"], total["kept"]) == (1, 43)


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
    assert "86 records: 42 duplicates by tool" in done.stderr
    assert pd.read_csv(counts).iloc[-1].tolist() == [TOTAL, 86, 42, 0, 0, 44]
    problems = []
    assert len(read_records(clean, set_aside=problems)) == 44
    assert not problems
    assert len(pd.read_csv(removed)) == 42
