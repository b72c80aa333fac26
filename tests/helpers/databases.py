"""The rows of `tests.helpers.damage` as databases and reference managers write them."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd

Rows = list[dict[str, Any]]


def _note(row: dict[str, Any]) -> str:
    return " ".join(str(row.get("note", "")).split())


def _xml(row: dict[str, Any]) -> dict[str, Any]:
    """The row for XML: no sign that it forbids, `&` and `<` as entities."""
    return {
        "id": row["id"],
        "title": escape(row["title"]),
        "people": [escape(name).partition(", ")[::2] for name in row["authors"]],
        "names": [escape(name) for name in row["authors"]],
        "year": row["year"],
        "volume": row["volume"],
        "note": escape("".join(c for c in _note(row) if c.isprintable())),
    }


def _each(template: Callable[[dict[str, Any]], str], start: str, end: str) -> Any:
    return lambda rows: start + "\n".join(template(_xml(row)) for row in rows) + end


def _endnote(row: dict[str, Any]) -> str:
    people = "".join(f"<author>{name}</author>\n" for name in row["names"])
    return f"""<record><rec-number>{row["id"]}</rec-number><ref-type name="Journal Article">17
</ref-type><contributors><authors>{people}</authors></contributors><titles>
<title><style face="normal">{row["title"]}</style></title></titles><volume>{row["volume"]}</volume>
<dates><year>{row["year"]}</year></dates><notes>{row["note"]}</notes></record>"""


def _pubmed(row: dict[str, Any]) -> str:
    people = "".join(
        f"<Author><LastName>{family}</LastName><ForeName>{given}</ForeName></Author>\n"
        for family, given in row["people"]
    )
    return f"""<PubmedArticle><MedlineCitation><PMID Version="1">{row["id"][1:]}</PMID><Article>
<Journal><JournalIssue><Volume>{row["volume"]}</Volume><PubDate><Year>{row["year"]}</Year></PubDate>
</JournalIssue><Title>Moss</Title></Journal><ArticleTitle>{row["title"]}</ArticleTitle><Abstract>
<AbstractText>{row["note"]}</AbstractText></Abstract><AuthorList>{people}</AuthorList></Article>
</MedlineCitation></PubmedArticle>"""


def _dblp(row: dict[str, Any]) -> str:
    people = "".join(f"<author>{given} {family}</author>\n" for family, given in row["people"])
    return f"""<article key="journals/moss/{row["id"]}">{people}<title>{row["title"]}.</title>
<journal>Moss</journal><volume>{row["volume"]}</volume><year>{row["year"]}</year>
<note>{row["note"]}</note></article>"""


def _jats(row: dict[str, Any]) -> str:
    people = "".join(
        '<contrib contrib-type="author"><name>'
        f"<surname>{family}</surname><given-names>{given}</given-names></name></contrib>\n"
        for family, given in row["people"]
    )
    return f"""<article article-type="research-article"><front><article-meta>
<article-id pub-id-type="doi">10.5555/{row["id"]}</article-id><title-group>
<article-title>{row["title"]}</article-title></title-group><contrib-group>{people}</contrib-group>
<pub-date><year>{row["year"]}</year></pub-date><volume>{row["volume"]}</volume><abstract>
{row["note"]}</abstract></article-meta></front></article>"""


def _tei(row: dict[str, Any]) -> str:
    people = "".join(
        f"<author><persName><forename>{given}</forename><surname>{family}</surname></persName>"
        "</author>\n"
        for family, given in row["people"]
    )
    return f"""<biblStruct xml:id="{row["id"]}"><analytic><title level="a">{row["title"]}</title>
{people}</analytic><monogr><title level="j">Moss</title><imprint>
<biblScope unit="volume">{row["volume"]}</biblScope><date>{row["year"]}</date></imprint></monogr>
<note>{row["note"]}</note></biblStruct>"""


def _mods(row: dict[str, Any]) -> str:
    people = "".join(
        f'<name type="personal"><namePart type="family">{family}</namePart>'
        f'<namePart type="given">{given}</namePart></name>\n'
        for family, given in row["people"]
    )
    return f"""<mods ID="{row["id"]}"><titleInfo><title>{row["title"]}</title></titleInfo>{people}
<originInfo><dateIssued>{row["year"]}</dateIssued></originInfo><relatedItem type="host"><part>
<detail type="volume"><number>{row["volume"]}</number></detail></part></relatedItem>
<note>{row["note"]}</note></mods>"""


def _marc(row: dict[str, Any]) -> str:
    def field(tag: int, code: str, value: str) -> str:
        inside = f'<subfield code="{code}">{value}</subfield>'
        return f'<datafield tag="{tag}">{inside}</datafield>\n'

    first, second = row["names"]
    fields = field(100, "a", f"{first},") + field(245, "a", f"{row['title']} /")
    fields += field(264, "c", row["year"]) + field(700, "a", second) + field(500, "a", row["note"])
    return f'<record><controlfield tag="001">{row["id"]}</controlfield>{fields}</record>'


def _atom(row: dict[str, Any]) -> str:
    people = "".join(
        f"<author><name>{given} {family}</name></author>\n" for family, given in row["people"]
    )
    return f"""<entry><id>http://arxiv.org/abs/1706.{row["id"][1:]:>05}v1</id>
