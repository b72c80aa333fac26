"""Records of an XML file, cut out of it as text and parsed one by one.

A damaged record does not stop the rest, each knows its line, and files of any size are read in
the room of one record. Entities that a file declares are not known to the parser of a record, so
there are neither entity bombs nor files that are let in; HTML's names (`&uuml;`, as in dblp) are.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from html.entities import entitydefs
from typing import NamedTuple
from xml.etree import ElementTree as ET

from linkage.errors import Problem
from linkage.readers.source import Source
from linkage.readers.streams import text_chunks

_SUFFIXES = (".xml", ".nxml", ".atom")
_MOST = 1 << 25  # signs of one record
_DECLARED = re.compile(r"""\A\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']""")
_DECLARATION = b"<?xml"
_PREFIX = re.compile(r"""\bxmlns:([\w.-]+)\s*=\s*["']""")
_UNKNOWN_SIGNS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*[01]?[0-8bcef]|x0*1[0-9a-f]|0*(?:[0-8]|1[124-9]|2\d|3[01]));",
    re.I,
)
_OUTSIDE = re.compile(r"<([\w.-]+)(?:\s[^<>]*)?>\s*[^<>\s][^<>]*</\1\s*>")  # no prefix
_OF_WRAPPERS = frozenset(
    "identifier datestamp setSpec responseDate request resumptionToken title id updated name"
    " generator PMID doi_batch_id".split()
)
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<!DOCTYPE[^\[<>]*(?:\[[^\]]*\]?\s*)?(?:>|\Z)|<[^<>]*(?:>|\Z)", re.DOTALL
)
_WITHOUT_CONTENT = re.compile(r"[^<>]*/>")
_KNOWN = {"lt", "gt", "amp", "quot", "apos"}


class Piece(NamedTuple):
    """A record as text, from its start tag to its end tag, and the line of the first.

    `text` is empty for what stands between records and may be one, but for its start tag.
    """

    line: int
    text: str


def xml_with(pattern: re.Pattern[str]) -> Callable[[Source], bool]:
    """Recognise XML in which this stands; what stands inside a value of another format is none."""

    def recognises(source: Source) -> bool:
        begins = source.head.lstrip("\ufeff \t\r\n\x0b").startswith("<")
        return (begins or source.suffix in _SUFFIXES) and bool(pattern.search(source.head))

    return recognises


def elements(
    source: Source, problems: list[Problem], tags: str, once: tuple[str, ...] = ()
) -> Iterator[tuple[int, ET.Element]]:
    """The elements of these names (`article|book`), each with its line; namespaces are taken off.

    What can't be parsed is set aside with the line and the reason. `once` names parts that none has
    twice (`title` of a record, `Author/LastName` of an author in one); if one has, it is told, as
    it may have swallowed the next.
    """
    match = _DECLARED.match(source.head.lstrip("\ufeff"))
    parts = text_chunks(source, problems, match[1] if match and _can_be(match[1]) else None)
    prefixes: set[str] = set()
    for piece in _pieces(parts, tags, prefixes):
        if not piece.text:
            found, expected = "fields outside a record", f"them inside ({tags.replace('|', ', ')})"
            problems.append(Problem(source.name, f"line {piece.line}", found, expected))
            continue
        try:
            element = parsed(piece.text, prefixes)
            problems += _signs_of_damage(element, f"line {piece.line}", source, once)
            yield piece.line, element
        except ET.ParseError as error:
            line = piece.line + error.position[0] - 1
            reason = f"{str(error).partition(':')[0]} in line {line:,}"
            problems.append(
                Problem(source.name, f"line {piece.line}", f"XML with {reason}", "a whole record")
            )


def parsed(text: str, prefixes: set[str] = frozenset()) -> ET.Element:  # type: ignore[assignment]
    """One element from its text; raises `ParseError`."""
    spaces = "".join(f' xmlns:{p}="{p}"' for p in sorted({*prefixes, *_PREFIX.findall(text)}))
    parser = ET.XMLParser()  # noqa: S314
    parser.entity.update({n: s for n, s in entitydefs.items() if n not in _KNOWN})
    parser.feed(f'<!DOCTYPE r SYSTEM "r"><r{spaces}>{_UNKNOWN_SIGNS.sub(" ", text)}</r>')
    root = parser.close()
    for element in root.iter():
        if isinstance(element.tag, str) and "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]
    return root[0]


