"""HTML entities, also those escaped again and again, in one pass over the text."""

from __future__ import annotations

import html
import re

_ESCAPED_AGAIN = re.compile("&(?:(?:amp|AMP|#0{0,9}38|#[xX]0{0,9}26);)+")
_TOO_LONG = re.compile(r"&#[0-9]{9}[0-9]*;?")  # no character, and no number that Python reads
_MOST = 9  # passes; what an entity gives may make another with what stands behind it


def unescaped(text: str) -> str:
    """The text without entities: `&amp;amp;lt;` is `<`; numbers that are no character are left."""
    for _ in range(_MOST):
        if "&" not in text:
            break
        parts = _TOO_LONG.split(_ESCAPED_AGAIN.sub("&", text))
        if len(parts) > 1:
            return text if text.count("&#") > 1000 else "&#".join(map(html.unescape, parts))
        plain = html.unescape(parts[0])
        if plain == text:
            break
        text = plain
    return text
