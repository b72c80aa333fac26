"""Crossref's XML says of a work what its JSON says, and an answer without a work is told."""

from linkage import read_records
from linkage.errors import Problem

PEOPLE = """<contributors><organization contributor_role="author" sequence="additional">The Moss
Group</organization><person_name contributor_role="author" sequence="first"><given_name>Ada
</given_name><surname>van der Berg</surname><ORCID>https://orcid.org/0000-0002-1825-0097</ORCID>
<affiliations><institution><institution_name>Moss Institute</institution_name></institution>
</affiliations></person_name><person_name contributor_role="editor"><surname>Fenn</surname>
<given_name>Gay</given_name></person_name></contributors>"""
ARTICLE = f"""<query status="resolved"><doi type="journal_article">10.5555/moss.7</doi><doi_record>
<crossref xmlns="http://www.crossref.org/xschema/1.1"><journal><journal_metadata language="en">
<full_title>Journal of moss</full_title><abbrev_title>J moss</abbrev_title><issn>12345679</issn>
</journal_metadata><journal_issue><publication_date><year>2019</year></publication_date>
<journal_volume><volume>3</volume></journal_volume><issue>2</issue></journal_issue>
<journal_article><titles><title>Growth of <i>moss</i></title><subtitle>on stones</subtitle></titles>
{PEOPLE}<publication_date><month>3</month><day>2</day><year>2018</year></publication_date>
<publication_date><year>2018</year></publication_date>
<pages><first_page>1</first_page><last_page>9</last_page></pages><doi_data>
<doi>10.5555/moss.7</doi><resource>http://moss.example/7</resource></doi_data><citation_list>
<citation key="1"><unstructured_citation>Muster E. Fern.</unstructured_citation></citation>
<citation key="2"><author>Ott</author><cYear>1999</cYear><doi>10.5555/other</doi></citation>
</citation_list></journal_article></journal></crossref></doi_record></query>"""
CHAPTER = f"""<query status="resolved"><doi_record><crossref><book book_type="edited_book">
<book_metadata>{PEOPLE}<titles><title>Handbook of bogs</title></titles><edition_number>2
</edition_number><publication_date><year>2015</year></publication_date>
<isbn>978-3-16-148410-0</isbn><publisher><publisher_name>Bog Press</publisher_name>
<publisher_place>Fenton</publisher_place></publisher><doi_data><doi>10.5555/book</doi></doi_data>
</book_metadata><content_item component_type="chapter"><contributors><person_name
contributor_role="author"><given_name>Leo</given_name><surname>Brandt</surname></person_name>
</contributors><titles><title>Frogs</title></titles><doi_data><doi>10.5555/book.3</doi></doi_data>
</content_item></book></crossref></doi_record></query>"""
BOOK = CHAPTER[: CHAPTER.index("<content_item")] + CHAPTER[CHAPTER.index("</book></crossref>") :]
UNKNOWN = """<query status="unresolved"><doi>10.5555/none</doi><msg>DOI not found</msg></query>"""


def answer(*queries):
    start = '<?xml version="1.0"?><crossref_result version="3.0" xmlns="x"><query_result><body>'
    return start + "\n".join(queries) + "</body></query_result></crossref_result>"


def read(tmp_path, content):
    (tmp_path / "answer.xml").write_text(content)
    problems: list[Problem] = []
    return read_records(tmp_path / "answer.xml", set_aside=problems).to_dict("records"), problems


def test_an_article(tmp_path):
    (article,), problems = read(tmp_path, answer(ARTICLE))
    assert problems == []
    assert article["title"] == "Growth of moss: on stones"
    assert (article["date"], article["year"], article["type"]) == ("2018-03-02", 2018, "article")
    assert (article["venue"], article["volume"], article["number"]) == ("Journal of moss", "3", "2")
    assert (article["pages"], article["doi"]) == ("1-9", "10.5555/moss.7")
    assert article["ids"] == {"issn": "1234-5679"}
    moss, ada = article["authors"]
    assert (moss["name"], moss["group"]) == ("The Moss Group", True)
    assert (ada["given"], ada["affiliation"]) == ("Ada", "Moss Institute")
    assert ada["orcid"] == "0000-0002-1825-0097"
    assert article["editors"][0]["name"] == "Fenn, Gay"
    assert article["references"] == ["Muster E. Fern.", "Ott, 1999, 10.5555/other"]
    assert (article["url"], article["language"]) == ("http://moss.example/7", "en")


def test_a_chapter_and_its_book(tmp_path):
    (chapter, book), problems = read(tmp_path, answer(CHAPTER, BOOK))
    assert problems == []
    assert (chapter["title"], chapter["venue"]) == ("Frogs", "Handbook of bogs")
    assert (book["title"], book["venue"]) == ("Handbook of bogs", None)
    assert (chapter["doi"], book["doi"]) == ("10.5555/book.3", "10.5555/book")
    for one in (chapter, book):
        assert (one["year"], one["edition"], one["publisher"]) == (2015, "2", "Bog Press")
        assert one["place"] == "Fenton"
        assert one["editors"][0]["family"] == "Fenn"
        assert one["ids"] == {"isbn": "9783161484100"}
    assert [one["name"] for one in chapter["authors"]] == ["Brandt, Leo"]


def test_an_answer_without_a_work_is_told(tmp_path):
    records, problems = read(tmp_path, answer(UNKNOWN, ARTICLE))
    assert len(records) == 1
    assert [(p.where, p.found) for p in problems] == [
        ("line 1", "an answer without one: DOI not found")
    ]


def test_the_records_of_content_negotiation(tmp_path):
    one = ARTICLE[ARTICLE.index("<doi_record>") : ARTICLE.index("</query>")]
    missing = "<doi_record><crossref><error>no such DOI</error></crossref></doi_record>"
    records, problems = read(tmp_path, f'<doi_records xmlns="y">{one}\n{missing}</doi_records>')
    assert [record["title"] for record in records] == ["Growth of moss: on stones"]
    assert "no such DOI" in problems[0].found