def _signs_of_damage(
    element: ET.Element, where: str, source: Source, once: tuple[str, ...]
) -> Iterator[Problem]:
    """Tell a part that stands twice, and text where only fields stand: tags may be damaged."""
    for path in once:
        parent, _, part = path.rpartition("/")
        owners = element.iter(parent) if parent else [element]
        if any(len(owner.findall(part)) > 1 for owner in owners):
            yield Problem(source.name, where, f"{path} twice", "once", kept=True)
    texts = (element.text, *(part.tail for part in element))
    if stray := next((t.strip() for t in texts if t and not t.isspace()), None):
        yield Problem(source.name, where, f"{stray[:40]!r} outside a field", "fields", kept=True)


def _pieces(parts: Iterator[str], tags: str, prefixes: set[str]) -> Iterator[Piece]:
    start = re.compile(rf"<(?:([\w.-]+):)?({tags})(?=[\s>/])")
    buffer, line = "", 1
    opened: re.Match[str] | None = None
    for part in parts:
        buffer, at = buffer + part, 0
        while True:
            if opened is None:
                opened = start.search(buffer, at)
                gap = buffer[at : opened.start() if opened else len(buffer)]
                prefixes |= set(_PREFIX.findall(gap))
                if _holds_fields(gap, tags):
                    yield Piece(line, "")
                if opened is None:
                    break
            end = _end(buffer, opened, start)
            if end is None and len(buffer) - opened.start() < _MOST:
                break
            end = len(buffer) if end is None else end
            line += buffer.count("\n", at, opened.start())
            yield Piece(line, buffer[opened.start() : end])
            line += buffer.count("\n", opened.start(), end)
            at, opened = end, None
        keep = opened.start() if opened else _whole_tags(buffer, at)
        line += buffer.count("\n", at, keep)
        buffer = buffer[keep:]
        opened = None
    if found := start.search(buffer):
        yield Piece(line + buffer.count("\n", 0, found.start()), buffer[found.start() :])


def _whole_tags(buffer: str, at: int) -> int:
    """Where the last tags of what stands between records begin: no tag is cut in two."""
    begin = buffer.rfind(">", at, max(at, len(buffer) - 200)) + 1
    return max(at, begin if len(buffer) - at < _MOST else len(buffer) - 200)


def _holds_fields(gap: str, tags: str) -> bool:
    """Whether more stands between two records than the wrappers of records have."""
    if len(gap) < 10 or gap.isspace():
        return False
    if re.search(rf"</(?:[\w.-]+:)?(?:{tags})\s*>", gap):  # the end of one without its start
        return True
    if any(found[1] not in _OF_WRAPPERS for found in _OUTSIDE.finditer(gap)):
        return True
    return bool(_MARKUP.sub("", _OUTSIDE.sub("", gap)).strip())


def _end(buffer: str, opened: re.Match[str], start: re.Pattern[str]) -> int | None:
    """Where the element ends: after its end tag, or where the next one begins before that."""
    whole = _WITHOUT_CONTENT.match(buffer, opened.end())
    if whole:
        return whole.end()
    prefix = f"{opened[1]}:" if opened[1] else ""
    close = re.compile(rf"</{re.escape(prefix + opened[2])}\s*>").search(buffer, opened.end())
    following = start.search(buffer, opened.end(), close.start() if close else len(buffer))
    if following:
        return following.start()
    return close.end() if close else None


def _can_be(codec: str) -> bool:
    """Whether it is an encoding, and one in which the declaration that names it stands as it does.

    UTF-16 is known by its bytes, whatever they declare.
    """
    try:
        "".encode(codec)
        return getincrementaldecoder(codec)("replace").decode(_DECLARATION) == "<?xml"
    except (LookupError, UnicodeError):
        return False


def words(element: ET.Element | None) -> str | None:
    """All the text of an element and those in it, white space collapsed; None if there is none."""
    return None if element is None else " ".join("".join(element.itertext()).split()) or None


def at(element: ET.Element, path: str) -> str | None:
    """The text of the first element of this path that has one."""
    return next(filter(None, map(words, element.iterfind(path))), None)


def every(element: ET.Element, path: str) -> list[str]:
    """The texts of all elements of this path that have one."""
    return [text for text in map(words, element.iterfind(path)) if text]


def words_of_parts(element: ET.Element) -> str:
    """The text of an element; where it holds elements and nothing else, a comma between them."""
    texts = (element.text, *(inner.tail for inner in element))
    if any(text and not text.isspace() for text in texts) or not len(element):
        return words(element) or ""
    return ", ".join(filter(None, map(words_of_parts, element)))


def others(element: ET.Element, form: str, used: frozenset[str]) -> dict[str, list[str]]:
    """What no column is read from, by the name of its element after that of the format."""
    found: dict[str, list[str]] = {}
    for part in element:
        if part.tag not in used and (text := words_of_parts(part)):
            found.setdefault(f"{form}:{part.tag}", []).append(text)
    return found
