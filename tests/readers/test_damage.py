"""What damage leaves of a record is read or told: one case for each kind that was met."""

import json

import pytest

from linkage import InputError, read_records
from linkage.errors import Problem

WORK = {
    "DOI": "10.5555/a",
    "type": "journal-article",
    "title": ["Growth of moss"],
    "author": [{"family": "Berg", "given": "Ada"}],
    "volume": "7",
    "is-referenced-by-count": 3,
}
OTHER = WORK | {"DOI": "10.5555/b", "title": ["Growth of fern"]}


def read(tmp_path, name, content):
    (tmp_path / name).write_text(content, newline="")
    problems: list[Problem] = []
    return read_records(tmp_path / name, set_aside=problems), [str(p) for p in problems]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("author", 5),
        ("author", [{"family": ["Berg"], "given": "Ada"}]),
        ("author", [{"f>amily": "Berg", "given": "Ada"}]),  # part of the name is gone
        ("ISSN", {"print": 1}),
        ("author", [["Berg"]]),
        ("reference", [3]),
    ],
)
def test_a_json_value_of_another_kind_is_set_aside_alone(tmp_path, name, value):
    damaged = json.dumps(WORK | {name: value}) + "\n" + json.dumps(OTHER)
    records, told = read(tmp_path, "x.jsonl", damaged)
    assert records["title"].tolist() == ["Growth of moss", "Growth of fern"]
    assert records["volume"].tolist() == ["7", "7"]
    assert len(told) == 1
    assert f"work 1: found {name}: " in told[0]
    assert told[0].endswith("record kept")


def test_json_damaged_before_the_first_whole_work_or_after_the_last(tmp_path):
    listed = json.dumps([WORK, OTHER], indent=1)
    records, told = read(tmp_path, "x.json", listed.replace('"volume"', '"volume" x', 1))
    assert records["title"].tolist() == ["Growth of fern"]
    assert "lines 14-16: found damaged JSON (Expecting ':' delimiter)" in told[0]
    records, told = read(tmp_path, "y.json", listed + "}")
    assert len(records) == 2
    assert "found damaged JSON (Extra data)" in told[0]


def test_works_that_can_not_be_read_are_told_with_all_their_lines(tmp_path):
    listed = [json.dumps(WORK | {"DOI": f"10.5555/{n}"}) for n in "abcdef"]
    for damaged, found in [((0, 3), ["line 2", "line 5"]), ((1, 2, 3), ["lines 3-5"])]:
        works = [
            work.replace('"7"', '"7') if n in damaged else work for n, work in enumerate(listed)
        ]
        records, told = read(tmp_path, "x.json", "[\n" + ",\n".join(works) + "\n]")
        assert len(records) == 6 - len(damaged)
        assert [one.split(": ")[1] for one in told] == found


def test_a_work_without_a_title_is_told(tmp_path):
    damaged = json.dumps(WORK).replace('"title"', '"tit le"')
    _, told = read(tmp_path, "x.jsonl", damaged + "\n" + json.dumps(OTHER))
    assert [one for one in told if "line 1: found no title" in one]


RECORD = """<record><ref-type name="Journal Article">17</ref-type><titles><title>{0}</title>
</titles><contributors><authors><author>Berg, Ada</author></authors></contributors></record>"""


def test_fields_outside_a_record_of_xml_are_told(tmp_path):
    one, two = RECORD.format("Growth of moss"), RECORD.format("Growth of fern")
    damaged = one.replace("<record>", "<rec\0ord>").replace("</record>", "")
    records, told = read(tmp_path, "x.xml", f"<xml><records>{two}{damaged}\n{two}</records></xml>")
    assert records["title"].tolist() == ["Growth of fern"] * 2
    assert "found fields outside a record" in told[0]
    _, told = read(tmp_path, "y.xml", f"<xml><records>{one}\n{two}</records></xml>")
    assert told == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.ris", "TY  - JOUR\nTI  - Growth of moss\nN1  - <crossref_result><query>\nER  - \n"),
        ("x.bib", "@article{a, title={Growth of moss}, note={<dblp> <article>}}"),
        ("x.csv", "title,note\nGrowth of moss,<PubmedArticle><mods>\n"),
    ],
)
def test_xml_inside_a_value_does_not_decide(tmp_path, name, content):
    records, told = read(tmp_path, name, content)
    assert (records["title"].tolist(), told) == (["Growth of moss"], [])


