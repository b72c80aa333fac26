"""Inputs of the kinds that once were lost in silence or broke the reader: read, or told."""

from pathlib import Path

import pandas as pd
import pytest

from linkage import InputError, read_records, write_records
from linkage.errors import Problem
from tests.helpers.hang import no_hang

ONE, TWO = "title={Moss}, year=2001", "title={Kelp}, year=2002"
RIS = "TY  - JOUR\nTI  - Moss\nPY  - 2001\nER  - \n"
WOS = "FN x\nVR 1.0\nPT J\nTI Moss\nPY 2001\nER\n\n"

# what: (file, content, titles that are read, what is told)
HOSTILE = {
    "entries on one line": ("a.bib", f"@misc{{a, {ONE}}} @misc{{b, {TWO}}}", "Moss Kelp", []),
    "entries that touch": ("a.bib", f"@misc{{a,{ONE}}}@misc{{b,{TWO}}}\n", "Moss Kelp", []),
    "entries in brackets": ("a.bib", f"@misc(a, {ONE}) @misc(b, {TWO})", "Moss Kelp", []),
    "BibTeX of a Mac": ("a.bib", f"@misc{{a,\r {ONE}\r}}\r@misc{{b, {TWO}}}\r", "Moss Kelp", []),
    "RIS of a Mac": ("a.ris", RIS.replace("\n", "\r"), "Moss", []),
    "table of a Mac": ("a.csv", "title,year\rMoss,2001\rKelp,2002\r", "Moss Kelp", []),
    "JSON Lines of a Mac": ("a.jsonl", '{"title":"Moss"}\r{"title":"Kelp"}\r', "Moss Kelp", []),
    "no comma": (
        *("a.bib", "@misc{a, title={Moss}\n year=2001, volume={3}}\n", "Moss"),
        ["line 2, column 2: found no comma before the field year"],
    ),
    "no comma after quotes": (
        *("a.bib", '@misc{a, title="Moss" year={2001}}', "Moss"),
        ["no comma before the field year"],
    ),
    "no comma after a number": (
        *("a.bib", "@misc{a, year=2001\n title={Moss}, volume={3}}\n", "Moss"),
        ["line 2, column 2: found no comma before the field title"],
    ),
    "no comma after the key": (
        *("a.bib", f"@misc{{b\n {TWO}}}\n@misc{{a, {ONE}}}\n", "Moss"),
        ["line 1", "a key and a comma"],
    ),
    "brace not closed": (
        *("a.bib", f"@misc{{x, title={{Open, year=1}}\n@misc{{a, {ONE}}}", "Moss"),
        ["line 2, column 1: found '@misc{a, title={Moss"],
    ),
    "entry not closed": (
        *("a.bib", f"@misc{{x, title={{Open}}\n\n@misc{{a, {ONE}}}", "Moss"),
        ["line 3, column 1: found '@misc"],
    ),
    "quotes not closed": (
        *("a.bib", f'@misc{{x, title="Open}}\n@misc{{a, {ONE}}}', "Moss"),
        ['no closing "', "set aside"],
    ),
    "brace too many": (
        *("a.bib", f"@misc{{x, title={{Fern}}}}, year=2000}}\n@misc{{a, {ONE}}}", "Fern Moss"),
        ["', year=2000}'"],
    ),
    "entry without @": (
        *("a.bib", f"@misc{{a, {ONE}}}\nmisc{{b, {TWO}}}\n", "Moss"),
        ["line 2", "misc{b"],
    ),
    "entry without @ below a text": (
        *("a.bib", f"@misc{{a, {ONE}}}\n% x = 1\nOn kelp.\nmisc{{b,\n {TWO}}}\n", "Moss"),
        ["line 4, column 1: found 'misc{b,'", "set aside"],
    ),
    "text and a comment": (
        *("a.bib", f"On moss.\n% x = 1\n@misc{{a, {ONE}}}\n", "Moss"),
        ["line 1, column 1: found 'On moss.'", "kept"],
    ),
    "entry in a value": (
        *("a.bib", f"@misc{{a, {ONE}, note={{x\n@misc{{b, {TWO}}}\n}}}}", "Moss"),
        ["1 beginnings of entries inside"],
    ),
    "superscript month": ("a.bib", f"@misc{{a, {ONE}, month={{²}}}}", "Moss", []),
    "circled month": ("a.bib", f"@misc{{a, {ONE}, month={{①}}}}", "Moss", []),
    "month of many digits": ("a.bib", f"@misc{{a, {ONE}, month={{{'9' * 5000}}}}}", "Moss", []),
    "one blank in RIS": ("a.ris", RIS.replace("  -", " -") + RIS, "Moss Moss", []),
    "no blank in RIS": ("a.ris", RIS + RIS.replace("  -", "-"), "Moss Moss", []),
    "indented RIS": ("a.ris", RIS + RIS.replace("TY", "  TY"), "Moss Moss", []),
    "RIS without TY": ("a.ris", RIS + RIS[11:], "Moss", ["line 5", "a TY line"]),
    "two records in one": (
        *("a.ris", RIS.replace("ER  - \n", "") + RIS[11:], "Moss"),
        ["TI 2 times"],
    ),
    "RIS line joined": ("a.ris", RIS.replace("\nPY", "PY"), None, ["as TI"]),
    "RIS tag damaged": ("a.ris", RIS.replace("\nPY", "\n(PY"), None, ["as TI"]),
    "PT indented": ("a.ciw", WOS + " PT J\nTI Kelp\nER\n", "Moss Kelp", []),
    "PT without a blank": ("a.ciw", WOS + "PTJ\nTI Kelp\nER\n", "Moss Kelp", []),
    "PT with a tab": ("a.ciw", WOS + "PT\tJ\nTI Kelp\nER\n", "Moss Kelp", []),
    "PT lost": ("a.ciw", WOS + "AU Doe, J\nTI Kelp\nER\n", "Moss", ["line 8", "a PT line"]),
    "ER lost": ("a.ciw", WOS.replace("ER\n", "") + "PT J\nTI Kelp\nER\n", "Moss Kelp", ["no ER"]),
    "goes on after PT": ("a.ciw", WOS.replace("TI", "   Doe, J\nTI"), "Moss", ["line 4"]),
    "goes on after FN": ("a.ciw", WOS.replace("VR", "   by x\nVR"), "Moss", ["line 2", "by x"]),
    "goes on after ER": ("a.ciw", WOS + "   Doe, J\n" + WOS[12:], "Moss Moss", ["line 8"]),
    "goes on after an empty tag": (*("a.ciw", WOS.replace("PY", "AU\n   Doe, J\nPY"), "Moss", []),),
    "CR in a cell": ("a.csv", "title,note\nMoss,a\rb\nKelp,x\n", "Moss Kelp", []),
    "VT and NEL in cells": ("a.csv", "title,note\nMoss,a\x0bb\x85c\nKelp,x\n", "Moss Kelp", []),
    "U+2028 in a cell": ("a.csv", "title,note\r\nMoss,a\u2028b\r\nKelp,x\r\n", "Moss Kelp", []),
    "NUL in a cell": ("a.tsv", "title\tnote\nMoss\ta\0b\nKelp\tx" + " " * 40, "Moss Kelp", []),
    "rows in a quotation": (
        *("a.csv", 'title,note,year\nMoss,"open,2001\nKelp,x,2002\nFern,y",2003\n', None),
        ["lines 2-4", "look like rows"],
    ),
    "PT in a value": ("a.bib", f"@misc{{a, note={{x\nPT J\ny}}, {ONE}}}", "Moss", []),
    "TY in a value": ("a.txt", f"@misc{{a, note={{x\nTY  - JOUR\n}}, {ONE}}}", "Moss", []),
    "@ in a value": ("a.txt", RIS.replace("ER", "N1  - x\n@misc{a, b}\nER"), "Moss", []),
    "XML in a cell": ("a.csv", "title,note\nMoss,<dblp> <TEI> <records>\n", "Moss", []),
    "title in the first line": ("a.bib", "@misc{a, title = {\n Moss}, year=2001}", "Moss", []),
    "title, but no suffix": (
        *("a.txt", f"@misc{{x, title, x = {{\n}}, title={{Kelp}}}}\n@misc{{a, {ONE}}}", "Moss"),
        ["line 1"],
    ),
    "title and year in the first line": ("a.txt", f"@misc{{title,\n{ONE}}}", "Moss", []),
    "columns in a comment": ("a.bib", f"% title,authors,year\n@misc{{a, {ONE}}}", "Moss", []),
    "columns in a value of RIS": (
        *("a.ris", RIS.replace("ER", "N1  - title,year\nER"), "Moss", []),
    ),
    "no authors, as a list": ("a.csv", "title,authors\nMoss,[]\n", "Moss", []),
    "no authors, as a list in tabs": ("a.tsv", "title\tauthors\nMoss\t [] \n", "Moss", []),
    "brackets for authors": ("a.csv", "title,authors\nMoss,[][]\n", "Moss", ["no name"]),
    "line end in the first cell": ("a.csv", 'id,title,x\n"\na",Moss,\n', "Moss", []),
    "line end in the last cell": ("a.csv", 'title,x,y\nMoss,,"a\n"\n', "Moss", []),
    "a group alone": ("a.nbib", "PMID- \nCN  - Moss Group\n\nPMID- 1\n", None, ["no title"]),
    "nested cell": ("a.csv", f'title,authors\nMoss,"{"[" * 5000}"\n', "Moss", ["no name"]),
    "nested object": ("a.csv", f'title,ids\nMoss,"{"{" * 5000}"\n', "Moss", []),
    "nested in JSON": (
        *("a.jsonl", '{"title":"Moss"}\n{"title":' + "[" * 5000 + "]" * 5000 + "}\n", "Moss"),
        ["line 2"],
    ),
    "nested, not closed": (
        *("a.jsonl", '{"title":"Moss"}\n{"a":' + '{"a":' * 5000 + "\n", "Moss"),
        ["line 2"],
    ),
    "one name twice": (
        *("a.jsonl", '{"title":"Kelp","title":"Moss"}\n', "Moss"),
        ["line 1: found one name twice"],
    ),
    "first JSON line damaged": (
        *("a.jsonl", '"title":"Kelp", "authors":"A, B"}\n{"title":"Moss"}\n', "Moss"),
        ["line 1"],
    ),
    "no title": ("a.ris", RIS.replace("TI", "XI"), None, ["no title"]),
    "huge header": ("a.csv", f"title,{'x' * 300_000}\nMoss,1\n", "Moss", []),
    "huge quoted header": ("a.csv", f'title,"{"x, y" * 70_000}"\nMoss,1\n', "Moss", []),
    "huge header of TSV": ("a.tsv", f"title\t{'x' * 300_000}\nMoss\t1\n", "Moss", []),
    "many columns": ("a.csv", f"title,{','.join(map(str, range(9000)))}\n", None, None),
}


