"""Small bibliographies in every format that is read, damaged at random, and what they should hold.

Each record has words that stand nowhere else: one in its title, one in each author's name, and a
volume. Whatever damage leaves of these words in the file must come back in one record, or something
must have been told.
"""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from tests.helpers.databases import DATABASES

_JSON = "JSON Lines or a JSON array of objects"
_SYLLABLES = ("ba", "ko", "mi", "ru", "te", "lo", "sa", "ne", "du", "vi")
_ODD_VALUES = (
    "a\nPT J\nb", "x\nTY  - JOUR\ny", "@article{no, title", "n\n@book{in, title={No}}\n", "=1+1",
    "{", "}", "a}b{c", "\\", "\\{", '"', "''", "``", "$x", "%", "#", "&amp;amp;lt;", "<b>x</b>",
    "[" * 300, "{" * 300, "[[1], {'a': 2}]", "a\rb", "a\x0bb", "a\x85b", "a\u2028b", "a\x1cb",
    "a\u0000b", "10." * 80, ", " * 100, "x" * 3000, "é", "Łódź", "中文", "title,year,doi", "²",
    "PMID- 1", "<dblp>", '"authorships":', "TY - ", "ER  - ", "null", "NA", "\t", ";",
    "|", "\ufeff", "&moss;", "<q:a>", "<?moss <a> ?>", "<![CDATA[", "moss # ", "// moss\n",
)  # fmt: skip


class Library(NamedTuple):
    """A file before it is damaged: suffix, text or bytes, and the words of each record."""

    suffix: str
    content: str | bytes
    words: list[list[str]]


def word(number: int) -> str:
    """A made-up name that stands for this number alone."""
    return "".join(_SYLLABLES[int(digit)] for digit in f"{number:06}").title()


def library(chance: random.Random, first: int, odd: str | None = None) -> Library:
    """Some records in some format, whose words are numbered from `first`."""
    name, suffix, write = chance.choice(FORMATS)
    rows, words = [], []
    for k in range(chance.randint(1, 5)):
        number = first + 4 * k
        title, one, other, volume = (*map(word, range(number, number + 3)), str(70_000 + number))
        words.append([title, one, other, volume])
        row = {"id": f"k{number}", "title": f"On {title} growth", "volume": volume}
        row |= {"authors": [f"{one}, Ana", f"{other}, Bo"], "year": str(1950 + k)}
        rows.append(row | ({"note": odd or chance.choice(_ODD_VALUES)} if odd or k % 2 else {}))
    return Library(suffix, write(rows), words if name not in _WITHOUT_MARKS else [])


def _bib(rows: list[dict[str, object]]) -> str:
    def entry(row: dict[str, object]) -> str:
        people = " and ".join(row["authors"])  # type: ignore[arg-type]
        note = str(row.get("note", "")).replace("{", "").replace("}", "").replace("\\", "")
        fields = {"title": row["title"], "author": people, "year": row["year"]}
        fields |= {"volume": row["volume"], "note": note}
        inside = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@article{{{row['id']},\n{inside}\n}}\n"

    return "\n".join(map(entry, rows))


def _ris(rows: list[dict[str, object]]) -> str:
    def entry(row: dict[str, object]) -> str:
        lines = ["TY  - JOUR", f"ID  - {row['id']}", f"TI  - {row['title']}"]
        lines += [f"AU  - {name}" for name in row["authors"]]  # type: ignore[attr-defined]
        lines += [f"PY  - {row['year']}", f"VL  - {row['volume']}"]
        note = " ".join(str(row.get("note", "")).split())
        return "\n".join([*lines, f"N1  - {note}", "ER  - ", ""])

    return "\n".join(map(entry, rows))


def _wos(rows: list[dict[str, object]]) -> str:
    def entry(row: dict[str, object]) -> str:
        first, second = row["authors"]  # type: ignore[misc]
        note = " ".join(str(row.get("note", "")).split())
        lines = ["PT J", f"AU {first}", f"   {second}", f"TI {row['title']}", f"AB {note}"]
        return "\n".join([*lines, f"PY {row['year']}", f"VL {row['volume']}", "ER", ""])

    return "\n".join(["FN Made up", "VR 1.0", *map(entry, rows), "EF"])


def _flat(rows: list[dict[str, object]]) -> pd.DataFrame:
    flat = [row | {"authors": "; ".join(row["authors"])} for row in rows]  # type: ignore[arg-type]
    return pd.DataFrame(flat).fillna("")


def _delimited(delimiter: str) -> Callable[[list[dict[str, object]]], str]:
    return lambda rows: _flat(rows).to_csv(index=False, sep=delimiter)


def _parquet(rows: list[dict[str, object]]) -> bytes:
    people = [
        [{"name": name, "affiliation": None} for name in row["authors"]]  # type: ignore[attr-defined]
        for row in rows
    ]
    stream = io.BytesIO()
    pd.DataFrame(rows).assign(authors=people).to_parquet(stream)
    return stream.getvalue()


