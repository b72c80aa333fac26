"""The labelled author sets in a folder, and which of them may train a model for which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from linkage.authors.training.labelled import LabelledAuthors, labelled_mentions, load_folder
from linkage.errors import InputError
from linkage.records.mention_ids import mention_ids
from linkage.records.order import sort_records

COMMON = 3  # labelled people of one name, which is common then


@dataclass(frozen=True)
class AuthorSet:
    """One labelled set.

    `table` has the mentions that are clustered (`linkage.authors.mentions.list_mentions`): the
    labelled ones and all that share a name key with one. `people` and `block` are Series mention id
    -> person and -> block of like names, for the labelled mentions. `related` are the sets that
    share papers or people with it.
    """

    folder: Path
    labelled: LabelledAuthors
    records: pd.DataFrame
    table: pd.DataFrame
    people: pd.Series[str]
    block: pd.Series[str]
    related: frozenset[str]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.labelled.name

    @property
    def ambiguous(self) -> pd.Series[str]:
        """The labelled people of those blocks that hold two or more."""
        people = self.people.groupby(self.block).transform("nunique")
        return self.people[people > 1]

    @property
    def common(self) -> pd.Series[str]:
        """The labelled people of those names, in full, that `COMMON` or more of them bear."""
        name = self.table.set_index("mention_id")["key"].reindex(self.people.index)
        people = self.people.groupby(name).transform("nunique")
        return self.people[people >= COMMON]


def find_author_sets(folder: Path, together: Sequence[str] = ()) -> list[AuthorSet]:
    """Read every labelled set among the folders in `folder`, in order of name.

    Each item of `together` names sets, with commas between, that share papers or people: none of
    them trains a model for another. Raises `InputError` when there is no set, or none of a name in
    `together`.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    folders = [path for path in sorted(folder.iterdir()) if (path / "mentions.parquet").is_file()]
    if not folders:
        raise InputError(f"{folder}: found no folder with mentions.parquet and papers.parquet")
    groups = [frozenset(name.strip() for name in group.split(",")) for group in together]
    known = {path.name for path in folders}
    if unknown := sorted(frozenset().union(*groups) - known):
        raise InputError(
            f"{folder}: found no labelled set {unknown[0]!r}, expected one of "
            f"{', '.join(sorted(known))}"
        )
    return [_read_set(path, groups) for path in folders]


def strangers(one: AuthorSet, sets: Sequence[AuthorSet]) -> list[AuthorSet]:
    """The sets that share neither papers nor people with `one`."""
    return [other for other in sets if other is not one and other.name not in one.related]


def _read_set(folder: Path, groups: Sequence[frozenset[str]]) -> AuthorSet:
    labelled = load_folder(folder)
    records = sort_records(labelled.records)
    table, label = labelled_mentions(records, labelled)
    known = label.notna().to_numpy()
    ids = pd.Index(table["mention_id"][known])
    place = mention_ids(labelled.labels)
    block = pd.Series(labelled.labels["block"].to_numpy(), index=place).reindex(ids)
    people = pd.Series(label[known].to_numpy(), index=ids)
    related = frozenset[str]().union(*(group for group in groups if folder.name in group))
    return AuthorSet(folder, labelled, records, table, people, block, related - {folder.name})
