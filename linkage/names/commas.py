"""What stands between the commas of an author string: names, or the two sides of one."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from linkage.names.brackets import without_hidden
from linkage.names.groups import is_group
from linkage.names.words import (
    AMBIGUOUS_PARTICLES,
    CONJUNCTIONS,
    are_given_names,
    are_three_initials,
    fold_name,
    is_cjk,
    is_common_given_name,
    is_degree,
    is_generation,
    is_initials,
    is_particle,
    is_suffix,
    leads_as_initials,
)

_GLUED_INITIAL = re.compile(r"\.(?<=(?<![^\W\d_])[^\W\d_]\.)(?=[^\W\d_]{2})")  # J.Smith
_DOTTED_INITIAL = re.compile(r"(?:[^\W\d_]\.[ -]?){1,4}$")


def is_list(segments: list[str]) -> bool:
    """Whether comma parts are names each, or family and given names by turns."""
    if len(segments) < 2:
        return False
    if all(
        is_complete(s) and (is_initials(s.split()[0]) or _ends_in_initials(s)) for s in segments
    ):
        return True
    if len(segments) > 3 and len(segments) % 2 == 0:
        return all(map(_all_initials, segments[1::2]))
    return len(segments) > 2 and all(len(_words(segment)) > 1 for segment in segments)


def comma_parts(chunk: str) -> list[str]:
    """Comma parts, with suffix and degrees left on the name before them."""
    segments: list[str] = []
    for part in chunk.split(","):
        part = part.strip()
        if part.endswith(".") and segments and _is_next_initial(part, segments):
            segments[-1] += f" {part}"
            continue
        if segments and part and _follows_name(part, segments[-1]):
            segments[-1] += f", {part}"
        elif part:
            segments.append(part)
    if len(segments) == 3 and is_generation(segments[2]):
        segments[1:] = [", ".join(segments[1:])]  # Almada, Rui, Filho
    return segments


def _is_next_initial(part: str, segments: list[str]) -> bool:
    """Tell a second initial after a comma: `Bell, A., B., Dorn, C.` and `Bell, A, B.`."""
    if not _DOTTED_INITIAL.match(part):
        return False
    last = segments[-1]
    if len(last) == 1 and last.isupper():
        return len(segments) > 1 and not _all_initials(segments[-2])
    return _DOTTED_INITIAL.match(last) is not None


def _follows_name(part: str, before: str) -> bool:
    """Tell whether a comma part is a suffix or a degree of the name before it."""
    words = before.replace(",", " ").split()
    return is_suffix(part, words) or is_degree(part, words)


@lru_cache(maxsize=1 << 10)  # of one string each is asked for again and again
def _words(segment: str) -> tuple[str, ...]:
    """Words of a segment without its suffix."""
    if not segment.isascii():
        segment = without_hidden(segment)
    if "." in segment:
        segment = _GLUED_INITIAL.sub(". ", segment)
    words = segment.split(",")[0].split() or [segment]
    return tuple(words[:-1] if len(words) > 1 and is_suffix(words[-1], words[:-1]) else words)


def _all_initials(segment: str) -> bool:
    """Tell whether a segment can only be a given name: `J. M.`, `BC`."""
    return all(map(is_initials, _words(segment)))


def _has_initials(segment: str) -> bool:
    words = _words(segment)
    if leads_as_initials(words[0]) or are_three_initials(words):
        return True
    lower = segment.islower()  # else y is no initial: Ortega y Gasset
    return any(is_initials(word) and (lower or word not in CONJUNCTIONS) for word in words)


def _ends_in_initials(segment: str) -> bool:
    words = _words(segment)
    return is_initials(words[-1]) or are_three_initials(words)


def _is_one_word(segment: str) -> bool:
    """Tell whether a segment is too short for a full name, or starts with a particle."""
    words = _words(segment)
    if len(words) == 1:
        return len(segment) == 1 or not is_cjk(segment)
    if words[0].lower() in AMBIGUOUS_PARTICLES:  # Di Wu, but di Napoli
        return words[0].islower() and not segment.islower()
    return is_particle(words[0])


def is_complete(segment: str) -> bool:
    """Tell whether a segment is a name by itself: `D. Haussler`, `Smith BC`."""
    return _has_initials(segment) and not _all_initials(segment)


def with_first_inverted(chunks: list[list[str]]) -> list[list[str]]:
    """The chunks with both sides of the first name as one, where it alone is inverted.

    `Bell, Ann, Carl Dorn, and Eve Foss`: all others are whole, and `Ann` is a given name.
    """
    if len(chunks) < 2 or len(chunks[0]) < 3 or any(len(chunk) > 1 for chunk in chunks[1:]):
        return chunks
    (family, side, *others), *rest = chunks
    whole = [*others, *(chunk[0] for chunk in rest)]
    given, *more = _words(side)
    first = len(_words(family)) == 1 and not is_initials(given) and all(map(is_initials, more))
    if first and all(len(_words(name)) > 1 and not _all_initials(name) for name in whole):
        return [[f"{side} {family}", *others], *rest]
    return chunks


def is_inverted(chunks: list[list[str]]) -> bool:
    """Decide whether the commas stand inside names (`Last, First`) or between them."""
    segments = [segment for chunk in chunks for segment in chunk]
    sides = [
        _all_initials(given) and not _has_initials(family)
        for chunk in chunks
        for family, given in pairwise(chunk)
    ]
    if any(sides):
        return sum(sides) >= sum(is_complete(chunk[0]) for chunk in chunks if len(chunk) > 1) / 2
    if len(chunks) == 1:
        return _is_one_inverted(segments)
    if all(map(_is_one_word, segments)) and any(len(chunk) == 1 for chunk in chunks):
        return False
    if all(len(chunk) == 2 for chunk in chunks):
        return not all(is_complete(chunk[0]) for chunk in chunks)
    if all(len(chunk) < 3 for chunk in chunks):
        return all(_is_one_word(chunk[0]) for chunk in chunks if len(chunk) == 2)
    return all(len(chunk) % 2 == 0 for chunk in chunks) and _is_flattened(segments)


def _is_one_inverted(segments: list[str]) -> bool:
    """Decide for a string without "and" and without bare initials."""
    if len(segments) != 2:
        rest = segments[len(segments) % 2 :]
        return _is_flattened(rest) and (len(rest) == len(segments) or is_group(segments[0]))
    first, second = segments
    if is_cjk(first) or is_complete(first):
        return False
    last = _words(second)[-1]
    if _is_one_word(first) or len(_words(second)) == 1 or is_initials(last):
        return True
    if last.islower() and is_particle(last) and not first.islower():
        return True  # Sousa Santos, Boaventura de
    return _are_families_and_given_names(segments)


def _is_flattened(segments: list[str]) -> bool:
    """Tell `Family, Given, Family, Given` by the many family names of one word."""
    families = segments[::2]
    if bool(families) and sum(map(_is_one_word, families)) >= 0.5 * len(families):
        return True
    return len(segments) % 2 == 0 and _are_families_and_given_names(segments)


def _are_families_and_given_names(segments: list[str]) -> bool:
    """Tell `Rodriguez Fernandez, José María`, one person, by the names themselves.

    Behind a Spanish patronymic the last given name is enough: `Rodriguez Fernandez, Elmer José`.
    """
    pairs = [
        (_words(family), _words(given))
        for family, given in zip(segments[::2], segments[1::2], strict=True)
    ]
    return all(
        not is_common_given_name(family[0])
        and are_given_names(given[-1:] if fold_name(family[-1]).endswith("ez") else given)
        for family, given in pairs
    )


def pair_sides(chunk: list[str]) -> list[tuple[str, str]]:
    """Pair family with given names; what is complete by itself stays alone."""
    pairs, rest = [], list(chunk)
    even = len(chunk) % 2 == 0
    while rest:
        family = rest.pop(0)
        complete = not even and (is_complete(family) or is_group(family))
        takes = bool(rest) and (not complete or _all_initials(rest[0]))
        given = rest.pop(0) if takes else ""
        pairs.append((family, "" if given == "null" else given))
    return pairs


def mend_cut_families(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Mend family names cut in two, `Le, Quintrec M`, where all other given names are initials."""
    given_names = [given for _, given in pairs if given]
    cut = [given for given in given_names if is_complete(given) and is_initials(given.split()[-1])]
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
