"""What a file tells, tag by tag, read without any reader of ours.

Two files tell the same where these agree. What is written otherwise than it came, and why:

RIS
- tags of one meaning are written as the one that every program knows (T1 as TI, A1 as AU, ...)
- a record without an ID has one
- a DOI is in lower case, ISSN and ISBN have one form (ISBN-10 as ISBN-13), one a line
- dates are year/month/day/, the year in PY; first and last page are SP and EP
- a PMC number known from an address is in C2, too
- names are "family, given", one a line; blanks and entities (&amp;) are what they mean
- a type that RIS doesn't have (TY  - Journal Article) is the one that is meant
BibTeX
- an ISSN in the field isbn stands in issn
- the same of DOIs, ISBN, names and blanks; crossref, @string and TeX are resolved
- keywords are parted by ", "; months are BibTeX's own; biblatex's date is year, month and day
nbib
- AU is made of FAU; an affiliation with a semicolon inside is two
CSL-JSON
- the tags within an abstract are left out; several ISSN are one text, parted by ";"
"""

import html
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import bibtexparser

from linkage.records.cells import date, doi, issn_isbn
from linkage.text.tex import quiet, untexed

RIS_TAG = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?$")
SAME_TAG = {
    **dict.fromkeys(("T1", "CT", "BT"), "TI"),
    **dict.fromkeys(("JF", "JO", "C3"), "T2"),
    "ED": "A2",
    "N2": "AB",
    "VO": "VL",
    "CP": "IS",
    "PP": "CY",
    **dict.fromkeys(("L2", "L3", "L4"), "L1"),
}
SAME_FIELD = {"journaltitle": "journal", "location": "address", "keyword": "keywords"}
REPEATED = {"AU", "A1", "A2", "A3", "A4", "ED", "KW", "UR", "LA"}


def ris_records(path):
    """A Counter of (tag, value) for each record of a RIS file."""
    records = []
    lines = Path(path).read_text("utf-8-sig", "replace").splitlines()
    current = None
    for line in lines:
        match = RIS_TAG.match(line.rstrip())
        tag, value = (match[1], match[2] or "") if match else ("", line)
        if tag == "TY":
            current = [["TY", value]]
            records.append(current)
        elif tag == "ER":
            current = None
        elif current is not None and tag:
            current.append([tag, value])
        elif current is not None and value.strip():
            if current[-1][0] in REPEATED:
                current.append([current[-1][0], value])
            else:
                current[-1][1] += f" {value}"
    return [_ris_told(record) for record in records]


def _ris_told(record):
    told = Counter()
    pages = {}
    dates = {}
    authors = [letters(plain(raw)) for tag, raw in record if tag in ("AU", "A1")]
    told["AU", "".join(sorted("".join(authors)))] = 1
    for tag, raw in record:
        value = plain(raw)
        if not value or tag in ("ID", "AU", "A1"):
            continue
        if tag in ("SP", "EP"):
            pages.setdefault(tag, value)
        elif tag in ("PY", "Y1", "DA"):
            dates.setdefault(tag, []).append(value)
        elif tag == "SN":
            told["SN", ""] = 1
            told.update(dict.fromkeys(_serials(value), 1))
        elif tag == "TY" and not value.isupper():
            told["TY", "JOUR"] = 1
        elif tag == "C2" and re.fullmatch(r"PMC\d+", value):
            continue
        elif tag == "LA":
            told.update({(tag, part): 1 for part in value.split("; ")})
        else:
            told[SAME_TAG.get(tag, tag), _value(tag, value)] += 1
    told["pages", re.sub(r"\s*[-–—]+\s*", "-", "-".join(pages.values()))] += 1
    told.update({("date", one): 1 for one in _dates(dates)})
    return Counter(dict.fromkeys(told, 1))


def _value(tag, value):
    if tag == "DO":
        return doi(value)
    return letters(value) if tag in ("A2", "ED") else value


