"""What a library remembers: sources that come again, judgements, ids of old."""

import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from linkage.errors import InputError
from linkage.library.library import Library
from linkage.library.schema import FORMAT
from tests.helpers.records import library, paper, second_copy, table

PAPERS = library(12, seed=5)


@pytest.fixture
def remembering():
    with Library(":memory:") as opened:
        yield opened


def pair(left, right, same):
    return pd.DataFrame({"left_id": [left], "right_id": [right], "same": [same], "note": ["why"]})


def numbered(records, stem="export"):
    """As from a file that gives no ids."""
    return table(*(r | {"record_id": f"{stem}:{n}"} for n, r in enumerate(records, start=1)))


def test_a_source_that_comes_again_is_recognised(remembering):
    first = remembering.update(numbered(PAPERS), "one")
    before = remembering.clusters()
    again = [*reversed(PAPERS)]
    again[3] = again[3] | {"title": again[3]["title"].replace(" and ", " und ")}
    told = remembering.update(numbered(again, "new"), "one")
    assert (first.records["new"], told.records["new"]) == (12, 0)
    # each has another number now, which is no correction
    assert (told.records["corrected"], told.records["unchanged"]) == (1, 11)
    assert set(remembering.clusters()["cluster_id"]) == set(before["cluster_id"])
    assert told.table.empty or set(told.table["change"]) <= {"grown", "shrunk", "moved"}


def test_a_title_may_be_corrected_by_a_word_where_all_else_stays(remembering):
    bare = PAPERS[0] | {"title": "Prostatic abscess in a heron", "doi": None}
    remembering.update(numbered([bare, *PAPERS[1:]]), "one")
    told = remembering.update(
        numbered([*PAPERS[1:], bare | {"title": "Ruptured abscess in a heron"}], "new"), "one"
    )
    assert told.records["new"] == 0


def test_new_records_of_a_source_are_no_corrections(remembering):
    part = PAPERS[0] | {"record_id": "x1", "title": "A history of moss. Part 1", "doi": None}
    other = part | {"record_id": "x2", "title": "A history of moss. Part 2"}
    remembering.update(table(*PAPERS, part), "one")
    told = remembering.update(table(other), "one")
    assert told.records == {"new": 1}
    assert len(remembering.records()) == 14


def test_a_whole_source_withdraws_what_it_lacks(remembering):
    remembering.update(table(*PAPERS), "one")
    told = remembering.update(table(*PAPERS[:10]), "one", withdraw=True)
    assert told.records == {"unchanged": 10, "withdrawn": 2}
    assert told.counts("paper") == {"withdrawn": 2}
    gone = [one for one in remembering.papers(1) if one not in set(remembering.papers())]
    assert [remembering.resolve(one) for one in gone] == [None, None]
    back = remembering.update(table(*PAPERS), "one")
    assert back.counts("paper") == {"returned": 2}
    assert remembering.papers().tolist() == remembering.papers(1).tolist()


def test_a_judgement_follows_the_author_when_the_list_changes(remembering):
    one = paper("a", "Moss and its many friends in the north", "J. Okonkwo")
    two = paper("b", "Salmon telemetry in cold rivers", "J. Okonkwo")
    remembering.update(table(one, two), "one")
    remembering.judge(pair("a#0", "b#0", 1))
    people = remembering.people().set_index(["record_id", "position"])["author_id"]
    assert people.nunique() == 1
    remembering.update(table(one | {"authors": "Una Novak; J. Okonkwo"}), "one")
    found = remembering.people().set_index("name")["author_id"]
    assert found["J. Okonkwo"].nunique() == 1
    assert set(found["J. Okonkwo"]) == set(people)
    assert found["Una Novak"] not in set(people)


def test_contradictions_are_told_with_their_chain_and_the_newer_hold(remembering):
    remembering.update(table(*PAPERS[:3]), "one")
    a, b, c = remembering.papers().index
    remembering.judge(pair(a, c, 0), who="Ana")
    remembering.judge(pair(a, b, 1), who="Ben")
    told = remembering.judge(pair(b, c, 1), who="Cy")
    assert remembering.papers().nunique() == 1
    (said,) = [one for one in told.warnings if "contradicts" in one]
    for sign in (f"{a} ≠ {c}", f"{a} = {b}", f"{b} = {c}", "Ana", "Ben", "Cy"):
        assert sign in said
    remembering.undo(4)
    assert remembering.papers().nunique() == 2
    assert remembering.papers()[a] != remembering.papers()[c]


