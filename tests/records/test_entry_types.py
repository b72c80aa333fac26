"""What a record's type is called in each format."""

import pytest

from linkage.records.entry_types import _TYPES, endnote_number, entry_type, thesis_genre
from linkage.records.record_types import record_type


def row(kind, native=None, **fields):
    return {"type": kind, "native_type": native, **fields}


@pytest.mark.parametrize(
    ("record", "names"),
    [
        (row("article"), "article JOUR article-journal"),
        (row("thesis", "mastersthesis"), "mastersthesis THES thesis"),
        (row("thesis", "phdthesis"), "phdthesis THES thesis"),
        (row("thesis", "THES", **{"ris:M3": "Master's thesis"}), "mastersthesis THES thesis"),
        (row("thesis", "THES", **{"ris:M3": "Diplomarbeit"}), "mastersthesis THES thesis"),
        (row("thesis", "thesis"), "thesis THES thesis"),
        (row("preprint", "online"), "online ELEC webpage"),
        (row("misc", "ELEC"), "online ELEC webpage"),
        (row("misc", "Web Page"), "online ELEC webpage"),
        (row("misc", "patent"), "patent PAT patent"),
        (row("misc", "PAT"), "patent PAT patent"),
        (row("incollection", "inbook"), "inbook CHAP chapter"),
        (row("inproceedings", "CONF"), "inproceedings CONF paper-conference"),
        (row("book", "PAMP"), "booklet PAMP pamphlet"),
        (row("misc", "unheardof"), "unheardof GEN document"),
        (row("misc", "XYZW"), "misc XYZW document"),
        (row("article", "article-magazine"), "article MGZN article-magazine"),
        (row("book", "mastersthesis"), "book BOOK book"),  # its type was changed by the user
        (row(None), "misc GEN document"),
    ],
)
def test_the_type_in_each_format(record, names):
    found = [entry_type(record, form) for form in ("bibtex", "ris", "csl")]
    assert found == names.split()


def test_endnote_has_names_and_numbers():
    name = entry_type(row("misc", "PAT"), "endnote")
    assert (name, endnote_number(name)) == ("Patent", 25)
    assert endnote_number("Unheard of") == 13


def test_one_type_for_all_theses_needs_a_word_more():
    assert thesis_genre(row("thesis", "mastersthesis")) == "Master's thesis"
    assert thesis_genre(row("thesis", "phdthesis", **{"bibtex:type": "Habilitation"})) == (
        "Habilitation"
    )
    assert thesis_genre(row("article", "article")) is None


@pytest.mark.parametrize("form", ["endnote", "ris"])
def test_what_is_written_for_a_type_is_read_as_one_that_is_written_so(form):
    for known in _TYPES:
        name = getattr(known, form)
        kinds = {other.type for other in _TYPES if getattr(other, form) == name}
        assert record_type(name) in kinds, name
