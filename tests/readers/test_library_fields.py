"""The fields that RIS and BibTeX have beside the canonical ones, read where people put them."""

import pytest

from linkage import read_records, write_records


def read(tmp_path, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    return read_records(tmp_path / name, set_aside=[]).to_dict("records")


def ris(tmp_path, *lines):
    (record,) = read(tmp_path, "a.ris", "\n".join([*lines, "ER  - ", ""]))
    return record


def bibtex(tmp_path, fields, kind="article"):
    (record,) = read(tmp_path, "a.bib", f"@{kind}{{k, title = {{T}}, {fields}}}")
    return record


@pytest.mark.parametrize(
    ("lines", "venue", "carried"),
    [
        # EBSCO: T2 is a subtitle
        (["TY  - JOUR", "T2  - A subtitle", "JF  - Clock", "JO  - Clock"], "Clock",
         {"ris:T2": "A subtitle", "ris:JO": "Clock"}),
        (["TY  - JOUR", "T2  - Moss Letters", "J2  - Moss Lett."], "Moss Letters",
         {"ris:J2": "Moss Lett."}),
        (["TY  - MGZN", "JF  - Clock", "JA  - Clk"], "Clock", {"ris:JA": "Clk"}),
        (["TY  - CONF", "T2  - Bog 2014", "C3  - Proc. of Bog"], "Proc. of Bog",
         {"ris:T2": "Bog 2014"}),
        (["TY  - CHAP", "T2  - Handbook", "T3  - Bog Studies"], "Handbook", {}),
    ],
)  # fmt: skip
def test_the_venue_in_ris(tmp_path, lines, venue, carried):
    record = ris(tmp_path, *lines, "TI  - T")
    assert record["venue"] == venue
    assert {name: cell for name, cell in record.items() if name.startswith("ris:")} == carried


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["A2  - Fenn, Gay", "ED  - Marsh, Ian"], {"editors": ["Fenn, Gay", "Marsh, Ian"]}),
        (["KW  - peat", "wild moss", "KW  - fen; bog"],
         {"keywords": ["peat", "wild moss", "fen; bog"]}),
        (["N1  - read", "N1  - cited by 10"], {"notes": ["read", "cited by 10"]}),
        (["L1  - a.pdf", "L2  - a.html", "L4  - a.png"], {"files": ["a.pdf", "a.html", "a.png"]}),
        (["UR  - https://a.org", "UR  - https://b.org"],
         {"url": "https://a.org", "urls": ["https://b.org"]}),
        (["AN  - 123", "DB  - MEDLINE"],
         {"accession": {"MEDLINE": "123"}, "ids": {"pmid": "123"}, "database": "MEDLINE"}),
        (["AN  - 123", "DP  - NLM"],
         {"accession": {"": "123"}, "ids": {"pmid": "123"}, "ris:DP": "NLM"}),
        (["AN  - L2001", "DB  - Embase"], {"accession": {"Embase": "L2001"}, "ids": {}}),
        (["AN  - NCT00598001", "DB  - CENTRAL"], {"ids": {"nct": "NCT00598001"}}),
        (["AN  - 1", "AN  - L2", "DB  - MEDLINE", "DB  - Embase"],
         {"accession": {"MEDLINE": "1", "Embase": "L2"}}),
        (["SN  - 0306406152 (hbk)"], {"ids": {"isbn": "9780306406157"}}),
        (["SN  - unknown"], {"ids": {}, "ris:SN": "unknown"}),
        (["PY  - 2005///Winter"], {"date": "2005", "ris:PY": "2005///Winter"}),
        (["PY  - 2018", "DA  - Dec"], {"date": "2018-12"}),
        (["CY  - Fenton", "PB  - Bog Press", "LA  - eng", "ET  - 2nd"],
         {"place": "Fenton", "publisher": "Bog Press", "language": "eng", "edition": "2nd"}),
        (["C1  - a", "M1  - b", "XX  - c", "XX  - d"],
         {"ris:C1": "a", "ris:M1": "b", "ris:XX": ["c", "d"]}),
    ],
)  # fmt: skip
def test_ris_fields(tmp_path, lines, expected):
    record = ris(tmp_path, "TY  - JOUR", "TI  - T", *lines)
    if "editors" in record:
        record["editors"] = [editor["name"] for editor in record["editors"]]
    assert {name: record[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("keywords = {peat; wild, dry moss}", {"keywords": ["peat", "wild, dry moss"]}),
        ("keywords = {peat, 46,XX males,\n bog}", {"keywords": ["peat", "46,XX males", "bog"]}),
        ("keywords = {peat,bog}", {"keywords": ["peat", "bog"]}),
        ("keywords = {{peat, dry}, bog}", {"keywords": ["peat, dry", "bog"]}),
        (r"file = {:a\;b.pdf:PDF;c.html}", {"files": [r":a\;b.pdf:PDF", "c.html"]}),
        ("groups = {Review A, To read}", {"groups": ["Review A", "To read"]}),
        ("note = {Cited by 10; read}", {"notes": ["Cited by 10; read"]}),
        ("editor = {Gay Fenn and Marsh, Ian}", {"editors": ["Gay Fenn", "Marsh, Ian"]}),
        ("address = {Fenton}, series = {Bog {Studies}}",
         {"place": "Fenton", "series": "Bog Studies"}),
        ("isbn = {0-306-40615-2}", {"ids": {"isbn": "9780306406157"}}),
        ("isbn = {none yet}", {"ids": {}, "bibtex:isbn": "none yet"}),
        ("nct = {NCT00598001}, openalex = {W12}",
         {"ids": {"nct": "NCT00598001", "openalex": "W12"}}),
        ("howpublished = {Online}, type = {Report}",
         {"bibtex:howpublished": "Online", "bibtex:type": "Report", "type": "article"}),
        ("journal = {J}, booktitle = {B}", {"venue": "J", "bibtex:booktitle": "B"}),
        ("month = {spring}, year = 2001", {"date": "2001", "bibtex:month": "spring"}),
        ("year = {in press}", {"bibtex:year": "in press"}),
        ("eid = {L7}", {"pages": "L7", "bibtex:eid": "L7"}),
        ("eid = {L7}, pages = {1--9}", {"pages": "1-9", "bibtex:eid": "L7"}),
        ("accession = {MEDLINE: 12; 7}", {"accession": {"MEDLINE": "12", "": "7"}}),
    ],
)  # fmt: skip
def test_bibtex_fields(tmp_path, fields, expected):
    record = bibtex(tmp_path, fields)
    if "editors" in record:
        record["editors"] = [editor["name"] for editor in record["editors"]]
    assert {name: record[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("kind", "fields", "publisher"),
    [
        ("mastersthesis", "school = {Fen College}", "Fen College"),
        ("techreport", "institution = {Bog Office}, publisher = {P}", "Bog Office"),
        ("online", "organization = {Bog Club}", "Bog Club"),
        ("book", "publisher = {Bog Press}", "Bog Press"),
    ],
)
def test_who_publishes_what(tmp_path, kind, fields, publisher):
    record = bibtex(tmp_path, fields, kind)
    assert (record["publisher"], record["native_type"]) == (publisher, kind)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (r"10.5555/978-3-319-20794-0{\_}1-1", "10.5555/978-3-319-20794-0_1-1"),
        (r"10.5555/978-3-319-20794-0{\\_}129-1", "10.5555/978-3-319-20794-0_129-1"),
        (r"10.5555/(SICI)1{\textless}1661::AID{\textgreater}3.0.CO;2-2",
         "10.5555/(sici)1<1661::aid>3.0.co;2-2"),
        (r"10.5555/a\%2Fb\&c", "10.5555/a/b&c"),
        (r"https://doi.org/10.5555/x{\_}y", "10.5555/x_y"),
    ],
)  # fmt: skip
def test_a_doi_without_tex(tmp_path, printed, expected):
    assert bibtex(tmp_path, f"doi = {{{printed}}}")["doi"] == expected


