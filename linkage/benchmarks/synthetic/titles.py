"""Titles and abstracts from mixtures of topics: what a team writes about shares its words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.benchmarks.synthetic.draws import Draws, Flags, Ints
from linkage.benchmarks.synthetic.words import FUNCTION_WORDS, N_COMMON, vocabulary

_N_FUNCTION = len(FUNCTION_WORDS)
_TOPIC_WORDS, _TEAM_WORDS = 150, 12
_STARTS = ("The", "A", "On the", "Towards", "On", "An")
_BATCH = 50_000  # abstracts at once

GENERIC = (
    "Editorial",
    "Introduction",
    "Preface",
    "Book review",
    "Letter to the editor",
    "Guest editors' introduction",
    "Foreword",
    "In this issue",
    "News and notes",
    "Reply",
    "In memoriam",
    "Commentary",
    "From the editor",
    "Announcements",
    "Books received",
    "Author index",
)


class Language(NamedTuple):
    """Words in order of frequency, and which of them a topic and a team prefer."""

    words: NDArray[np.object_]
    topics: Ints  # topic x word
    teams: Ints  # team x word


class Titles(NamedTuple):
    """Titles in parts, one row a paper.

    `words`: numbers of words, valid up to `length`. `colon`: how many words stand before a colon,
    0 where there is none. `start`: place in `_STARTS`, or -1.
    """

    words: Ints
    length: Ints
    colon: Ints
    start: Ints


def language(draws: Draws, n_words: int, n_topics: int, topic_of_team: Ints) -> Language:
    """Give each topic words of its own, and each team some of its topic's."""
    rare = _N_FUNCTION + N_COMMON
    words = np.array(vocabulary(n_words), dtype=object)
    shape = (n_topics, _TOPIC_WORDS)
    own = rare + draws.zipf(n_words - rare, n_words // 20, shape)
    topics = np.where(draws.chance(0.4, shape), _N_FUNCTION + draws.below(N_COMMON, shape), own)
    places = draws.zipf(_TOPIC_WORDS, 10, (len(topic_of_team), _TEAM_WORDS))
    return Language(words, topics, topics[topic_of_team[:, None], places])


def titles(draws: Draws, lang: Language, team: Ints, topic: Ints) -> Titles:
    """A title for each paper of these teams: 3 to 19 words, 11 on average."""
    n = len(team)
    length = 3 + draws.below(9, n) + draws.below(9, n)
    words = _word_rows(draws, lang, team, topic, 19)
    colon = np.where(draws.chance(0.22, n) & (length >= 7), 2 + draws.below(4, n), 0)
    start = np.where(draws.chance(0.14, n), draws.zipf(len(_STARTS), 1, n), -1)
    words = _as_phrases(draws, words, length, colon)
    return Titles(words, length, colon, start)


def printed(lang: Language, made: Titles) -> list[str]:
    """The titles as text, in sentence case."""
    rows = lang.words[made.words].tolist()
    parts = zip(rows, made.length.tolist(), made.colon.tolist(), made.start.tolist(), strict=True)
    return [_sentence(*part) for part in parts]


def abstracts(draws: Draws, lang: Language, team: Ints, topic: Ints) -> list[str]:
    """Some 30 to 60 words for each paper."""
    found: list[str] = []
    for at in range(0, len(team), _BATCH):
        own = slice(at, at + _BATCH)
        n = len(team[own])
        length = 30 + draws.below(31, n)
        words = _word_rows(draws, lang, team[own], topic[own], 60, distinct=False)
        words = _as_phrases(draws, words, length, np.zeros_like(length))
        texts = zip(lang.words[words].tolist(), length.tolist(), strict=True)
        found += [f"{_upper_first(' '.join(row[:end]))}." for row, end in texts]
    return found


def _sentence(words: list[str], length: int, colon: int, start: int) -> str:
    words = words[:length]
    if start >= 0:
        words = [_STARTS[start], *words]
        colon += colon > 0
    if colon:
        words[colon - 1] += ":"
    return _upper_first(" ".join(words))


def _upper_first(text: str) -> str:
    return text if text.startswith("β") else text[0].upper() + text[1:]


def _word_rows(
    draws: Draws, lang: Language, team: Ints, topic: Ints, width: int, *, distinct: bool = True
) -> Ints:
    """Words that say something: everyday ones, the topic's, the team's and, seldom, any."""
    shape = (len(team), width)
    kind = draws.weighted((38, 32, 22, 8), shape)
    of_topic = lang.topics[topic[:, None], draws.zipf(_TOPIC_WORDS, 8, shape)]
    of_team = lang.teams[team[:, None], draws.below(_TEAM_WORDS, shape)]
    everyday = _N_FUNCTION + draws.zipf(N_COMMON, 12, shape)
    rare = _any_words(draws, lang, shape)
    words = np.choose(kind, [everyday, of_topic, of_team, rare])
    for place in range(1, width if distinct else 0):  # a title seldom says a word twice
        again = np.flatnonzero((words[:, :place] == words[:, [place]]).any(axis=1))
        words[again, place] = _any_words(draws, lang, (len(again),))
    return words


def _any_words(draws: Draws, lang: Language, shape: tuple[int, ...]) -> Ints:
    n_rare = len(lang.words) - _N_FUNCTION
    return _N_FUNCTION + draws.zipf(n_rare, n_rare // 100, shape)


def _as_phrases(draws: Draws, words: Ints, length: Ints, colon: Ints) -> Ints:
    """Put function words between: never two together, nor at either end or before a colon."""
    small = draws.chance(0.42, words.shape)
    small[:, 0] = False
    for place in range(1, words.shape[1]):
        small[:, place] &= ~small[:, place - 1] & (place < length - 1) & (place != colon - 1)
    return np.where(small, draws.zipf(_N_FUNCTION, 1, words.shape), words)


def changed(draws: Draws, lang: Language, made: Titles, which: Flags) -> Titles:
    """The same titles, one or two words of the chosen ones another: what a follow-up is called."""
    rows = np.flatnonzero(which)
    words = made.words.copy()
    for _ in range(2):
        place = 1 + draws.below(1 << 30, len(rows)) % (made.length[rows] - 2)
        words[rows, place] = _any_words(draws, lang, (len(rows),))
    return made._replace(words=words)


def taken(made: Titles, rows: Ints) -> Titles:
    """The titles of these rows."""
    return Titles(*(part[rows] for part in made))