def test_judged_pairs_are_asked_no_more(remembering):
    remembering.update(table(*PAPERS, *(second_copy(p) | {"year": 1950} for p in PAPERS)), "one")
    asked = remembering.questions()
    assert len(asked)
    row = asked.iloc[0]
    remembering.judge(pair(row["left_id"], row["right_id"], None))
    left = remembering.questions()
    pairs = set(map(frozenset, left[["left_id", "right_id"]].to_numpy()))
    assert frozenset((row["left_id"], row["right_id"])) not in pairs


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("p000", "nothing", "found 'nothing', expected a record or mention"),
        ("p000", "p001#0", "expected two records or two mentions"),
        ("p000", "p000", "beside itself"),
        ("p000#0", "p001#77", "expected a person among its"),
    ],
)
def test_judgements_on_what_is_not_there_are_refused(remembering, left, right, said):
    remembering.update(table(*PAPERS), "one")
    with pytest.raises(InputError, match=said):
        remembering.judge(pair(left, right, 1))
    assert remembering.status().runs["run"].tolist() == [1]  # no run was made


def test_an_id_that_two_sources_have_is_not_guessed(remembering):
    remembering.update(table(*PAPERS), "one")
    remembering.update(table(*PAPERS), "two")
    with pytest.raises(InputError, match="which 2 sources have"):
        remembering.judge(pair("p000", "p001", 0))


def test_history_tells_what_happened_and_why(remembering):
    remembering.update(table(*PAPERS[:2], second_copy(PAPERS[0])), "one")
    remembering.judge(pair("p000", "p000-copy", 0), who="Ana")
    old = remembering.papers(1).iloc[0]
    (new,) = set(remembering.papers()) - set(remembering.papers(1))
    assert remembering.history(new)["what"].tolist() == [f"split from {old} (1 member)"]
    assert remembering.history(old)["what"].tolist()[-1] == f"lost 1 member to {new} (split)"
    assert remembering.history(old)["reason"].tolist()[-1] == "judgement"
    remembering.undo(2)
    assert remembering.resolve(new) == old
    assert remembering.history(new)["what"].tolist()[-1] == f"merged into {old} (1 member)"
    given = remembering.judgements()["judgement_id"][0]
    assert "says Ana" in remembering.history(given)["what"][0]
    assert remembering.history("r0001x")["what"].tolist()[0] == "came as 'p000' of one"


def test_an_undone_merge_gives_the_id_back(remembering):
    remembering.update(table(*PAPERS[:2]), "one")
    before = remembering.papers()
    remembering.judge(pair("p000", "p001", 1))
    assert remembering.papers().nunique() == 1
    remembering.undo(2)
    assert remembering.papers().equals(before)


def test_what_was_undone_and_done_again_can_be_undone_again(remembering):
    remembering.update(table(*PAPERS[:2]), "one")
    remembering.update(table(PAPERS[0] | {"title": "Moss of Fenton"}, PAPERS[2]), "one")
    states = [remembering.clean_records(as_of=run)["title"].tolist() for run in (1, 2)]
    for run in range(2, 8):  # each takes back what the one before did
        told = remembering.undo(run)
        assert told.records == {"corrected": 1, "new" if run % 2 else "withdrawn": 1}
        assert remembering.clean_records()["title"].tolist() == states[run % 2]
    for _ in range(2):  # done again, the first is there again to be undone
        remembering.undo(2)
        assert remembering.clean_records()["title"].tolist() == states[0]
    remembering.update(table(PAPERS[2]), "one")
    remembering.undo(2)
    assert PAPERS[2]["title"] in remembering.clean_records()["title"].tolist()  # it came later


def test_an_old_id_leads_to_where_its_last_members_went(remembering):
    remembering.update(table(*PAPERS[:3]), "one")
    a, b, c = remembering.papers()
    remembering.judge(pair("p000", "p001", 1))
    assert remembering.resolve(b) == a
    other = pd.concat([pair("p000", "p001", 0), pair("p001", "p002", 1)])
    remembering.judge(other)
    assert remembering.papers().tolist() == [a, c, c]
    assert remembering.resolve(b) == c
    remembering.update(table(PAPERS[0], PAPERS[2]), "one", withdraw=True)
    assert remembering.resolve(b) == a  # into which it was merged


