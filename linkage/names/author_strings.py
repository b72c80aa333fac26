"""Author strings: from every shape people have to the printed names in them.

A B; C D          B, A; D, C         B, A and D, C      A B, C D, and E F
A. B. C, D. E. F  B, A., & D, C.     Smith BC, Jones DE Przyklenk K.Kloner R. A.
B, A, D, C        one name a line    A B | C D          A B, C D et al.
"""

from __future__ import annotations

import re
from itertools import pairwise

from linkage.names.words import (
    AMBIGUOUS_PARTICLES,
    SUFFIXES,
    bare,
    fold_name,
    is_cjk,
    is_degree,
    is_group,
    is_initials,
    is_particle,
    is_suffix,
    leads_as_initials,
    squeeze,
    unescape,
)
from linkage.text.tex import untexed_name

_NOBODY = frozenset(
    {
        "", "n a", "na", "none", "null", "nan", "nil", "unknown", "anonymous", "anon", "anonym",
        "no author", "no authors", "no authors listed", "no author listed", "author unknown",
        "not available", "unknown author", "various", "various authors",
    }
)  # fmt: skip
_MORE = (
    r"(?:\bet\.?\s*al(?:ii|iae|ia)?\b\.?|\b(?:and|&)\s+(?:\d+\s+)?others\b\.?|\bet coll\b\.?"
    r"|\b(?:and\s+)?\d+\s+(?:more|others)\b|\bи др\b\.?|\.\.\.+|…|等(?=$|[\s;,.])|ほか$|외$)"
)
_GERMAN_MORE = re.compile(r"(?<=[\s,;])u\.\s?a\.$")
# each run of separators is looked at once: from where it begins
_TRUNCATED = re.compile(rf"(?:(?<![\s,;&(\[])[\s,;&(\[]+)?{_MORE}[\s)\].,;]*", re.I)
_ROLE = re.compile(
    r"(?:(?<![\s,])[\s,]+)?(?:[(\[]?\b(?:eds?|editors?|hrsg)\b\.?[)\]]?[\s.:]*$|\((?:eds?|hrsg)\.?\))",
    re.I,
)
_AND = re.compile(r"\s*(?:,\s*(?=&)|\band\b|\bund\b|\bAND\b|&)\s+|\s+et\s+|(?<=,)\s*&\s*")
_LINES = re.compile(r"[\n|•\t]|\s[·/]\s")
_BLANKS = re.compile(r"\s+")
_WRAPPED = re.compile(r"(?<=,)\s*\n\s*|\s*\n\s*(?=and\s)|(?<=\sand)\s*\n\s*")
_BREAK = re.compile(r"<br\s*/?>", re.I)
# An initial's full stop, or a suffix, followed at once by the next family name: `K.Kloner R. A.`
_GLUE = re.compile(
    r"(?<=[^\W\d_]\.)(?=[^\W\d_](?:[^\W\d_]|['’][^\W\d_]))|(?<=(?:2n|3r)d)(?=[A-Z])|(?<=4th)(?=[A-Z])"
)
# A full stop in place of a comma: `m. kearns. l. pitt`
_SENTENCE = re.compile(r"(?<=[^\W\d_]{4})\.\s+(?=[^\W\d_])")
_LAST_STOP = re.compile(r"(?<=[^\W_]{2})\.$")
_OF = re.compile(r"\s(?:of|for)\s")
_BRACKETS = {"[": "]", "(": ")"}


def cut_authors(text: str) -> tuple[list[str], bool]:
    """Cut an author string into printed names, in order, and tell whether it said "et al.".

    Each name comes out as `First Last`, `Last FM` or `Last, First`. Empty strings and notes such
    as `[No authors listed]` give none. Never raises.
    """
    text = _one_blank_each(_BREAK.sub("\n", text))
    if "{" in text and (braced := _cut_braced(text)):
        return braced
    plain = unescape(untexed_name(text))
    text = plain if plain == text else _one_blank_each(plain)
    if not text.islower():
        text = _GERMAN_MORE.sub("et al.", text.rstrip())
    text, more = _TRUNCATED.subn(" ; ", text) if _may_be_truncated(text) else (text, 0)
    text = _ROLE.sub("", _unbracket(text.strip(" ;,\n\t")))
    if fold_name(text) in _NOBODY:
        return [], more > 0
    names = [squeeze(name).strip(" ,;:") for name in _cut(_drop_stop(text))]
    return [name for name in names if fold_name(name) not in _NOBODY], more > 0


