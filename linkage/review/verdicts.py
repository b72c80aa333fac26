"""Where verdicts go: into the library, or into a file of labels. Each is there at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from linkage.labelling.files import LABEL_COLUMNS
from linkage.library.judgements import (
    DIFFERENT,
    SAME,
    UNSURE,
    Judgement,
    not_taken_back,
    standing,
)
from linkage.library.library import Library
from linkage.library.store import now
from linkage.review.material import PEOPLE
from linkage.tables.files import read_table, write_table
from linkage.tables.truth import SIDES, ids_of, labels_of

LABEL = {SAME: 1, DIFFERENT: 0, UNSURE: None}
_VERDICT = {1: SAME, 0: DIFFERENT, None: UNSURE}
VERDICT_COLUMNS = (*LABEL_COLUMNS, "who", "at", "note")
_KIND = {PEOPLE: "person"}
Pairs = Sequence[tuple[str, str]]


class Verdicts(Protocol):
    """Verdicts of one kind that are kept as soon as they are given, and can be taken back."""

    def in_force(self) -> list[Judgement]:
        """Those that hold, the oldest first: of a pair the last."""

    def everything(self) -> list[Judgement]:
        """All that was ever said, as far as it is kept, the oldest first."""

    def add(self, pairs: Pairs, verdict: str, who: str, note: str | None) -> list[Judgement]:
        """Keep a verdict on each pair."""

    def take_back(self, ids: Sequence[str], who: str) -> None:
        """Take verdicts back."""


class LibraryVerdicts:
    """The judgements of a library; `kind` is "papers" or "people"."""

    def __init__(self, library: Library, kind: str) -> None:
        self._library = library
        self._kind = _KIND.get(kind, "paper")
        self._run: int | None = None

    def everything(self) -> list[Judgement]:
        """All rows, also those that take others back."""
        rows = self._library.judgements().itertuples(index=False, name=None)
        return [one for one in (Judgement(*row) for row in rows) if one.kind == self._kind]

    def in_force(self) -> list[Judgement]:
        """The last word on each pair."""
        rows = [one for one in not_taken_back(self.everything()) if not one.takes_back]
        return standing(rows).in_force

    def add(self, pairs: Pairs, verdict: str, who: str, note: str | None) -> list[Judgement]:
        """Append judgements; the next run that links follows them."""
        table = pd.DataFrame(list(pairs), columns=list(SIDES), dtype=object)
        table = table.assign(same=pd.Series([LABEL[verdict]] * len(table), dtype=object), note=note)
        return self._noted(self._library.keep_verdicts(table, who, self._run))

    def take_back(self, ids: Sequence[str], who: str) -> None:
        """Append rows that take judgements back."""
        self._noted(self._library.take_back_verdicts(ids, who, self._run))

    def _noted(self, rows: list[Judgement]) -> list[Judgement]:
        if rows:
            self._run = rows[-1].run  # the next belong to this run, too, while it is the last
        return rows


class FileVerdicts:
    """A table of labels, a row a pair: the last word, and in `note` what somebody said before.

    `--constraints`, `judge` and `train --labels` take it as it is. What another program writes
    into it meanwhile is kept. `titles` tells of an id what a reader knows it by.
    """

    def __init__(self, path: Path, kind: str, titles: Callable[[str], str]) -> None:
        self._path = path
        self._kind = _KIND.get(kind, "paper")
        self._titles = titles
        self._read_at: tuple[int, int] | None = None
        self._rows: list[dict[str, Any]] = []
        self._columns = list(VERDICT_COLUMNS)
        self._refresh()

    def everything(self) -> list[Judgement]:
        """The rows of the file."""
        self._refresh()
        return [self._judgement(row) for row in self._rows if self._is_answered(row)]

    in_force = everything

    def add(self, pairs: Pairs, verdict: str, who: str, note: str | None) -> list[Judgement]:
        """Rows for these pairs, instead of those that are there."""
        self._refresh()
        known = {_pair_id(row["left_id"], row["right_id"]): row for row in self._rows}
        rows = []
        for left, right in pairs:
            old = known.pop(_pair_id(left, right), None)
            titles = {"left_title": self._titles(left), "right_title": self._titles(right)}
            row = {"left_id": left, "right_id": right, "same": LABEL[verdict]} | titles
            rows.append(row | {"who": who, "at": now(), "note": _note(old, who, verdict, note)})
        self._rows = [*known.values(), *rows]
        self._save()
        return [self._judgement(row) for row in rows]

    def take_back(self, ids: Sequence[str], who: str) -> None:  # noqa: ARG002
        """Remove rows."""
        self._refresh()
        gone = set(ids)
        rows = self._rows
        self._rows = [r for r in rows if _pair_id(r["left_id"], r["right_id"]) not in gone]
        self._save()

    def _is_answered(self, row: dict[str, Any]) -> bool:
        """Whether an empty label is a "can't say": in a review list it waits for an answer."""
        return row.get("same") is not None or bool(row.get("who")) or "decision" not in row

    def _judgement(self, row: dict[str, Any]) -> Judgement:
        left, right = str(row["left_id"]), str(row["right_id"])
        return Judgement(
            _pair_id(left, right), 0, self._kind, left, right, self._titles(left),
            self._titles(right), _VERDICT[row.get("same")], None, row.get("who") or "",
            row.get("at") or "", row.get("note"), row.get("probability"),
        )  # fmt: skip

    def _refresh(self) -> None:
        """Read the file anew where it has changed."""
        state = _state(self._path)
        if state is None or state == self._read_at:
            return
        table = read_table(self._path)
        ids_of(table, str(self._path))
        labels = labels_of(table, f"{self._path}:")
        plain = table.astype(object).where(table.notna(), None)
        same = [None if pd.isna(one) else int(one) for one in labels]
        plain["same"] = pd.Series(same, index=table.index, dtype=object)
        self._columns = list(dict.fromkeys([*VERDICT_COLUMNS, *map(str, table.columns)]))
        self._rows = plain.to_dict("records")  # type: ignore[assignment]
        self._read_at = state

    def _save(self) -> None:
        table = pd.DataFrame(self._rows, columns=self._columns, dtype=object)
        write_table(table, self._path, spreadsheet=True)
        self._read_at = _state(self._path)


def verdict_table(rows: Sequence[Judgement]) -> pd.DataFrame:
    """Judgements in force as the table that `--constraints`, `judge` and `train` take."""
    values = [
        (
            one.left_id, one.right_id, LABEL[one.verdict], one.probability, one.left_name,
            one.right_name, one.who, one.at, one.note,
        )
        for one in rows
    ]  # fmt: skip
    return pd.DataFrame(values, columns=list(VERDICT_COLUMNS), dtype=object)


def _note(old: dict[str, Any] | None, who: str, verdict: str, note: str | None) -> str | None:
    """What is worth knowing of a row: that somebody else said otherwise before."""
    if old is None or old.get("who") == who or _VERDICT[old.get("same")] == verdict:
        return note or (old or {}).get("note")
    before = f"{old.get('who') or 'somebody'} said: {_VERDICT[old.get('same')]}"
    return "; ".join(filter(None, [note, before, old.get("note")]))


def _pair_id(left: object, right: object) -> str:
    both = "\0".join(sorted((str(left), str(right))))
    return "v" + hashlib.sha256(both.encode("utf-8", "replace")).hexdigest()[:16]


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino
