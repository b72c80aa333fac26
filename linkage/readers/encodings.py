"""Which encoding a file is in: UTF-8 or UTF-16/32, else Windows-1252 unless letters deny it.

Each decoding of the words that are not ASCII is scored by how common its letters are between
their neighbours (`letters.json`: negative binary logarithms of shares among names and words of 30
languages, counted over invented names by Faker and author names of the ACL anthology). Another
encoding than Windows-1252 is taken only where it scores better by far.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from unidecode import unidecode

_MARKS = {  # longest first: UTF-32's mark begins with UTF-16's
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
MIXED = "UTF-8 and Windows-1252, mixed"
_USUAL = "cp1252"
_OTHERS = (
    *("mac_roman", "cp1250", "cp1254", "cp1251", "koi8_r", "cp1253"),
    *("cp932", "euc_jp", "gb18030", "euc_kr", "big5"),
)
NOT_UNICODE = {codec: codec for codec in _OTHERS} | {_USUAL: "Windows-1252", MIXED: MIXED}
# The double bytes that hold a script's common signs: encoding, first and last leading byte.
_COMMON_SIGNS = {
    "cp932": ("euc_jp", 0xB0, 0xCF),
    "euc_jp": ("euc_jp", 0xB0, 0xCF),
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "euc_kr": ("euc_kr", 0xB0, 0xC8),
    "big5": ("big5", 0xA4, 0xC6),
}
_MOST = 1 << 17  # bytes of evidence
_MARGIN = 8.0  # bits by which another encoding must be better than Windows-1252
_UNKNOWN = 22.0  # bits of a letter that is not in the table
_SIGNS = dict.fromkeys("’‘“”–—…«»°±×·µ®™©§•£€", 7.0) | {"\xa0": 7.0, "¿": 10.0, "¡": 10.0}
_JOINING = {
    "’": 6.0,
    "‘": 9.0,
    "–": 12.0,
    "—": 13.0,
    "·": 12.0,
    "×": 10.0,
    "\xad": 9.0,
}  # in a word
_COMMON = 18.0  # and of a common sign that is not
_RARE = 2.0  # bits added where two neighbours are never seen together
_ALPHABET = 2.5  # bits added to a Cyrillic or Greek letter: two of them are one Chinese sign
_OTHER = 5.0  # bits added to a letter whose neighbours are not looked at
_MIXTURE = 16.0  # bits of a word in two scripts, and of a capital amid small letters
_FOREIGN = 7.0  # bits of letters no language has in one word, of a sign where none opens a word
_CZECH = re.compile("[ŠšŽžÝý]")  # as Windows-1252 has them
_ONLY_1250 = re.compile("[ČčĎďĚěĽľĹĺŇňŘřŤťŮů]")
_BESIDE = 4.0  # bits less for a word of such letters in one line with such a name
_PLACES = " abcdefghijklmnopqrstuvwxyz"
_OPENING = "“‘«¿¡©§±"
# The letters that stand together in words of one language.
_ALPHABETS = (
    *("äöüßé", "éèêëàâîïôûùçœæÿü", "áéíñóúü", "áâãàçéêíóôõúü", "àèéìíòóùúî", "åäöéü", "æøåéöäü"),
    *("áðéíóúýþæö", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "čćđšž"),
    *("ăâîșțşţé", "ğıçöşüâîû", "äõöüšž", "āčēģīķļņšūž", "ąčęėįšųūž", "äëïöüéèê", "àèéíïòóúüç"),
)
_WORD = re.compile("[A-Za-z'\u0080-\U0010ffff]+")
_UNDEFINED = {code: chr(code) for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


class Encoding(NamedTuple):
    """The codec of a file, and an example of what it makes of its bytes that are not UTF-8."""

    codec: str
    example: str = ""


def encoding_of(data: bytes) -> Encoding:
    """Tell the encoding of a file from all its bytes; `example` is empty where it is Unicode."""
    for mark, marked in _MARKS.items():
        if data.startswith(mark):
            return Encoding(marked)
    if codec := _without_mark(data):
        return Encoding(codec)
    if _decodes(data, "utf-8"):
        return Encoding("utf-8")
    lines = _evidence(data)
    scores = {codec: _score(lines, codec) for codec in (_USUAL, MIXED, *_OTHERS)}
    usual = scores[_USUAL]
    scores = {codec: score for codec, score in scores.items() if score < usual - _MARGIN}
    for better in sorted(scores, key=scores.__getitem__):
        if better == MIXED or _decodes(data, better):
            return Encoding(better, _example(lines, better))
    return Encoding(_USUAL, _example(lines, _USUAL))


def decoded(data: bytes, codec: str) -> str:
    """The text of `encoding_of`'s codec; the five bytes undefined in Windows-1252 stay."""
    if codec == MIXED:
        return "".join(map(_utf8_or_windows, data.splitlines(keepends=True)))
    if codec == _USUAL:
        return _as_windows(data)
    return data.decode(codec, errors="replace").removeprefix("\ufeff")


