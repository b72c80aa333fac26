"""Tagged formats: what is repeated, lacks its tag or fits no field is read or told."""

import pytest

from linkage import read_records, write_records
from linkage.errors import Problem


def read(tmp_path, name, content):
    (tmp_path / name).write_text(content, "utf-8")
    problems: list[Problem] = []
    return read_records(tmp_path / name, set_aside=problems), [str(p) for p in problems]


@pytest.mark.parametrize(
    ("full", "names", "told"),
    [
        ("AF Berg, Ada\n   Fenn, Gay\n", ["Berg, Ada", "Fenn, Gay"], 0),
        ("", ["Berg, A", "Fenn, G"], 0),
        ("AF Berg, Ada\n", ["Berg, A", "Fenn, G"], 1),  # the second would be lost
    ],
)
def test_full_names_in_web_of_science_that_lack_authors(tmp_path, full, names, told):
    content = f"FN X\nVR 1.0\nPT J\nAU Berg, A\n   Fenn, G\n{full}TI Growth of moss\nER\n\nEF\n"
    records, problems = read(tmp_path, "x.ciw", content)
    assert [author["name"] for author in records["authors"][0]] == names
    assert [one for one in problems if "1 full names (AF) of 2 authors (AU)" in one] == problems
    assert len(problems) == told


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        ("T2   Moss Letters", "venue", "Moss Letters"),
        ("T2\tMoss Letters", "venue", "Moss Letters"),
        ("DO   10.5555/ab.1", "doi", "10.5555/ab.1"),
        ("AU   Fenn, Gay", "authors", ["Berg, Ada", "Fenn, Gay"]),
        ("Fenn, Gay", "authors", ["Berg, Ada", "Fenn, Gay"]),  # one a line: some write so
        # what else stands on a line of its own may be a name: told
        ("  - Moss Letters", "authors", ["Berg, Ada", "Moss Letters"]),
        ("      Fenton", "authors", ["Berg, Ada", "Fenton"]),
        ("KW  - peat\nXX   Moss", "keywords", ["peat", "XX Moss"]),
        ("TI  - Growth of\n  - moss", "title", "Growth of - moss"),
        ("TI  - Growth of\nmoss", "title", "Growth of moss"),
        ("TI  - Growth of moss\nAU   Fenn, Gay", "authors", ["Berg, Ada", "Fenn, Gay"]),
        ("AB  - Vitamin\nAB   and DO   too", "abstract", "Vitamin AB and DO too"),
    ],
)
def test_a_line_of_ris_without_its_tag(tmp_path, lines, field, value):
    title = "" if "TI  -" in lines else "TI  - Growth\n"
    content = f"TY  - JOUR\n{title}AU  - Berg, Ada\n{lines}\nER  - \n"
    records, told = read(tmp_path, "x.ris", content)
    found = records[field][0]
    assert ([author["name"] for author in found] if field == "authors" else found) == value
    goes_on = (
        "Fenn",
        "KW",
        "AB",
        "TI  - Growth of\nmoss",
    )  # words and long texts take several lines
    assert len(told) == (0 if lines.startswith(goes_on) else 1)


@pytest.mark.parametrize(
    ("number", "doi"),
    [
        ("AID - 10.5555/a.1 [doi]", "10.5555/a.1"),
        ("AID - http://dx.doi.org/10.5555/123.45", "10.5555/123.45"),  # ERIC
        ("AID - https://doi.org/10.5555/123.45", "10.5555/123.45"),
        ("LID - 10.5555/a.1", "10.5555/a.1"),
        ("AID - 10.5555/a.1 [pii]", None),
        ("AID - http://example.org/a", None),
        ("AID - 10.5555/b [pii]\nAID - 10.5555/a.1 [doi]", "10.5555/a.1"),
    ],
)
def test_a_doi_in_nbib(tmp_path, number, doi):
    records, _ = read(tmp_path, "x.nbib", f"OID - EJ1\nOWN - ERIC\nTI  - Moss\n{number}\n")
    assert records["doi"].tolist() == [doi]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (
            "AU  - Berg A\nFAU - Berg, Ada\nAU  - Fenn G\nFAU - Fenn, Gay",
            ["Berg, Ada", "Fenn, Gay"],
        ),
        (
            "AU  - Berg A\nAU  - Fenn G\nFAU - Berg, Ada\nFAU - Fenn, Gay",
            ["Berg, Ada", "Fenn, Gay"],
        ),
        (
            "FAU - Berg, Ada\nAU  - Berg A\nFAU - Fenn, Gay\nAU  - Fenn G",
            ["Berg, Ada", "Fenn, Gay"],
        ),
        ("FAU -\nAU  - Berg A", ["Berg A"]),
        # two of a family, one of whom has no full name
        ("AU  - Berg C\nFAU - Berg, Ada\nAU  - Berg A", ["Berg C", "Berg, Ada"]),
        ("AU  - Berg A\nFAU - Berg, Ada\nAU  - Berg C", ["Berg, Ada", "Berg C"]),
        (
            "AU  - Berg A\nAU  - Berg A\nFAU - Berg, Ada\nFAU - Berg, Amy",
            ["Berg, Ada", "Berg, Amy"],
        ),
    ],
)
def test_short_and_full_names_of_nbib_in_either_order(tmp_path, lines, names):
    records, _ = read(tmp_path, "x.nbib", f"PMID- 1\nTI  - Moss\n{lines}\n")
    assert [author["name"] for author in records["authors"][0]] == names