@pytest.mark.parametrize(("name", "content", "titles", "told"), HOSTILE.values(), ids=[*HOSTILE])
def test_what_is_damaged_is_read_or_told(tmp_path, name, content, titles, told):
    path = tmp_path / name
    path.write_bytes(content.encode())
    problems: list[Problem] = []
    if told is None:
        with pytest.raises(InputError, match="found no record"):
            read_records(path)
        return
    records = read_records(path, set_aside=problems)
    if titles:
        assert " ".join(records["title"]) == titles
    text = "\n".join(map(str, problems))
    assert all(part in text for part in told), text
    assert bool(problems) == bool(told), text


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("['Ann Adams', 'Bob Bloom']", ["Ann Adams", "Bob Bloom"]),
        ("['Ann Adams' 'Bob Bloom'\n 'Cid Cole']", ["Ann Adams", "Bob Bloom", "Cid Cole"]),
        ("[{'name': 'Ann Adams', 'affiliation': nan}, {'name': \"Bo O'Li\"}]", None),
        ("[{'name': 'Ann Adams', 'orcid': None}]", ["Ann Adams"]),
        ("array(['Ann Adams'], dtype=object)", None),
        ("[Ann Adams; Bob Bloom]", ["Ann Adams", "Bob Bloom"]),
        ("__import__('os').abort()", None),
        ("[__import__('os').abort()]", None),
    ],
)
def test_lists_as_python_prints_them(tmp_path, printed, names):
    path = tmp_path / "x.csv"
    quoted = printed.replace('"', '""')
    path.write_text(f'title,authors\nMoss,"{quoted}"\n')
    (people,) = read_records(path, set_aside=[])["authors"]
    found = [person["name"] for person in people]
    if names:
        assert found == names
    elif "nan" in printed:
        assert found == ["Ann Adams", "Bo O'Li"]


