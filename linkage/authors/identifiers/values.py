"""What identifiers say of who is who: ORCIDs, dblp's homonym numbers, addresses, sources' ids.

A stated rule and not a feature of the model, since hardly any labelled set has identifiers:

- An equal identifier makes mentions one person where their names may be one person's, each with
  each. Where the names are in conflict (people marry, people transition), something else has to
  speak for it: an equal address as well, or names that share a part and another paper with it on
  either side, a shared co-author or affiliation; of a part that many names have (`_COMMON_PART`),
  both. An ORCID put on a co-author is the commoner slip, an address that a whole office uses, too.
- Where the paper also lists, without it, a name that has the identifier on more papers, it stands
  at the wrong one of the two: however like the names are, they are two people's.
- Different ORCIDs outweigh any other equal identifier, and keep two groups of mentions apart, but
  not those that stand at names that are not one person's.
- Neither is proof: what is joined across names in conflict, and what is taken for a slip, is told.

What this says of mentions one value at a time is put together in `joins`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.mentions import Mentions
from linkage.errors import Problem
from linkage.features.arrays import objects
from linkage.features.name_keys import split_name_key
from linkage.features.names import UNSURE, compare_names, is_short_for

Values = Sequence[str | None]

# The kinds that need a name; the order in which kinds are believed.
ORCID, HOMONYM, EMAIL = "ORCID", "homonym number", "e-mail address"
RARE, COMMON = "rare", "common"
_OFFICES = frozenset(
    "admin contact editor info lab library mail no-reply noreply office secretary support".split()
)

# Nats: a part of names that one name in 150 has, or more, as Wang or John; of family names one in
# 1,100, since those who keep the family name and change the given one are few.
_COMMON_PART, _COMMON_FAMILY = 5.0, 7.0
_SLIPS = 0.1  # of the papers with an ORCID, at most: so few may be slips
_SHOWN = 3  # mentions of a form that a warning names


class Link(NamedTuple):
    """Mentions that one value of an identifier says are one person: their rows, ascending."""

    kind: str
    value: str
    rows: tuple[int, ...]


class Change(NamedTuple):
    """Mentions of names in conflict that an identifier says are one person, one of each name.

    `place` and `found` are those of a `Problem`, which tells of it either way.
    """

    kind: str
    value: str
    rows: tuple[int, ...]
    place: str
    found: str


class Identities(NamedTuple):
    """What the identifiers of n mentions say.

    `near`: mentions of names that may be one person's; `far`: of names in conflict. `orcid`: each
    mention's ORCID, None for none or a disputed one, objects (n,). `problems`: what a person should
    know of it.
    """

    near: list[Link]
    far: list[Change]
    orcid: NDArray[np.object_]
    problems: list[Problem]


def identities(mentions: Mentions) -> Identities:
    """Read the identifiers of all mentions; those of organisations are left out."""
    kinds = values_by_kind(mentions)
    reader = IdentifierReader(mentions, kinds)
    for kind, values in kinds.items():
        reader.read(kind, values)
    orcid = objects(kinds[ORCID])
    orcid[sorted(reader.slips)] = None
    return Identities(reader.near, reader.far, orcid, reader.problems)


def values_by_kind(mentions: Mentions) -> dict[str, Values]:
    """The identifiers of all mentions, a column a kind, in the order in which they are read."""
    said = {ORCID: _values(mentions, "orcid"), HOMONYM: _homonyms(mentions)}
    said[EMAIL] = [_address(value) for value in _values(mentions, "email")]
    sources = _source_ids(mentions)
    return said | {f"{source} id": values for source, values in sources.items()}


def _values(mentions: Mentions, column: str) -> Values:
    cells = zip(mentions.table[column].tolist(), mentions.table["group"].tolist(), strict=True)
    return [cell if isinstance(cell, str) and cell and not group else None for cell, group in cells]


def _address(value: str | None) -> str | None:
    """An address that is somebody's: what is no address, or an office's, is missing."""
    known = value and "@" in value and value.split("@")[0].lower() not in _OFFICES
    return value if known else None


def _homonyms(mentions: Mentions) -> Values:
    """Full names with the number by which dblp tells namesakes: `wang, wei 0003`."""
    of_name = list(map(_numbered, mentions.keys))
    groups = mentions.table["group"].tolist()
    names = zip(mentions.name_of.tolist(), groups, strict=True)
    return [None if group else of_name[name] for name, group in names]


def _numbered(key: str) -> str | None:
    name = split_name_key(key)
    if not name.homonym or max(map(len, name.given), default=0) < 2:
        return None
    family = " ".join((*name.particle, *name.family, name.suffix)).strip()
    return f"{family}, {' '.join(name.given)} {name.homonym}"


def _source_ids(mentions: Mentions) -> dict[str, Values]:
    """The sources' own numbers of their authors, a column a source."""
    cells = mentions.table.get("ids", pd.Series(dtype=object)).tolist()
    groups = mentions.table["group"].tolist()
    known = [{} if group else cell or {} for cell, group in zip(cells, groups, strict=True)]
    sources = sorted({source for cell in known for source in cell})
    return {source: [cell.get(source) for cell in known] for source in sources}


