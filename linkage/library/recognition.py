"""Records that a library knows already: by content and source, whatever they are called now.

A source's records are known by its own ids, by DOIs and the like, by a digest of the content and,
where a source comes again as a whole, by a content that is nearly the same.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pandas as pd
from rapidfuzz.fuzz import ratio

from linkage.library.contents import as_records, digest_of, read_content
from linkage.library.store import Store
from linkage.papers.linker import PaperLinker
from linkage.text.folding import fold

_ALIKE = 50.0  # of 100: titles of one record, where an id says that it is the same
_NEAR = 80.0  # where nothing but the content says so
_SURE = 0.9  # probability of being one paper, there
_COMMON = 50  # records; a key of more tells nothing
_PLACED = ("authors", "volume", "pages")  # one item only has them all
_OF_MANY = {"issn", "isbn", "eissn"}  # ids that papers share
_NUMBERED = re.compile(r"(.+):\d+")


@dataclass(frozen=True)
class Known:
    """A record by which another may be known.

    `source_id`: what its source calls it; `given`: whether that stands in the source, and was not
    made up from the place in a file. `record_id`: the library's id, "" for what has none yet.
    """

    source_id: str
    given: bool
    digest: str
    content: str = ""
    record_id: str = ""
    live: bool = True

    @property
    def fields(self) -> dict[str, Any]:
        """What is known of it; read anew, as it takes more memory than the text."""
        return read_content(self.content)

    @cached_property
    def title(self) -> str:
        """The folded title."""
        return fold(self.fields.get("title") or "")

    @cached_property
    def identifiers(self) -> set[str]:
        """DOI and ids that no other paper should have."""
        fields = self.fields
        ids = {f"{k}:{v}" for k, v in fields.get("ids", {}).items() if k not in _OF_MANY}
        return ids | {f"doi:{fields['doi']}"} if fields.get("doi") else ids

    def is_but_for_title(self, other: Known) -> bool:
        """Whether all but the titles is the same, authors, volume and pages among it."""
        titles = dict.fromkeys(("title", "title_tex"))
        mine, theirs = (one.fields | titles for one in (self, other))
        return mine == theirs and all(mine.get(name) for name in _PLACED)

    def keys(self, source: str) -> set[int]:
        """Numbers of which it shares one with whatever it may be known by."""
        texts = {f"digest {self.digest}"} | self.identifiers | set(self._near_keys())
        if self.given:
            texts.add(f"id {self.source_id}")
        return {_hashed(source, text) for text in texts}

    def _near_keys(self) -> Iterator[str]:
        words = self.title.split()
        if words:
            yield f"start {' '.join(words[:4])}"
            yield f"end {' '.join(words[-4:])}"
        fields = self.fields
        first = (fields.get("authors") or [{}])[0].get("name")
        if first:
            yield f"author {fold(first)} {fields.get('year')}"
        if fields.get("volume") and fields.get("pages"):
            yield f"place {fields['volume']} {fields['pages']}"


def known_of(records: pd.DataFrame, contents: Sequence[str]) -> list[Known]:
    """What records as they came (record_id, source) may be known by."""
    ids = records["record_id"].tolist()
    given = _are_given(ids, records["source"].tolist())
    rows = zip(ids, given, contents, strict=True)
    return [Known(one, own, digest_of(text), text) for one, own, text in rows]


def recognise(
    store: Store, source: str, incoming: Sequence[Known], linker: PaperLinker, whole: bool
) -> list[str | None]:
    """The library's id of each incoming record of a source; None for one that is new.

    `whole`: these are all records that the source has; so are they where half of them are there
    unchanged. Then other ids are no sign of another record, and one that is nearly the same is the
    same; else a record with another id of the source's own is another. No two get one id.
    """
    found = _exact(store, source, incoming)
    again = whole or 2 * sum(one is not None for one in found.values()) >= len(incoming)
    if not again:
        found = {row: old for row, old in found.items() if not _differ(incoming[row], old)}
    rest = {row: one for row, one in enumerate(incoming) if row not in found}
    taken = {old.record_id for old in found.values()}
    pairs = [
        (row, old)
        for row, old in _candidates(store, source, rest)
        if old.record_id not in taken and (again or not _differ(rest[row], old))
    ]
    found |= _best(_ranked(pairs, rest, linker if again else None))
    return [found[row].record_id if row in found else None for row in range(len(incoming))]


def save_keys(store: Store, source: str, known: Iterable[tuple[str, Known]]) -> None:
    """Let records be known again, each by its id in the library."""
    rows = ((key, record_id) for record_id, one in known for key in one.keys(source))
    store.change("INSERT OR IGNORE INTO record_keys VALUES (?, ?)", rows)


def _exact(store: Store, source: str, incoming: Sequence[Known]) -> dict[int, Known]:
    """Rows whose whole content is there, one to one; those of the same id first."""
    digests = {_hashed(source, f"digest {one.digest}") for one in incoming}
    old: dict[str, list[Known]] = defaultdict(list)
    for one in _last_versions(store, _with_keys(store, digests), content=False):
        old[one.digest].append(one)
    found: dict[int, Known] = {}
    for same_id in (True, False):
        for row, one in enumerate(incoming):
            free = old[one.digest] if row not in found else []
            fitting = [o for o in free if o.source_id == one.source_id or not same_id]
            if fitting:
                found[row] = min(fitting, key=lambda o: not o.live)
                free.remove(found[row])
    return found


def _candidates(
    store: Store, source: str, incoming: dict[int, Known]
) -> Iterator[tuple[int, Known]]:
    """Pairs of an incoming row and a record with which it shares a key."""
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, one in incoming.items():
        for key in one.keys(source):
            rows_of[key].append(row)
    there = sorted(store.among("SELECT key, record_id FROM record_keys WHERE key IN (?)", rows_of))
    pairs = set()
    for key, group in groupby(there, key=lambda pair: pair[0]):
        ids = [record_id for _, record_id in group]
        if len(ids) * len(rows_of[key]) <= _COMMON * _COMMON:
            pairs |= {(row, one) for row in rows_of[key] for one in ids}
    old = {one.record_id: one for one in _last_versions(store, {one for _, one in pairs})}
    yield from ((row, old[one]) for row, one in sorted(pairs))


def _ranked(
    pairs: list[tuple[int, Known]], incoming: dict[int, Known], linker: PaperLinker | None
) -> list[tuple[float, int, Known]]:
    """The pairs that are one record: how sure, row, record. Without a linker, by ids alone."""
    sure, near = [], []
    for row, old in pairs:
        new = incoming[row]
        likeness = ratio(new.title, old.title)
        same_id = new.given and old.given and new.source_id == old.source_id
        shared = bool(new.identifiers & old.identifiers)
        if (same_id and shared) or ((same_id or shared) and likeness >= _ALIKE):
            sure.append((1000.0 * (2 * same_id + shared) + likeness + old.live, row, old))
        elif linker and likeness >= _ALIKE and new.is_but_for_title(old):
            sure.append((likeness + old.live, row, old))
        elif new.digest == old.digest or likeness >= _NEAR:
            near.append((likeness + old.live, row, old))
    if linker and near:
        same = _one_paper([(incoming[row], old) for _, row, old in near], linker)
        sure += [pair for pair, yes in zip(near, same, strict=True) if yes]
    return sure


def _one_paper(pairs: list[tuple[Known, Known]], linker: PaperLinker) -> list[bool]:
    """Which pairs the model takes for one paper: another part, or another reply, is another."""
    contents = [one.content for pair in pairs for one in pair]
    records = as_records([str(number) for number in range(len(contents))], contents)
    ids = records["record_id"].tolist()
    scored = linker.compare(records, pd.DataFrame({"left_id": ids[::2], "right_id": ids[1::2]}))
    return (scored["probability"] >= _SURE).tolist()


def _best(ranked: list[tuple[float, int, Known]]) -> dict[int, Known]:
    """The surest pairs, one to one."""
    found: dict[int, Known] = {}
    taken: set[str] = set()
    for _, row, old in sorted(
        ranked, key=lambda p: (-p[0], p[1], len(p[2].record_id), p[2].record_id)
    ):
        if row not in found and old.record_id not in taken:
            found[row] = old
            taken.add(old.record_id)
    return found


def _differ(new: Known, old: Known) -> bool:
    """Whether the source itself calls the two by different ids."""
    return new.given and old.given and new.source_id != old.source_id


def _with_keys(store: Store, keys: Iterable[int]) -> list[str]:
    query = "SELECT DISTINCT record_id FROM record_keys WHERE key IN (?)"
    return list(dict.fromkeys(one for (one,) in store.among(query, keys)))


def _last_versions(
    store: Store, record_ids: Iterable[str], content: bool = True
) -> Iterator[Known]:
    """What records are, or were when they were withdrawn, in the order in which they came."""
    text = "content" if content else "''"
    query = (  # the text is one of two of ours
        f"SELECT record_id, from_run, source_record_id, given, digest, {text}, to_run IS NULL "  # noqa: S608
        "FROM versions WHERE record_id IN (?)"
    )
    rows = sorted(store.among(query, record_ids), key=lambda row: (len(row[0]), row[:2]))
    last = {row[0]: row for row in rows}
    for record_id, _, source_id, given, digest, found, live in last.values():
        yield Known(source_id, bool(given), digest, found, record_id, bool(live))


def _are_given(ids: list[str], sources: list[str | None]) -> list[bool]:
    """Which ids stand in the source: `export:12` of export.ris and `row:12` were made up."""
    numbered = [_NUMBERED.fullmatch(one) for one in ids]
    stems = {match[1] if match else None for match in numbered}
    of_one_file = len(stems) == 1 and len(ids) > 1
    files = [f"{source}".rpartition("/")[2] for source in sources]
    return [
        not (match and (of_one_file or match[1] == "row" or f"{file}.".startswith(f"{match[1]}.")))
        for match, file in zip(numbered, files, strict=True)
    ]


def _hashed(source: str, text: str) -> int:
    packed = hashlib.blake2b(f"{source}\0{text}".encode("utf-8", "replace"), digest_size=8)
    return int.from_bytes(packed.digest(), "big", signed=True)