def test_byte_order_marks_where_files_were_put_together(tmp_path):
    one = "\ufeffTY  - JOUR\nTI  - Growth of moss\nER  - \n"
    records, told = read(tmp_path, "x.ris", one + one.replace("moss", "fern"))
    assert records["title"].tolist() == ["Growth of moss", "Growth of fern"]
    assert told == []


NBIB = "PMID- 1\nVI  - 7\nTI  - Growth of moss\n"
REFER = "%0 Journal Article\n%T Growth of moss\n%A Berg, Ada\n%V 7\n"


@pytest.mark.parametrize(
    ("name", "content", "volumes", "told"),
    [
        (
            "x.nbib",
            NBIB + "\nPMID- 2\nVI  - 8\nzzTI  - Growth of fern\n",
            ["7", "8 zzTI - Growth of fern"],
            "zzTI",
        ),
        ("x.nbib", NBIB + " PMID- 2\nVI  - 8\nTI  - Growth of fern\n", ["7", "8"], ""),
        ("x.nbib", NBIB + "MID- 2\nVI  - 8\n", ["7"], "VI twice"),
        ("x.nbib", NBIB + "FAU - Ber2\nTI  - Growth of fern\n", ["7"], "TI twice"),
        ("x.nbib", NBIB + "DP  - 1950\nDP  - 1951\n", ["7"], "DP twice"),
        ("x.enw", REFER.replace("%V 7", "%V7"), ["7"], ""),
        ("x.enw", REFER.replace("%V", "  %V"), ["7"], ""),
        ("x.enw", REFER + "%T Growth of fern\n", ["7"], "%T twice"),
        ("x.enw", REFER.replace("\n%V", "%V"), [None], "two tags in a line"),
        ("x.enw", REFER + "\n%A Fern, Bo\n", ["7", None], "a record without %0"),
        ("x.enw", REFER.replace("%V", "%D 1951\n+V"), [None], "'+V 7'"),
        ("x.enw", REFER.replace("%V", "%P 3-9\nV"), [None], "'V 7'"),
        ("x.enw", REFER + "%X Moss\ngrows.\n", ["7"], ""),
    ],
)
def test_damaged_tags(tmp_path, name, content, volumes, told):
    records, problems = read(tmp_path, name, content)
    assert records["volume"].tolist() == volumes
    assert told in " ".join(problems)
    assert bool(told) == bool(problems)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("FAU - Berg, Ada\nAU  - Berg A\nFAU - Fern, Bo\nAU  - Fern B\n", "Berg, Ada|Fern, Bo"),
        ("FAU - Berg, Ada\nFAU - Fern, Bo\nAU  - Berg A\nAU  - Fern B\n", "Berg, Ada|Fern, Bo"),
        ("FAU - Berg, Ada\nFAU - Bergson, Bo\nAU  - Bergson B\nAU  - Berg A\n",
         "Berg, Ada|Bergson, Bo"),
        ("FAU - Berg, Ada\nAU - Fern, Bo\n", "Berg, Ada|Fern, Bo"),
        ("FAU - Berg, Ada\nAU  - Berg A\nAU  - Fern B\n", "Berg, Ada|Fern B"),
        ("FAU - \nAU  - Berg A\n", "Berg A"),
        ("AU  - Berg A\nAU  - Berg A\n", "Berg A|Berg A"),
    ],
)  # fmt: skip
def test_a_short_name_of_nobody_is_an_author(tmp_path, names, expected):
    records, _ = read(tmp_path, "x.nbib", NBIB + names)
    assert "|".join(one["name"] for one in records["authors"][0]) == expected