UNITS = (", ", " ,", "; ", "a", "a ", "A. ", "&amp;", "amp;", "10.123.", "10.1/", "%25", "%", "1 ")
UNITS += (
    "<sup>",
    "<sup ",
    "<a ",
    "(",
    "[",
    "{",
    "\\a{",
    "$",
    "``",
    "'",
    " ",
    "\n",
    "eds ",
    "‘",
    "-",
)


@pytest.mark.parametrize("unit", UNITS)
def test_a_long_cell_takes_no_longer_than_its_length(tmp_path, unit):
    cell = ("&" + unit * (140_000 // len(unit)) + "!").replace('"', "")
    path = tmp_path / "x.csv"
    columns = ("title", "authors", "doi", "pages", "year", "date", "url", "arxiv", "volume", "issn")
    header, row = ",".join(columns), ",".join([f'"{cell}"'] * len(columns))
    path.write_text(f"{header}\n{row}\n", encoding="utf-8", newline="")
    with no_hang():
        assert len(read_records(path, set_aside=[])) == 1


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Ab" * 500_000, "a part of a name of 1,000,000 letters"),
        ("Doe; " + "中文" * 50_000, "a part of a name of 100,000 letters"),
        (f'"{"Ab" * 20_000}, Ann; Doe, Jo"', "a part of a name of 40,005 letters"),
        ("Ab-" * 30_000 + "ov", "a part of a name of 90,002 letters"),
    ],
    ids=["Latin", "Han", "family name", "hyphens"],
)
def test_a_name_of_a_million_letters(tmp_path, name, found):
    path = tmp_path / "x.csv"
    path.write_text(f"title,authors\nMoss,{name}\n", encoding="utf-8")
    problems: list[Problem] = []
    with no_hang():
        (people,) = read_records(path, set_aside=problems)["authors"]
    assert len(people) == 1 + name.count(";")
    assert [problem.found for problem in problems] == [found]


