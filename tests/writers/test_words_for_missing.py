"""Fields whose text is `NA`, `None`, `null` or `n/a`, which tables have where nothing is known.

A file of a format has no field where nothing is known: what stands there is carried through, and
persons may be called so.
"""

from __future__ import annotations

import json

import pandas as pd
import pytest

from linkage import merge_records, read_records, write_records
from linkage.records.schema import conform

RIS = "TI AU T2 VL IS SP EP AB PB CY LA DO KW N1 UR ET T3 DB AN PY ID A2 M3 SN".split()
BIBTEX = (
    "title author journal volume number pages abstract publisher address language doi keywords "
    "note url edition series year editor howpublished issn".split()
)
NBIB = "TI FAU JT VI IP PG AB PB PL LA LID OT GN EN CTI OWN DP FED STAT IS SI AD".split()
CSL = (
    "title container-title volume issue page abstract publisher publisher-place language DOI "
    "keyword note URL edition collection-title source genre ISSN".split()
)
ENDNOTE = (
    "volume number pages abstract publisher pub-location language electronic-resource-num edition "
    "remote-database-name custom1 accession-num notes isbn".split()
)
BASE = {"TI": "Otters of the north", "AU": "Abel, Ann", "PY": "2001"}


def ris(field: str, said: str) -> str:
    fields = BASE | {field: said}
    return "TY  - JOUR\n" + "".join(f"{n}  - {t}\n" for n, t in fields.items()) + "ER  - \n"


def bibtex(field: str, said: str) -> str:
    fields = {"title": "Otters", "author": "Abel, Ann", "year": "2001"} | {field: said}
    return (
        f"@article{{{field},\n" + "".join(f" {n} = {{{t}}},\n" for n, t in fields.items()) + "}\n"
    )


def nbib(field: str, said: str) -> str:
    fields = {"PMID": "123", "TI": "Otters", "FAU": "Abel, Ann", "DP": "2001"} | {field: said}
    return "".join(f"{n:4}- {t}\n" for n, t in fields.items()) + "\n"


def csl(field: str, said: str) -> str:
    dated = {"date-parts": [[2001]]}
    work = {"id": field, "type": "article-journal", "title": "Otters", "issued": dated, field: said}
    return json.dumps(work)


def endnote(field: str, said: str) -> str:
    return (
        '<record><ref-type name="Journal Article">17</ref-type><titles><title>Otters'
        f"</title></titles><{field}>{said}</{field}></record>"
    )


FORMATS = {
    "ris": (ris, RIS, "{}  - {}\n", "{}"),
    "bib": (bibtex, BIBTEX, "{} = {{{}}}", "{}"),
    "nbib": (nbib, NBIB, "{:4}- {}\n", "{}"),
    "json": (csl, CSL, '"{}": "{}"', "[{}]"),
    "xml": (endnote, ENDNOTE, "<{0}>{1}</{0}>", "<xml><records>{}</records></xml>"),
}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("said", ["NA", "None", "null", "n/a"])
def test_every_field_comes_out_as_it_went_in(tmp_path, suffix, said):
    entry, fields, shape, whole = FORMATS[suffix]
    path = tmp_path / f"a.{suffix}"
    records = (", " if suffix == "json" else "").join(entry(field, said) for field in fields)
    path.write_text(whole.format(records))
    for _ in range(2):
        write_records(read_records(path, set_aside=[]), path)
        written = path.read_text().replace("{{", "{").replace("}}", "}")
        assert [f for f in fields if written.count(shape.format(f, said)) != 1] == []


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("a.ris", ris("AU", "Null, Ann")),
        ("a.bib", bibtex("author", "Null, Ann")),
        ("a.nbib", nbib("FAU", "Null, Ann")),
        ("a.csv", 'title,authors\nOtters,"Null, Ann"\n'),
        ("a.json", '[{"title": "Otters", "authors": [{"family": "Null", "given": "Ann"}]}]'),
    ],
)
def test_a_family_may_be_called_so(tmp_path, name, entry):
    (tmp_path / name).write_text(entry)
    (author,) = read_records(tmp_path / name, set_aside=[])["authors"][0]
    assert (author["family"], author["given"]) == ("Null", "Ann")


@pytest.mark.parametrize("suffix", ["ris", "bib", "nbib", "json"])
def test_a_title_that_says_nothing_is_told(tmp_path, suffix):
    entry, fields, _, whole = FORMATS[suffix]
    (tmp_path / f"a.{suffix}").write_text(whole.format(entry(fields[0], "None")))
    problems = []
    records = read_records(tmp_path / f"a.{suffix}", set_aside=problems)
    assert records["title"][0] is None
    assert "no title but 'None'" in str(problems)


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("a.ris", ris("AU", "No authors listed\nAU  - Bell, Jan")),
        ("a.ris", ris("AU", "No authors listed; Bell, Jan")),
        ("a.bib", bibtex("author", "{No authors listed} and Bell, Jan")),
        ("a.nbib", nbib("FAU", "No authors listed\nFAU - Bell, Jan")),
        ("a.csv", 'title,authors\nOtters,"No authors listed; Bell, Jan"\n'),
        ("a.jsonl", '{"title": "Otters", "authors": ["No authors listed", "Bell, Jan"]}'),
        ("a.jsonl", '{"title": "Otters", "authors": [{"name": "No authors listed; Bell, Jan"}]}'),
    ],
)
def test_nobody_beside_an_author_is_carried(tmp_path, name, entry):
    (tmp_path / name).write_text(entry)
    for _ in range(2):
        records = read_records(tmp_path / name, set_aside=[])
        assert [author["name"] for author in records["authors"][0]] == ["Bell, Jan"]
        assert records["no_authors"].tolist() == ["No authors listed"]
        write_records(records, tmp_path / name)


def test_nobody_stays_with_the_authors_beside_whom_it_stood():
    said = {"title": "Otters", "authors": [{"name": "Anonymous"}]}
    known = {"title": "Otters", "authors": [{"name": "Bell, Jan"}]}
    records = conform([said | {"record_id": "a"}, known | {"record_id": "b"}])
    merged = merge_records(records, pd.Series([0, 0], index=["a", "b"]))
    assert [author["name"] for author in merged["authors"][0]] == ["Bell, Jan"]
    assert merged["no_authors"][0] is None