def _one_blank_each(text: str) -> str:
    plain = text.isprintable() and "  " not in text
    return text if plain else _BLANKS.sub(_one_blank, text)


def _one_blank(blanks: re.Match[str]) -> str:
    """One blank for many, of those that part names the one that parts them most."""
    return next((blank for blank in "\n\t" if blank in blanks[0]), " ")


def _drop_stop(text: str) -> str:
    """Drop the full stop of a sentence, not that of an initial or a suffix."""
    last = text[text.rfind(" ") + 1 :]
    return text if bare(last) in SUFFIXES else _LAST_STOP.sub("", text)


def _may_be_truncated(text: str) -> bool:
    """Tell cheaply whether it is worth to look for "et al." and its like."""
    low = text.lower()
    return any(
        word in low
        for word in ("al", "other", "more", "...", "…", "coll", "др", "等", "ほか", "외")
    )


def _unbracket(text: str) -> str:
    """Drop brackets around the whole string."""
    while text[:1] in _BRACKETS and text.endswith(_BRACKETS[text[0]]) and text.count(text[0]) == 1:
        text = text[1:-1].strip()
    return text


def _cut_braced(text: str) -> tuple[list[str], bool] | None:
    """Cut BibTeX at each "and" outside braces; None if no name there is wholly in braces."""
    depth, start, pieces = 0, 0, []
    for match in re.finditer(r"[{}]|\s+and\s+", text):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
        elif depth == 0:
            pieces.append(text[start : match.start()])
            start = match.end()
    pieces.append(text[start:])
    if not any(re.fullmatch(r"\s*\{[^{}]*\s[^{}]*\}\s*", piece) for piece in pieces):
        return None
    names = [squeeze(piece) for piece in pieces if piece.strip()]
    more = names[-1:] == ["others"]
    return names[:-1] if more else names, more


def _cut(text: str) -> list[str]:
    """Choose the separator: semicolon, line or bar, "and" and comma, or none at all."""
    if "\n" in text:
        text = _WRAPPED.sub(" ", text)
    for strong in (";", "、"):
        if strong in text:
            return [name for part in text.split(strong) for name in _cut_part(part)]
    parts = _LINES.split(text.strip())
    if len(parts) > 1:
        return [name for part in parts for name in _cut_part(part)]
    if "," not in text and not _AND.search(text):
        return _cut_glued(text)
    return _cut_at_commas(text)


def _cut_part(part: str) -> list[str]:
    """Cut what stands between strong separators: one name, perhaps with "and" before or inside."""
    names = [squeeze(name) for name in _split_and(part)]
    return [name for name in names if name]


def _split_and(text: str) -> list[str]:
    """Split at "and", "&", "und", "et", but not inside `Centers for Control and Prevention`."""
    parts = [part.strip() for part in _AND.split(text)]
    if len(parts) == 2 and "," not in text and _OF.search(parts[0]) and is_group(parts[0]):
        second = parts[1]
        if " " not in second or (is_group(second) and not _OF.search(second)):
            return [text]
    return parts


def _cut_glued(text: str) -> list[str]:
    """Cut names run together: `Przyklenk K.Kloner R. A.`; `B.J. Thomas` is one name."""
    if "." not in text:
        return [text]
    first = text.split(maxsplit=1)[0]
    whole = (is_initials(first) and first.endswith(".")) or _GLUE.search(first)
    parts = [text] if whole else _GLUE.split(text)
    names = [name for part in parts for name in _SENTENCE.split(part)]
    full = [len(name.split()) > 1 for name in names]
    return names if full[0] and sum(full) * 2 > len(full) else [text]


def _cut_at_commas(text: str) -> list[str]:
    """Cut at "and" and at commas, of which each parts two names or the two sides of one."""
    chunks = [_segments(chunk) for chunk in _split_and(text)]
    chunks = [chunk for chunk in chunks if chunk]
    if not _is_inverted(chunks):
        return [name for chunk in chunks for segment in chunk for name in _cut_glued(segment)]
    pairs = [pair for chunk in chunks for pair in _pair(chunk)]
    return [", ".join(part for part in pair if part) for pair in _mend(pairs)]


def _segments(chunk: str) -> list[str]:
    """Comma parts, with suffix and degrees left on the name before them."""
    segments: list[str] = []
    for part in chunk.split(","):
        part = part.strip()
        if segments and part and _follows_name(part, segments[-1]):
            segments[-1] += f", {part}"
        elif part:
            segments.append(part)
    return segments


