"""PubMed XML: articles and book chapters, as E-utilities and the yearly baseline give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from linkage.errors import Problem
from linkage.readers.json.json_works import row
from linkage.readers.people import Person, email, group, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.xml.xml_records import at, elements, every, others, words, xml_with
from linkage.records.cells import date as read_date
from linkage.records.cells import trials

_ONCE = ("MedlineCitation", "Article/ArticleTitle", "Author/LastName", "Author/ForeName")
_LOOKS = re.compile(r"<(?:PubmedArticle|PubmedBookArticle|MedlineCitation)\b")
_SAME = {  # what a citation has under the tags of PubMed's own format
    "nbib:CI": "Article/Abstract/CopyrightInformation",
    "nbib:OAB": "OtherAbstract/AbstractText",
    "nbib:NM": "SupplMeshList/SupplMeshName",
    "nbib:SB": "CitationSubset",
    "nbib:GS": "GeneSymbolList/GeneSymbol",
    "nbib:IRAD": "InvestigatorList/Investigator/AffiliationInfo/Affiliation",
}
# A record that comments on, corrects or takes back this one, or the other way round.
_LINKS = dict(
    pair.split(":")
    for pair in (
        "CommentIn:CIN CommentOn:CON CorrectedandRepublishedFrom:CRF "
        "CorrectedandRepublishedIn:CRI ErratumFor:EFR ErratumIn:EIN ExpressionOfConcernFor:ECF "
        "ExpressionOfConcernIn:ECI PartialRetractionIn:PRIN PartialRetractionOf:PROF "
        "RepublishedFrom:RPF RepublishedIn:RPI RetractedandRepublishedFrom:RRF "
        "RetractedandRepublishedIn:RRI RetractionIn:RIN RetractionOf:ROF UpdateIn:UIN "
        "UpdateOf:UOF "
    ).split()
)
_USED = frozenset(
    "PMID Article ArticleTitle VernacularTitle Journal Pagination ELocationID Abstract AuthorList"
    " Language DataBankList GrantList PublicationTypeList PublicationType ArticleDate"
    " MedlineJournalInfo ChemicalList CitationSubset CommentsCorrectionsList MeshHeadingList"
    " KeywordList CoiStatement GeneralNote OtherAbstract SupplMeshList GeneSymbolList Book"
    " InvestigatorList ArticleIdList ReferenceList"
    " DateCreated DateCompleted DateRevised".split()  # days of PubMed's work, not of the article
)


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    citation = "PubmedArticle|PubmedBookArticle"
    whole = re.search(rf"<(?:{citation})\b", source.head)
    tags = citation if whole else "MedlineCitation"
    for line, element in elements(source, problems, tags, _ONCE):
        inner = element.find("MedlineCitation")
        problems += _without_name(element, line, source)
        book = element.find("BookDocument")
        if book is not None:
            yield row(line, _book(element, book))
        else:
            yield row(line, _article(element, inner if inner is not None else element))


def _without_name(element: Element, line: int, source: Source) -> Iterator[Problem]:
    """Tell an author of whom there is a given name alone."""
    for author in element.iter("Author"):
        if author.find("ForeName") is not None and author.find("LastName") is None:
            found = f"an author without a LastName: {words(author)!r}"
            yield Problem(source.name, f"line {line}", found, "one", kept=True)


def _article(whole: Element, citation: Element) -> dict[str, Any]:
    article = citation.find("Article")
    article = article if article is not None else Element("Article")
    doi = _location(article, "doi") or _other(whole, "doi")
    pmid = at(citation, "PMID")
    date = _date(article.find("Journal/JournalIssue/PubDate")) or _date(article.find("ArticleDate"))
    mesh = _mesh(citation)
    banks = [
        "/".join(filter(None, (at(bank, "DataBankName"), number)))
        for bank in article.iterfind("DataBankList/DataBank")
        for number in every(bank, "AccessionNumberList/AccessionNumber")
    ]
    return (
        _record(whole, pmid, article)
        | {
            "title": at(article, "ArticleTitle") or at(article, "VernacularTitle"),
            "venue": at(article, "Journal/Title") or at(article, "Journal/ISOAbbreviation"),
            "volume": at(article, "Journal/JournalIssue/Volume"),
            "number": at(article, "Journal/JournalIssue/Issue"),
            "pages": _pages(article),
            "year": date,
            "date": date,
            "doi": doi,
            "ids": serials(
                *every(article, "Journal/ISSN"), at(citation, "MedlineJournalInfo/ISSNLinking")
            )
            | {"pmid": pmid or "", "pmcid": _other(whole, "pmc") or ""}
            | trials("; ".join(banks)),
            "place": at(citation, "MedlineJournalInfo/Country"),
            "keywords": list(dict.fromkeys([*mesh, *every(citation, "KeywordList/Keyword")])),
            "notes": every(citation, "GeneralNote"),
            "nbib:MH": mesh,
            "nbib:TA": at(article, "Journal/ISOAbbreviation"),
            "nbib:TT": at(article, "VernacularTitle"),
            "nbib:COIS": at(citation, "CoiStatement"),
            "nbib:JID": at(citation, "MedlineJournalInfo/NlmUniqueID"),
            "nbib:RN": [_chemical(one) for one in citation.iterfind("ChemicalList/Chemical")],
            "nbib:GR": [_joined(grant) for grant in article.iterfind("GrantList/Grant")],
            "nbib:AID": [f"{n} [pii]" for n in dict.fromkeys(filter(None, _pii(whole, article)))],
            "nbib:SI": banks,
        }
        | _as_nbib(whole, citation, article)
    )


def _as_nbib(whole: Element, citation: Element, article: Element) -> dict[str, Any]:
    """What no column is for, as PubMed's own format has it, and what that has no tag for."""
    found: dict[str, Any] = {tag: every(citation, path) for tag, path in _SAME.items()}
    investigators = citation.iterfind("InvestigatorList/Investigator")
    found["nbib:FIR"] = [one["name"] for one in people(map(_person, investigators)) or []]
    found["nbib:DEP"] = "".join(every(article, "ArticleDate[1]/*"))
    found["nbib:PST"] = at(whole, "PubmedData/PublicationStatus")
    printed = _date(article.find("Journal/JournalIssue/PubDate")) or ""
    if " " in printed and "-" not in (read_date(printed) or ""):  # `2017 Mar-Apr`, `2018 Winter`
        found["nbib:DP"] = printed
    found["nbib:STAT"] = citation.get("Status")
    found["database"] = citation.get("Owner")
    for one in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        kind, number = one.get("RefType") or "", at(one, "PMID")
        said = [at(one, "RefSource"), f"PMID: {number}" if number else None]
        tag = f"nbib:{_LINKS[kind]}" if kind in _LINKS else f"pubmed:{kind}"
        found.setdefault(tag, []).append(". ".join(filter(None, said)))
    return found | others(citation, "pubmed", _USED) | others(article, "pubmed", _USED)


