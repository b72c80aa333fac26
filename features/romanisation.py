"""One name in the spellings of several systems: Ono and Ohno, Hsu and Xu, Gim and Kim.

`readings(word)` gives what a word may be when it is written in one system, as texts that begin with
the system: `ja ono`, `zh xu`, `ko kim`, `la petrenko`. Two words are one name in two spellings when
their readings meet; Chinese and Korean romanisations are ambiguous (Chang is Zhang or Chang), so
there the given names have to say more. `ab lmsr` are the consonants: they say something beside a
word that has no others (`is_without_vowels`). Words are those of a name key: ASCII, lower case.

Sources: Hepburn, Nihon-shiki and passport spellings of Japanese; Wade-Giles after its table of
initials and finals; the families of Hong Kong, Taiwan and Singapore as their registers write them;
ISO 9, BGN/PCGN, GOST and French transliterations of Cyrillic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, product

from linkage.features.given_names import is_syllable, skeleton, two_syllables

JAPANESE, CHINESE, KOREAN, TRANSLITERATED, ABJAD = "ja", "zh", "ko", "la", "ab"

# Pinyin, then how else the family is written: Wade-Giles, Cantonese, Hokkien, Taiwan's own.
_CHINESE_FAMILIES = """
bai:pai,pak cai:tsai,choi,tsay,choy,chua cao:tsao,tso chen:chan,chin,tan chang:chang cheng:ching
cui:tsui,chui dai:tai deng:teng,tang ding:ting dong:tung du:tu,to,doo duan:tuan fang:fong feng:fung
fu:foo gao:kao,ko gong:kung,kong gu:ku,koo guo:kuo,kwok,quek han:hon hao: he:ho hou:hau hu:woo,hwu
huang:wong,hwang,ng,ooi jia:chia jian:chien jiang:chiang,keung,kiang jin:chin,kam kang:kong,hong
kong:kung,hung lai: lei:lui li:lee,lei liang:leung,leong liao:liaw,liu lin:lam,lim,ling
liu:lau,liou,low long:lung lu:luh,luk,loo,lui luo:lo,law,loh ma:mah mao:mo meng:mang
ouyang:auyeung,owyang,awyong pan:poon peng:pang,perng qian:chien,tsien,chin qiao:chiao qin:chin,chun
qiu:chiu,yau,chyou ren:jen,yam shao:siu shen:sum,shum shi:shih,sze,shyh situ:szeto song:sung,soong
su:so sun:suen tan:tam tang:tong tao:tou tian:tien,tin wan:man wang:wong,ong,heng wei:ngai
wen:wun wu:ng,woo,goh,mo xia:hsia,ha,shia xiao:hsiao,siu,shiau,siao xie:hsieh,tse,shieh,chia
xiong:hsiung,hung xu:hsu,hui,shyu,chui xue:hsueh,sit yan:yen,yim,ngan yang:yeung,yeong,young yao:yiu
ye:yeh,yip,ip yi:yih yin:wan you:yau yu:yue,yuh,yee yuan:yuen yue:yueh zeng:tseng,tsang,ceng
zhai:chai,jhai zhan:chan,jan zhang:chang,cheung,teo,jhang,teoh zhao:chao,chiu,jhao,jao
zheng:cheng,jeng,tay,jheng zhong:chung,jhong,jong zhou:chou,chow,chau,jhou,jou
zhu:chu,choo,jhu,jue zhuang:chuang,chong,jhuang zou:tsou,chau zuo:tso,jo
shan:dan xie:jie qiu:chou ou:qu,au zha:cha qin:tan ge:gai yun:yuan miao:mou
"""
_KOREAN_FAMILIES = """
kim:gim lee:yi,rhee,i,ri,rhie park:pak,bak,bahk,bag choi:choe,chwe,coe jung:jeong,chung,cheong,joung
kang:gang cho:jo,joe yoon:yun,youn jang:chang lim:im,rim,yim shin:sin oh:o seo:suh,so,seoh
kwon:gwon,kweon,gweon hwang:whang ahn:an song: ryu:yoo,you,yu,ryoo,lyu jeon:chun,jun,chon,cheon,jhun
ko:go,koh,goh moon:mun son:sohn bae:pae baek:paik,back,paek,baik,baeg heo:hur,huh,her,hu nam:
noh:no,roh,rho
shim:sim joo:ju,chu koo:ku,gu,goo woo:u,wu na:ra,rah jin:chin ji:chi,jee um:eom,uhm bang:pang
kong:gong hyun:hyeon,hyon byun:byeon,pyun yeo:yuh,yeoh do:doh,toh seok:suk,sok,seog min: ma:mah
kwak:gwak,gwag cha:ca chae:cae won:weon cheon:chun,chon,ceon choo:chu,cu seon:sun ki:gi,kee
keum:geum,kum ok:og,ock yook:yuk,yug tak:tag kook:kuk,guk,gug
"""


def _table(text: str, system: str) -> dict[str, frozenset[str]]:
    """Spelling -> readings, of lines `reading:spelling,spelling`."""
    found: dict[str, set[str]] = {}
    for entry in text.split():
        reading, _, others = entry.partition(":")
        for spelling in (reading, *filter(None, others.split(","))):
            found.setdefault(spelling, set()).add(f"{system} {reading}")
    return {spelling: frozenset(readings) for spelling, readings in found.items()}


_FAMILIES_OF_CHINA = _table(_CHINESE_FAMILIES, CHINESE)
_FAMILIES_OF_KOREA = _table(_KOREAN_FAMILIES, KOREAN)

_INITIALS = {  # pinyin -> Wade-Giles without the apostrophes that nobody writes
    "b": "p",
    "d": "t",
    "g": "k",
    "zh": "ch",
    "j": "ch",
    "q": "ch",
    "z": "ts",
    "c": "ts",
    "x": "hs",
    "r": "j",
}
_FINALS = {
    "ong": "ung",
    "ian": "ien",
    "uo": "o",
    "ie": "ieh",
    "ue": "ueh",
    "ui": "ui",
    "iong": "iung",
}
_WHOLE = {
    "zhi": "chih",
    "chi": "chih",
    "shi": "shih",
    "ri": "jih",
    "zi": "tzu",
    "ci": "tzu",
    "si": "ssu",
    "yi": "i",
    "you": "yu",
    "yan": "yen",
    "ye": "yeh",
    "yue": "yueh",
    "er": "erh",
    "guo": "kuo",
    "kuo": "kuo",
    "huo": "huo",
    "shuo": "shuo",
    "gui": "kuei",
    "kui": "kuei",
    "xu": "hsu",
    "ge": "ko",
    "ke": "ko",
    "he": "ho",
    "yong": "yung",
    "zhuo": "cho",
}
_SYLLABLE = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?([aeiou][a-z]*)")
_TAIWANESE = (("jhih", "zhi"), ("jh", "zh"), ("shih", "shi"), ("chih", "chi"), ("sy", "xu"))


def _wade_giles(syllable: str) -> str:
    """Write a syllable of pinyin in Wade-Giles: `zhi` is `chih`, `xiao` is `hsiao`."""
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    cut = _SYLLABLE.fullmatch(syllable)
    if not cut:
        return syllable
    initial, final = cut[1] or "", cut[2]
    return _INITIALS.get(initial, initial) + _FINALS.get(final, final)


@lru_cache(maxsize=1)
def _syllables_by_spelling() -> dict[str, frozenset[str]]:
    """Spelling of a syllable, in pinyin or Wade-Giles -> its pinyin readings."""
    found: dict[str, set[str]] = {}
    letters = "abcdefghijklmnopqrstuvwxyz"
    finals = (
        "a ai an ang ao e ei en eng er i ia ian iang iao ie in ing iong iu o ong ou u ua uai uan"
    )
    finals += " uang ue ui un uo"
    for initial in ("", "zh", "ch", "sh", *letters):
        for final in finals.split():
            syllable = initial + final
            if is_syllable(syllable):
                found.setdefault(syllable, set()).add(syllable)
                found.setdefault(_wade_giles(syllable), set()).add(syllable)
    return {spelling: frozenset(readings) for spelling, readings in found.items()}


_MORA = re.compile(
    r"(?:(?:[kgsztdnhbpmyrwfj]|ky|gy|sh|sy|zy|jy|ch|ty|ts|dz|ny|hy|by|py|my|ry|cch|ssh|tts)?[aiueo]"
    r"|n(?![aiueo])|[hm](?![aiueoy])|([kstp])(?=\1))+"
)
_TO_HEPBURN = (
    *((re.compile(old), new) for old, new in (("sy", "sh"), ("(?:zy|jy)", "j"), ("ty", "ch"))),
    *((re.compile(old), new) for old, new in (("si", "shi"), ("(?:zi|di)", "ji"), ("ti", "chi"))),
    *((re.compile(old), new) for old, new in (("(?<!t)(?:tu)", "tsu"), ("(?<!s|c)hu", "fu"))),
    *((re.compile(old), new) for old, new in (("d[uz]u?", "zu"), ("m(?=[bpm])", "n"))),
    (re.compile("^oh(?=[iue])"), "o"),  # Ohi is Ōi, Ohe is Ōe
    (re.compile("o[hu](?![aiueo])|oo"), "o"),
    (re.compile("u[hu](?![aiueo])"), "u"),
)


@lru_cache(maxsize=1 << 16)
def japanese(word: str) -> str | None:
    """A Japanese word in Hepburn without long vowels; None for what is none."""
    if len(word) < 2 or not _MORA.fullmatch(word):
        return None
    for pattern, replacement in _TO_HEPBURN:
        word = pattern.sub(replacement, word)
    return word


# What transliterations of Cyrillic, Armenian, Georgian, Arabic and Indian scripts differ in, beyond
# `skeleton`: applied to a family name, which a slip of one letter would not make another's.
_TRANSLITERATIONS = (
    (re.compile("^abd(?:[aeu]l|ou?l|ool)(?=[a-z]{3})"), "abdal"),  # Abdelaziz, Abdul Aziz
    (re.compile(r"^abd[aeou](?=([rsndtz])\1)"), "abdal"),  # Abderrahman
    (re.compile("^(?:al|el)(?=[bcdfghjklmnpqrstvwxyz].{3})"), "al"),
    (re.compile("^h(?=[aeor])|gh(?=[iy])"), "g"),
    (re.compile("gh(?![iy])"), "G"),  # Henighan is not Hennigan
    (re.compile("shch|stch|sch(?=e|u)"), "sh"),
    (re.compile("dzh|dj|(?<!^)zh"), "z"),
    (re.compile("^kh"), "h"),
    (re.compile("kh|(?<=[aeiouy])h(?=[aeiouy])"), "k"),
    (re.compile("^(?:saint|sankt|sint)(?=.{3})"), "st"),
    (re.compile("sh(?=t)"), "s"),
    (re.compile("ej|aj"), "ay"),
    (re.compile("^j(?=[ie])"), "z"),
    (re.compile("(?<=[bcdfghklmnpqrstvxz])yo(?=[a-z]{2})"), "e"),
    (re.compile("tz|ts|cz"), "z"),
    (re.compile("(?<=[bcdfghklmnpqrstvxz])h"), "h"),
    (re.compile("off$|ow$"), "ov"),
    (re.compile("(?<=[aeiou])[iyj](?=e)|(?<=[bcdfghklmnpqrstvxz])[yij](?=e)"), ""),
    (re.compile("(?:iy|yi|ij|yj|ii|yy)$"), "y"),
    (re.compile("ou"), "u"),
    (re.compile("(?<=[bcdfgklmnprstvxz])es$"), "is"),
    (re.compile("^(?:iu|ju|yu)"), "yu"),
    (re.compile("^(?:ia|ja|ya)"), "ya"),
    (re.compile("^(?:ie|je|ye)"), "e"),
)


@lru_cache(maxsize=1 << 16)
def _transliterated(word: str) -> str | None:
    """What transliterations of a word of five letters or more share; None of a shorter one."""
    if len(word) < 5 or is_syllable(word):
        return None
    for pattern, replacement in _TRANSLITERATIONS:
        word = pattern.sub(replacement, word)
    return skeleton(word).replace("ie", "e").replace("ii", "i")


_VOWELS = re.compile("[aeiou]")


def is_without_vowels(word: str) -> bool:
    """Tell a word of Arabic or Hebrew letters, which leave vowels out: `lmsry`, `dvd`."""
    return len(word) > 2 and not _VOWELS.search(word)


@lru_cache(maxsize=1 << 16)
def consonants(word: str) -> str:
    """What Arabic and Hebrew letters keep of a word: `hmd` of Ahmed, `lmsr` of El-Masry."""
    word = word.replace("kh", "k").replace("sh", "s").replace("ph", "f").replace("c", "k")
    return re.sub(r"(.)\1+", r"\1", re.sub("[aeiouyw]", "", word))


def unpointed(given: str) -> str:
    """The consonants of a given name but for letters with several sounds: `sf` of Yosef and `yvsp`.

    Hebrew writes b and v, p and f, v and o alike.
    """
    bones = consonants(given)
    return bones.replace("p", "f").replace("b", "v").replace("v", "") or bones


# A syllable of Korean in any romanisation, that of `unidecode` for Hangul too (`ceol`, `hyeog`),
# and what its parts may be in the Revised Romanisation: `sung` is seong or seung, `hyun` hyeon.
_OF_KOREA = re.compile(
    "(kk|gg|tt|dd|pp|bb|ss|jj|ch|sh|[kgndtrlmbpsjhc])?"
    "(yae|yeo|you|yoo|wae|weo|woo|eui|ae|ai|ay|ya|eo|uh|ye|wa|oe|yo|wo|wu|we|wi|yu|yi|eu|ui|oo|ou|ee"
    "|[aeiou])"
    "(ng|ck|[nmlkgptdbsrh])?"
)
_ONSETS = {
    "k": "k kk g gg", "t": "t tt d dd", "p": "p pp b bb", "j": "j jj ch c", "s": "s ss sh",
    "l": "r l", "h": "h", "n": "n", "m": "m",
}  # fmt: skip
_VOWELS_OF_KOREA = {
    "a": "a", "ya": "ya", "eo": "eo uh u ou", "yeo": "yeo you yu yo", "eu": "eu u",
    "u": "u oo woo wu", "yu": "yu yoo", "o": "o", "yo": "yo", "i": "i ee",
    "ui": "ui eui yi i ee", "ae": "ae ai ay e", "e": "e", "ye": "ye", "yae": "yae",
    "wa": "wa", "wo": "wo weo", "wi": "wi", "oe": "oe we wae",
}  # fmt: skip
_CODAS = {
    "k": "k g ck", "t": "t d s", "p": "p b", "l": "l r", "n": "n", "m": "m", "ng": "ng", "": "h",
}  # fmt: skip


def _ways(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """How a part is printed -> what it may be."""
    printed = {way for ways in table.values() for way in ways.split()}
    return {way: tuple(part for part in table if way in table[part].split()) for way in printed}


_PARTS_OF_KOREA = tuple(_ways(table) | {"": ("",)} for table in (_ONSETS, _VOWELS_OF_KOREA, _CODAS))


@lru_cache(maxsize=1 << 14)
def _syllable_of_korea(printed: str) -> frozenset[str]:
    cut = _OF_KOREA.fullmatch(printed)
    if not cut:
        return frozenset()
    ways = (part[found or ""] for part, found in zip(_PARTS_OF_KOREA, cut.groups(), strict=True))
    return frozenset(map("".join, product(*ways)))


@lru_cache(maxsize=1 << 14)
def korean(given: tuple[str, ...]) -> frozenset[str]:
    """What two syllables of Korean may be, `seung hun`, written as one word or two; else empty."""
    whole = "".join(given)
    if len(given) > 2 or len(whole) > 14 or min(map(len, given), default=0) < 2:
        return frozenset()
    cuts = [len(given[0])] if len(given) == 2 else range(1, len(whole))
    found = (product(*map(_syllable_of_korea, (whole[:k], whole[k:]))) for k in cuts)
    return frozenset(map(" ".join, chain.from_iterable(found)))


_OLD_INDONESIAN = re.compile("dj|tj|oe|sj|nj|j|ch")
_NEW = {"dj": "j", "tj": "c", "oe": "u", "sj": "sy", "nj": "ny", "j": "y", "ch": "kh"}


def _respelled(word: str) -> Iterator[str]:
    """A word with dj or tj as it is spelled, too: Djordjević, Đorđević; Widjaja, Wijaya.

    Of Serbian and Croatian (whose đ is a folded d), and of Indonesian.
    """
    if "dj" in word:
        yield word.replace("dj", "d")
    if "dj" in word or "tj" in word:
        yield _OLD_INDONESIAN.sub(lambda found: _NEW[found[0]], word)


@lru_cache(maxsize=1 << 16)
def readings(family: str) -> frozenset[str]:
    """All readings of a family name written as one word; empty where it has only its own."""
    found = set(_FAMILIES_OF_CHINA.get(family, ())) | _FAMILIES_OF_KOREA.get(family, frozenset())
    if morae := japanese(family):
        found.add(f"{JAPANESE} {morae}")
    spelled = map(_transliterated, (family, *_respelled(family)))
    found.update(f"{TRANSLITERATED} {letters}" for letters in spelled if letters)
    if len(bones := consonants(family)) > 1 and not is_syllable(family):
        found.add(f"{ABJAD} {bones}")
    return frozenset(found)


@lru_cache(maxsize=1 << 16)
def given_readings(given: tuple[str, ...]) -> frozenset[str]:
    """All readings of given names in full as one Chinese or Japanese name; none of initials."""
    if not given or min(map(len, given)) < 2:
        return frozenset()
    found = {f"{CHINESE} {pinyin}" for pinyin in _pinyin(given)}
    whole = "".join(given)
    if morae := japanese(whole):
        found.add(f"{JAPANESE} {morae}")
    found.update(f"{KOREAN} {syllables}" for syllables in korean(given))
    return frozenset(found)


def _pinyin(given: tuple[str, ...]) -> set[str]:
    known = _syllables_by_spelling()
    if len(given) == 1 and given[0] not in known:
        return {"".join(cut) for cut in two_syllables(given[0])}
    if len(given) > 2 or not known.keys() >= set(given):
        return set()
    return {"".join(syllables) for syllables in product(*(known[word] for word in given))}
