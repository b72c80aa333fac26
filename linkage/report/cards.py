"""Cards of the report: records side by side, what differs among them marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import pandas as pd

from linkage.report.waterfall import Waterfall
from linkage.text.folding import fold

SHOWN = 1000  # groups that are printed; the rest is counted
SHOWN_PAIRS = 200  # of one kind
SHOWN_RECORDS = 25  # records of one group
_MOST_RECORDS = 4000  # of all groups together: about 1 kB each
_MOST_LETTERS = 600  # of one value
_OWN = {"record_id", "id", "source", "papers"}  # differ by nature: marks would tell nothing
_PROSE = {"title", "venue", "authors", "abstract", "paper"}
_HEADINGS = ("title", "id", "record_id")

ShownRecord = Mapping[str, Any]  # field as the reader should see it -> text; missing: not given


class Group(NamedTuple):
    """Records, or what else `what` says, that were put together.

    `doubt` says in words why the group deserves a look; "": nothing speaks against it.
    """

    cluster_id: str
    records: Sequence[ShownRecord]
    what: str = "record"
    doubt: str = ""


class RecordPair(NamedTuple):
    """Two records, why they are shown, and what the model says of them (None: nothing)."""

    left: ShownRecord
    right: ShownRecord
    explanation: str
    probability: float | None = None
    together: bool | None = None  # as decided; None where the section says it
    waterfall: Waterfall | None = None  # how the score adds up; None: not at hand
    ids: tuple[str, str] | None = None  # by which a verdict calls the two; None: none is asked for


class Cell(NamedTuple):
    """One value as printed; `text` is None where it is missing."""

    field: str
    text: str | None
    differs: bool
    link: str | None


class Card(NamedTuple):
    """A group or pair as printed: `rows` of cells, a row a record, a column a field."""

    heading: str
    fields: list[str]
    rows: list[list[Cell]]
    differing: list[str]  # fields with a marked cell
    size: int
    what: str = "record"
    name: str = ""  # what the group is called
    note: str = ""

    @property
    def hidden(self) -> int:
        """Records of the group that are not printed."""
        return self.size - len(self.rows)


def group_cards(groups: Sequence[Group]) -> list[Card]:
    """Cards of the largest groups, among equals of those with most differing cells, then by id."""
    sizes = sorted((len(group.records) for group in groups), reverse=True)
    smallest = sizes[SHOWN - 1] if len(sizes) > SHOWN else 0
    cards = [group_card(group) for group in groups if len(group.records) >= smallest]

    def rank(card: Card) -> tuple[int, int, str]:
        return -card.size, -sum(cell.differs for row in card.rows for cell in row), card.name

    kept, printed = [], 0
    for card in sorted(cards, key=rank)[:SHOWN]:
        printed += len(card.rows)
        if printed > _MOST_RECORDS:
            break
        kept.append(card)
    return kept


def group_card(group: Group) -> Card:
    """The card of one group, its first `SHOWN_RECORDS` records printed."""
    n = len(group.records)
    card = _card(group.records)
    if n > SHOWN_RECORDS:
        card = card._replace(rows=card.rows[:SHOWN_RECORDS])
    return card._replace(name=group.cluster_id, what=group.what, note=group.doubt)


def pair_card(pair: RecordPair) -> Card:
    """The card of two records."""
    return _card([pair.left, pair.right])._replace(note=pair.explanation)


def _card(records: Sequence[ShownRecord]) -> Card:
    fields, rows = _marked(records)
    differing = [field for k, field in enumerate(fields) if any(row[k].differs for row in rows)]
    return Card(_heading(records), fields, rows, differing, len(records))


def _heading(records: Sequence[ShownRecord]) -> str:
    """The names, or else the longest title (abbreviations say less) or id."""
    names = dict.fromkeys(text for record in records if (text := _text(record.get("name"))))
    if names:
        return " / ".join(names)[:_MOST_LETTERS]
    for field in _HEADINGS:
        texts = [text for record in records if (text := _text(record.get(field)))]
        if texts:
            return max(texts, key=len)
    return "Untitled"


def _marked(records: Sequence[ShownRecord]) -> tuple[list[str], list[list[Cell]]]:
    """Fields that any record has, and cells that know whether they differ from the majority."""
    texts = [{field: _text(value) for field, value in record.items()} for record in records]
    named = dict.fromkeys(field for text in texts for field in text)
    fields = [field for field in named if any(text.get(field) for text in texts)]
    usual = {
        field: _majority([_plain(field, text.get(field)) for text in texts]) for field in fields
    }

    def cell(field: str, text: str | None) -> Cell:
        differs = text is not None and _plain(field, text) != usual[field] and field not in _OWN
        return Cell(field, text, differs, _link(field, text))

    return fields, [[cell(field, text.get(field)) for field in fields] for text in texts]


def _text(value: Any) -> str | None:
    """Printable text, cut where it is very long; None where it is missing or blank."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    text = str(value).strip()
    return f"{text[:_MOST_LETTERS]}…" if len(text) > _MOST_LETTERS else text or None


def _plain(field: str, text: str | None) -> str | None:
    """A text without what makes no difference: in prose capitals, accents and punctuation."""
    return fold(text) or text if text and field in _PROSE else text


def _majority(texts: Sequence[str | None]) -> str | None:
    """The text that more than half of the records with this field have, if any."""
    counts = Counter(text for text in texts if text)
    text, count = counts.most_common(1)[0]
    return text if 2 * count > counts.total() else None


def _link(field: str, text: str | None) -> str | None:
    if field.casefold() == "doi" and text and text.startswith("10."):
        return f"https://doi.org/{quote(text)}"
    return None