class IdentifierReader:
    """Reads one kind of identifier after the other."""

    def __init__(self, mentions: Mentions, kinds: Mapping[str, Values]) -> None:
        """Read those of `mentions`; `kinds` are the `values_by_kind`."""
        self.near: list[Link] = []
        self.far: list[Change] = []
        self.slips: set[int] = set()  # rows whose ORCID may be another's
        self.problems: list[Problem] = []
        self._mentions = mentions
        self._emails, self._orcids = kinds[EMAIL], kinds[ORCID]

    def read(self, kind: str, values: Values) -> None:
        """Link the mentions of each value; `kind` is what to call it."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row, value in enumerate(values):
            if value:
                rows[value].append(row)
        for value, found in rows.items():
            if len(found) > 1:
                self._link(kind, value, found)

    def _link(self, kind: str, value: str, rows: list[int]) -> None:
        misplaced = self._beside_its_owner(rows)
        if misplaced:
            rows = [row for row in rows if row not in misplaced]
            self._tell_misplaced(kind, value, rows, misplaced)
        forms = self._forms(rows)
        for form in forms:
            if len(form) < 2 or (kind != ORCID and self._is_of_several(kind, value, form)):
                continue
            self.near.append(Link(kind, value, tuple(form)))
        if len(forms) > 1:
            self._join_forms(kind, value, forms)

    def _beside_its_owner(self, rows: list[int]) -> set[int]:
        """Rows of papers that also list, without the value, another name that has it more often.

        Not where that is short for the row's own: M. Wang beside Meng Wang may be any other.
        """
        of_name, keys = self._by_name(rows), self._mentions.keys
        if len(of_name) < 2:
            return set()
        company, record = self._mentions.by_mention["coauthor_names"], self._mentions.record_of
        here = Counter(record[rows].tolist())
        papers = {keys[name]: len(found) for name, found in of_name.items()}
        found = set()
        for row in (row for row in rows if here[int(record[row])] == 1 and company[row]):
            own = keys[self._mentions.name_of[row]]
            listed = papers.keys() & company[row].rarity.keys()
            others = (papers[key] for key in listed if key != own and not is_short_for(key, own))
            if max(others, default=0) > papers[own]:
                found.add(row)
        return found

    def _tell_misplaced(self, kind: str, value: str, rows: list[int], misplaced: set[int]) -> None:
        """Tell of rows on whose papers stands whose the value is; `rows` are those without them."""
        forms = [rows, *self._by_name(sorted(misplaced)).values()]
        place, found = self._found(kind, value, [form for form in forms if form])
        expected = "one person's names (taken for a slip: the paper lists the other name, too)"
        self.problems.append(Problem("authors", place, found, expected, kept=True))
        if kind == ORCID:
            self.slips.update(misplaced)

    def _by_name(self, rows: list[int]) -> dict[int, list[int]]:
        of_name: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            of_name[int(self._mentions.name_of[row])].append(row)
        return of_name

    def _is_of_several(self, kind: str, value: str, form: list[int]) -> bool:
        """Tell whether ORCIDs say that mentions of one other identifier are several people."""
        known = {self._orcids[row]: row for row in reversed(form) if self._orcids[row]}
        if len(known) < 2:
            return False
        table, orcids = self._mentions.table, " and ".join(sorted(map(str, known)))
        place = table["mention_id"].iloc[form[0]]
        found = f"the {kind} {value} at the ORCIDs {orcids}"
        self.problems.append(Problem("authors", place, found, "one person's (not heeded)", True))
        return True

    def _forms(self, rows: list[int]) -> list[list[int]]:
        """The rows by their names, in lists of those that may be one person's, each with each.

        The commonest names come first, of these the fullest: an initial that fits two people goes
        with the one who has more papers. The largest form comes first.
        """
        of_name = self._by_name(rows)
        forms: list[list[int]] = []
        for name in sorted(of_name, key=lambda name: self._rank(name, len(of_name[name]))):
            fitting = (form for form in forms if all(self._may_be_one(name, x) for x in form))
            if form := next(fitting, None):
                form.append(name)
            else:
                forms.append([name])
        rows_of = (sorted(row for name in form for row in of_name[name]) for form in forms)
        return sorted(rows_of, key=lambda form: (-len(form), form))

    def _one_a_name(self, rows: list[int]) -> list[int]:
        """The first row of each name."""
        return list({int(self._mentions.name_of[row]): row for row in reversed(rows)}.values())

    def _fullest(self, form: list[int]) -> int:
        """A row with the fullest name of a form."""
        return max(form, key=lambda row: len(self._mentions.keys[self._mentions.name_of[row]]))

    def _rank(self, name: int, n: int) -> tuple[int, int, str]:
        key = self._mentions.keys[name]
        return -n, -len(key), key

    def _join_forms(self, kind: str, value: str, forms: list[list[int]]) -> None:
        """Join forms with the largest where something speaks for a change of name, tell of others.

        The others are slips; so is the largest when it has not most papers, and nobody's paper
        says then whose the identifier is.
        """
        own, *others = forms
        slips: list[list[int]] = []
        for form in others:
            if self._share_a_record(own, form) or not self._is_a_change_of_name(kind, own, form):
                slips.append(form)
                continue
            told = self._found(kind, value, (own, form))
            rows = tuple(sorted(self._one_a_name(own + form)))
            self.far.append(Change(kind, value, rows, *told))
        if slips:
            place, found = self._found(kind, value, (own, *slips))
            expected = "one person's names (taken for a slip)"
            self.problems.append(Problem("authors", place, found, expected, kept=True))
        if slips and kind == ORCID:
            self.slips.update(row for form in slips for row in form)
            if 2 * len(own) <= sum(map(len, forms)):
                self.slips.update(own)

    def _is_a_change_of_name(self, kind: str, a: list[int], b: list[int]) -> bool:
        mails = [{self._emails[row] for row in rows} - {None} for rows in (a, b)]
        if kind != EMAIL and mails[0] & mails[1]:
            return True
        shared = self._shared_part(a, b)
        if shared is None:
            return False
        fewer, more = sorted((len(a), len(b)))
        if shared == RARE:
            return fewer > 1 or self._share_company(a, b)
        return fewer > 1 and fewer > _SLIPS * more and self._share_company(a, b)

    def _may_be_one(self, name: int, other: int) -> bool:
        keys = self._mentions.keys
        return compare_names(keys[name], keys[other]) >= UNSURE

    def _shared_part(self, a: list[int], b: list[int]) -> str | None:
        """Whether a word that names of both have is `RARE` or `COMMON`; None: they share none."""
        (family, given), (other_family, other_given) = self._parts(a), self._parts(b)
        families = family.keys() & other_family.keys()
        both = {**family, **given}
        shared = both.keys() & (other_family.keys() | other_given.keys())
        rare = any(
            both[part] > (_COMMON_FAMILY if part in families else _COMMON_PART) for part in shared
        )
        return RARE if rare else COMMON if shared else None

    def _parts(self, rows: list[int]) -> tuple[dict[str, float], dict[str, float]]:
        """The words of the family and of the given names of some mentions, how rare each is."""
        known = self._mentions.by_name["person_name"]
        names = [known[name] for name in set(self._mentions.name_of[rows].tolist())]
        found = ([name.family for name in names], [name.given for name in names])
        family, given = (
            {part: nats for one in parts for part, nats in one.items() if len(part) > 1}
            for parts in found
        )
        return family, given

    def _share_company(self, a: list[int], b: list[int]) -> bool:
        """Tell whether a co-author or the affiliation is the same on both sides."""
        return any(x & y for x, y in zip(self._company(a), self._company(b), strict=True))

    def _company(self, rows: list[int]) -> tuple[set[str], set[str]]:
        found = self._mentions.by_mention["coauthors"]
        known = [found[row] for row in rows if found[row]]
        coauthors = {key for one in known for key in one.rarity.keys() - one.own}
        places = self._mentions.table["affiliation"].iloc[rows]
        return coauthors, {place for place in places if isinstance(place, str) and place}

    def _share_a_record(self, a: list[int], b: list[int]) -> bool:
        records = self._mentions.record_of
        return not set(records[a].tolist()).isdisjoint(records[b].tolist())

    def _found(self, kind: str, value: str, forms: Sequence[list[int]]) -> tuple[str, str]:
        """The first mention that is not the first form's, and what stands where, in words."""
        table = self._mentions.table
        names = (table["name"].iloc[self._fullest(form)] for form in forms)
        called = " and ".join(dict.fromkeys(map(repr, names)))
        ids = [table["mention_id"].iloc[row] for form in forms for row in form[:_SHOWN]]
        place = table["mention_id"].iloc[forms[1][0]]
        return place, f"the {kind} {value} at {called} ({', '.join(ids)})"