def _follows_name(part: str, before: str) -> bool:
    """Tell whether a comma part is a suffix or a degree of the name before it."""
    words = before.replace(",", " ").split()
    return is_suffix(part, words) or is_degree(part, words)


def _words(segment: str) -> list[str]:
    """Words of a segment without its suffix."""
    words = segment.split(",")[0].split()
    return words[:-1] if len(words) > 1 and is_suffix(words[-1], words[:-1]) else words


def _all_initials(segment: str) -> bool:
    """Tell whether a segment can only be a given name: `J. M.`, `BC`."""
    return all(map(is_initials, _words(segment)))


def _has_initials(segment: str) -> bool:
    words = _words(segment)
    return any(map(is_initials, words)) or leads_as_initials(words[0])


def _is_one_word(segment: str) -> bool:
    """Tell whether a segment is too short for a full name, or starts with a particle."""
    words = _words(segment)
    if len(words) == 1:
        return len(segment) == 1 or not is_cjk(segment)
    if words[0].lower() in AMBIGUOUS_PARTICLES:  # Di Wu, but di Napoli
        return words[0].islower() and not segment.islower()
    return is_particle(words[0])


def _is_complete(segment: str) -> bool:
    """Tell whether a segment is a name by itself: `D. Haussler`, `Smith BC`."""
    return _has_initials(segment) and not _all_initials(segment)


def _is_inverted(chunks: list[list[str]]) -> bool:
    """Decide whether the commas stand inside names (`Last, First`) or between them."""
    segments = [segment for chunk in chunks for segment in chunk]
    sides = [
        _all_initials(given) and not _has_initials(family)
        for chunk in chunks
        for family, given in pairwise(chunk)
    ]
    if any(sides):
        return sum(sides) >= sum(_is_complete(chunk[0]) for chunk in chunks if len(chunk) > 1) / 2
    if len(chunks) == 1:
        return _is_one_inverted(segments)
    if all(map(_is_one_word, segments)) and any(len(chunk) == 1 for chunk in chunks):
        return False
    if all(len(chunk) == 2 for chunk in chunks):
        return not all(_is_complete(chunk[0]) for chunk in chunks)
    if all(len(chunk) < 3 for chunk in chunks):
        return all(_is_one_word(chunk[0]) for chunk in chunks if len(chunk) == 2)
    return all(len(chunk) % 2 == 0 for chunk in chunks) and _is_flattened(segments)


def _is_one_inverted(segments: list[str]) -> bool:
    """Decide for a string without "and" and without bare initials."""
    if len(segments) != 2:
        rest = segments[len(segments) % 2 :]
        return _is_flattened(rest) and (len(rest) == len(segments) or is_group(segments[0]))
    first, second = segments
    if is_cjk(first) or _is_complete(first):
        return False
    return _is_one_word(first) or len(_words(second)) == 1 or is_initials(_words(second)[-1])


def _is_flattened(segments: list[str]) -> bool:
    """Tell `Family, Given, Family, Given` by the many family names of one word."""
    families = segments[::2]
    return bool(families) and sum(map(_is_one_word, families)) >= 0.5 * len(families)


def _pair(chunk: list[str]) -> list[tuple[str, str]]:
    """Pair family with given names; what is complete by itself stays alone."""
    pairs, rest = [], list(chunk)
    even = len(chunk) % 2 == 0
    while rest:
        family = rest.pop(0)
        complete = not even and (_is_complete(family) or is_group(family))
        takes = bool(rest) and (not complete or _all_initials(rest[0]))
        given = rest.pop(0) if takes else ""
        pairs.append((family, "" if given == "null" else given))
    return pairs


def _mend(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Mend family names cut in two, `Le, Quintrec M`, where all other given names are initials."""
    given_names = [given for _, given in pairs if given]
    cut = [given for given in given_names if _is_complete(given) and is_initials(given.split()[-1])]
    whole = sum(map(_all_initials, given_names))
    if not cut or not whole or whole + len(cut) < len(given_names):
        return pairs
    return [
        _rejoin(family, given)
        if given in cut and (is_particle(family) or len(cut) * 3 <= len(pairs))
        else (family, given)
        for family, given in pairs
    ]


def _rejoin(family: str, given: str) -> tuple[str, str]:
    """Move the words before the initials back to the family name."""
    words = given.split()
    cut = next((i for i, word in enumerate(words) if is_initials(word)), 0)
    return " ".join([family, *words[:cut]]), " ".join(words[cut:])
