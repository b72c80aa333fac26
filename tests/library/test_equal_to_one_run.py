"""After any sequence of runs: the clusters of one run over all, ids that keep their meaning."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from linkage.authors.linker import AuthorLinker
from linkage.library import kept, relinking
from linkage.library.judgements import not_taken_back, read_judgements
from linkage.library.library import Library
from linkage.library.relinking import papers_judged, people_judged
from linkage.papers.batches import read_batch
from linkage.papers.linker import PaperLinker
from linkage.records.mention_ids import mention_ids
from tests.helpers.linking import partition
from tests.helpers.records import library, second_copy
from tests.helpers.slices import members

ORIGINALS = library(6, seed=3)
COPIES = [second_copy(one) for one in ORIGINALS]
numbers = st.sets(st.integers(0, 5), min_size=1, max_size=5)


def named(library, kind):
    """Id -> what it names: records, or authors by record and name, as positions may shift."""
    if kind == "paper":
        return members(library, kind)
    rows = library.people().groupby("author_id")[["record_id", "name"]]
    return {one: set(map(tuple, group.to_numpy())) for one, group in rows}


def corrected(record):
    """With another title, and an author more in front."""
    title = record["title"].replace(" of ", " of the ")
    return record | {"title": title, "authors": f"Una Novak; {record['authors']}"}


def constraints(held, mentions):
    """What is judged and was not taken back, later rows last, of records or of mentions."""
    rows = {}
    for row in held:
        if not row.takes_back and ("#" in row.left_id) == mentions:
            rows[frozenset((row.left_id, row.right_id))] = row
    return rows


class Sequences(RuleBasedStateMachine):
    """Runs in any order; after each the library is compared with plain linkers."""

    people = True

    def __init__(self):
        super().__init__()
        self.library = Library(":memory:", people=self.people)
        self.folder = tempfile.TemporaryDirectory()
        self.exported = {}
        self.before = {}
        self.run = 0

    def teardown(self):
        for run, content in self.exported.items():
            assert self.export(run) == content
        self.library.close()
        self.folder.cleanup()

    def did(self, changes):
        self.run = changes.run
        if self.run % 2:
            self.exported[self.run] = self.export(None)

    def export(self, as_of):
        names = {"path": "clean.ris", "clusters": "clusters.csv"}
        if self.people:
            names |= {"people": "people.jsonl", "mentions": "mentions.csv"}
        paths = {option: Path(self.folder.name) / name for option, name in names.items()}
        self.library.export(**paths, as_of=as_of)
        return [path.read_bytes() for path in paths.values()]

    @initialize(chosen=numbers)
    def first(self, chosen):
        self.did(self.library.update(pd.DataFrame([ORIGINALS[n] for n in chosen]), "one"))

    @rule(chosen=numbers, copies=st.booleans(), change=st.booleans(), whole=st.booleans())
    def update(self, chosen, copies, change, whole):
        records = [(COPIES if copies else ORIGINALS)[number] for number in sorted(chosen)]
        records[0] = corrected(records[0]) if change else records[0]
        source = "two" if copies else "one"
        self.did(self.library.update(pd.DataFrame(records), source, withdraw=whole))

    @rule(data=st.data(), same=st.sampled_from([1, 0, None]), mentions=st.booleans())
    def judge(self, data, same, mentions):
        mentions = mentions and self.people
        there = mention_ids(self.library.people()) if mentions else self.library.papers().index
        if len(there) < 2:
            return
        pair = data.draw(
            st.lists(st.sampled_from(sorted(there)), min_size=2, max_size=2, unique=True)
        )
        if mentions and pair[0].split("#")[0] == pair[1].split("#")[0]:
            return
        row = {"left_id": [pair[0]], "right_id": [pair[1]], "same": [same]}
        self.did(self.library.judge(pd.DataFrame(row), who="Una"))

    @precondition(lambda self: self.run)
    @rule(data=st.data())
    def undo_a_run(self, data):
        self.did(self.library.undo(data.draw(st.integers(1, self.run))))

    @precondition(lambda self: len(self.library.judgements()))
    @rule(data=st.data())
    def undo_a_judgement(self, data):
        given = self.library.judgements()["judgement_id"].tolist()
        self.did(self.library.undo(data.draw(st.sampled_from(given))))

    @precondition(lambda self: self.run)
    @invariant()
    def papers_are_those_of_one_run(self):
        records, papers = self.library.records(), self.library.papers()
        links = self.link_all(records, self.known("paper"))
        assert partition(links.clusters) == partition(papers)

    def link_all(self, records, constraints):
        return PaperLinker().link(records, constraints)

    @precondition(lambda self: self.run and self.people)
    @invariant()
    def people_are_those_of_one_run(self):
        records, people = self.library.records(), self.library.people()
        found = AuthorLinker().link(records, self.known("person")).people_as_given()
        mine = pd.Series(people["author_id"].to_numpy(), index=mention_ids(people))
        theirs = pd.Series(found["author_id"].to_numpy(), index=mention_ids(found))
        assert partition(mine) == partition(theirs)

    @precondition(lambda self: self.run)
    @invariant()
    def ids_keep_their_meaning(self):
        changes = self.library.changes(self.run - 1)
        told = set(changes["id"]) | set(changes["other_id"].dropna())
        for kind in ("paper", "person") if self.people else ("paper",):
            now = named(self.library, kind)
            there = set().union(*now.values())
            for one, old in self.before.get(kind, {}).items():
                name = self.library.resolve(one)
                if one in now:
                    assert name == one
                    assert now[one] == old or one in told
                    assert now[one] & old
                elif old & there:
                    assert now[name] & old
                else:
                    assert name is None or now[name]
            self.before[kind] = self.before.get(kind, {}) | now

    def known(self, kind):
        """The constraints that hold, in the plainest way: tried one after the other."""
        store = self.library._store
        records = self.library.records()
        held = [row for row in not_taken_back(read_judgements(store)) if not row.takes_back]
        if kind == "paper":
            rows = list(papers_judged(held, set(records["record_id"])))
        else:
            rows = list(people_judged(store, held, records, self.run))
        last = {frozenset((row.left_id, row.right_id)): (n, row) for n, row in enumerate(rows)}
        kept = []
        for _, row in sorted(last.values(), key=lambda pair: -pair[0]):
            if row.verdict != "can't say" and consistent([*kept, row]):
                kept.append(row)
        table = [(row.left_id, row.right_id, int(row.verdict == "same")) for row in kept]
        return pd.DataFrame(table, columns=["left_id", "right_id", "same"]) if table else None


def consistent(rows):
    """Whether no chain of "same" joins what is different."""
    group = {one: one for row in rows for one in (row.left_id, row.right_id)}
    for row in rows:
        if row.verdict == "same":
            old, new = group[row.left_id], group[row.right_id]
            group = {one: new if name == old else name for one, name in group.items()}
    return all(row.verdict == "same" or group[row.left_id] != group[row.right_id] for row in rows)


class LargeSequences(Sequences):
    """The same of papers only, with what runs keep from one to the next as in large libraries."""

    people = False

    def __init__(self):
        super().__init__()
        self.limits = pytest.MonkeyPatch()
        self.limits.setattr(relinking, "LEAST", 0)
        self.limits.setattr(kept, "MOST_CHANGED", 1e9)

    def teardown(self):
        self.limits.undo()
        super().teardown()

    def link_all(self, records, constraints):
        return PaperLinker().link_batches(
            [read_batch(records)],
            constraints,
            kept.read_kept(self.library._store, self.run).before.counts,
        )


usual = settings(
    max_examples=5, stateful_step_count=6, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
Sequences.TestCase.settings = LargeSequences.TestCase.settings = usual
TestSequences, TestLargeSequences = Sequences.TestCase, LargeSequences.TestCase
