"""Files that are not read: what they are, so that the message can say it."""

from __future__ import annotations

import re

from linkage.readers.source import Source

_MAGIC = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive (or an Office document, which is one)",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"7z\xbc\xaf": "a 7-zip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"SQLite format 3": "an SQLite database",
    b"ARROW1": "an Arrow or Feather file",
    b"{\\rtf": "an RTF document",
}
_CONTROL = re.compile("[\x01-\x08\x0e-\x1b]")
_XML = {  # what stands anywhere in a text that begins as XML
    "a deposit of Crossref": r"<doi_batch\b(?!_id)",
    "DataCite XML": r"datacite\.org/schema",
    "a web page (HTML)": r"\A<!doctype html|\A<html",
    "XML": r"\A<\?xml|\A<[A-Za-z][\w:.-]*[\s>]",
}
_JSON = {  # what stands anywhere in a text that begins as JSON
    "a Jupyter notebook": r'\A\{[\s\S]*"nbformat"\s{0,9}:',
}


def foreign_format(source: Source) -> str | None:
    """Name the format of a file that is recognised but not read; None for all others."""
    for magic, name in _MAGIC.items():
        if source.data.startswith(magic):
            return name
    if _is_binary(source.head):
        return "a binary file"
    text = source.head.lstrip("\ufeff \t\r\n")
    known = _XML if text.startswith("<") else _JSON if text.startswith(("[", "{")) else {}
    for name, pattern in known.items():
        if re.search(pattern, text, re.MULTILINE | re.IGNORECASE):
            return name
    return None


def _is_binary(head: str) -> bool:
    """Whether zeros and controls are more than damage in some cells of a text."""
    zeros, controls = head.count("\0"), len(_CONTROL.findall(head))
    return zeros * 5 > len(head) or (zeros > 0 and controls * 50 > len(head))