@pytest.mark.parametrize(
    "authors",
    ["Berg, A. and Fenn, G. and", "and Berg, A. and Fenn, G.", "Berg, A. and and Fenn, G. and\n"],
)
def test_an_and_of_bibtex_that_joins_nothing(tmp_path, authors):
    records, _ = read(tmp_path, "x.bib", f"@misc{{a, title={{Moss}}, author={{{authors}}}}}")
    assert [author["name"] for author in records["authors"][0]] == ["Berg, A.", "Fenn, G."]


@pytest.mark.parametrize(
    ("lines", "carried", "told"),
    [
        ("DO  - 10.5555/a; 10.5555/b", "10.5555/b", 1),
        ("DO  - 10.5555/a 10.5555/b", "10.5555/b", 1),
        ("DO  - 10.5555/a;10.5555/b, doi:10.5555/c", ["10.5555/b", "doi:10.5555/c"], 1),
        ("DO  - https://doi.org/10.5555/a | https://doi.org/10.5555/b",
         "https://doi.org/10.5555/b", 1),
        ("DO  - 10.5555/a\nDO  - 10.5555/b", "10.5555/b", 1),
        ("DO  - 10.5555/a\nDO  - https://doi.org/10.5555/A", "https://doi.org/10.5555/A", 0),
        ("DO  - doi: 10.5555/a", None, 0),
    ],
)  # fmt: skip
def test_several_dois_of_a_record_of_ris(tmp_path, lines, carried, told):
    records, problems = read(tmp_path, "x.ris", f"TY  - JOUR\nTI  - Moss\n{lines}\nER  - \n")
    (record,) = records.to_dict("records")
    assert (record["doi"], record.get("ris:DO")) == ("10.5555/a", carried)
    assert len([one for one in problems if "DOIs, expected one" in one]) == told == len(problems)
    write_records(records, tmp_path / "y.ris")
    (again,) = read_records(tmp_path / "y.ris", set_aside=[]).to_dict("records")
    assert (again["doi"], again.get("ris:DO")) == ("10.5555/a", carried)


@pytest.mark.parametrize(
    "doi", ["10.5555/a;2-b", "10.5555/(sici)1<1::aid>3.0.co;2-2", "10.5555/a,10"]
)
def test_a_doi_of_ris_with_a_mark_that_parts_none(tmp_path, doi):
    records, problems = read(tmp_path, "x.ris", f"TY  - JOUR\nTI  - Moss\nDO  - {doi}\nER  - \n")
    assert (records["doi"].tolist(), problems) == ([doi], [])


@pytest.mark.parametrize(
    ("lines", "date", "carried"),
    [
        ("PY  - 2001/2002", "2001", {"PY": "2001/2002"}),
        ("PY  - c2001", "2001", {"PY": "c2001"}),
        ("PY  - 2001///", "2001", {}),
        ("PY  - 2001/05/03/", "2001-05-03", {}),
        ("PY  - 2001\nDA  - 2001/05/03/Spring", "2001-05-03", {"DA": "2001/05/03/Spring"}),
        ("PY  - 2001\nDA  - May 3, 2001", "2001-05-03", {}),
        ("PY  - 2001\nDA  - May 3-5, 2001", "2001-05", {"DA": "May 3-5, 2001"}),
        ("PY  - 2001\nDA  - May-Jun", "2001", {"DA": "May-Jun"}),
        ("PY  - 2001\nDA  - 2001/05/00/", "2001-05", {}),
        ("PY  - 2001\nDA  - May", "2001-05", {}),
    ],
)
def test_what_a_date_of_ris_can_not_hold_is_carried(tmp_path, lines, date, carried):
    content = f"TY  - JOUR\nTI  - Moss\n{lines}\nER  - \n"
    check_carried_date(
        tmp_path, "x.ris", content, date, {f"ris:{k}": v for k, v in carried.items()}
    )


