"""One invented paper in every format that is read, as bytes of a file."""

import io
import json
import sqlite3
import zipfile

NBIB = """\
PMID- 101
OWN - NLM
IS  - 1234-5679 (Print)
VI  - 7
DP  - 2018 Mar 2
TI  - Growth of moss
      on stones.
LID - 10.5555/moss.7 [doi]
LID - e53 [pii]
AB  - BACKGROUND: Moss grows.
FAU - van der Berg, Ada
AU  - van der Berg A
AUID- ORCID: 0000-0002-1825-0097
AD  - Moss Institute. ada@moss.example.
AD  - Stone House.
FAU - Beispiel, Bo
AU  - Beispiel B
CN  - The Moss Group
LA  - eng
PT  - Journal Article
JT  - Journal of moss
MH  - *Bryophyta/growth & development
OT  - stones
PMC - PMC77
SI  - ClinicalTrials.gov/NCT01234567
RN  - 0 (Chlorophyll)
"""
ENDNOTE = """<?xml version="1.0" encoding="UTF-8"?><xml><records><record><rec-number>5</rec-number>
<ref-type name="Journal Article">17</ref-type><contributors><authors>
<author><style face="normal">van der Berg, Ada</style></author><author>The Moss Group,</author>
</authors><secondary-authors><author>Muster, Eva</author></secondary-authors></contributors>
<titles><title>Growth of <style face="italic">moss</style> on stones</title>
<secondary-title>Journal of moss</secondary-title></titles><pages>1-9</pages><volume>7</volume>
<dates><year>2018</year><pub-dates><date>Mar 2</date></pub-dates></dates>
<isbn>1234-5679 (Print)&#xD;978-3-16-148410-0</isbn><accession-num>101</accession-num>
<remote-database-provider>NLM</remote-database-provider><custom2>PMC77</custom2>
<electronic-resource-num>10.5555/moss.7</electronic-resource-num>
<keywords><keyword>moss</keyword></keywords><notes>read</notes><custom1>x &amp; y</custom1>
<urls><related-urls><url>https://moss.example</url></related-urls></urls></record></records></xml>
"""
CSL = [
    {
        "id": "berg2018",
        "type": "article-journal",
        "title": "Growth of moss on stones",
        "author": [
            {"family": "Berg", "given": "Ada", "non-dropping-particle": "van der"},
            {"literal": "The Moss Group"},
        ],
        "issued": {"date-parts": [["2018", 3, 2]]},
        "container-title": "Journal of moss",
        "DOI": "10.5555/moss.7",
        "PMID": "101",
        "genre": "letter",
    }
]
CROSSREF = {
    "DOI": "10.5555/MOSS.7",
    "type": "journal-article",
    "title": ["Growth of <i>moss</i> on stones"],
    "author": [
        {
            "family": "Berg",
            "given": "Ada",
            "ORCID": "http://orcid.org/0000-0002-1825-0097",
            "affiliation": [{"name": "Moss Institute"}, {"name": "Stone House"}],
        },
        {"name": "The Moss Group"},
    ],
    "issued": {"date-parts": [[2018]]},
    "published-print": {"date-parts": [[2018, 3, 2]]},
    "container-title": ["Journal of moss"],
    "ISSN": ["1234-5679"],
    "is-referenced-by-count": 3,
    "reference": [{"unstructured": "Muster (2001) Fern."}],
}
OPENALEX = {
    "id": "https://openalex.org/W5",
    "doi": "https://doi.org/10.5555/moss.7",
    "title": "Growth of moss on stones",
    "publication_year": 2018,
    "publication_date": "2018-03-02",
    "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/101"},
    "type": "article",
    "authorships": [
        {
            "author": {
                "id": "https://openalex.org/A9",
                "display_name": "Ada van der Berg",
                "orcid": "https://orcid.org/0000-0002-1825-0097",
            },
            "raw_affiliation_strings": ["Moss Institute", "Stone House"],
        }
    ],
    "primary_location": {"source": {"display_name": "Journal of moss", "issn": ["1234-5679"]}},
    "biblio": {"volume": "7", "first_page": "1", "last_page": "9"},
    "abstract_inverted_index": {"Moss": [0], "grows": [1, 3], "and": [2]},
}
PUBMED = """<?xml version="1.0"?><!DOCTYPE PubmedArticleSet SYSTEM "x.dtd"><PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">101</PMID><Article><Journal>
<ISSN>1234-5679</ISSN><JournalIssue><Volume>7</Volume><PubDate><Year>2018</Year><Month>Mar</Month>
<Day>2</Day></PubDate></JournalIssue><Title>Journal of moss</Title></Journal>
<ArticleTitle>Growth of <i>moss</i> on stones</ArticleTitle><AuthorList><Author>
<LastName>van der Berg</LastName><ForeName>Ada</ForeName>
<Identifier Source="ORCID">0000000218250097</Identifier><AffiliationInfo>
<Affiliation>Moss Institute. ada@moss.example</Affiliation></AffiliationInfo></Author>
<Author><CollectiveName>The Moss Group</CollectiveName></Author></AuthorList>
<DataBankList><DataBank><AccessionNumberList><AccessionNumber>NCT01234567</AccessionNumber>
</AccessionNumberList></DataBank></DataBankList></Article></MedlineCitation><PubmedData>
<ArticleIdList><ArticleId IdType="doi">10.5555/moss.7</ArticleId></ArticleIdList><ReferenceList>
<Reference><Citation>Muster E. Fern.</Citation><ArticleIdList>
<ArticleId IdType="doi">10.5555/other</ArticleId></ArticleIdList></Reference></ReferenceList>
</PubmedData></PubmedArticle></PubmedArticleSet>"""
REFER = """%0 Journal Article
%A van der Berg, Ada
%A The Moss Group,
%T Growth of moss
on stones
%J Journal of moss
%D 2018
%8 Mar 2
%R 10.5555/moss.7
%@ 1234-5679
%K moss
stones
%1 kept
"""
DBLP = """<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE dblp SYSTEM "dblp.dtd"><dblp>
<article key="journals/moss/Berg18" mdate="2020-01-01"><author orcid="0000-0002-1825-0097">Ada
van der Berg 0002</author><author>J&uuml;rgen M\xfcller</author><title>Growth of moss on
stones.</title><journal>J. Moss</journal><year>2018</year>
<ee type="oa">https://doi.org/10.5555/moss.7</ee></article>
<www key="homepages/b/Berg"><author>Ada van der Berg 0002</author></www></dblp>"""
DATACITE = {
    "data": [
        {
            "id": "10.5555/moss.7",
            "attributes": {
                "doi": "10.5555/moss.7",
                "titles": [{"title": "Growth of moss on stones"}],
                "creators": [
                    {
                        "name": "van der Berg, Ada",
                        "givenName": "Ada",
                        "familyName": "van der Berg",
                        "nameIdentifiers": [{"nameIdentifier": "0000-0002-1825-0097"}],
                        "affiliation": [{"name": "Moss Institute"}],
                    },
                    {"name": "The Moss Group", "nameType": "Organizational"},
                ],
                "publicationYear": 2018,
                "types": {"resourceTypeGeneral": "Dataset"},
            },
        }
    ]
}
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>q</title><entry>
<id>http://arxiv.org/abs/1706.00001v3</id><published>2018-03-02T10:00:00Z</published>
<title>Growth of moss on stones</title><author><name>Ada van der Berg</name></author>
<arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.5555/moss.7</arxiv:doi></entry></feed>"""
SNAPSHOT = {
    "id": "1706.00001",
    "title": "Growth of moss\n  on stones",
    "authors": "Ada van der Berg",
    "authors_parsed": [["van der Berg", "Ada", ""]],
    "versions": [{"version": "v1", "created": "Fri, 2 Mar 2018 10:00:00 GMT"}],
    "doi": "10.5555/moss.7",
}
S2 = {
    "corpusid": 33,
    "externalids": {"DOI": "10.5555/moss.7", "PubMed": "101"},
    "title": "Growth of moss on stones",
    "authors": [{"authorId": "8", "name": "Ada van der Berg"}],
    "year": 2018,
    "publicationdate": "2018-03-02",
    "venue": "Journal of moss",
}
JATS = """<article article-type="research-article"><front><journal-meta><journal-title-group>
<journal-title>Journal of moss</journal-title></journal-title-group><issn>1234-5679</issn>
</journal-meta><article-meta><article-id pub-id-type="doi">10.5555/moss.7</article-id>
<title-group><article-title>Growth of moss on stones</article-title></title-group><contrib-group>
<contrib contrib-type="author"><contrib-id contrib-id-type="orcid">0000-0002-1825-0097</contrib-id>
<name><surname>van der Berg</surname><given-names>Ada</given-names></name>
<xref ref-type="aff" rid="a1"/></contrib><contrib contrib-type="author"><collab>The Moss
Group</collab></contrib></contrib-group><aff id="a1"><label>1</label>Moss Institute</aff>
<pub-date><day>2</day><month>3</month><year>2018</year></pub-date></article-meta></front></article>
"""
MARC = """<collection xmlns="http://www.loc.gov/MARC21/slim"><record>
<leader>00000nam a2200000 a 4500</leader>
<controlfield tag="001">77</controlfield><datafield tag="020"><subfield code="a">9783161484100
(hbk)</subfield></datafield><datafield tag="100"><subfield code="a">van der Berg, Ada,</subfield>
</datafield><datafield tag="245"><subfield code="a">Growth of moss :</subfield><subfield code="b">on
stones /</subfield></datafield><datafield tag="264"><subfield code="b">Moss Press,</subfield>
<subfield code="c">2018.</subfield></datafield></record></collection>"""
MODS = """<modsCollection xmlns="http://www.loc.gov/mods/v3"><mods ID="m1"><titleInfo><title>Growth
of moss</title><subTitle>on stones</subTitle></titleInfo><name type="personal"><namePart
type="family">van der Berg</namePart><namePart type="given">Ada</namePart></name><originInfo>
<dateIssued>2018</dateIssued></originInfo><identifier type="doi">10.5555/moss.7</identifier></mods>
</modsCollection>"""


def endnote_library() -> bytes:
    """A zip archive with an SQLite database of two references, one of them in the trash."""
    database = sqlite3.connect(":memory:")
    columns = "id, trash_state, reference_type, author, year, title, secondary_title, isbn"
    columns += ", electronic_resource_number, custom_1, keywords"
    database.execute(f"CREATE TABLE refs ({columns})")
    database.execute("CREATE TABLE file_res (refs_id, file_path, file_type, file_pos)")
    cells = ("van der Berg, Ada\rThe Moss Group,", "2018", "Growth of moss on stones")
    more = ("Journal of moss", "1234-5679", "10.5555/moss.7", "x", "moss\rstones")
    for number, trash in ((5, 0), (6, 1)):
        marks = ", ".join("?" * 11)
        database.execute(f"INSERT INTO refs VALUES ({marks})", (number, trash, 0, *cells, *more))
    database.execute("INSERT INTO file_res VALUES (5, '1/moss.pdf', 1, 0)")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sdb/sdb.eni", database.serialize())
    return packed.getvalue()


FORMATS: dict[str, bytes] = {
    "nbib": NBIB.encode(),
    "endnote": ENDNOTE.encode(),
    "library": endnote_library(),
    "csl": json.dumps(CSL).encode(),
    "crossref line": json.dumps(CROSSREF).encode(),
    "crossref answer": json.dumps({"status": "ok", "message": {"items": [CROSSREF]}}).encode(),
    "crossref selection": json.dumps(
        [{key: CROSSREF[key] for key in ("DOI", "type", "title", "author", "issued")}]
    ).encode(),
    "crossref work": json.dumps({"message-type": "work", "message": CROSSREF}, indent=1).encode(),
    "openalex": json.dumps(OPENALEX).encode(),
    "openalex page": json.dumps({"meta": {"count": 1}, "results": [OPENALEX]}).encode(),
    "pubmed": PUBMED.encode(),
    "refer": REFER.encode(),
    "dblp": DBLP.encode("latin-1"),
    "datacite": json.dumps(DATACITE).encode(),
    "atom": ATOM.encode(),
    "snapshot": json.dumps(SNAPSHOT).encode(),
    "s2": json.dumps(S2).encode(),
    "jats": JATS.encode(),
    "marc": MARC.encode(),
    "mods": MODS.encode(),
}
