"""How alike two words of a name are: spelling, transliteration, nicknames, slips."""

from __future__ import annotations

import re
from collections import Counter
from enum import IntEnum
from functools import lru_cache

from nicknames import NickNamer
from rapidfuzz.distance import OSA, Jaro, JaroWinkler, Prefix
from unidecode import unidecode


class NameRelation(IntEnum):
    """Whether two names can be one person's, from "no" to "the very same name"."""

    CONFLICT = 0
    """Another family or given name, middle initial, suffix or homonym number; group and person."""
    ALIKE = 1
    """Given names that might be forms of one, Kasia and Katarzyna; alone, too little to link by."""
    UNSURE = 2
    """What a slip of the pen explains, or too little to go by (no given name)."""
    COMPATIBLE = 3
    """Initials, nicknames, short forms, middle names or particles missing, spelling, order."""
    EQUAL = 4
    """The same after folding."""


CONFLICT, ALIKE, UNSURE = NameRelation.CONFLICT, NameRelation.ALIKE, NameRelation.UNSURE
COMPATIBLE, EQUAL = NameRelation.COMPATIBLE, NameRelation.EQUAL


# How one language's spelling becomes another's: Müller is Mueller and Muller, Mikhail is Michail,
# Fyodor is Fedor, Jeong is Jung, Ahmad is Ahmet.
# Pinyin keeps ch, sh, zh, j and y at the start of a word apart: Zhang is not Chang, Jing not Ying.
_SPELLINGS = (
    (re.compile("tsch|tch|cz|ch"), "C"),
    (re.compile("tzh"), "s"),
    (re.compile("sch|sh|sz"), "S"),
    (re.compile("zh"), "Z"),
    (re.compile("tz|ts|z"), "s"),
    (re.compile("(?<!^)x"), "ks"),
    (re.compile("oe"), "o"),
    (re.compile("eo|(?<=y)ou(?=n)"), "u"),
    (re.compile("(?<=[bdfgklmnprstvz])[yij]o(?=[dlmnrt])"), "e"),
    (re.compile("ph|pf"), "f"),
    (re.compile("ck|qu|c"), "k"),
    (re.compile("[ae][iy]"), "ai"),
    (re.compile("(?<!^)[jy]|ij|ee"), "i"),
    (re.compile("oo|ue"), "u"),
    (re.compile("aa|ae"), "a"),
    (re.compile("w"), "v"),
    (re.compile("d$"), "t"),
    (re.compile("(?:v|ff)$"), "f"),
    (re.compile("(?<!^)h"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


# Iurii and Jurij are Yurii, Iakov is Yakov, but not Ian Yan; Yekaterina is Ekaterina.
_IOTATED = (
    re.compile("^j(?=ur[iy])|^i(?=u|a...)"),
    re.compile("^[ijy](?=e[vkgl][a-z]{2})"),
)
_MAC = re.compile("^mac(?=[bcdfgklmnpqrstvw].{3})")
OF_E = ("ye", "ie", "je")
# The family names Lü and Nü as keyboards, passports and libraries write them.
PINYIN_UMLAUTS = {"lv": "lu", "lyu": "lu", "lue": "lu", "nv": "nu", "nyu": "nu", "nue": "nu"}


def without_umlauts(word: str) -> str:
    """Fold umlauts written out: `mueller` to `muller`, `soerensen` to `sorensen`, `lv` to `lu`.

    And `mackenzie` to `mckenzie`.
    """
    if word in PINYIN_UMLAUTS:
        return PINYIN_UMLAUTS[word]
    word = without_mac(word)
    return word.replace("ue", "u").replace("oe", "o").replace("ae", "a").replace("aa", "a")


def without_mac(family: str) -> str:
    """Fold what Scottish and Irish families begin with: `mackenzie` to `mckenzie`."""
    return _MAC.sub("mc", family) if family.startswith("mac") else family


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """Reduce a word so that its transliterations meet."""
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return word


# How a name in full is printed where space is short.
_CONTRACTIONS = {
    "wm": "william", "chas": "charles", "geo": "george", "jas": "james", "jos": "joseph",
    "thos": "thomas", "robt": "robert", "jno": "john", "edw": "edward", "benj": "benjamin",
    "alexr": "alexander", "fredk": "frederick", "saml": "samuel", "danl": "daniel",
    "fco": "francisco",
}  # fmt: skip


# Forms of one given name beyond what the package `nicknames` knows: Md. and Kr. and the Russian,
# Ukrainian, Belarusian and Greek forms. An entry is a set of forms, or short forms = names in full
# that are no forms of one another (Mohammed and Muhammad are often two people). A word may stand in
# several; words that stand in none together are two names (Aleksei is not Aleksandr).
_FORMS = """
kumar kr
md mohd muhd mhd=mohammad mohammed muhammad muhammed mohamed mohamad mohammod
sk=sheikh shaikh|sd=syed sayed sayyed sayyid
oleksandr aleksandr alexander alexandr olexandr aleksander aliaksandr alexandre
oleksii alexey aleksei alexei oleksiy aleksey aliaksei olexiy|olena elena helena yelena
olha olga|mykola nikolai nikolay mykolai nikolaj mikalai|volodymyr vladimir uladzimir wladimir
dmytro dmitry dmitri dzmitry dmitriy dmitrii dimitri|serhii sergey sergei serhiy siarhei serge
andrii andrey andrei andriy|yevhen evgeny evgeniy yevgeny eugene ievgen yevgen evgenii yauhen
mykhailo mikhail mykhaylo michael|pavlo pavel paul|petro petr pyotr peter piotr
oleh oleg|ihor igor|hryhorii grigory grigorii hryhoriy|heorhii georgy georgii george
kateryna ekaterina yekaterina katerina catherine|hanna anna ganna|iryna irina
nataliia natalia nataliya natalya|tetiana tatiana tatyana tetyana|vasyl vasily vasilii vasiliy
kostiantyn konstantin constantine|fedir fedor fyodor|illia ilya ilia|vitalii vitaly vitaliy
yelyzaveta elizaveta elizabeth|liudmyla lyudmila ludmila|maksym maxim maksim
georgios giorgos yorgos george|ioannis giannis yannis yiannis john|nikolaos nikos nicholas
konstantinos kostas costas constantine|dimitrios dimitris demetrios|panagiotis panayiotis panos
evangelos vangelis|athanasios thanasis thanassis|vasileios vassilis vasilis vasilios basil
michail michalis mihalis michael|spyridon spyros spiros|eleni helen|theodoros theodore
emmanouil manolis emmanuel|charalampos charalambos haralambos|anastasios tasos
stylianos stelios|efstathios stathis eustathios|alexandros alexander|grigorios grigoris gregory
ilias elias|sotirios sotiris|antonios antonis anthony|aikaterini katerina catherine
christos chris|petros peter|pavlos paul|andreas andrew|efstratios stratos|apostolos tolis
yosef joseph yossef josef yossi|yitzhak isaac itzhak yitzchak|yaakov jacob yakov jakob|moshe moses
shlomo solomon|avraham abraham avram|chaim haim hayim|shimon simon|yehuda judah jehuda
yehoshua joshua jehoshua|shmuel samuel|rivka rebecca|eliyahu elijah|binyamin benjamin
""".replace("\n", "|")


@lru_cache(maxsize=1)
def _forms_by_name() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _FORMS.split("|"):
        short, _, full = line.partition("=")
        for form in short.split():
            found.setdefault(form, set()).update({*short.split(), *full.split()} - {form})
        for form in full.split():
            found.setdefault(form, set()).update(short.split())
    return {name: frozenset(forms) for name, forms in found.items()}


def are_two_names(a: str, b: str) -> bool:
    """Tell whether two given names have known forms, and none in common: `aleksei`, `aleksandr`."""
    forms_a, forms_b = forms_of(a), forms_of(b)
    return bool(forms_a and forms_b) and a != b and not ({a, *forms_a} & {b, *forms_b})


def forms_of(name: str) -> frozenset[str]:
    """The other forms of a given name (ASCII, lower case); empty where none is known."""
    return _forms_by_name().get(name, frozenset())


# Pet names that begin with another letter than the name that they stand for.
_PET_NAMES = """
bob bobby bobbie=robert|bill billy willie=william|dick=richard|ned=edward edmund
ted teddy=edward theodore|peggy peg maggie meg madge daisy=margaret|polly molly=mary
hank harry=henry|nell nellie=helen eleanor ellen
bess bessie beth betty betsy liz lizzie libby=elizabeth|tony=anthony antonio
bert=robert albert herbert|drew andy=andrew|gene=eugene|jack=john|kit=christopher katherine
tina=christina martina|gus=augustus august|rick=richard|sandy xander alex=alexander alexandra
trudy=gertrude|nan=anne ann|sally=sarah|chuck=charles|fritz=friedrich|pepe=jose
paco pancho=francisco|kiki=enrique|lola=dolores|nacho=ignacio|toni=antonia anton
""".replace("\n", "|")


@lru_cache(maxsize=1)
def _full_by_pet_name() -> dict[str, frozenset[str]]:
    entries = [entry.partition("=") for entry in _PET_NAMES.split("|") if entry]
    return {pet: frozenset(full.split()) for pets, _, full in entries for pet in pets.split()}


def full_names_of(pet_name: str) -> frozenset[str]:
    """What a pet name that begins otherwise stands for: `bob`, robert; empty for other words."""
    return _full_by_pet_name().get(pet_name, frozenset())


@lru_cache(maxsize=1)
def _nicknamer() -> NickNamer:
    return NickNamer()


@lru_cache(maxsize=1 << 15)
def nicknames_of(word: str) -> frozenset[str]:
    """Return the short forms of a given name and the names it is short for."""
    known = _nicknamer()
    return frozenset(forms_of(word) | known.nicknames_of(word) | known.canonicals_of(word))


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    """The syllables of Mandarin, as Han characters are transliterated."""
    characters = map(chr, range(0x4E00, 0x9FA6))
    count = Counter(unidecode(character).strip().lower() for character in characters)
    # the rarest are Korean, Japanese or slips
    return frozenset(s for s, n in count.items() if n > 9 and len(s) > 1 and s.isalpha())


def is_syllable(word: str) -> bool:
    """Tell whether a word is one syllable of Mandarin, as most Chinese family names are."""
    return word in _syllables()


@lru_cache(maxsize=1 << 16)
def is_pinyin(word: str) -> bool:
    """Tell whether a word can be cut into syllables of Mandarin, `xiaoming`."""
    ends = {0}
    for start in range(len(word)):
        if start in ends:
            ends |= {end for end in range(start + 2, start + 7) if word[start:end] in _syllables()}
    return len(word) in ends


@lru_cache(maxsize=1 << 16)
def two_syllables(word: str) -> tuple[tuple[str, str], ...]:
    """The ways to cut a word into two syllables of Mandarin: `xi an` for `xian`."""
    cuts = ((word[:k], word[k:]) for k in range(1, len(word)))
    return tuple(cut for cut in cuts if _syllables().issuperset(cut))


def is_typo(a: str, b: str) -> bool:
    """Tell whether a slip or two part two words of four letters or more."""
    shorter = min(len(a), len(b))
    if shorter < 4:
        return False
    allowed = 1 if shorter < 6 else 2
    return OSA.distance(a, b, score_cutoff=allowed) <= allowed


def _is_same_stem(a: str, b: str) -> bool:
    """Tell whether only the endings differ: `georgios`, `george`."""
    stem = Prefix.similarity(a, b)
    return stem > 4 and max(len(a), len(b)) - stem < 4


@lru_cache(maxsize=1 << 16)
def in_full(word: str) -> str:
    """The word without iotation, a contraction in full."""
    before_u_and_a, before_e = _IOTATED
    return before_e.sub("", before_u_and_a.sub("y", _CONTRACTIONS.get(word, word)))


def is_iotated_e(word: str) -> bool:
    """Tell a word, or an initial of two letters, that is as often written with an E."""
    return word in OF_E or bool(_IOTATED[1].match(word))


@lru_cache(maxsize=1 << 17)
def compare_words(a: str, b: str) -> NameRelation:
    """Compare one given name with another; both are words of a name key."""
    if a != b and (_is_initial(a, b) or _is_initial(b, a)):
        return COMPATIBLE
    a, b = in_full(a), in_full(b)
    if a == b:
        return EQUAL
    if b in nicknames_of(a):
        return COMPATIBLE
    short, long = (a, b) if (len(a), a) < (len(b), b) else (b, a)
    if long.startswith(short):
        return UNSURE if _is_whole(short, long) else COMPATIBLE
    if _may_be_one(short, long):
        return UNSURE
    if len(short) == 1 or are_two_names(a, b):
        return CONFLICT
    x, y = skeleton(short), skeleton(long)
    if len(short) > 3 and y.startswith(x):
        return COMPATIBLE
    if x[0] != y[0] and not _start_alike(a, b):
        return CONFLICT
    if is_typo(a, b) or is_typo(x, y) or _is_same_stem(a, b):
        return UNSURE
    return _compare_forms(short, long)


def _is_initial(short: str, long: str) -> bool:
    """Tell an initial of a word as it is printed, I. of Iurii; Ye. of Evgeny; Ya. is Ia."""
    if len(short) == 1:
        return long.startswith(short)
    if len(short) == len(long) == 2:
        return {short, long} <= LETTERS and {short[0], long[0]} < set("ijy") and short[1] == long[1]
    return short in OF_E and bool(_IOTATED[1].match(f"y{long}"))  # Evgeny, not Eric or En


def _may_be_one(short: str, long: str) -> bool:
    """Tell R. beside Bob, who is Robert, Peggy beside Maggie, and E. beside Ye., who is Evgeny."""
    full = full_names_of(long)
    if len(short) == 1:
        return any(name.startswith(short) for name in full) or (short == "e" and long in OF_E)
    return bool(full & full_names_of(short))


def _start_alike(a: str, b: str) -> bool:
    """Tell whether first letters agree; Julia, Yulia and Iulia do, Jing and Ying do not."""
    return a[0] == b[0] or ({a[0], b[0]} < set("ijy") and not (is_pinyin(a) and is_pinyin(b)))


# Initials of two letters, one of another alphabet: Yu. is Yurii, Zh. Zhanna.
LETTERS = frozenset({"yu", "ya", "ye", "iu", "ia", "ju", "ja", "zh", "kh", "ch", "sh", "ts", "th"})


def _is_whole(short: str, long: str) -> bool:
    """Tell a name that starts another from its short form: Mo is Mohammad, Li is not Ling."""
    if len(short) == 1 or (short in LETTERS and not is_pinyin(long)):
        return False
    return (len(short) == 2 and len(long) < 6) or (is_pinyin(short) and is_pinyin(long))


def _compare_forms(short: str, long: str) -> NameRelation:
    """Compare two given names of one initial by what short forms and languages keep of a name.

    Consonants outlast vowels (Petr, Piotr; Seok, Suk) and the first letters the rest (Wojtek,
    Wojciech). Words of two or three letters might be initials or short for anything.
    """
    x, y = skeleton(short), skeleton(long)
    stem = max(Prefix.similarity(short, long), Prefix.similarity(x, y))
    longer = len(long) - len(short)
    bones_x, bones_y = sorted((without_vowels(x), without_vowels(y)), key=len)
    kept = len(bones_x) > 1 and _is_subsequence(bones_x, bones_y)
    weak = kept and (len(bones_x) > 2 or stem > 1 or longer > 1)
    if is_pinyin(short) and is_pinyin(long):  # which spells a name in one way only
        near = longer < 3 + (stem > 1) and _is_subsequence(short, long)
        return ALIKE if near or (weak and len(short) > 3) else CONFLICT
    likeness = max(_likeness(short, long), _likeness(x, y))
    clipped = longer > 1 and len(short) - stem < 4
    strong = (bones_x == bones_y and likeness > 0.8) or (clipped and stem > 2)
    if kept and strong and len(short) > 2:
        return UNSURE
    alike = weak or (clipped and stem > 1) or likeness > 0.75 or len(short) < 4
    return ALIKE if alike else CONFLICT


@lru_cache(maxsize=1 << 16)
def without_vowels(word: str) -> str:
    """First letter and consonants, doubled ones once: `ana` and `anna` are `an`."""
    return re.sub(r"(.)\1+", r"\1", word[0] + re.sub("[aeiouy]", "", word[1:]))


def _likeness(a: str, b: str) -> float:
    """Share of letters in common, 0..1; in short words a common start counts more."""
    short = min(len(a), len(b)) < 6
    return float(JaroWinkler.similarity(a, b) if short else Jaro.similarity(a, b))


def _is_subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)