@pytest.mark.parametrize(
    ("field", "date", "carried"),
    [
        ("year = {2001/2002}", "2001", {"year": "2001/2002"}),
        ("year = {2001a}", "2001", {"year": "2001a"}),
        ("year = {c. 2001}", "2001", {"year": "c. 2001"}),
        ("year = {2001}", "2001", {}),
        ("year = 2001, month = may", "2001-05", {}),
        ("year = {2001a}, month = may", "2001-05", {"year": "2001a"}),
        ("date = {2001/2002}", "2001", {"date": "2001/2002"}),
        ("date = {2001-05-03}", "2001-05-03", {}),
        ("year = {in press}", None, {"year": "in press"}),
    ],
)
def test_what_a_date_of_bibtex_can_not_hold_is_carried(tmp_path, field, date, carried):
    content = f"@article{{a, title = {{Moss}}, {field}}}"
    carried = {f"bibtex:{name}": value for name, value in carried.items()}
    check_carried_date(tmp_path, "x.bib", content, date, carried)


def check_carried_date(tmp_path, name, content, date, carried):
    """It is read so, and again when it was written."""
    records, _ = read(tmp_path, name, content)
    write_records(records, tmp_path / f"again_{name}")
    for table in (records, read_records(tmp_path / f"again_{name}", set_aside=[])):
        (record,) = table.to_dict("records")
        assert record["date"] == date
        assert {key: cell for key, cell in record.items() if ":" in key} == carried


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("online", "url = {https://example.org/otters}", "misc"),
        ("electronic", "url = {https://example.org/otters}", "misc"),
        ("www", "url = {https://example.org/otters}", "misc"),
        ("online", "eprint = {2001.00001}, eprinttype = {arxiv}", "preprint"),  # as biblatex has it
        ("online", "url = {https://arxiv.org/abs/2001.00001}", "preprint"),
        ("online", "doi = {10.48550/arXiv.2001.00001}", "preprint"),
    ],
)
def test_a_web_page_of_bibtex_is_no_preprint(tmp_path, kind, fields, expected):
    records, _ = read(tmp_path, "x.bib", f"@{kind}{{a, title = {{Moss}}, {fields}}}")
    write_records(records, tmp_path / "y.bib")
    write_records(records, tmp_path / "y.nbib")
    assert records["type"].tolist() == [expected]
    assert read_records(tmp_path / "y.bib")["type"].tolist() == [expected]
    text = (tmp_path / "y.nbib").read_text("utf-8")
    assert ("Preprint" in text) == (expected == "preprint")


@pytest.mark.parametrize(
    ("name", "head", "tail", "lines", "told"),
    [
        ("x.enw", "%0 Journal Article\n%T Moss", "", ["%J Moss", "%J Fern"], 1),
        ("x.enw", "%0 Journal Article\n%T Moss", "", ["%R 10.5555/a", "%R 10.5555/b"], 1),
        ("x.enw", "%0 Journal Article\n%T Moss", "", ["%V 1", "%V 2", "%P 1", "%P 2"], 2),
        ("x.enw", "%0 Journal Article\n%T Moss", "", ["%K a", "%K b", "%A C, D", "%A E, F"], 0),
        ("x.ciw", "FN X\nVR 1.0\nPT J\nTI Moss", "ER\n\nEF", ["SO Moss", "SO Fern"], 1),
        ("x.ciw", "FN X\nVR 1.0\nPT J\nTI Moss", "ER\n\nEF", ["DI 10.5555/a", "DI 10.5555/b"], 1),
        ("x.ciw", "FN X\nVR 1.0\nPT J\nTI Moss", "ER\n\nEF", ["SO Moss", "   Letters"], 0),
        ("x.nbib", "PMID- 1\nTI  - Moss", "", ["JT  - Moss", "JT  - Fern"], 1),
        (
            "x.nbib",
            "PMID- 1\nTI  - Moss",
            "",
            ["DP  - 2001", "DP  - 2002", "PG  - 1", "PG  - 2"],
            2,
        ),
        ("x.nbib", "PMID- 1\nTI  - Moss", "", ["OT  - a", "OT  - b", "LA  - eng", "LA  - ger"], 0),
    ],
)
def test_each_field_of_one_value_that_is_there_twice_is_told(
    tmp_path, name, head, tail, lines, told
):
    content = "\n".join([head, *lines, tail, ""])
    _, problems = read(tmp_path, name, content)
    twice = [one for one in problems if "twice in one record" in one or "2 times" in one]
    assert (len(twice), len(problems)) == (told, told)


