"""The three ways to change a library: update, judge, undo. Each is a run, whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

import pandas as pd

from linkage.errors import InputError
from linkage.library.assignment import CORRECTED, NEW_RECORD, WITHDRAWN_RECORD, Causes
from linkage.library.contents import as_contents
from linkage.library.history import changes_between
from linkage.library.ids import read_id
from linkage.library.judgements import Judgement, read_judgements, save_judgements
from linkage.library.judging import new_judgements, taking_back
from linkage.library.recognition import Known, known_of, recognise, save_keys
from linkage.library.relinking import Linkers, relink
from linkage.library.results import Changes
from linkage.library.review import REVIEW, wait_no_more, waiting
from linkage.library.status import warnings_now
from linkage.library.store import Store, now
from linkage.library.versions import (
    Version,
    add_records,
    changed_after,
    put_versions,
    records_of_run,
    version_now,
    withdraw,
)
from linkage.models.pair_model import PairModel, load_model
from linkage.records.schema import Conformed

_UNCHANGED = "unchanged"


@dataclass
class Run:
    """A run at work: its number, what it has done to records, and why."""

    store: Store
    number: int
    records: Counter[str] = field(default_factory=Counter)
    causes: Causes = field(default_factory=Causes)

    def note(self, record_ids: Iterable[str], reason: str) -> None:
        """Records are new, corrected or withdrawn by this run."""
        for one in record_ids:
            self.causes.records[one] = reason
            self.records[reason.removesuffix(" record")] += 1

    def judge(self, rows: Sequence[Judgement]) -> None:
        """Keep judgements of this run."""
        save_judgements(self.store, rows)
        self.causes.judged |= {one for row in rows for one in (row.left_id, row.right_id)}


@contextmanager
def start_run(store: Store, command: str) -> Iterator[Run]:
    """A new run; what is done inside is kept at its end, as a whole."""
    with store.writing():
        number = int(store.one("SELECT coalesce(max(run), 0) + 1 FROM runs"))
        row = (number, command, now(), version("biblinkage"))
        store.change("INSERT INTO runs (run, command, at, version) VALUES (?, ?, ?, ?)", [row])
        yield Run(store, number)


def update(
    run: Run, linkers: Linkers, records: Conformed, source: str | None, whole: bool
) -> Changes:
    """Add, replace or (`whole`) withdraw the records of one or more sources."""
    if source is not None:
        records = Conformed(records.assign(source=source))
    names = records["source"].fillna("records") if len(records) else records["source"]
    contents = pd.Series(as_contents(records), index=records.index, dtype=object)
    for name in dict.fromkeys([*filter(None, [source]), *names]):
        mine = (names == name).to_numpy(dtype=bool)
        known = known_of(records[mine], contents[mine].tolist())
        _update_source(run, linkers, name, known, whole)
    return _finish(run, linkers)


def _update_source(
    run: Run, linkers: Linkers, source: str, incoming: Sequence[Known], whole: bool
) -> None:
    ids = recognise(run.store, source, incoming, linkers.papers, whole)
    pairs = [(one, new) for one, new in zip(ids, incoming, strict=True) if one is not None]
    now = {one: version_now(run.store, one) for one, _ in pairs}
    changed = [(one, new) for one, new in pairs if _is_other(now[one], new)]
    renumbered = [one for one, new in changed if _is_renumbered(now[one], new)]
    run.records[_UNCHANGED] += len(pairs) - len(changed) + len(renumbered)
    returned = [one for one, _ in changed if now[one] is None]
    run.note(returned, NEW_RECORD)
    noted = {*returned, *renumbered}
    run.note((one for one, _ in changed if one not in noted), CORRECTED)
    put_versions(run.store, changed, run.number)
    save_keys(run.store, source, changed)
    fresh = [new for one, new in zip(ids, incoming, strict=True) if one is None]
    run.note(add_records(run.store, source, fresh, run.number), NEW_RECORD)
    if whole:
        here = run.store.rows(
            "SELECT record_id FROM records JOIN versions USING (record_id) "
            "WHERE source = ? AND to_run IS NULL",
            [source],
        )
        kept = {one for one in ids if one} | run.causes.records.keys()
        gone = [one for (one,) in here if one not in kept]
        withdraw(run.store, gone, run.number)
        run.note(gone, WITHDRAWN_RECORD)


def _is_other(old: Version | None, new: Known) -> bool:
    return old is None or (old.digest, old.source_record_id) != (new.digest, new.source_id)


def _is_renumbered(old: Version | None, new: Known) -> bool:
    """Whether only the number differs that a record has from its place in the file."""
    return old is not None and old.digest == new.digest and not new.given


def judge(run: Run, linkers: Linkers, pairs: pd.DataFrame, who: str | None, what: str) -> Changes:
    """Keep what somebody says of pairs."""
    run.judge(new_judgements(run.store, pairs, who, run.number, what))
    return _finish(run, linkers)


def undo(run: Run, linkers: Linkers, what: int | str, who: str | None) -> Changes:
    """Take back a run, by its number, or a judgement, by its id."""
    rows = read_judgements(run.store)
    if str(what).strip().isdecimal():
        number = int(what)
        if not 0 < number < run.number:
            raise InputError(f"found the run {number}, expected one from 1 to {run.number - 1}")
        _undo_records(run, number)
        taken = [row for row in rows if row.run == number]
    else:
        one = read_id(str(what))
        taken = [row for row in rows if row.judgement_id == one]
        if not taken:
            raise InputError(f"found {one!r}, expected a run or a judgement of {run.store.name}")
    run.judge(taking_back(run.store, taken, who, run.number))
    return _finish(run, linkers)


def link_waiting(store: Store, linkers: Linkers) -> Changes:
    """Link by the verdicts that wait, in the run that keeps them if it is the last."""
    last = store.rows("SELECT run FROM runs ORDER BY run DESC LIMIT 1")
    if waiting(store) and waiting(store)[-1].run == last[0][0]:
        with store.writing():
            return _finish(Run(store, last[0][0]), linkers, anew=True)
    with start_run(store, REVIEW) as run:
        return _finish(run, linkers, anew=True)


def _undo_records(run: Run, number: int) -> None:
    """Records are again what they were before a run, unless a later one changed them.

    Where all later ones were undone and done again, they are as the run left them.
    """
    changed_since = changed_after(run.store, number, "undo")
    for record_id, (before, after) in records_of_run(run.store, number).items():
        here = version_now(run.store, record_id)
        if record_id in changed_since or _content(here) != _content(after):
            continue
        if before is None:
            withdraw(run.store, [record_id], run.number)
            run.note([record_id], WITHDRAWN_RECORD)
        else:
            given = Known(
                before.source_record_id, bool(before.given), before.digest, before.content
            )
            put_versions(run.store, [(record_id, given)], run.number)
            run.note([record_id], NEW_RECORD if after is None else CORRECTED)


def _content(version: Version | None) -> tuple[str, str] | None:
    return None if version is None else (version.source_record_id, version.content)


def _finish(run: Run, linkers: Linkers, anew: bool = False) -> Changes:
    """Link anew, if anything is new (or `anew`), and tell."""
    store = run.store
    models = _fingerprints(linkers)
    last = store.rows(
        "SELECT paper_model, author_model, version FROM runs WHERE run = ?", [run.number - 1]
    )
    run.causes.model = bool(last) and last[0] != (*models, version("biblinkage"))
    late = waiting(store)
    run.causes.judged |= {one for row in late for one in (row.left_id, row.right_id)}
    columns = "paper_model = ?, author_model = ?"
    store.change(f"UPDATE runs SET {columns} WHERE run = ?", [(*models, run.number)])  # noqa: S608
    if anew or run.causes.records or run.causes.judged or run.causes.model:
        relink(store, linkers, run.number, run.causes)
        wait_no_more(store)
    _count(run, linkers)
    return Changes(
        run.number,
        +run.records,  # without what there was none of
        changes_between(store, run.number - 1, run.number),
        warnings_now(store),
    )


def _count(run: Run, linkers: Linkers) -> None:
    run.store.change("DELETE FROM sources")
    run.store.change(
        "INSERT INTO sources SELECT source, sum(now), count(*) - sum(now) FROM ("
        "SELECT source, max(to_run IS NULL) AS now FROM records JOIN versions USING (record_id) "
        "GROUP BY record_id) GROUP BY source"
    )
    people = "(SELECT count(DISTINCT person_id) FROM person_members WHERE to_run IS NULL)"
    run.store.change(
        "UPDATE runs SET "  # noqa: S608
        "records = (SELECT count(*) FROM versions WHERE to_run IS NULL), "
        "papers = (SELECT count(DISTINCT paper_id) FROM paper_members WHERE to_run IS NULL), "
        f"people = {people if linkers.authors else 'NULL'}, "
        "questions = (SELECT count(*) FROM questions) WHERE run = ?",
        [(run.number,)],
    )


def _fingerprints(linkers: Linkers) -> tuple[str, str | None]:
    papers, authors = linkers.papers, linkers.authors
    return (
        _fingerprint(papers.model or f"papers_{papers.level}"),
        None if authors is None else _fingerprint(authors.model or "authors"),
    )


def _fingerprint(model: object) -> str:
    """A name for a model by its content."""
    if model == "ecm":
        return "ecm"
    loaded = model if isinstance(model, PairModel) else load_model(str(model))
    return loaded.fingerprint
