"""A library as it is or was after a run: clean records, people, clusters, mentions."""

from __future__ import annotations

import pandas as pd

from linkage.authors.profiles import profiles
from linkage.library.history import members_at
from linkage.library.kinds import PAPER, PERSON, TRUE_AT
from linkage.library.store import Store
from linkage.library.versions import records_at
from linkage.merging.merge import merge_records
from linkage.records.schema import Conformed

PEOPLE_COLUMNS = ("record_id", "position", "name", "author_id")


def papers_at(store: Store, run: int) -> pd.Series[str]:
    """Series record_id -> paper id, in the order in which the records came."""
    members = members_at(store, PAPER, run)
    ids = sorted(members, key=lambda one: (len(one), one))
    index = pd.Index(ids, name="record_id", dtype=object)
    return pd.Series([members[one] for one in ids], index=index, name="paper_id", dtype=object)


def clusters_at(store: Store, run: int) -> pd.DataFrame:
    """record_id, cluster_id (the paper), source and source_record_id of every record."""
    rows = store.rows(
        "SELECT record_id, source, source_record_id FROM records JOIN versions USING (record_id) "  # noqa: S608
        f"WHERE {TRUE_AT} ORDER BY number",
        {"run": run},
    )
    members = members_at(store, PAPER, run)
    table = [(one, members[one], *origin) for one, *origin in rows]
    names = ["record_id", "cluster_id", "source", "source_record_id"]
    return pd.DataFrame(table, columns=names, dtype=object)


def people_at(store: Store, run: int, records: Conformed | None = None) -> pd.DataFrame:
    """One row a mention, by record and position: record_id, position, name, author_id."""
    records = records_at(store, run) if records is None else records
    members = members_at(store, PERSON, run)
    rows = [
        (record_id, position, author["name"], members[f"{record_id}#{position}"])
        for record_id, authors in zip(records["record_id"], records["authors"], strict=True)
        for position, author in enumerate(authors or ())
        if f"{record_id}#{position}" in members
    ]
    return pd.DataFrame(rows, columns=list(PEOPLE_COLUMNS)).astype({"position": int})


def clean_records_at(store: Store, run: int) -> pd.DataFrame:
    """One record a paper, called by the paper's id; `merged_from` lists its records."""
    records = records_at(store, run)
    papers = papers_at(store, run)
    merged = merge_records(records, papers)
    return merged.assign(record_id=[papers[ids[0]] for ids in merged["merged_from"]])


def profiles_at(store: Store, run: int) -> pd.DataFrame:
    """One row a person, see `linkage.author_profiles`; without probabilities."""
    records = records_at(store, run)
    people = people_at(store, run, records).assign(probability=float("nan"))
    return profiles(records, people).drop(columns="probability")