def test_an_empty_library_answers(remembering):
    assert remembering.status().records == 0
    assert remembering.papers().empty
    assert remembering.people().empty
    assert remembering.questions().empty
    assert remembering.changes().empty
    with pytest.raises(InputError, match="expected one that"):
        remembering.history("p0001v")


def test_settings_stay(tmp_path):
    path = tmp_path / "a.linkage"
    Library(path, level="work", people=False).close()
    with Library(path) as opened:
        assert opened.update(table(*PAPERS[:2]), "one").table["kind"].unique() == ["paper"]
        assert opened.status().people is None
    with pytest.raises(InputError, match="found the level 'work', expected 'publication'"):
        Library(path, level="publication")


def test_files_that_are_no_library_are_told(tmp_path):
    foreign, newer, text = (tmp_path / name for name in ("foreign", "newer", "text"))
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE other (x)")
    db.close()
    Library(newer).close()
    with sqlite3.connect(newer) as db:
        db.execute(f"PRAGMA user_version = {FORMAT + 1}")
    db.close()
    text.write_text("title\nMoss\n" * 100)
    for path, said in (
        (foreign, "a database of another program"),
        (newer, f"a library of format {FORMAT + 1}, which a newer version"),
        (text, "found no library"),
        (tmp_path, "is a folder"),
        (tmp_path / "no" / "where", "does not exist"),
    ):
        with pytest.raises(InputError, match=said) as caught:
            Library(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_library_of_an_older_format_is_brought_up_to_date(tmp_path):
    path = tmp_path / "a.linkage"
    with Library(path, people=False) as opened:
        opened.update(table(*PAPERS[:2]), "one")
    with sqlite3.connect(path) as db:
        for name in ("kept_counts", "kept_records", "kept_pairs"):
            db.execute(f"DROP TABLE {name}")
        db.execute("ALTER TABLE apart DROP COLUMN rule")
        db.execute("DELETE FROM migrations WHERE format > 2")
        db.execute("PRAGMA user_version = 2")
    db.close()
    with Library(path) as opened:
        opened.update(table(*PAPERS[2:4]), "one")
        assert len(opened.papers()) == 4
        assert opened._store.one("PRAGMA user_version") == FORMAT


def test_records_are_found_by_their_ids_however_many_there_are(remembering):
    query = "SELECT content FROM versions WHERE to_run IS NULL AND record_id IN (?, ?)"
    plan = remembering._store.rows(f"EXPLAIN QUERY PLAN {query}", ["r0001x", "r00023"])
    assert "(record_id=?)" in plan[0][-1]
    plan = remembering._store.rows(
        "EXPLAIN QUERY PLAN SELECT * FROM versions WHERE to_run = ?", [3]
    )
    assert "versions_to_run" in plan[0][-1]


def test_the_page_names_every_table(remembering):
    page = (Path(__file__).parents[2] / "docs" / "library.md").read_text(encoding="utf-8")
    tables = remembering._store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    assert not [name for (name,) in tables if f"`{name}`" not in page]


def test_one_writes_others_read(tmp_path):
    path = tmp_path / "a.linkage"
    with Library(path, people=False) as one, Library(path) as two:
        one.update(table(*PAPERS[:2]), "one")
        with one._store.writing():
            one._store.change(
                "INSERT INTO questions VALUES ('paper', 'r0001x', 'r00023', 1, 'x', 'y')"
            )
            assert len(two.papers()) == 2
            assert two.questions().empty
            two._store._db.execute("PRAGMA busy_timeout = 10")
            with pytest.raises(InputError, match="is in use by another run"):
                two.update(table(*PAPERS), "two")
        assert len(two.questions()) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.linkage"]


def test_a_full_disk_loses_nothing(tmp_path):
    path = tmp_path / "a.linkage"
    with Library(path, people=False) as opened:
        opened.update(table(*PAPERS[:2]), "one")
        before = path.read_bytes()
        pages = opened._store.one("PRAGMA page_count")
        opened._store.rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(InputError, match="the disk is full; nothing was changed"):
            opened.update(table(*library(200, seed=9)), "two")
        assert len(opened.papers()) == 2
    assert path.read_bytes() == before


def test_a_write_protected_library_is_read(tmp_path):
    path = tmp_path / "a.linkage"
    with Library(path, people=False) as opened:
        opened.update(table(*PAPERS[:2]), "one")
        opened._store._db.execute("PRAGMA query_only = ON")
        assert len(opened.papers()) == 2
        with pytest.raises(InputError, match="is write-protected"):
            opened.update(table(*PAPERS), "one")
