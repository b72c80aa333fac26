"""Personal names: from every printed shape to given, family, particle, suffix and homonym number.

Shapes follow BibTeX (`First von Last`, `von Last, Jr, First`), PubMed (`Smith BC`), dblp
(`Xuechen Li 0005`) and what people make of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from linkage.names.author_strings import cut_authors
from linkage.names.given import COMPOUND_FAMILIES, NO_GIVEN_NAME, PATRONYMIC_ENDINGS
from linkage.names.groups import GROUP_WORDS, group_key, group_name, is_group, is_person_in_braces
from linkage.names.plain import plain_name
from linkage.names.printed import read_printed
from linkage.names.scripts import korean_family, korean_syllables
from linkage.names.words import (
    AMBIGUOUS_PARTICLES,
    CONJUNCTIONS,
    PARTICLES,
    SHORT_PARTICLES,
    SUFFIXES,
    are_three_initials,
    bare,
    drop_titles,
    fold_name,
    is_cjk,
    is_degree,
    is_generation,
    is_given_last,
    is_initials,
    is_particle,
    is_suffix,
    leads_as_initials,
    squeeze,
    take_suffix,
    unescape,
)

__all__ = ["AuthorList", "Name", "fold_name", "name_key", "parse_name", "split_authors"]


class Name(NamedTuple):
    """A name as printed and its parts; a part that is not there is None.

    A mononym, a group and a name that can't be taken apart stand in `family` alone. What was
    printed with the name (`Ann Bell (University of Oslo)`) is no part of it.
    """

    name: str
    given: str | None = None
    family: str | None = None
    particle: str | None = None
    suffix: str | None = None
    homonym: str | None = None
    group: bool = False
    affiliation: str | None = None
    email: str | None = None
    orcid: str | None = None


class AuthorList(NamedTuple):
    """The names of an author string; `truncated` when it said that there are more (et al.)."""

    names: list[Name]
    truncated: bool


MOST_LETTERS = 200  # of a part of a person's name; more are no name, and slips in it dear to find

_BRACED = re.compile(r"\s*\{([^{}]*\s[^{}]*)\}\s*")
_ASIDE = re.compile(r"(?<![(\[\"“„«‹‘])[(\[\"“„«‹‘]++([^()\[\]\"“”„«»‹›]*?)[)\]\"”“»›’]+")
_QUOTED = re.compile(r"(?<=\s)'[^']+'(?=\s)")
_GLUED_INITIAL = re.compile(r"(?<![^\W\d_])([^\W\d_])\.(?=[^\W\d_]{2})")
_LONGEST = 5_000
_KANA = re.compile("[\u3040-\u30ff]")
_GLUED_TO_FAMILY = re.compile(r"(?<=[^\W\d_]{3})\.(?=[^\W\d_](?:\.|$))")


def _split_tokens(text: str) -> list[str]:
    """Words of a name or of one side of its comma; of asides in brackets only initials count."""
    if not text.isascii() or "(" in text or "[" in text or '"' in text:
        text = _ASIDE.sub(lambda m: f" {m[1]} " if is_initials(m[1].strip()) else " ", text)
    if "'" in text:
        text = _QUOTED.sub(" ", text)
    if "." in text:
        text = _GLUED_INITIAL.sub(r"\1. ", _GLUED_TO_FAMILY.sub(" ", text))
    tokens = [token.strip('()[]"“”{}') for token in text.split()]
    return [_undot(token) for token in tokens if any(map(str.isalnum, token))]


def _undot(token: str) -> str:
    """Drop the full stop of a word that is no initial."""
    return token[:-1] if token.endswith(".") and not is_initials(token) else token


@lru_cache(maxsize=1 << 17)
def parse_name(text: str) -> Name:
    """Take a printed name apart. Never raises; text without letters gives empty parts.

    Where the order is not visible (`Karina Nguyen`, `Nguyen Karina`) the last word is the family
    name; in Han, kana and Hangul script the first. Lower-case particles are set apart, those in
    capitals stay in the family name (`Van Dijk`), as BibTeX does. A text of over 5,000 characters
    is not taken apart.
    """
    if plain := plain_name(text):
        return Name(text, *plain)
    if len(text) > _LONGEST:
        whole = squeeze(text)
        return Name(whole, family=whole or None)
    return _taken_apart(text)


def _taken_apart(text: str) -> Name:
    braced = _BRACED.fullmatch(text)
    if braced and not is_person_in_braces(braced[1]):
        name = squeeze(unescape(braced[1]))
        return Name(name, family=name or None, group=True)
    name, homonym, *evidence = read_printed(text)
    if homonym is None and (plain := plain_name(name)):  # what stood beside it made it strange
        return Name(name, *plain, None, None, None, False, *evidence)
    if not any(map(str.isalpha, name)):
        return Name(name)
    if is_group(name):
        return _parse_group(name, *evidence)
    person = name[:-4] if homonym else name
    segments = [tokens for part in person.split(",") if (tokens := _split_tokens(part))]
    if not segments:
        return Name(name, family=name)
    parts = _last_first(segments) if len(segments) > 1 else _first_last(segments[0])
    given, family, particle = (" ".join(part) or None for part in parts[:3])
    return Name(name, given, family, particle, parts[3], homonym, False, *evidence)


Parts = tuple[list[str], list[str], list[str], str | None]  # given, family, particle, suffix


def _parse_group(name: str, *evidence: str | None) -> Name:
    """Name an organisation; `Group, HPV Study` is `HPV Study Group` taken for a person."""
    name = group_name(name)
    first, comma, rest = name.partition(", ")
    if comma and first.lower() in GROUP_WORDS:
        name = f"{rest} {first}"
    elif comma and rest.lower() in GROUP_WORDS:
        name = f"{first} {rest}"
    return Name(name, None, name, None, None, None, True, *evidence)


def _last_first(segments: list[list[str]]) -> Parts:
    """`von Last, First`, `Last, First, Jr`, `Last Jr, First`, `First Last, MD`."""
    named, suffix = segments[:1], None
    for tokens in segments[1:]:
        before = [token for part in named for token in part]
        if len(named) > 1 and len(tokens) == 1 and is_generation(tokens[0]):
            suffix = suffix or tokens[0]  # Almada, Rui, Filho
        elif all(is_suffix(token, before) or is_degree(token, before) for token in tokens):
            suffix = suffix or next((t for t in tokens if is_suffix(t, before)), None)
        else:
            suffix = take_suffix(tokens, keep=1) or suffix
            named.append(tokens)
    if len(named) > 1 and named[0][-1] in ("JR", "SR"):
        suffix = named[0].pop() if len(named[0]) > 1 else suffix
    suffix = take_suffix(named[0], keep=1, of_family=len(named) > 1) or suffix
    if len(named) == 1:
        given, family, particle, inner = _first_last(named[0])
        return given, family, particle, suffix or inner
    family, given = named[0], drop_titles([token for tokens in named[1:] for token in tokens])
    if len(family) == 1 < len(given) and is_generation(family[0]) and not is_initials(given[-1]):
        family, given, suffix = [given[-1]], given[:-1], family[0]  # Filho, A. C. Silveira
    if _is_cut_at_particle(family, given):
        family, given = [*family, given[0]], given[1:]
    particle, family = _cut_particle(family)
    if not particle and len(given) > 1 and is_particle(given[-1]):
        given, particle = _pop_particles(given)
    return given, family, particle, suffix


def _is_cut_at_particle(family: list[str], given: list[str]) -> bool:
    """Tell `De, Sanctis L` (a family name cut at its particle) from `Le, Quoc V.`, a name."""
    return (
        len(given) > 1
        and not is_initials(given[0])
        and all(map(is_initials, given[1:]))
        and all(is_particle(word) and word.lower() not in AMBIGUOUS_PARTICLES for word in family)
    )


def _cut_particle(family: list[str]) -> tuple[list[str], list[str]]:
    """Cut lower-case particles off the front of a family name; something must remain."""
    cut = 0
    while cut < len(family) - 1 and family[cut] in PARTICLES:
        cut += 1
    return family[:cut], family[cut:]


def _pop_particles(given: list[str]) -> tuple[list[str], list[str]]:
    """Cut particles off the end of the given names, in capitals only several: `Jan Van Der`."""
    cut = len(given)
    while cut > 1 and is_particle(given[cut - 1]):
        cut -= 1
    ending = given[cut:]
    lower = len(ending)
    while lower and ending[lower - 1] in PARTICLES:
        lower -= 1
    if len(ending) < 2 or all(word.lower() in AMBIGUOUS_PARTICLES for word in ending):
        cut += lower
    return given[:cut], given[cut:]


def _first_last(tokens: list[str]) -> Parts:
    """`First von Last Jr`, `Last FM`, and the scripts that put the family name first."""
    tokens = drop_titles(tokens)
    suffix = take_suffix(tokens, keep=1)
    if any(map(is_cjk, tokens)):
        return (*_cjk(tokens), [], suffix)
    start = len(tokens) - 1
    ends_in_initials = is_initials(tokens[-1]) or are_three_initials(tokens)
    if ends_in_initials and _leads_as_family(tokens):
        while start > 1 and is_initials(tokens[start - 1]):
            start -= 1
        family, given = tokens[:start], tokens[start:]
        suffix = take_suffix(family, keep=1, of_family=True) or suffix
        particle, family = _cut_particle(family)
        return given, family, particle, suffix
    if len(tokens) == 2 and is_given_last(tokens[1], tokens[0]):
        return tokens[1:], tokens[:1], [], suffix
    if len(tokens) == 3 and tokens[2].lower().endswith(PATRONYMIC_ENDINGS) and len(tokens[1]) > 2:
        return tokens[1:], tokens[:1], [], suffix
    start = _family_start(tokens)
    particle, family = _cut_particle(tokens[start:])
    return tokens[:start], family, particle, suffix


def _leads_as_family(tokens: list[str]) -> bool:
    """Tell whether the first word is no initial: `Kim S. J.`, and `O S. J.`, but not `H. S. O`."""
    first, *rest = tokens
    bare_letter = len(first) == 1 and all(word.endswith(".") for word in rest)
    return bool(rest) and (bare_letter or not leads_as_initials(first))


def _family_start(tokens: list[str]) -> int:
    """Index at which particle and family name start in `First von Last`; 0 for a mononym."""
    last = len(tokens) - 1
    for i in range(1, last):
        if tokens[i] in PARTICLES:
            return i - 1 if i > 1 and is_particle(tokens[i - 1]) else i
    if last > 2 and tokens[last - 1] in CONJUNCTIONS and not is_initials(tokens[last - 2]):
        return last - 2
    while last > 1 and is_particle(tokens[last - 1]) and not is_initials(tokens[last - 1]):
        last -= 1
    return last


def _cjk(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Given and family name in Han, kana or Hangul: family first; a dot parts foreign names."""
    if len(tokens) > 1:
        return tokens[1:], tokens[:1]
    first, *others = re.split("[・·]", tokens[0])
    if others:
        return [first, *others[:-1]], others[-1:]
    length = len(first)
    if length not in (2, 3, 4) or _KANA.search(first):
        return [], [first]
    cut = 2 if length == 4 or (length == 3 and first[:2] in COMPOUND_FAMILIES) else 1
    return [first[cut:]], [first[:cut]]