def test_damaged_heads_of_copied_pages(tmp_path):
    profile = "LGOct 20, 1950\rGrowth of moss\rAda Berg\r\rLGO;ct 21, 1951\rFerns\rBo Fern\r"
    records, told = read(tmp_path, "x.txt", profile)
    assert len(records) == 1
    assert "line 5: found 'LGO;ct 21, 1951'" in told[0]
    cluster = "ICXX Conference 1950 Conference Paper\nGrowth of moss\n • Ada Berg\nMoss grows.\n"
    damaged = cluster + cluster.replace("1950", "19 50").replace("moss", "fern")
    _, told = read(tmp_path, "y.txt", damaged)
    assert "line 5: found 'ICXX Conference 19 50 Conference Paper'" in told[0]


@pytest.mark.parametrize("kind", ['type="gi\x0bven"', 'type="give["', 'tNAype="given"', ""])
def test_a_part_of_a_name_of_no_known_type_stays_beside_the_family_name(tmp_path, kind):
    parts = f'<namePart type="family">Berg</namePart><namePart {kind}>Ada</namePart>'
    title = "<titleInfo><title>Growth of moss</title></titleInfo>"
    name = f'<name type="personal">{parts}</name>'
    mods = f"<modsCollection><mods>{title}{name}</mods></modsCollection>"
    records, told = read(tmp_path, "x.xml", mods)
    (author,) = records["authors"][0]
    assert (author["family"], author["given"], told) == ("Berg", "Ada", [])


DBLP = """<dblp><article key="a"><author>Ada Berg</author><title>Growth of moss</title></article>
<article key="b"><author>Bo Fern</author><title>Growth of fern</title></article></dblp>"""
MODS = """<modsCollection><mods><titleInfo><title>Growth of moss</title></titleInfo>
<relatedItem type="host"><part><detail type="volume"><number>70007</number></detail></part>
</relatedItem><classification>QK</classification></mods></modsCollection>"""


@pytest.mark.parametrize(
    ("content", "told"),
    [
        # one record runs into the next: both ends of the break are gone
        (DBLP.replace('</article>\n<article key="b">', ""), "title twice"),
        (DBLP.replace('</article>\n<article key="b">', 'le key="b">'), "outside a field"),
        (DBLP.replace('<article key="b">', ""), "found fields outside a record"),
        (DBLP.replace("</dblp>", "</dblp>\nGrowth of ash, by Cy Ash"), "fields outside a record"),
        (DBLP.replace("<dblp>", "<dblp>\n<!-- made <today> -->\n<?a b?>"), ""),
        (DBLP.replace("<dblp>", "<!DOCTYPE dblp [<!ENTITY a 'b'>\n]>\n<dblp>"), ""),
        ("\n" * 70 + DBLP, ""),
    ],
)
def test_records_of_xml_that_ran_together(tmp_path, content, told):
    _, problems = read(tmp_path, "x.xml", content)
    assert told in " ".join(problems)
    assert bool(told) == bool(problems)


def test_xml_whose_first_record_lost_its_start_is_no_list_of_names(tmp_path):
    lost = '<?xmlversion="1.0"?>\n</ref-type><contributors><authors><author>Berg, Ada</author>\n'
    lost += "<author>Fern, Bo</author>\n</authors></contributors></record></records></xml>"
    with pytest.raises(InputError, match="found XML"):
        read(tmp_path, "x.xml", lost)


def test_what_mods_says_elsewhere_is_carried(tmp_path):
    records, told = read(tmp_path, "x.xml", MODS.replace('type="host"', 'tNAype="host"'))
    assert (records["mods:relatedItem"][0], records["mods:classification"][0]) == (
        "70007",
        "QK",
    )
    assert told == []


