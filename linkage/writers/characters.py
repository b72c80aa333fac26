"""Characters that no file for people may hold."""

from __future__ import annotations

import re

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """The text without control characters, which XML forbids and by which binary files are told."""
    return _ILLEGAL.sub("", text)