def _chemical(one: Element) -> str:
    """`9007-49-2 (DNA)`, or the name alone."""
    number, name = at(one, "RegistryNumber"), at(one, "NameOfSubstance")
    return f"{number} ({name})" if number and name else number or name or ""


def _pii(whole: Element, article: Element) -> list[str | None]:
    """The numbers by which the publisher knows the article."""
    return [_location(article, "pii"), _other(whole, "pii")]


def _book(whole: Element, document: Element) -> dict[str, Any]:
    pmid, date = at(document, "PMID"), _date(document.find("Book/PubDate"))
    return (
        _record(whole, pmid, document)
        | {
            "type": "incollection" if at(document, "ArticleTitle") else "book",
            "title": at(document, "ArticleTitle") or at(document, "Book/BookTitle"),
            "venue": at(document, "Book/BookTitle") if at(document, "ArticleTitle") else None,
            "editors": people(_people(document, "Book/AuthorList[@Type='editors']/Author")),
            "volume": at(document, "Book/Volume"),
            "year": date,
            "date": date,
            "ids": serials(*every(document, "Book/Isbn")) | {"pmid": pmid or ""},
            "publisher": at(document, "Book/Publisher/PublisherName"),
            "place": at(document, "Book/Publisher/PublisherLocation"),
            "edition": at(document, "Book/Edition"),
            "series": at(document, "Book/CollectionTitle"),
            "keywords": every(document, "KeywordList/Keyword"),
            "pages": at(document, "Pagination/MedlinePgn"),
            "doi": _other(whole, "doi"),
            "references": _references(document, "ReferenceList"),
            "nbib:AID": [
                f"{words(number)} [{number.get('IdType')}]"
                for number in document.iterfind("ArticleIdList/ArticleId")
                if number.get("IdType") != "doi" and words(number)
            ],
            "nbib:PST": at(whole, "PubmedBookData/PublicationStatus"),
            "nbib:CI": every(document, "Abstract/CopyrightInformation"),
        }
        | others(document, "pubmed", _USED)
    )


