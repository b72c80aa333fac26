"""Names that other processes go through, while this one prepares what else there is."""

import threading

import pytest

from linkage.authors.blocking import candidate_names
from linkage.authors.mentions import list_mentions
from linkage.authors.name_counts import NameCounts
from linkage.authors.names import beside
from linkage.authors.names.beside import names_of
from linkage.authors.prepare import prepare_mentions
from linkage.records.schema import conform
from tests.helpers.records import table

NAMES = [
    "Abendroth, Ana; Kaiser, Lukasz; Consortium of Names",
    "Abendroth, A.; Wang, Wei; Wang, Dayong",
    "Wang, D. Y.; Kaiser, L.; Nguyen, Karina",
    "Karina, Nguyen; Abendroth; Müller, Jörg",
    "Mueller, Joerg; Wang, W.",
]


def library():
    rows = [{"record_id": f"r{k}", "title": f"T{k}", "authors": n} for k, n in enumerate(NAMES)]
    return conform(table(*rows))


@pytest.mark.parametrize("jobs", [1, 2])
def test_they_are_those_that_one_process_finds(jobs, monkeypatch):
    monkeypatch.setattr(beside, "_MANY", 2)
    records = library()
    mentions = list_mentions(records)
    with names_of(mentions, jobs) as names:
        prepared = prepare_mentions(mentions, records, NameCounts.from_json({}), names.keyed)
        pairs = names.pairs()
    alone = prepare_mentions(mentions, records, NameCounts.from_json({}))
    assert prepared.name_keys.name.tolist() == alone.name_keys.name.tolist()
    assert prepared.name_keys.key.tolist() == alone.name_keys.key.tolist()
    expected = candidate_names(alone)
    assert len(expected.a) > len(alone.keys) - 1
    assert (pairs.a.tolist(), pairs.b.tolist()) == (expected.a.tolist(), expected.b.tolist())


def test_an_error_meanwhile_ends_them(monkeypatch):
    monkeypatch.setattr(beside, "_MANY", 2)
    before = set(threading.enumerate())
    with pytest.raises(KeyError), names_of(list_mentions(library()), 2):
        raise KeyError
    assert not [thread for thread in set(threading.enumerate()) - before if thread.is_alive()]