@pytest.mark.parametrize(
    ("fields", "number", "carried"),
    [
        ("eprint = {2001.00001}", "2001.00001", None),
        ("eprint = {hep-th/9901001}", "hep-th/9901001", None),
        ("eprint = {arXiv:2001.00001}", "2001.00001", "arXiv:2001.00001"),
        ("eprint = {arXiv:2001.00001v2 [cs.DL]}", "2001.00001", "arXiv:2001.00001v2 [cs.DL]"),
        ("eprint = {http://arxiv.org/abs/2001.00001}", "2001.00001",
         "http://arxiv.org/abs/2001.00001"),
        ("eprint = {2001.00001v2}, archiveprefix = {arXiv}", "2001.00001", "2001.00001v2"),
        ("eprint = {2001.00001}, eprinttype = {jstor}", None, "2001.00001"),  # no arXiv number
        ("eprint = {https://eprints.org/id/2001.00001}", None, "https://eprints.org/id/2001.00001"),
        ("eprint = {98765}", None, "98765"),
    ],
)  # fmt: skip
def test_an_eprint_is_arxivs_number_or_carried(tmp_path, fields, number, carried):
    record = bibtex(tmp_path, fields)
    assert (record["ids"].get("arxiv"), record.get("bibtex:eprint")) == (number, carried)
    write_records(read_records(tmp_path / "a.bib"), tmp_path / "b.bib")
    assert f"eprint = {{{carried or number}}}" in (tmp_path / "b.bib").read_text("utf-8")
    (again,) = read_records(tmp_path / "b.bib").to_dict("records")
    assert (again["ids"], again.get("bibtex:eprint")) == (record["ids"], carried)
