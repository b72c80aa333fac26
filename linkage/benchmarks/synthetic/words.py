"""A made-up language of science: words in order of frequency, names of people and of venues.

The most frequent words and names are everyday ones; the many rare ones are put together from
syllables, Latin and Greek roots and endings. Nothing is taken from any catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import NamedTuple

FUNCTION_WORDS = """of in and the for a on with to by from using at as an via under between during
after among into through without against over is how its toward""".split()

COMMON_WORDS = """analysis study effect model system method based approach effects data role new
patients treatment design using development evaluation performance learning clinical human network
systems models cell control cells case disease application methods response activity structure
process information networks theory optimization management assessment risk detection review cancer
function estimation dynamics properties growth quality social health dynamic problem factors
efficient comparison distribution energy water surface gene expression protein algorithm time
imaging blood acute chronic associated changes novel induced molecular high low temperature field
quantum optical magnetic phase power flow heat wave signal image digital public policy economic
market education students teachers children women men adult school community rural urban global
local environmental climate change impact evidence outcomes prediction classification recognition
parallel distributed adaptive robust fuzzy neural genetic stochastic linear nonlinear random
statistical experimental numerical theoretical computational mathematical physical chemical
biological medical surgical dental nursing mental cognitive visual auditory motor memory attention
language speech text knowledge semantic mobile wireless sensor security privacy software hardware
database query web service user interface interaction virtual robot vehicle traffic transport soil
plant forest marine ocean fish bird insect bacterial viral infection immune vaccine drug therapy
trial randomized controlled long term short early late first second large small scale multiple
single joint mixed integrated hybrid combined general special modern traditional recent future
synthesis characterization simulation measurement identification determination investigation
regulation inhibition activation mechanism pathway receptor kinase membrane tissue muscle bone
heart brain liver kidney lung skin eye mice rats population species evolution history culture
politics law ethics religion art music literature philosophy psychology behavior perception
emotion stress depression anxiety pain sleep exercise nutrition obesity diabetes stroke""".split()

N_COMMON = len(dict.fromkeys([*FUNCTION_WORDS, *COMMON_WORDS])) - len(FUNCTION_WORDS)

_PREFIXES = [
    "", *"""hydro neuro micro macro photo thermo electro cardio bio geo poly mono inter intra trans
    sub super hyper hypo anti pre post para peri endo exo auto hetero homo meta pseudo multi nano
    cyto immuno chrono morpho pan di""".split(),
]  # fmt: skip
_ROOTS = """therm gen path derm log graph morph phil phon metr scop cephal gastr hepat nephr oste
arthr my angi hem cyt hist onc tox pharm path psych soma crani thorac pulmon ren vas lymph aden
carcin fibr scler sten plas troph tens press vert volut duct ject spect struct tract vers form
grad miss pell pon pos scrib sequ solv tang ten vad ven vid viv voc corp loc magn nov omn prim sol
stell terr unit ver arbor aqu civ cogn cred dict fac fer flu fract gest junct jur leg lumin man
mater mort nat nav nomin oper ped port potent punct rect reg rupt sanct sens sign son stat temp
termin test tort turb umbr urb vac vect vulg zym hal cycl dynam erg kin lith mit nucle opt orth
""".split()
_SUFFIXES = """al ic ity ation ine ase ous ive ism ist ate oid osis itis emia gram ence ency ant
ure or age ible ular ment ides ium ol ene""".split()
_ONSETS = "b br c ch d dr f g gr h k kr l m n p pr r s sk st t tr v w z".split()
_VOWELS = "a e i o u ai ea io ou".split()
_CODAS = "n r l s t m nd rt x g".split()

_ASIAN_FAMILIES = """Wang Li Zhang Chen Liu Kim Yang Lee Huang Zhao Wu Zhou Park Xu Sun Ma Zhu Hu
Lin Guo He Gao Luo Zheng Choi Liang Tanaka Sato Suzuki Nguyen Tran Jung Xie Tang Han Cao Deng Feng
Peng Zeng Watanabe Ito Yamamoto Cho Kang Yoon Xiao Pan Dong Yuan Lu Jiang Cai Wei Jia Ye Du
""".split()
_OTHER_FAMILIES = """Smith Singh Johnson Kumar Müller García Brown Jones Silva Williams Miller
Martin Sharma Schmidt Rossi Davis Wilson Rodríguez Anderson Taylor Santos Thomas Martínez Moore
Clark Ivanov Schneider Gupta Ali Khan Fischer López Weber Fernández White Hansen Jensen Andersson
Robinson Gonzàlez Meyer Lewis Thompson Wagner Ferrari Novák Nielsen Becker Walker Hall Patel Das
Oliveira Pereira Costa Ahmed Hassan Dubois Bernard Petrov Hoffmann Nilsson Johansson Larsen Kowalski
Popescu Papadopoulos Yılmaz Çelik Horváth Nagy Kovač O'Brien Murphy Kelly Campbell Stewart Bell
Ferreira Bianchi Romano Moreau Laurent Lefèvre Øst Åberg Löwe Strauß Jørgensen Sánchez Pérez
""".split()
_FAMILY_ENDINGS = """son sen ov ova ev ini elli etti ez as er mann berg ström ski wicz enko escu
oğlu idis ian yan wala kar wal rao ira eau ard ton ley ford well field by""".split()
_ASIAN_GIVEN = """wei jing li yan jun hui ming hong xiao yu lei fang bo hao jian ping qing tao feng
ying min hye soo joon ji hyun seung kenji yuki hiro thanh minh""".split()
_OTHER_GIVEN = """John Maria David Michael Anna Peter Robert James Thomas Paul Daniel Andrea Mark
Elena Martin Richard Laura Alexander José Christian Stefan William Sarah Carlos Susan Mary Jan
Marco Andrew Christopher Francesco Ana Ahmed Mohammed Rajesh Anil Priya Sanjay Nina Olga Sergei Ivan
Dmitri Natalia Julia Katharina Jürgen Wolfgang François Hélène Pierre Jean Luís João Antônio Miguel
Ingrid Lars Björn Søren Erik Eva Helen Emily Emma Rachel Rebecca Karen Linda Barbara Patricia Steven
Kevin Brian George Edward Henry Charles Frank Alan Simon Nicholas Benjamin Samuel Jonathan Matthew
Timothy Giovanni Luca Paolo Giulia Chiara Marta Piotr Agnieszka Tomasz Zoltán László Mehmet Ayşe
Fatima Ali Hassan Omar Yusuf Noor Isabel Pablo Diego Lucía Sofia Gabriel Rafael Victor Oscar Hugo
""".split()
_GIVEN_ENDINGS = "a o in ia ena el us ar is an ette ina".split()


class Venue(NamedTuple):
    """A journal or conference by its name, its abbreviation and its acronym."""

    name: str
    abbreviation: str
    acronym: str
    is_journal: bool


_VENUE_NAMES = (
    "Journal of {} Research",
    "{} Letters",
    "International Journal of {}",
    "Proceedings of the International Conference on {}",
    "Annals of {} and {}",
    "{} and {}",
    "Proceedings of the Annual Symposium on {} and {}",
    "European Journal of {}",
    "Archives of {} Science",
    "Workshop on {} Systems",
)
_ISO = {
    "Journal": "J.", "International": "Int.", "Proceedings": "Proc.", "Conference": "Conf.",
    "Letters": "Lett.", "Annals": "Ann.", "Research": "Res.", "Science": "Sci.", "Annual": "Annu.",
    "Symposium": "Symp.", "European": "Eur.", "Archives": "Arch.", "Systems": "Syst.",
}  # fmt: skip


def vocabulary(n: int) -> list[str]:
    """`n` different words: `FUNCTION_WORDS`, then `N_COMMON` everyday ones, then rarer ones."""
    return _fill_up([*FUNCTION_WORDS, *COMMON_WORDS], map(_with_accents, _rare_words()), n)


def family_names(n: int) -> list[str]:
    """`n` different family names, the common ones first."""
    common = [name for two in zip(_ASIAN_FAMILIES, _OTHER_FAMILIES, strict=False) for name in two]
    return _fill_up([*common, *_OTHER_FAMILIES], _made_up(_FAMILY_ENDINGS), n)


def is_asian(family: str) -> bool:
    """Whether given names of `asian_given_names` go with this family name."""
    return family in _ASIAN_FAMILIES


def given_names(n: int) -> list[str]:
    """`n` different given names, the common ones first."""
    return _fill_up(_OTHER_GIVEN, _made_up(_GIVEN_ENDINGS), n)


def asian_given_names() -> list[str]:
    """Given names of one or two syllables."""
    two = [f"{a}{b}".capitalize() for a, b in product(_ASIAN_GIVEN, repeat=2)]
    return list(dict.fromkeys([*map(str.capitalize, _ASIAN_GIVEN), *two]))


def venues(n: int) -> list[Venue]:
    """`n` different venues."""
    fields = [word.capitalize() for word in islice(_rare_words(), n)]
    common = [word.capitalize() for word in COMMON_WORDS]
    found = []
    for number, field in enumerate(fields):
        pattern = _VENUE_NAMES[number % len(_VENUE_NAMES)]
        name = pattern.format(field, common[number * 7 % len(common)])
        is_journal = not pattern.startswith(("Proceedings", "Workshop"))
        found.append(Venue(name, _abbreviate(name), _acronym(name), is_journal))
    return found


def _fill_up(common: list[str], more: Iterator[str], n: int) -> list[str]:
    found = dict.fromkeys(common)
    while len(found) < n:
        found[next(more)] = None
    return list(found)[:n]


def _scrambled_combinations(*parts: list[str]) -> Iterator[str]:
    """All combinations, the first of `parts` last; steps of a prime keep neighbours unlike."""
    total = 1
    for part in parts:
        total *= len(part)
    step = 1_000_003
    for number in range(total):
        code, word = number * step % total, []
        for part in parts:
            code, position = divmod(code, len(part))
            word.append(part[position])
        yield "".join(reversed(word))


def _syllables() -> list[str]:
    return [a + b + c for a, b, c in product(_ONSETS, _VOWELS, _CODAS)]


def _rare_words() -> Iterator[str]:
    roots = [*_ROOTS, *(root for k, root in enumerate(_syllables()) if k % 3 == 0)]
    return _scrambled_combinations(_SUFFIXES, roots, _PREFIXES)


def _with_accents(word: str, marks: tuple[int, ...] = (41, 47, 53, 59)) -> str:
    """Some words are acronyms, have Greek letters, accents or numbers; the same ones always."""
    code = sum(ord(letter) * (7 + k) for k, letter in enumerate(word))
    acronym, greek, accent, numbered = (code % mark == 0 for mark in marks)
    if acronym:
        return word[:4].upper()
    if greek:
        return f"β-{word}"
    if accent:
        return word.replace("e", "é", 1)
    return f"{word}-{code % 9 + 1}" if numbered else word


def _made_up(endings: list[str]) -> Iterator[str]:
    starts = [f"{a}{b}{c}" for a, b, c in product(_ONSETS, _VOWELS, _CODAS)]
    return (
        word.capitalize()
        for word in _scrambled_combinations(endings, ["", "la", "ri", "mo", "e"], starts)
    )


def _abbreviate(name: str) -> str:
    """As ISO 4 does it: words cut, small ones left out."""
    words = [word for word in name.split() if word not in ("of", "the", "on", "and")]
    return " ".join(_ISO.get(word) or (word if len(word) < 7 else f"{word[:5]}.") for word in words)


def _acronym(name: str) -> str:
    words = [word for word in name.split() if word[0].isupper() and word != "Proceedings"]
    return "".join(word[0] for word in words)