_RECORDS = {
    "bib": ("BibTeX", "@article{a,\n title={Otters},\n author={Doe, Jane},\n year={2001}\n}\n"),
    "ris": ("RIS", "TY  - JOUR\nTI  - Ferns\nAU  - Doe, Jane\nER  - \n"),
    "nbib": ("nbib", "PMID- 12\nTI  - Sedges\nFAU - Doe, Jane\n\n"),
    "enw": ("refer", "%0 Journal Article\n%T Peat\n%A Doe, Jane\n\n"),
}
_MIXED = [(own, other) for own in _RECORDS for other in _RECORDS if other != own]


@pytest.mark.parametrize(("own", "other"), [p for p in _MIXED if p != ("nbib", "ris")])
@pytest.mark.parametrize("inside", [False, True])
def test_a_record_of_another_format_is_left_out_and_told(tmp_path, own, other, inside):
    (name, record), (foreign, text) = _RECORDS[own], _RECORDS[other]
    lines = record.splitlines(keepends=True)
    at = 2 if inside and own != "bib" and other != "nbib" else len(lines)
    content = "".join([*lines[:at], text, *lines[at:]])
    records, told = read(tmp_path, f"x.{own}", content)
    alone, _ = read(tmp_path, f"x.{own}", record)
    assert records.to_dict() == alone.to_dict()
    (problem,) = told
    last = at + len(text.strip().splitlines())
    assert f"lines {at + 1}-{last}: found a record of {foreign} (" in problem
    assert problem.endswith(f"expected {name} alone; record set aside")


def test_a_number_of_pubmed_alone_does_not_begin_a_record(tmp_path):
    content = "TY  - JOUR\nTI  - Moss\nN1  - See\nPMID- 12345\nKW  - peat\nER  - \n"
    records, _ = read(tmp_path, "x.ris", content)
    assert records["notes"][0] == ["See PMID- 12345"]
    assert records["keywords"][0] == ["peat"]


def test_what_only_looks_like_another_format_stays(tmp_path):
    text = "AB  - The macro\n@media {x}\n@article is a type of entry\nPMID- is a tag, %T too"
    records, _ = read(tmp_path, "x.ris", f"TY  - JOUR\nTI  - Moss\n{text}\nER  - \n")
    assert records["abstract"][0] == " ".join(text[6:].split())


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("Berlin, Germany", "line 4: found 'Berlin, Germany', expected a tag before it"),
        ("Jordan, Chad", "line 4: found 'Jordan, Chad', expected a tag before it"),
        ("Fenn, Gay", ""),
        ("AU  - Moss Univ, Berlin, Germany", "line 4: found 'Moss Univ, Berlin, Germany' as AU"),
        ("AU  - Berlin, U.S.A.", "line 4: found 'Berlin, U.S.A.' as AU, expected a person"),
        ("AU  - Jordan, Chad", ""),  # people are called so
        ("AD  - Berlin, Germany", ""),
    ],
)
def test_an_address_among_the_authors_of_ris_is_doubtful(tmp_path, lines, told):
    content = f"TY  - JOUR\nTI  - Growth\nAU  - Berg, Ada\n{lines}\nER  - \n"
    records, problems = read(tmp_path, "x.ris", content)
    assert [told in problem for problem in problems] == [True] * bool(told)
    authors = [author["name"] for author in records["authors"][0]]
    assert authors == ["Berg, Ada", *([lines.removeprefix("AU  - ")] if "AD" not in lines else [])]


def test_the_first_author_of_ris_may_have_a_tag_of_its_own(tmp_path):
    content = "TY  - JOUR\nTI  - Moss\nA1  - Bell, Jan\nAU  - Abel, Ann\nAU  - Carr, Cid\nER  - \n"
    records, _ = read(tmp_path, "x.ris", content)
    names = [author["name"] for author in records["authors"][0]]
    assert names == ["Bell, Jan", "Abel, Ann", "Carr, Cid"]