def _record(whole: Element, pmid: str | None, article: Element) -> dict[str, Any]:
    kinds = every(article, "PublicationTypeList/PublicationType") or every(
        article, "PublicationType"
    )
    known = [kind for kind in kinds if kind in ("Journal Article", "Preprint", "Dataset")]
    return {
        "record_id": f"pmid:{pmid}" if pmid else None,
        "type": next(iter(known or kinds), None),
        "native_type": "; ".join(kinds),
        "nbib:PT": kinds,
        "authors": people(_authors(article)),
        "authors_truncated": any(
            e.get("CompleteYN") == "N" for e in article.iterfind("AuthorList")
        ),
        "abstract": _abstract(article),
        "language": "; ".join(every(article, "Language")),
        "references": _references(whole, "PubmedData/ReferenceList"),
    }


def _references(whole: Element, path: str) -> list[str]:
    """The references, each with those of its numbers that it does not say itself."""
    found = []
    for reference in whole.iterfind(f"{path}//Reference"):
        printed = at(reference, "Citation") or ""
        numbers = every(reference, "ArticleIdList/ArticleId")
        found.append(", ".join(filter(None, [printed, *(n for n in numbers if n not in printed)])))
    return [reference for reference in found if reference]


def _authors(article: Element) -> list[Person | None]:
    lists = [e for e in article.iterfind("AuthorList") if e.get("Type") != "editors"]
    return [one for authors in lists for one in _people(authors, "Author")]


def _people(element: Element, path: str) -> list[Person | None]:
    return [_person(author) for author in element.iterfind(path)]


def _person(author: Element) -> Person | None:
    affiliations = every(author, "AffiliationInfo/Affiliation") or every(author, "Affiliation")
    names = {e.get("Source") or "": words(e) for e in author.iterfind("Identifier")}
    more: dict[str, Any] = {
        "affiliation": affiliations,
        "email": email(" ".join(affiliations)),
        "orcid": names.pop("ORCID", None),
        "ids": {kind.lower(): number for kind, number in names.items() if number},
    }
    if collective := at(author, "CollectiveName"):
        return group(collective, **more)
    return person(
        family=at(author, "LastName"),
        given=at(author, "ForeName") or at(author, "FirstName") or at(author, "Initials"),
        suffix=at(author, "Suffix"),
        **more,
    )


def _abstract(article: Element) -> str | None:
    parts = []
    for part in article.iterfind("Abstract/AbstractText"):
        label, text = part.get("Label"), words(part)
        parts.append(f"{label}: {text}" if label and text else text or "")
    return " ".join(filter(None, parts)) or None


def _mesh(citation: Element) -> list[str]:
    found = []
    for heading in citation.iterfind("MeshHeadingList/MeshHeading"):
        parts = [
            _starred(part) for part in heading if part.tag in ("DescriptorName", "QualifierName")
        ]
        found.append("/".join(parts))
    return found


def _starred(term: Element) -> str:
    """A MeSH term as PubMed prints it: with a star if it is a major topic."""
    return ("*" if term.get("MajorTopicYN") == "Y" else "") + (words(term) or "")


def _pages(article: Element) -> str | None:
    ends = [at(article, "Pagination/StartPage"), at(article, "Pagination/EndPage")]
    listed = at(article, "Pagination/MedlinePgn")
    return listed or "-".join(filter(None, ends)) or _location(article, "pii")


def _location(article: Element, kind: str) -> str | None:
    return at(article, f"ELocationID[@EIdType='{kind}']")


def _other(whole: Element, kind: str) -> str | None:
    """An id of the article itself: those of its references stand deeper."""
    for data in ("PubmedData", "PubmedBookData"):
        if found := at(whole, f"{data}/ArticleIdList/ArticleId[@IdType='{kind}']"):
            return found
    return None


def _date(element: Element | None) -> str | None:
    if element is None:
        return None
    month = at(element, "Month") or at(element, "Season") or ""
    parts = (at(element, "Year"), month, at(element, "Day"))
    between = "-" if month.isdigit() else " "
    return between.join(filter(None, parts)) or at(element, "MedlineDate")


def _joined(element: Element) -> str:
    return "/".join(filter(None, map(words, element)))


PUBMED_XML = streamed("PubMed XML", (".xml",), xml_with(_LOOKS), _rows)
