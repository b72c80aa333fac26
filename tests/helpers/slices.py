"""Records that come day after day, and what old ids name afterwards.

python -m tests.helpers.slices RECORDS DAYS [--papers-only]
"""

import random
import sys
import time

import pandas as pd

from linkage.library.library import Library
from linkage.readers.files import read_records
from linkage.records.mention_ids import mention_ids

CHANGES = ("new", "grown", "merged", "split", "moved")


def slices(records, days, seed=0):
    """Records in so many parts of one size, drawn at random."""
    order = list(range(len(records)))
    random.Random(seed).shuffle(order)
    return [records.iloc[sorted(order[day::days])] for day in range(days)]


def members(library, kind):
    """Id -> the records or mentions that it names."""
    if kind == "paper":
        named = library.papers()
    else:
        people = library.people()
        named = pd.Series(people["author_id"].to_numpy(), index=mention_ids(people))
    return {one: set(group.index) for one, group in named.groupby(named.to_numpy())}


def strangers(library, kind, then):
    """How many ids of then, with what they named, name something wholly different now."""
    now = members(library, kind)
    return sum(named.isdisjoint(now.get(library.resolve(one), ())) for one, named in then.items())


def run_days(library, records, days, kinds):
    """A row a day and kind: how many ids changed in which way, how many name strangers."""
    first = {kind: {} for kind in kinds}
    last = {kind: {} for kind in kinds}
    for day, some in enumerate(slices(records, days), start=1):
        began = time.monotonic()
        told = library.update(some.reset_index(drop=True))
        seconds = time.monotonic() - began
        for kind in kinds:
            counts = told.counts(kind)
            row = {"day": day, "kind": kind} | {one: counts[one] for one in CHANGES}
            row["strangers"] = strangers(library, kind, last[kind])
            last[kind] = members(library, kind)
            first[kind] = last[kind] | first[kind]
            row["strangers_since_first"] = strangers(library, kind, first[kind])
            yield row | {"seconds": round(seconds, 1)}


def main(path, days, *options):
    """Print the table."""
    people = "--papers-only" not in options
    kinds = ("paper", "person") if people else ("paper",)
    with Library(":memory:", people=people) as library:
        for row in run_days(library, read_records(path, set_aside=[]), int(days), kinds):
            print(*(f"{name}={value}" for name, value in row.items()), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
