"""The records of a library as they are and were: read, added, replaced, withdrawn, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from linkage.library.contents import as_records, read_content
from linkage.library.ids import make_id
from linkage.library.kinds import TRUE_AT
from linkage.library.recognition import Known, save_keys
from linkage.library.store import Store
from linkage.papers.batches import RECORDS
from linkage.records.schema import Conformed


class Version(NamedTuple):
    """What a record was from one run to another (None: still)."""

    record_id: str
    from_run: int
    to_run: int | None
    source_record_id: str
    given: int
    digest: str
    content: str


def records_at(store: Store, run: int) -> Conformed:
    """All records that were there after a run, in the order in which they first came."""
    rows = store.rows(
        "SELECT record_id, content FROM records JOIN versions USING (record_id) "  # noqa: S608
        f"WHERE {TRUE_AT} ORDER BY number",
        {"run": run},
    )
    return as_records([row[0] for row in rows], (row[1] for row in rows))


def records_now(store: Store, record_ids: Sequence[str]) -> Conformed:
    """Some of the records that are there, in the order of the ids."""
    query = "SELECT record_id, content FROM versions WHERE to_run IS NULL AND record_id IN (?)"
    found = dict(store.among(query, record_ids))
    return as_records(record_ids, (found[one] for one in record_ids))


def batches_now(store: Store) -> Iterator[Conformed]:
    """All records that are there, some at a time, in the order in which they first came."""
    query = "SELECT record_id FROM records JOIN versions USING (record_id) WHERE to_run IS NULL"
    ids = [one for (one,) in store.rows(f"{query} ORDER BY number")]
    for start in range(0, max(len(ids), 1), RECORDS):
        yield records_now(store, ids[start : start + RECORDS])


def authors_at(store: Store, record_id: str, run: int) -> list[dict[str, Any]]:
    """The authors of a record after a run; none where it was not there."""
    query = f"SELECT content FROM versions WHERE record_id = :record_id AND {TRUE_AT}"  # noqa: S608
    content = store.one(query, {"run": run, "record_id": record_id})
    return [] if content is None else read_content(content).get("authors") or []


def add_records(store: Store, source: str, known: Sequence[Known], run: int) -> list[str]:
    """New records of a source; returns their ids."""
    first = store.next_number("records")
    ids = [make_id("r", number) for number in range(first, first + len(known))]
    numbered = enumerate(ids, start=first)
    store.change(
        "INSERT INTO records VALUES (?, ?, ?, ?)", ((n, one, source, run) for n, one in numbered)
    )
    put_versions(store, zip(ids, known, strict=True), run)
    save_keys(store, source, zip(ids, known, strict=True))
    return ids


def put_versions(store: Store, records: Iterable[tuple[str, Known]], run: int) -> None:
    """What records are from this run on, instead of what they were."""
    rows = [
        (record_id, run, one.source_id, int(one.given), one.digest, one.content)
        for record_id, one in records
    ]
    withdraw(store, [row[0] for row in rows], run)
    store.change("INSERT INTO versions VALUES (?, ?, NULL, ?, ?, ?, ?)", rows)


def withdraw(store: Store, record_ids: Iterable[str], run: int) -> None:
    """Records are no more there from this run on."""
    store.change(
        "UPDATE versions SET to_run = ? WHERE record_id = ? AND to_run IS NULL",
        ((run, one) for one in record_ids),
    )


def records_of_run(store: Store, run: int) -> dict[str, tuple[Version | None, Version | None]]:
    """What a run changed: record id -> what it was before, and what the run made of it."""
    rows = store.rows("SELECT * FROM versions WHERE from_run = :run OR to_run = :run", {"run": run})
    found: dict[str, tuple[Version | None, Version | None]] = {}
    for version in sorted(Version(*row) for row in rows):
        before, after = found.get(version.record_id, (None, None))
        pair = (before, version) if version.from_run == run else (version, after)
        found[version.record_id] = pair
    return found


def changed_after(store: Store, run: int, unless: str) -> set[str]:
    """The records that a later run changed which was none of the command `unless`."""
    rows = store.rows(
        "SELECT record_id FROM versions JOIN runs ON run = from_run OR run = to_run "
        "WHERE run > ? AND command != ?",
        [run, unless],
    )
    return {one for (one,) in rows}


def version_now(store: Store, record_id: str) -> Version | None:
    """What a record is; None where it was withdrawn."""
    query = "SELECT * FROM versions WHERE record_id = ? AND to_run IS NULL"
    rows = store.rows(query, [record_id])
    return Version(*rows[0]) if rows else None
