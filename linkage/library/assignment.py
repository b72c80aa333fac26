"""The clusters of a run get their ids, and what changed is written down with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from linkage.library.flows import MERGED, MOVED, SHRUNK, SPLIT, WITHDRAWN, Change, find_changes
from linkage.library.ids import make_id
from linkage.library.kinds import Kind
from linkage.library.store import Store
from linkage.linking.identity import inherited

JUDGEMENT, MODEL, OTHERS = "judgement", "model", "other records"
NEW_RECORD, CORRECTED, WITHDRAWN_RECORD = "new record", "corrected record", "withdrawn record"
_FIRST_NAMED = (NEW_RECORD, CORRECTED, WITHDRAWN_RECORD)
_GONE = "!"  # no member is called so


@dataclass
class Causes:
    """What happened in a run: reason by record, what was judged, whether the model is another."""

    records: dict[str, str] = field(default_factory=dict)
    judged: set[str] = field(default_factory=set)
    model: bool = False

    def of(self, member: str) -> set[str]:
        """The reasons that lie in a record or mention."""
        reason = self.records.get(member.rstrip(_GONE).partition("#")[0])
        return ({JUDGEMENT} if member in self.judged else set()) | ({reason} if reason else set())


def members_now(store: Store, kind: Kind) -> pd.Series[str]:
    """Member -> id, those of the oldest ids first."""
    query = f"SELECT {kind.member}, {kind.thing} FROM {kind.members} WHERE to_run IS NULL"  # noqa: S608
    return _by_age(store.rows(query))


def _by_age(members: Iterable[Sequence[str]]) -> pd.Series[str]:
    rows = sorted(members, key=lambda row: (len(row[1]), row[1]))
    index = pd.Index([row[0] for row in rows], dtype=object)
    return pd.Series([row[1] for row in rows], index=index, dtype=object)


def assign(
    store: Store,
    kind: Kind,
    clusters: pd.Series[str],
    previous: pd.Series[str],
    ended: Callable[[pd.Index[str]], list[tuple[str, str]]],
    run: int,
) -> pd.Series[str]:
    """The clusters (member -> label), called by ids that stay; new ones are minted.

    `previous`: member -> id of the run before. `ended` tells of members the ids that ended with
    them, the last at the end: one comes back where no living one is inherited.
    """
    names = inherited(clusters, previous)
    rest = clusters[~clusters.isin(set(names))]
    if len(rest):
        taken = set(names.values()) | set(previous)  # what ends now leads to where it went
        former = {member: one for member, one in ended(rest.index) if one not in taken}
        names |= inherited(rest, _by_age(former.items()))
    names |= _minted(store, kind, [one for one in rest.unique() if one not in names], run)
    return clusters.map(names)


def _minted(
    store: Store, kind: Kind, labels: Iterable[Hashable], run: int
) -> dict[Hashable, Hashable]:
    first = store.next_number(kind.things)
    made = {label: make_id(kind.letter, n) for n, label in enumerate(labels, start=first)}
    rows = ((number, one, run) for number, one in enumerate(made.values(), start=first))
    store.change(f"INSERT INTO {kind.things} VALUES (?, ?, ?)", rows)  # noqa: S608
    return dict(made)


def save_members(store: Store, kind: Kind, named: pd.Series[str], run: int) -> None:
    """Write down who is in what from this run on."""
    before = members_now(store, kind)
    both = pd.concat([before.rename("before"), named.rename("after")], axis=1).astype(object)
    changed = both[both["before"].fillna("") != both["after"].fillna("")]
    gone = changed.index[changed["before"].notna()]
    came = changed[changed["after"].notna()]
    store.change(
        f"UPDATE {kind.members} SET to_run = ? WHERE {kind.member} = ? AND to_run IS NULL",  # noqa: S608
        ((run, one) for one in gone),
    )
    store.change(
        f"INSERT INTO {kind.members} VALUES (?, ?, ?, NULL)",  # noqa: S608
        ((one, name, run) for one, name in came["after"].items()),
    )


def save_changes(
    store: Store,
    kind: Kind,
    before: pd.Series[str],
    after: pd.Series[str],
    causes: Causes,
    run: int,
) -> None:
    """Write down what changed, and why; both: member -> id, members called as they are now.

    Members of `before` that are no more must be called otherwise than any of now: see `gone`.
    """
    both = pd.concat([before.rename("before"), after.rename("after")], axis=1).astype(object)
    both = both.where(both.notna(), None)
    changed = both[both["before"].fillna("") != both["after"].fillna("")]
    touched = set(changed["before"]) | set(changed["after"]) - {None}
    both = both[both["before"].isin(touched) | both["after"].isin(touched)]
    old, new = ({str(m): one for m, one in both[s].dropna().items()} for s in ("before", "after"))
    minted = f"SELECT first_run FROM {kind.things} WHERE {kind.thing} = ?"  # noqa: S608
    found = find_changes(old, new, lambda one: bool(store.one(minted, [one]) < run))
    reasons = _reasons(found, old, new, causes)
    store.change(
        "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (run, kind.name, one.id, one.change, one.other_id, one.members, reason)
            for one, reason in zip(found, reasons, strict=True)
        ),
    )


def gone(member: str) -> str:
    """What a mention is called that is no more, though another may have its place."""
    return member + _GONE


def _reasons(
    changes: Iterable[Change], old: Mapping[str, str], new: Mapping[str, str], causes: Causes
) -> list[str]:
    inside: dict[str | None, set[str]] = defaultdict(set)
    for side in (old, new):
        for member, one in side.items():
            inside[one] |= causes.of(member)
    return [_reason(one, inside[one.id] | inside[one.other_id], causes.model) for one in changes]


def _reason(change: Change, found: set[str], model: bool) -> str:
    if JUDGEMENT in found and change.change in (MERGED, SPLIT, MOVED):
        return JUDGEMENT
    if change.change in (SHRUNK, WITHDRAWN) and found & {CORRECTED, WITHDRAWN_RECORD}:
        return WITHDRAWN_RECORD if WITHDRAWN_RECORD in found else CORRECTED
    named = [one for one in _FIRST_NAMED if one in found]
    return named[0] if named else MODEL if model else JUDGEMENT if JUDGEMENT in found else OTHERS
