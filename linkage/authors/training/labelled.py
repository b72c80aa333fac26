"""Labelled author folders: load them, and make worse copies of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.authors.mentions import author_key, list_mentions
from linkage.authors.rules import name_keys, primary_key
from linkage.errors import InputError
from linkage.names.parse import fold_name, name_key, parse_name
from linkage.records.mention_ids import mention_ids
from linkage.records.schema import Conformed, conform

# Names that a person curated; other kinds only say "same spelling".
_WEAK_KINDS = frozenset({"default_name", "catchall"})
MENTION_FIELDS = ("affiliation", "email", "orcid")


@dataclass(frozen=True)
class LabelledAuthors:
    """A labelled set: conformed records, and labels with record_id, position, author_id and block.

    A missing author_id means that the mention is in the set but its person is not known; `block` is
    the set's own group of like names, else the family name and first initial. `pairs` (left, right:
    mention ids; same: bool) is there when only pairs are labelled.
    """

    name: str
    records: Conformed
    labels: pd.DataFrame
    pairs: pd.DataFrame | None = None

    def paired(self) -> set[str]:
        """Mention ids in labelled pairs."""
        return set() if self.pairs is None else {*self.pairs["left"], *self.pairs["right"]}


def load_folder(folder: Path) -> LabelledAuthors:
    """Read `papers.parquet`, `mentions.parquet` and, if it is there, `pairs.parquet`."""
    papers, mentions = _read(folder / "papers.parquet"), _read(folder / "mentions.parquet")
    _require(papers, ("paper_id", "title", "authors"), folder / "papers.parquet")
    _require(mentions, ("mention_id", "paper_id", "name"), folder / "mentions.parquet")
    papers = papers.rename(columns={"paper_id": "record_id"}).astype({"record_id": str})
    papers = papers[papers["record_id"].isin(mentions["paper_id"].astype(str))]
    papers = papers.reset_index(drop=True)
    records = Conformed(conform(papers, set_aside=[]).assign(record_id=papers["record_id"]))
    mentions = mentions.assign(record_id=mentions["paper_id"].astype(str))
    mentions["position"] = _positions(mentions, records)
    mentions = mentions[mentions["position"] >= 0]
    labels = mentions.drop_duplicates(["record_id", "position"]).reset_index(drop=True)
    _copy_fields(records, labels)
    labels["author_id"] = _curated_ids(labels)
    if "block" not in labels:
        labels["block"] = [primary_key(name_key(parse_name(str(name)))) for name in labels["name"]]
    pairs = _pairs(folder / "pairs.parquet", mentions)
    columns = ["record_id", "position", "author_id", "block"]
    return LabelledAuthors(folder.name, records, labels[columns], pairs)


def labelled_mentions(records: Conformed, one: LabelledAuthors) -> tuple[pd.DataFrame, pd.Series]:
    """Mentions that share a name key with a labelled one, and their labels (None = unknown)."""
    label = one.labels.set_index(["record_id", "position"])["author_id"]
    table = list_mentions(records, set(label.index))
    place = pd.MultiIndex.from_frame(table[["record_id", "position"]])
    labels = label.reindex(place).reset_index(drop=True)
    known = labels.notna().to_numpy() | table["mention_id"].isin(one.paired()).to_numpy()
    keys_of = {key: name_keys(key) for key in table["key"].unique()}
    wanted = {found for key in table["key"][known].unique() for found in keys_of[key]}
    near = table["key"].map({k: not found.isdisjoint(wanted) for k, found in keys_of.items()})
    kept = near.to_numpy(dtype=bool) | known
    return table[kept].reset_index(drop=True), labels[kept].reset_index(drop=True)


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise InputError(f"{path}: no such file, expected a labelled author folder")
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: not a readable Parquet file ({reason})") from error


def _require(table: pd.DataFrame, columns: tuple[str, ...], path: Path) -> None:
    missing = [column for column in columns if column not in table]
    if missing:
        raise InputError(
            f"{path}: found no column {', '.join(missing)}, expected {', '.join(columns)}"
        )


def _positions(mentions: pd.DataFrame, records: pd.DataFrame) -> list[int]:
    """Each mention's place in its author list, by name if the set does not say; -1 if nowhere."""
    authors = dict(zip(records["record_id"], records["authors"], strict=True))
    said = mentions["position"] if "position" in mentions else pd.Series(pd.NA, mentions.index)
    rows = zip(mentions["record_id"], mentions["name"], said, strict=True)
    return [_position(authors.get(record) or [], str(name), at) for record, name, at in rows]


def _position(authors: list[dict[str, Any]], name: str, said: Any) -> int:
    if not pd.isna(said) and int(said) < len(authors) and authors[int(said)].get("name") == name:
        return int(said)
    key = name_key(parse_name(name))
    for at, author in enumerate(authors):
        if author.get("name") == name or author_key(author) == key:
            return at
    words = set(fold_name(name).split())
    likeness = [len(words & set(fold_name(author.get("name", "")).split())) for author in authors]
    return int(np.argmax(likeness)) if max(likeness, default=0) else -1


def _copy_fields(records: pd.DataFrame, labels: pd.DataFrame) -> None:
    """Put what the set says of a mention into the author's dict."""
    authors = dict(zip(records["record_id"], records["authors"], strict=True))
    for field in [f for f in MENTION_FIELDS if f in labels]:
        rows = zip(labels["record_id"], labels["position"], labels[field], strict=True)
        for record, position, value in rows:
            if isinstance(value, str) and value:
                authors[record][position][field] = value


def _curated_ids(labels: pd.DataFrame) -> pd.Series:
    if "author_id" not in labels:
        return pd.Series(None, index=labels.index, dtype=object)
    ids = labels["author_id"].where(labels["author_id"].notna() & (labels["author_id"] != ""), None)
    if "gold_kind" in labels:
        ids = ids.where(~labels["gold_kind"].isin(_WEAK_KINDS), None)
    return ids.astype(object)


def _pairs(path: Path, mentions: pd.DataFrame) -> pd.DataFrame | None:
    if not path.is_file():
        return None
    pairs = pd.read_parquet(path)
    _require(pairs, ("mention_id1", "mention_id2", "same"), path)
    place = mention_ids(mentions)
    ids = dict(zip(mentions["mention_id"], place, strict=True))
    sides = {"left": pairs["mention_id1"].map(ids), "right": pairs["mention_id2"].map(ids)}
    found = pd.DataFrame(sides | {"same": pairs["same"].astype(bool)}).dropna()
    swapped = found["left"] > found["right"]
    ordered = found.assign(
        left=found["left"].mask(swapped, found["right"]),
        right=found["right"].mask(swapped, found["left"]),
    ).drop_duplicates()
    # a pair that is labelled both ways says nothing
    known = ordered.drop_duplicates(["left", "right"], keep=False)
    return known[known["left"] != known["right"]].reset_index(drop=True)
