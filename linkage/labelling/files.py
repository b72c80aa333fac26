"""Labels that a person gives to pairs, kept on disk: after every answer the file is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from linkage.errors import InputError
from linkage.tables.files import read_table, write_table
from linkage.tables.truth import SIDES, ids_of, labels_of

LABEL_COLUMNS = (*SIDES, "same", "probability", "left_title", "right_title")


class LabelFile:
    """A table of labels in the order of the answers: one more, or one less, is saved at once.

    `same` is 1, 0 or empty (can't say). What an older file of this name holds is kept, other
    columns and pairs of other records, too. Raises `InputError` where it is no table of labels.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._columns = list(LABEL_COLUMNS)
        self._rows: list[dict[str, Any]] = []
        if path.is_file():
            self._read(read_table(path))

    def __len__(self) -> int:
        return len(self._rows)

    def asked(self) -> set[frozenset[str]]:
        """The pairs that are in the file, labelled or not."""
        return {frozenset((row["left_id"], row["right_id"])) for row in self._rows}

    def counts(self) -> dict[str, int]:
        """How many pairs are labelled the same, different, and not."""
        labels = [row["same"] for row in self._rows]
        kinds = {"same": 1, "different": 0, "can't say": None}
        return {name: labels.count(value) for name, value in kinds.items()}

    def add(self, row: dict[str, Any]) -> None:
        """Append a row of `LABEL_COLUMNS` and save."""
        self._rows.append(row)
        self._save()

    def remove_last(self) -> None:
        """Take the last row back and save."""
        self._rows.pop()
        self._save()

    def _read(self, table: pd.DataFrame) -> None:
        ids_of(table, str(self._path))
        if "same" not in table:
            found = ", ".join(map(str, table.columns))
            raise InputError(f"{self._path}: found the columns {found}; expected labels in 'same'")
        labels = labels_of(table, f"{self._path}:")
        plain = table.astype(object).where(table.notna(), None)
        same = [None if pd.isna(label) else int(label) for label in labels]
        plain["same"] = pd.Series(same, index=table.index, dtype=object)
        self._columns += [name for name in table.columns if name not in self._columns]
        self._rows = plain.to_dict("records")  # type: ignore[assignment]

    def _save(self) -> None:
        write_table(pd.DataFrame(self._rows, columns=self._columns, dtype=object), self._path)