def test_one_name_twice_in_a_work(tmp_path):
    listed = json.dumps([WORK, OTHER])
    at = listed.index("}, {")
    damaged = listed[:at] + ", " + listed[at + 4 :]
    _, told = read(tmp_path, "x.json", damaged)
    assert "item 1: found one name twice" in told[0]
    lines = json.dumps(WORK)[:-1] + ", " + json.dumps(OTHER)[1:]
    _, told = read(tmp_path, "x.jsonl", json.dumps(OTHER) + "\n" + lines)
    assert "line 2: found one name twice" in told[0]


def test_the_first_row_ran_into_the_header(tmp_path):
    _, told = read(tmp_path, "x.csv", "title,volume,Growth of moss,70007\nA fern,8,A moss,9\n")
    assert "found the number 70007 as the name of a column" in told[0]


@pytest.mark.parametrize("year", ["1951 - 70007", "1951  - 70007", "1951 VL  - 70007"])
def test_a_line_that_ran_into_the_year_is_told(tmp_path, year):
    _, told = read(tmp_path, "x.ris", f"TY  - JOUR\nTI  - Growth of moss\nPY  - {year}\nER  - \n")
    assert [one for one in told if "as PY, expected no other tag in it" in one]


@pytest.mark.parametrize(
    ("printed", "given"), [("Berg, 467372", "467372"), ("Berg, Ada 12,3", "Ada")]
)
def test_a_number_too_long_for_a_footnote_stays(tmp_path, printed, given):
    records, _ = read(tmp_path, "x.ris", f"TY  - JOUR\nAU  - {printed}\nER  - \n")
    assert records["authors"][0][0]["given"] == given


def test_a_damaged_line_of_names_in_a_dump_is_told(tmp_path):
    entry = "Growth of {0}\nBerg, Ada, Fern, Bo\nA {0} grows.\n"
    damaged = entry.format("moss") + entry.format("fern").replace("Fern, Bo", "Fern,? Bo")
    records, told = read(tmp_path, "x.txt", damaged)
    assert len(records) == 1
    assert "line 5: found nearly a line of names" in told[0]


@pytest.mark.parametrize(
    ("value", "title", "told"),
    [
        ('"On " # moss', "On moss", ["line 1: found the name moss as title"]),
        ('"On " # MOSS # " and " # moss', "On MOSS and moss", ["name MOSS", "name moss"]),
        ('"On " # fern', "On the fern", []),
    ],
)
def test_a_name_without_its_string_is_told(tmp_path, value, title, told):
    strings = '@string{fern = "the fern"}\n'
    content = f"@article{{a, title = {value}, month = jan, year = 2001}}\n{strings}"
    records, problems = read(tmp_path, "x.bib", content)
    assert records["title"].tolist() == [title]
    assert len(problems) == len(told)
    assert all(part in problem for part, problem in zip(told, problems, strict=True))


@pytest.mark.parametrize("declared", ["UTF-16", "utf-32", "ISO-8859-1", "utf-7", "moss", "hex"])
@pytest.mark.parametrize("letter", ["o", "ö"])
def test_an_encoding_that_xml_wrongly_declares(tmp_path, declared, letter):
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    (tmp_path / "x.xml").write_text(head + DBLP.replace("moss", f"m{letter}ss"), encoding="utf-8")
    problems: list[Problem] = []
    records = read_records(tmp_path / "x.xml", set_aside=problems)
    assert records["title"].tolist() == [f"Growth of m{letter}ss", "Growth of fern"]
    assert problems == []


def test_two_accession_numbers_of_one_database_stay(tmp_path):
    numbers = "AN  - 5\nAN  - 6\nER  - \n"
    records, _ = read(tmp_path, "x.ris", f"TY  - JOUR\nTI  - Growth of moss\n{numbers}")
    assert records["accession"][0] == {"": "6"}
    assert records["ris:AN"][0] == "5"