def is_utf8(line: bytes) -> bool:
    """Whether these bytes are UTF-8."""
    return _decodes(line, "utf-8")


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _without_mark(data: bytes) -> str | None:
    """UTF-16 by its zero bytes: in texts with any ASCII they stand at odd or at even places."""
    some = data[: 1 << 16]
    even, odd = some[::2].count(0), some[1::2].count(0)
    if not even + odd or len(data) % 2 or min(even, odd) * 20 > max(even, odd):
        return None
    codec = "utf-16-le" if odd > even else "utf-16-be"
    if max(even, odd) * 20 < len(some) or not _decodes(data, codec):
        return None
    text = data.decode(codec)
    if _is_ascii_by_twos(text):
        return None
    lines = "\n" in text or "\r" in text or (len(text) > 16 and max(even, odd) * 4 > len(some))
    return codec if lines and "\0" not in text else None


def _is_ascii_by_twos(text: str) -> bool:
    """Tell text of which most letters are two of ASCII in one: a file with some stray zeros."""
    codes = [ord(char) for char in text[: 1 << 15] if char > "\x7f"]
    pairs = sum(0x20 <= code >> 8 < 0x7F and 0x20 <= code & 0xFF < 0x7F for code in codes)
    return pairs * 2 > len(codes) > 20


def _utf8_or_windows(line: bytes) -> str:
    return line.decode("utf-8") if is_utf8(line) else _as_windows(line)


def _as_windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="surrogateescape").translate(
            {0xDC00 + code: char for code, char in _UNDEFINED.items()}
        )


