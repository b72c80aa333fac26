"""The types of entries, as each format names them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from linkage.records.format_fields import genre
from linkage.records.record_types import record_type


class EntryType(NamedTuple):
    """One of `schema.TYPES`, and what BibTeX, RIS, CSL and EndNote call a kind of it."""

    type: str
    bibtex: str
    ris: str
    csl: str
    endnote: str
    number: int = 0  # EndNote's


_PAPER = "paper-conference"
# The first of a type is written where a source said nothing more exact.
_TYPES = (
    EntryType("article", "article", "JOUR", "article-journal", "Journal Article", 17),
    EntryType("article", "article", "MGZN", "article-magazine", "Magazine Article", 19),
    EntryType("article", "article", "NEWS", "article-newspaper", "Newspaper Article", 23),
    EntryType("article", "article", "EJOUR", "article-journal", "Electronic Article", 43),
    EntryType("article", "article", "JOUR", "review", "Journal Article", 17),
    EntryType("article", "online", "BLOG", "post-weblog", "Blog", 56),
    EntryType("inproceedings", "inproceedings", "CPAPER", _PAPER, "Conference Paper", 47),
    EntryType("inproceedings", "inproceedings", "CONF", _PAPER, "Conference Proceedings", 10),
    EntryType("inproceedings", "conference", "CPAPER", _PAPER, "Conference Paper", 47),
    EntryType("abstract", "inproceedings", "ABST", _PAPER, "Conference Paper", 47),
    EntryType("preprint", "unpublished", "UNPB", "manuscript", "Unpublished Work", 34),
    EntryType("preprint", "unpublished", "UNPB", "article", "Unpublished Work", 34),
    EntryType("preprint", "unpublished", "INPR", "manuscript", "Unpublished Work", 34),
    EntryType("preprint", "online", "ELEC", "webpage", "Web Page", 12),
    EntryType("book", "book", "BOOK", "book", "Book", 6),
    EntryType("book", "book", "EBOOK", "book", "Electronic Book", 44),
    EntryType("book", "collection", "EDBOOK", "book", "Edited Book", 28),
    EntryType("book", "mvbook", "BOOK", "book", "Book", 6),
    EntryType("book", "booklet", "PAMP", "pamphlet", "Pamphlet", 24),
    EntryType("book", "manual", "BOOK", "book", "Book", 6),
    EntryType("incollection", "incollection", "CHAP", "chapter", "Book Section", 5),
    EntryType("incollection", "inbook", "CHAP", "chapter", "Book Section", 5),
    EntryType("incollection", "incollection", "ECHAP", "chapter", "Electronic Book Section", 60),
    EntryType("incollection", "inreference", "ENCYC", "entry-encyclopedia", "Encyclopedia", 53),
    EntryType("incollection", "inreference", "DICT", "entry-dictionary", "Dictionary", 52),
    EntryType("proceedings", "proceedings", "CONF", "book", "Conference Proceedings", 10),
    EntryType("techreport", "techreport", "RPRT", "report", "Report", 27),
    EntryType("techreport", "report", "RPRT", "report", "Report", 27),
    EntryType("techreport", "standard", "STAND", "standard", "Standard", 58),
    EntryType("techreport", "techreport", "GOVDOC", "report", "Government Document", 46),
    EntryType("thesis", "phdthesis", "THES", "thesis", "Thesis", 32),
    EntryType("thesis", "mastersthesis", "THES", "thesis", "Thesis", 32),
    EntryType("thesis", "thesis", "THES", "thesis", "Thesis", 32),
    EntryType("dataset", "dataset", "DATA", "dataset", "Dataset", 59),
    EntryType("software", "software", "COMP", "software", "Computer Program", 9),
    EntryType("misc", "misc", "GEN", "document", "Generic", 13),
    EntryType("misc", "online", "ELEC", "webpage", "Web Page", 12),
    EntryType("misc", "online", "ELEC", "post", "Web Page", 12),
    EntryType("misc", "patent", "PAT", "patent", "Patent", 25),
    EntryType("misc", "video", "VIDEO", "motion_picture", "Film or Broadcast", 21),
    EntryType("misc", "audio", "SOUND", "song", "Audiovisual Material", 3),
    EntryType("misc", "artwork", "ART", "graphic", "Artwork", 2),
    EntryType("misc", "image", "FIGURE", "figure", "Figure", 37),
    EntryType("misc", "misc", "MAP", "map", "Map", 20),
    EntryType("misc", "misc", "SLIDE", "speech", "Generic", 13),
    EntryType("misc", "letter", "PCOMM", "personal_communication", "Personal Communication", 26),
    EntryType("misc", "legislation", "STAT", "legislation", "Statute", 31),
    EntryType("misc", "legislation", "BILL", "bill", "Bill", 4),
    EntryType("misc", "jurisdiction", "CASE", "legal_case", "Case", 7),
)  # fmt: skip
_CSL = "broadcast|classic|collection|entry|event|hearing|interview|musical_score|performance"
_CSL += "|periodical|regulation|treaty|review-book"
_FORM = {"bibtex": r"[a-z]{3,}", "ris": r"[A-Z]{3,7}", "csl": _CSL}
_MASTERS = re.compile(r"master|diplom|\bM\.? ?(?:Sc|A|Phil)\b", re.IGNORECASE)


def entry_type(row: Mapping[str, Any], form: str) -> str:
    """The type to write a record under in `bibtex`, `ris`, `csl` or `endnote`.

    It is the source's own (`native_type`) where the format has it and it is of the record's type,
    else the format's name of the same kind of thing, else that of the record's type.
    """
    kind, native = row["type"] or "misc", row.get("native_type") or ""
    of_kind = [known for known in _TYPES if known.type == kind]
    if any(getattr(known, form) == native for known in of_kind):
        return native
    if record_type(native) == kind and _is_written_so(native, form):
        return native
    if kind == "thesis" and form == "bibtex" and _MASTERS.search(genre(row) or ""):
        return "mastersthesis"
    same = [known for known in of_kind if native in known] or of_kind
    return str(getattr(same[0], form))


def _is_written_so(native: str, form: str) -> bool:
    """Whether a type is the format's: in the table, or of a form that no other format has."""
    if any(getattr(known, form) == native for known in _TYPES):
        return True
    new = not any(native in known for known in _TYPES)
    return new and re.fullmatch(_FORM.get(form, "-"), native) is not None


def endnote_number(name: str) -> int:
    """EndNote's number of one of its types of reference; 13 (Generic) for another."""
    return next((known.number for known in _TYPES if known.endnote == name), 13)


def endnote_name(number: str | None) -> str | None:
    """EndNote's name of the type of reference that it gives this number; None for another."""
    found = (known.endnote for known in _TYPES if str(known.number) == number)
    return next(found, None)


def thesis_genre(row: Mapping[str, Any]) -> str | None:
    """What a format with one type for all theses must say beside it; None for other records."""
    said = genre(row)
    if said is None and row.get("native_type") == "mastersthesis" and row["type"] == "thesis":
        return "Master's thesis"
    return said