FORMATS: tuple[tuple[str, str, Callable[[list[dict[str, object]]], str | bytes]], ...] = (
    ("BibTeX", ".bib", _bib),
    ("RIS", ".ris", _ris),
    ("Web of Science's tagged format", ".ciw", _wos),
    ("CSV or TSV", ".csv", _delimited(",")),
    ("CSV or TSV", ".tsv", _delimited("\t")),
    (_JSON, ".jsonl", lambda rows: "".join(json.dumps(row) + "\n" for row in rows)),
    (_JSON, ".json", lambda rows: json.dumps(rows, indent=1, ensure_ascii=False)),
    ("Parquet", ".parquet", _parquet),
    *((name, suffix, make) for name, (suffix, make) in DATABASES.items()),
)  # name of the reader, suffix, maker
# of text copied from a page nobody can tell where a record began that is damaged
_WITHOUT_MARKS = ("a record dump", "a profile's paper list", "a name-cluster page")
_MARKS = '{}",@=#\n\r()[]-;\t \\ \u2028\x0b\x00'


def damaged(chance: random.Random, content: str) -> str:
    """The text with up to three random damages."""
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        content = chance.choice(_DAMAGES)(chance, content)
    return content


def _drop_mark(chance: random.Random, content: str) -> str:
    places = [at for at, char in enumerate(content) if char in _MARKS]
    at = chance.choice(places or [0])
    return content[:at] + content[at + 1 :]


def _insert_mark(chance: random.Random, content: str) -> str:
    at = chance.randint(0, len(content))
    return content[:at] + chance.choice(_MARKS) + content[at:]


def _insert_value(chance: random.Random, content: str) -> str:
    at = chance.randint(0, len(content))
    return content[:at] + chance.choice(_ODD_VALUES) + content[at:]


def _cut_short(chance: random.Random, content: str) -> str:
    return content[: chance.randint(len(content) // 2, len(content))]


def _cut_out(chance: random.Random, content: str) -> str:
    at = chance.randint(0, len(content))
    return content[:at] + content[at + chance.randint(1, 30) :]


def _drop_line(chance: random.Random, content: str) -> str:
    lines = content.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def _double_line(chance: random.Random, content: str) -> str:
    lines = content.split("\n")
    at = chance.randrange(len(lines))
    return "\n".join([*lines[: at + 1], *lines[at:]])


def _drop_tag(chance: random.Random, content: str) -> str:
    places = [
        found.span() for found in re.finditer(r"</?[a-zA-Z][^<>]*>|\n[%A-Z][A-Z0-9]* ", content)
    ]
    start, end = chance.choice(places or [(0, 0)])
    return content[:start] + content[end:]


def _join_lines(chance: random.Random, content: str) -> str:
    places = [at for at, char in enumerate(content) if char == "\n"]
    at = chance.choice(places or [0])
    return content[:at] + " " + content[at + 1 :]


def _indent(chance: random.Random, content: str) -> str:
    lines = content.split("\n")
    at = chance.randrange(len(lines))
    lines[at] = " " * chance.randint(1, 3) + lines[at]
    return "\n".join(lines)


def _squeeze_tag(chance: random.Random, content: str) -> str:
    places = [at for at in range(len(content)) if content.startswith("  -", at)]
    at = chance.choice(places or [0])
    return content[:at] + content[at:].replace("  -", chance.choice((" -", "-", "   -")), 1)


def _other_case(chance: random.Random, content: str) -> str:
    places = [found.span() for found in re.finditer(r"(?<!\w)[A-Za-z]+", content)]
    start, end = chance.choice(places or [(0, 0)])
    return content[:start] + content[start:end].swapcase() + content[end:]


def _declare(chance: random.Random, content: str) -> str:
    return content.replace("UTF-8", chance.choice(("UTF-16", "ISO-8859-1", "utf-7", "moss")), 1)


def _end_lines(chance: random.Random, content: str) -> str:
    return content.replace("\n", chance.choice(("\r\n", "\r")))


def _one_line(chance: random.Random, content: str) -> str:
    return content.replace("}\n\n@", "} @")


_DAMAGES = (
    *(_drop_mark, _drop_mark, _insert_mark, _insert_mark, _insert_value, _cut_short, _cut_out),
    *(
        _drop_line,
        _double_line,
        _drop_tag,
        _join_lines,
        _indent,
        _squeeze_tag,
        _other_case,
        _declare,
        _end_lines,
        _one_line,
    ),
)


def encoded(chance: random.Random, content: str) -> bytes:
    """The text in UTF-8 as a rule, maybe short of a byte, else in one that has all its letters."""
    codec = chance.choice(("utf-8",) * 6 + ("utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-32"))
    try:
        data = content.encode(codec)
    except UnicodeEncodeError:
        data = content.encode("utf-8", "replace")
    if codec != "utf-8" or chance.random() < 0.8:
        return data
    at = chance.choice([at for at, byte in enumerate(data) if byte > 127] or [len(data)])
    return data[:at] + data[at + 1 :]  # half a letter