def test_a_folder_tells_all_that_it_passes_over(tmp_path):
    (tmp_path / "a.csv").write_text("title\nMoss\n")
    (tmp_path / "notes.txt").write_text("Nothing in it.\n")
    (tmp_path / "old.png").write_bytes(b"\x89PNG")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / ".hidden.csv").write_text("title\nKelp\n")
    (tmp_path / "more").mkdir()
    problems: list[Problem] = []
    assert len(read_records(tmp_path, set_aside=problems)) == 1
    told = {Path(problem.source).name: problem.found for problem in problems}
    assert sorted(told) == [".hidden.csv", "empty.csv", "more", "notes.txt", "old.png"]
    assert told["old.png"] == "a PNG image"


@pytest.mark.parametrize("mark", ["authorships", "recNumber", "authors_parsed", "paperId", "DOI"])
@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv"])
def test_what_a_value_says_does_not_decide_which_json_it_is(tmp_path, mark, suffix):
    title = f'{mark} "{mark}": [1] of https://openalex.org/W1'
    rows = [{"record_id": "a", "title": title, "url": "https://openalex.org/W1", "year": 2001}]
    write_records(pd.DataFrame(rows), tmp_path / f"x{suffix}")
    problems: list[Problem] = []
    records = read_records(tmp_path / f"x{suffix}", set_aside=problems)
    assert (records["title"].tolist(), problems) == ([title], [])