def _serials(value):
    found = issn_isbn(value)
    return [("SN", number) for kind in found for number in found[kind].split("; ")]


def _dates(dates):
    """The most exact dates, with the year; and what is none."""
    printed = [value for values in dates.values() for value in values]
    years = [read[:4] for value in dates.get("PY", []) + printed if (read := date(value) or "-")]
    year = next((year for year in years if year[0] != "-"), "")
    read = {}
    for value in printed:
        found = date(value) or ""
        found = f"{year}{found[1:]}" if found.startswith("-") else found
        words = re.search(r"[^\W\d_]", value.replace("undefined", ""))
        read[value if words and "-" not in found else found] = None
    return [d for d in read if not any(other != d and other.startswith(d) for other in read)]


def plain(value):
    """A value without entities, with accents composed and single blanks."""
    while (unescaped := html.unescape(value)) != value:
        value = unescaped
    return " ".join(unicodedata.normalize("NFC", value).split())


def letters(value):
    """The letters of a name in alphabetical order: parts may change places."""
    return "".join(sorted(filter(str.isalnum, value.casefold())))


def bibtex_records(path):
    """A Counter of (field, value) for each entry of a BibTeX file that has no crossref."""
    with quiet("bibtexparser.splitter", "bibtexparser.library"):
        library = bibtexparser.parse_string(Path(path).read_text("utf-8"))
    return {
        entry.key: Counter({("type", entry.entry_type.lower()): 1} | dict(_bibtex_told(entry)))
        for entry in library.entries
        if "crossref" not in entry
    }


def _bibtex_told(entry):
    for field in entry.fields:
        name = SAME_FIELD.get(field.key.lower(), field.key.lower())
        value = field.value
        if name in ("keywords", "groups"):
            for part in re.split(r"[;,]\s*", plain(untexed(value))):
                yield (name, part), 1
        elif name in ("author", "editor"):
            for person in re.split(r"\s+and\s+", value):
                yield (name, letters(plain(untexed(person)))), 1
        elif name in ("isbn", "issn"):
            yield from ((serial, 1) for serial in _serials(value) or [(name, value)])
        elif text := _bibtex_value(name, value):
            yield (name, text), 1


def _bibtex_value(name, value):
    value = plain(untexed(value)).replace("\\", "")
    if name == "doi":
        return doi(value)
    if name == "month":
        return value[:3].lower()
    return re.sub(r"\s*[-–—]+\s*", "-", value) if name == "pages" else value


def nbib_records(path):
    """A Counter of (tag, value) for each record of a file in PubMed's tagged format."""
    records = []
    for line in Path(path).read_text("utf-8-sig").splitlines():
        match = re.match(r"([A-Z]{2,4}) {0,2}- ?(.*)$", line)
        if match and (match[1] == "PMID" or not records):
            records.append([])
        if match:
            records[-1].append([match[1], match[2]])
        elif line.strip():
            records[-1][-1][1] += f" {line}"
    return [
        Counter(one for tag, text in record for one in _nbib_told(tag, plain(text)))
        for record in records
    ]


def _nbib_told(tag, value):
    if tag in ("LID", "AID") and value.endswith("[doi]"):
        return [(tag, value.lower())]
    if tag == "AD":
        return [(tag, part.rstrip(".")) for part in value.split("; ")]
    return [] if tag == "AU" else [(tag, value)]


def csl_items(path):
    """A Counter of (path of keys, text) for each item of a CSL-JSON file."""
    items = json.loads(Path(path).read_text("utf-8"))
    return [Counter(_leaves("", item)) for item in (items if isinstance(items, list) else [items])]


def _leaves(path, value):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}".removesuffix(".name"), inner)
    elif isinstance(value, list) and path != ".ISSN":
        for inner in value:
            yield from _leaves(path, inner)
    elif path in (".ISSN", ".ISBN"):
        yield path, str(issn_isbn(str(value)))
    else:
        yield path, doi(value) if path == ".DOI" else plain(re.sub("<[^>]*>", " ", str(value)))