<published>{row["year"]}-03-02T10:00:00Z</published><title>{row["title"]}</title>{people}
<summary>{row["note"]}</summary></entry>"""


def _crossref_xml(row: dict[str, Any]) -> str:
    people = "".join(
        '<person_name contributor_role="author">'
        f"<given_name>{given}</given_name><surname>{family}</surname></person_name>\n"
        for family, given in row["people"]
    )
    return f"""<query status="resolved"><doi_record><crossref><journal><journal_metadata>
<full_title>Moss</full_title></journal_metadata><journal_issue><journal_volume>
<volume>{row["volume"]}</volume></journal_volume></journal_issue><journal_article><titles>
<title>{row["title"]}</title></titles><contributors>{people}</contributors>
<publication_date><year>{row["year"]}</year></publication_date><abstract>{row["note"]}</abstract>
<doi_data><doi>10.5555/{row["id"]}</doi></doi_data></journal_article></journal></crossref>
</doi_record></query>"""


def _nbib(rows: Rows) -> str:
    def entry(row: dict[str, Any]) -> str:
        lines = [f"PMID- {row['id'][1:]}", f"VI  - {row['volume']}", f"DP  - {row['year']}"]
        lines += [f"TI  - {row['title']}", f"AB  - {_note(row)}"]
        return "\n".join([*lines, *(f"FAU - {name}" for name in row["authors"]), "", ""])

    return "".join(map(entry, rows))


def _refer(rows: Rows) -> str:
    def entry(row: dict[str, Any]) -> str:
        lines = ["%0 Journal Article", f"%T {row['title']}"]
        lines += [f"%A {name}" for name in row["authors"]]
        lines += [f"%D {row['year']}", f"%V {row['volume']}", f"%X {_note(row)}"]
        return "\n".join([*lines, "", ""])

    return "".join(map(entry, rows))


def _json(make: Callable[[dict[str, Any]], dict[str, Any]], *, lines: bool) -> Any:
    if lines:
        return lambda rows: "".join(json.dumps(make(row)) + "\n" for row in rows)
    return lambda rows: json.dumps([make(row) for row in rows], indent=1, ensure_ascii=False)


def _parted(row: dict[str, Any]) -> list[dict[str, str]]:
    return [dict(zip(("family", "given"), n.split(", "), strict=True)) for n in row["authors"]]


def _csl(row: dict[str, Any]) -> dict[str, Any]:
    issued = {"date-parts": [[int(row["year"])]]}
    found = {"id": row["id"], "type": "article-journal", "title": row["title"], "issued": issued}
    return found | {"author": _parted(row), "volume": row["volume"], "note": _note(row)}


def _crossref(row: dict[str, Any]) -> dict[str, Any]:
    found = {"DOI": f"10.5555/{row['id']}", "type": "journal-article", "title": [row["title"]]}
    found |= {"author": _parted(row), "volume": row["volume"], "abstract": _note(row)}
    return found | {"is-referenced-by-count": 3, "issued": {"date-parts": [[int(row["year"])]]}}


def _openalex(row: dict[str, Any]) -> dict[str, Any]:
    people = [{"author": {"id": None, "display_name": name}} for name in row["authors"]]
    found = {"id": f"https://openalex.org/W{row['id'][1:]}", "title": row["title"]}
    found |= {"publication_year": int(row["year"]), "authorships": people}
    return found | {
        "biblio": {"volume": row["volume"]},
        "abstract_inverted_index": {_note(row): [0]},
    }


def _datacite(row: dict[str, Any]) -> dict[str, Any]:
    people = [{"name": name, "affiliation": [{"name": "Moss"}]} for name in row["authors"]]
    found: dict[str, Any] = {"doi": f"10.5555/{row['id']}", "titles": [{"title": row["title"]}]}
    found |= {"creators": people, "publicationYear": int(row["year"])}
    found |= {"container": {"title": "Moss", "volume": row["volume"]}, "types": {}}
    found["descriptions"] = [{"description": _note(row), "descriptionType": "Abstract"}]
    return {"id": found["doi"], "attributes": found}


def _snapshot(row: dict[str, Any]) -> dict[str, Any]:
    found = {"id": f"1706.{row['id'][1:]:>05}", "title": row["title"], "comments": _note(row)}
    found["authors_parsed"] = [[*name.split(", "), ""] for name in row["authors"]]
    return found | {
        "versions": [{"version": "v1", "created": f"Fri, 2 Mar {row['year']} 10:00:00"}]
    }


def _semantic_scholar(row: dict[str, Any]) -> dict[str, Any]:
    people = [{"authorId": None, "name": name} for name in row["authors"]]
    found = {"corpusid": int(row["id"][1:]), "title": row["title"], "authors": people}
    found |= {"externalids": {}, "year": int(row["year"]), "abstract": _note(row)}
    return found | {"journal": {"name": "Moss", "volume": row["volume"]}}


def _reflib(row: dict[str, Any]) -> dict[str, Any]:
    found = {"recNumber": row["id"], "type": "journalArticle", "title": row["title"]}
    found |= {"authors": row["authors"], "year": row["year"], "volume": row["volume"]}
    return found | {"notes": _note(row)}


def _profile(rows: Rows) -> str:
    def entry(row: dict[str, Any]) -> str:
        people = ", ".join(" ".join(name.split(", ")[::-1]) for name in row["authors"])
        return f"LGOct 20, {row['year']}\n{row['title']}\n\n{people}\n\nOf {_note(row)}.\n\n"

    return "".join(map(entry, rows))


def _cluster(rows: Rows) -> str:
    def entry(row: dict[str, Any]) -> str:
        people = "\n".join(f"  • {' '.join(name.split(', ')[::-1])}" for name in row["authors"])
        head = f"ICXX Conference {row['year']} Conference Paper"
        return f"{head}\n\n{row['title']}\n\n{people}\n\nOf {_note(row)}.\n\n"

    return "".join(map(entry, rows))


def _dump(rows: Rows) -> str:
    entries = [f"{row['title']}\n{', '.join(row['authors'])}\n" for row in rows]
    return "Example, Ada\n" + "An abstract, which says little, of moss and stones.\n".join(entries)


def _workbook(rows: Rows) -> bytes:
    flat = [
        {name: row[name] for name in ("id", "title", "volume", "year")}
        | {"authors": "; ".join(row["authors"])}
        for row in rows
    ]
    stream = io.BytesIO()
    pd.DataFrame(flat).to_excel(stream, index=False)
    return stream.getvalue()


def _endnote_library(rows: Rows) -> bytes:
    database = sqlite3.connect(":memory:")
    names = "id, trash_state, reference_type, author, year, title, volume"
    database.execute(f"CREATE TABLE refs ({names})")
    database.execute("CREATE TABLE file_res (refs_id, file_path, file_type, file_pos)")
    for row in rows:
        cells = (int(row["id"][1:]), 0, 0, "\r".join(row["authors"]), row["year"], row["title"])
        database.execute("INSERT INTO refs VALUES (?, ?, ?, ?, ?, ?, ?)", (*cells, row["volume"]))
    database.commit()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sdb/sdb.eni", database.serialize())
    database.close()
    return packed.getvalue()


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
DATABASES: dict[str, tuple[str, Callable[[Rows], str | bytes]]] = {  # name of reader: suffix, maker
    "EndNote XML": (".xml", _each(_endnote, f"{_HEAD}<xml><records>", "</records></xml>")),
    "PubMed XML": (".xml", _each(_pubmed, f"{_HEAD}<PubmedArticleSet>", "</PubmedArticleSet>")),
    "dblp XML": (".xml", _each(_dblp, f"{_HEAD}<dblp>", "</dblp>")),
    "JATS XML": (".xml", _each(_jats, f"{_HEAD}<articles>", "</articles>")),
    "TEI XML": (
        ".xml",
        _each(_tei, f'{_HEAD}<listBibl xmlns="http://www.tei-c.org/ns/1.0">', "</listBibl>"),
    ),
    "MODS XML": (".xml", _each(_mods, f"{_HEAD}<modsCollection>", "</modsCollection>")),
    "MARC XML": (
        ".xml",
        _each(_marc, '<collection xmlns="http://www.loc.gov/MARC21/slim">\n', "</collection>"),
    ),
    "an answer of arXiv's API (Atom)": (
        ".xml",
        _each(
            _atom, f'{_HEAD}<feed xmlns="http://www.w3.org/2005/Atom"><title>q</title>', "</feed>"
        ),
    ),
    "Crossref XML": (
        ".xml",
        _each(_crossref_xml, f"{_HEAD}<crossref_result><body>", "</body></crossref_result>"),
    ),
    "PubMed's nbib format": (".nbib", _nbib),
    "EndNote's tagged format (refer)": (".enw", _refer),
    "CSL-JSON": (".json", _json(_csl, lines=False)),
    "Crossref works": (".jsonl", _json(_crossref, lines=True)),
    "OpenAlex works": (".jsonl", _json(_openalex, lines=True)),
    "DataCite works": (".json", _json(_datacite, lines=False)),
    "arXiv's metadata snapshot": (".json", _json(_snapshot, lines=True)),
    "Semantic Scholar papers": (".jsonl", _json(_semantic_scholar, lines=True)),
    "reflib's JSON": (".json", _json(_reflib, lines=False)),
    "an Excel workbook": (".xlsx", _workbook),
    "an EndNote library": (".enlx", _endnote_library),
    "a profile's paper list": (".txt", _profile),
    "a name-cluster page": (".txt", _cluster),
    "a record dump": (".txt", _dump),
}
