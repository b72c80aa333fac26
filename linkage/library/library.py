"""A library that remembers: one file, stable ids, judgements that stay."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self, TypeVar

import pandas as pd

from linkage.authors.linker import AuthorLinker
from linkage.errors import InputError, Problem
from linkage.library import exports
from linkage.library.dedupe import with_origins
from linkage.library.history import changes_between, history, resolve
from linkage.library.judgements import COLUMNS, Judgement, read_judgements
from linkage.library.kinds import PAPER, PERSON
from linkage.library.relinking import Linkers
from linkage.library.results import Changes, Status
from linkage.library.review import (
    Shown,
    keep_verdicts,
    read_calls,
    take_back_verdicts,
    waiting,
)
from linkage.library.runs import judge, link_waiting, start_run, undo, update
from linkage.library.settings import settle
from linkage.library.status import questions, status
from linkage.library.store import Store
from linkage.library.versions import records_at
from linkage.models.pair_model import PairModel
from linkage.papers.linker import PaperLinker
from linkage.records.schema import conform
from linkage.tables.files import write_table
from linkage.writers.records import write_records

_Answer = TypeVar("_Answer")


class Library:
    """Records of many sources, linked, with ids and judgements that stay from run to run.

    Each `update`, `judge` and `undo` is a run: a number, from 1. After it the clusters are those
    that linking all records at once with all judgements gives (from 20,000 records on with the
    rarity of words as it was counted last, at most 5 % of the records ago), and the state of every
    earlier run can still be asked for (`as_of`). Papers are called `p…`, people `a…`, records `r…`,
    judgements `j…`; an id is never given again, and an old one still leads to what it is called now
    (`resolve`). One process may write at a time; it changes all or, ended at any moment, nothing.

    Parameters
    ----------
    path
        the file (SQLite); ":memory:" for one that is not kept.
    create
        whether the file is made where there is none; else that raises `InputError`.
    level
        "publication" or "work", see `PaperLinker`; None is that of the library, in a new one
        "publication".
    people
        whether authors are linked, too; None is as the library has it, in a new one True.
    paper_model, author_model
        those of `PaperLinker` and `AuthorLinker`; with another model (or another version of this
        package) the next run links all anew, judgements included.
    n_jobs
        processes, as in `PaperLinker`; the results are the same.

    Examples
    --------
    >>> with linkage.Library(":memory:") as library:
    ...     _ = library.update(records, source="otters")
    ...     print(library.papers().tolist())
    ['p0001v', 'p0001v', 'p00021', 'p00036']
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        level: str | None = None,
        people: bool | None = None,
        paper_model: str | PairModel | None = None,
        author_model: str | PairModel | None = None,
        n_jobs: int | None = None,
        create: bool = True,
    ) -> None:
        self._store = Store(path, create=create)
        try:
            chosen = settle(self._store, level, people)
        except BaseException:
            self.close()
            raise
        authors = AuthorLinker(author_model or "authors", n_jobs=n_jobs) if chosen.people else None
        self._linkers = Linkers(PaperLinker(paper_model, chosen.level, n_jobs=n_jobs), authors)

    def close(self) -> None:
        """Let the file go; also at the end of `with Library(...) as library`."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def update(
        self,
        records: pd.DataFrame,
        source: str | None = None,
        *,
        withdraw: bool = False,
        set_aside: list[Problem] | None = None,
    ) -> Changes:
        """Add the records of one or more sources; those that are known already are replaced.

        `records` is any table that `conform` takes, with its `set_aside`. `source` says of which
        source they are; None: of that in their column `source`. With `withdraw` they are all that
        these sources have: other records of them are withdrawn.
        """
        table = conform(records, set_aside=set_aside)
        with start_run(self._store, "update") as run:
            return update(run, self._linkers, table, source, withdraw)

    def judge(
        self, pairs: pd.DataFrame, who: str | None = None, what: str = "the judgements"
    ) -> Changes:
        """Say of pairs whether they are the same: left_id, right_id, same (1, 0, empty), note.

        Of records or of mentions (`record#position`), called by the library's ids or those of the
        sources. It holds for whole papers and people from now on, until somebody says otherwise.
        `who` is by default the user's name. Raises `InputError`, calling the table `what`, where a
        record is not there or a column is missing.
        """
        with start_run(self._store, "judge") as run:
            return judge(run, self._linkers, pairs, who, what)

    def undo(self, what: int | str, who: str | None = None) -> Changes:
        """Take back a run (its number) or a judgement (its id), as a new run; nothing is erased.

        What later runs changed again stays. Raises `InputError` where there is no such thing.
        """
        with start_run(self._store, "undo") as run:
            return undo(run, self._linkers, what, who)

    def keep_verdicts(
        self, pairs: pd.DataFrame, who: str | None = None, run: int | None = None
    ) -> list[Judgement]:
        """Keep judgements, as `judge` does, without linking: they hold from the next run that does.

        They are of the run `run`, where that is the last, else of a new one.
        """
        return keep_verdicts(self._store, pairs, who, run)

    def take_back_verdicts(
        self, judgement_ids: Sequence[str], who: str | None = None, run: int | None = None
    ) -> list[Judgement]:
        """Take back judgements, as `undo` does, without linking."""
        return take_back_verdicts(self._store, judgement_ids, who, run)

    def verdicts_wait(self) -> bool:
        """Whether there are judgements that no run has linked by yet."""
        return bool(waiting(self._store))

    def link_waiting(self) -> Changes:
        """Link by the judgements that wait."""
        return link_waiting(self._store, self._linkers)

    def shown_calls(self, people: bool = False) -> Shown | None:
        """What a review shows of papers or people; None where no run kept it yet."""
        with self._store.reading():
            return read_calls(self._store, PERSON if people else PAPER)

    def papers(self, as_of: int | None = None) -> pd.Series[str]:
        """Series record_id -> paper id, in the order in which the records came."""
        return self._read(exports.papers_at, as_of)

    def people(self, as_of: int | None = None) -> pd.DataFrame:
        """One row a mention: record_id, position, name, author_id."""
        return self._read(exports.people_at, as_of)

    def records(self, as_of: int | None = None) -> pd.DataFrame:
        """All records that are there, called by the library's ids."""
        return self._read(records_at, as_of)

    def clusters(self, as_of: int | None = None) -> pd.DataFrame:
        """record_id, cluster_id (the paper), source, source_record_id of all records."""
        return self._read(exports.clusters_at, as_of)

    def clean_records(self, as_of: int | None = None) -> pd.DataFrame:
        """One record a paper, called by the paper's id; `merged_from` lists its records."""
        return self._read(exports.clean_records_at, as_of)

    def profiles(self, as_of: int | None = None) -> pd.DataFrame:
        """One row a person: see `linkage.author_profiles`, without probabilities."""
        return self._read(exports.profiles_at, as_of)

    def questions(self) -> pd.DataFrame:
        """Pairs that somebody should judge, the closest calls first.

        Columns: kind, left_id, right_id, same (empty), probability, decision, reason, left_title
        and right_title (of mentions the names).
        """
        with self._store.reading():
            return questions(self._store)

    def judgements(self) -> pd.DataFrame:
        """All judgements, the oldest first, also those that were overridden or taken back."""
        rows = [[getattr(one, name) for name in COLUMNS] for one in read_judgements(self._store)]
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)

    def changes(self, since: int | None = None) -> pd.DataFrame:
        """What changed after the run `since`, see `Changes.table`; None: in the last run."""
        with self._store.reading():
            last = self._last_run()
            return changes_between(self._store, last - 1 if since is None else since, last)

    def history(self, thing_id: str) -> pd.DataFrame:
        """What happened to a paper, person, record or judgement: run, at, what, reason."""
        with self._store.reading():
            return history(self._store, thing_id)

    def resolve(self, thing_id: str) -> str | None:
        """What a paper or person of any run is called now; None where it was withdrawn."""
        with self._store.reading():
            return resolve(self._store, thing_id)

    def status(self) -> Status:
        """Sources, records, papers, people, open questions, the last runs."""
        with self._store.reading():
            return status(self._store)

    def export(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        people: str | os.PathLike[str] | None = None,
        clusters: str | os.PathLike[str] | None = None,
        mentions: str | os.PathLike[str] | None = None,
        as_of: int | None = None,
    ) -> None:
        """Write clean records (`write_records`), profiles, clusters, mentions (`write_table`).

        As they are or were after a run, byte for byte. Raises `InputError` for a suffix that is not
        known, a folder that can't be written to, or a run that was not.
        """
        if path:
            write_records(with_origins(self.clean_records(as_of), path), path)
        for place, table in (
            (people, self.profiles), (clusters, self.clusters), (mentions, self.people)
        ):  # fmt: skip
            if place:
                write_table(table(as_of), place)

    def _read(self, read: Callable[[Store, int], _Answer], as_of: int | None) -> _Answer:
        with self._store.reading():
            last = self._last_run()
            if as_of is not None and not 0 < as_of <= last:
                raise InputError(f"found the run {as_of}, expected one from 1 to {last}")
            return read(self._store, last if as_of is None else as_of)

    def _last_run(self) -> int:
        return int(self._store.one("SELECT coalesce(max(run), 0) FROM runs"))