def split_authors(text: str) -> AuthorList:
    """Take an author string of any shape apart, see `linkage.names.author_strings`. Never raises.

    No text, and what says that there is no author (`N/A`, `[No authors listed]`), give no names.
    """
    printed, truncated = cut_authors(text)
    names = [parse_name(name) for name in printed]
    return AuthorList([name for name in names if name.family], truncated)


@lru_cache(maxsize=1 << 17)
def name_key(name: Name) -> str:
    """Fold a name to `family|given|particle|suffix|homonym`, ASCII words with single spaces.

    Initials stand apart (`J.-P.` and `JP` give `j p`) and particles in capitals leave the family
    name (`Van Dijk` gives `dijk||van`), so that one person's spellings meet. Of each part of a
    person's name `MOST_LETTERS` count.
    """
    if name.group:
        return f"{group_key(name.family or '')}||||"
    name = _bounded(name)
    printed = (name.given or "").split()
    if len(printed) == 1 and are_three_initials([name.family or "", *printed]):
        printed = list(printed[0])
    given = " ".join(map(_spell, printed)) if not _is_no_name(printed) else ""
    words = (name.family or "").split()
    cut = 0
    while cut < len(words) - 1 and is_particle(words[cut]) and name.given:
        cut += 1
    particle = fold_name(" ".join([name.particle or "", *words[:cut]]))
    particle = SHORT_PARTICLES.get(particle, particle)
    suffix = bare(name.suffix or "")
    family = fold_name(korean_family(" ".join(words[cut:])))
    given, suffix = fold_name(korean_syllables(given)), SUFFIXES.get(suffix, suffix)
    return f"{family}|{given}|{particle}|{suffix}|{name.homonym or ''}"


def _is_no_name(given: list[str]) -> bool:
    return len(given) == 1 and given[0].lower() in NO_GIVEN_NAME


def _bounded(name: Name) -> Name:
    """The name with `MOST_LETTERS` of each part, nearly always as it is."""
    parts = name._asdict()
    del parts["group"]
    long = {field for field, part in parts.items() if len(part or "") > MOST_LETTERS}
    return name._replace(**{field: parts[field][:MOST_LETTERS] for field in long})


def _spell(token: str) -> str:
    """Set initials apart: `BC` to `B C`, `rl` to `r l`; `Yu.` and words stay whole."""
    if token.isalpha() and leads_as_initials(token):
        return " ".join(token)
    return token