def _evidence(data: bytes) -> list[bytes]:
    """The distinct lines that are not ASCII, from all over the file."""
    lines = [line for line in dict.fromkeys(data.splitlines()) if not line.isascii()]
    step = max(1, sum(map(len, lines)) // _MOST)
    return [line[:_MOST] for line in lines[::step]]


def _example(lines: list[bytes], codec: str) -> str:
    for least in (1, 0):  # a word with such letters, else a sign
        for line in lines:
            words = [] if is_utf8(line) else _WORD.findall(decoded(line, codec))
            for word in words:
                if not word.isascii() and _foreign_letters(word) >= least:
                    return str(word[:40])
    return ""


def _foreign_letters(word: str) -> int:
    return sum(char.isalpha() and not char.isascii() for char in word)


def _score(lines: list[bytes], codec: str) -> float:
    """Bits that the distinct words of these lines take which are not ASCII; fewer are better."""
    text = "\n".join(decoded(line, codec) for line in lines)
    if "\ufffd" in text:
        return float("inf")
    words = {word for word in _WORD.findall(text) if not word.isascii()}
    bits = sum(_word_bits(word, codec) for word in words)
    return bits - _BESIDE * len(_czech_words(text)) if codec == "cp1250" else bits


def _czech_words(text: str) -> set[str]:
    """Words with letters of cp1250 alone, in a line with one whose letters both encodings have."""
    found: set[str] = set()
    for line in filter(_CZECH.search, text.split("\n")):
        words = _WORD.findall(line)
        czech = [word for word in words if _CZECH.search(word)]
        found.update(w for w in words if _ONLY_1250.search(w) and any(w != c for c in czech))
    return found


def _word_bits(word: str, codec: str) -> float:
    around = [_neighbour(char) for char in f" {word} "]
    bits = _MIXTURE * (len({_script(char) for char in word if char.isalpha()}) > 1)
    foreign = {char for char in word.lower() if char.isalpha() and not char.isascii()}
    if len(foreign) > 1 and max(foreign) < "\u0250":
        bits += _FOREIGN * (not any(foreign.issubset(alphabet) for alphabet in _ALPHABETS))
    for k, char in enumerate(word):
        if not char.isascii():
            if char.isalpha():
                bits += _bits(char, around[k], around[k + 2], codec)
            else:
                bits += _sign_bits(char, _letters_before(word[:k]), _letters_after(word[k + 1 :]))
            bits += _MIXTURE * _is_misplaced(char, word[max(k - 1, 0) : k], word[k + 1 : k + 2])
    return bits


def _bits(char: str, before: str, after: str, codec: str) -> float:
    letters, others = _tables()
    low = char.lower()
    if known := letters.get(low):
        apart = known.before[_PLACES.index(before)] + known.after[_PLACES.index(after)]
        return known.bits + known.between.get(before + after, apart + _RARE)
    if low in others:
        return others[low] + _RARE * 4 * (before == after == " " and char < "\u2000")
    return _COMMON if _is_common(char, codec) else _UNKNOWN


def _sign_bits(char: str, left: int, right: int) -> float:
    """Bits of what is no letter, with so many letters on either side: `O’Neil`, not `cl’nico`."""
    if not left or not right:
        opens = right and char not in _OPENING and char in _SIGNS
        return _SIGNS.get(char, _UNKNOWN) + 2 * _FOREIGN * bool(opens)
    return _JOINING.get(char, _UNKNOWN + _FOREIGN) + _RARE * 4 * (min(left, right) > 2)


def _letters_before(part: str) -> int:
    return next((n for n, char in enumerate(reversed(part)) if not char.isalpha()), len(part))


def _letters_after(part: str) -> int:
    return next((n for n, char in enumerate(part) if not char.isalpha()), len(part))


def _is_misplaced(char: str, before: str, after: str) -> bool:
    """Whether a letter is large amid small ones or small amid large ones."""
    if char.isupper():
        return before.islower() or (before.isalpha() and after.islower())
    return char.islower() and before.isupper() and after.isupper()


def _is_common(char: str, codec: str) -> bool:
    if codec not in _COMMON_SIGNS:
        return False
    plain, first, last = _COMMON_SIGNS[codec]
    signs = char.encode(plain, errors="replace")
    return len(signs) == 2 and first <= signs[0] <= last


@lru_cache(maxsize=1 << 12)
def _neighbour(char: str) -> str:
    folded = unidecode(char)[:1].lower() if char.isalpha() else " "
    return folded if folded in _PLACES and folded else " "


def _script(char: str) -> str:
    if char < "\u0250":
        return "Latin"
    return "Cyrillic" if "\u0400" <= char < "\u0530" else "Greek" if char < "\u0400" else "other"


class _Letter(NamedTuple):
    """Bits of a letter, of what stands before and after it (`_PLACES`), and of common pairs."""

    bits: int
    before: list[int]
    after: list[int]
    between: dict[str, int]


@cache
def _tables() -> tuple[dict[str, _Letter], dict[str, float]]:
    """The Latin letters, and the bits of others."""
    counts = json.loads(files("linkage.readers").joinpath("letters.json").read_text("utf-8"))
    letters = {}
    for letter, row in counts["latin"].items():
        bits, before, after, pairs = row
        between = {pairs[k : k + 2]: int(pairs[k + 2]) for k in range(0, len(pairs), 3)}
        letters[letter] = _Letter(bits, [*map(int, before)], [*map(int, after)], between)
    others = {
        sign: float(bits) + (_ALPHABET if sign < "\u2000" else _OTHER)
        for bits, signs in counts["other"].items()
        for sign in signs
    }
    return letters, others
