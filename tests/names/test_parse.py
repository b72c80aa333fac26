"""Parsing of names: every printed shape, and the laws of the key."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.authors.rules import name_keys
from linkage.names import plain
from linkage.names.author_strings import _is_several
from linkage.names.groups import GROUP_WORDS, WEAK_GROUP_WORDS
from linkage.names.parse import Name, _taken_apart, fold_name, name_key, parse_name
from linkage.names.plain import plain_name
from linkage.records import cells as values

# printed, key: family|given|particle|suffix|homonym
SHAPES = [
    ("Łukasz Kaiser", "kaiser|lukasz|||"),
    ("Kaiser, Lukasz", "kaiser|lukasz|||"),
    ("KAISER, LUKASZ", "kaiser|lukasz|||"),
    ("Kaiser L", "kaiser|l|||"),
    ("L. Kaiser", "kaiser|l|||"),
    ("  L.  Kaiser, ", "kaiser|l|||"),
    ("MCDONALD J", "mcdonald|j|||"),
    ("Smith BC", "smith|b c|||"),
    ("SMITH BC", "smith|b c|||"),
    ("Smith B. C.", "smith|b c|||"),
    ("BC Smith", "smith|b c|||"),
    ("rl grossman", "grossman|r l|||"),
    ("Ivanov Yu. A.", "ivanov|yu a|||"),
    ("X.Gironés", "girones|x|||"),
    ("Jean-Pierre Dupont", "dupont|jean pierre|||"),
    ("J.-P. Dupont", "dupont|j p|||"),
    ("Dupont, J-P", "dupont|j p|||"),
    ("George van den Driessche", "driessche|george|van den||"),
    ("van den Driessche, George", "driessche|george|van den||"),
    ("Driessche, George van den", "driessche|george|van den||"),
    ("Van Den Driessche G.", "driessche|g|van den||"),
    ("L. Van der Maaten", "maaten|l|van der||"),
    ("de Las Casas, Diego", "casas|diego|de las||"),
    ("De, Sanctis L", "sanctis|l|de||"),
    ("Le, Quoc V.", "le|quoc v|||"),
    ("Yin Le", "le|yin|||"),
    ("Rami Al-Rfou", "al rfou|rami|||"),
    ("O'Reilly, Tim", "oreilly|tim|||"),
    ("O’Reilly T", "oreilly|t|||"),
    ("García Márquez, Gabriel", "garcia marquez|gabriel|||"),
    ("Juan Velasquez y Garcia", "velasquez y garcia|juan|||"),
    ("Smith, John, Jr.", "smith|john||jr|"),
    ("Smith Jr., John", "smith|john||jr|"),
    ("John Smith III", "smith|john||iii|"),
    ("Connors JJ 3rd", "connors|j j||iii|"),
    ("McIntyre Jr R. C.", "mcintyre|r c||jr|"),
    ("Lily I Pao", "pao|lily i|||"),
    ("Andrews, MD", "andrews|m d|||"),
    ("John Smith MD", "smith|john|||"),
    ("John Smith, MD, PhD", "smith|john|||"),
    ("Dr. John Smith", "smith|john|||"),
    ("Prof. Dr. J. Smith", "smith|j|||"),
    ("Bernado Franecki Ph.D.", "franecki|bernado|||"),
    ("Joe Dentist D.D.S.", "dentist|joe|||"),
    ("Jean Mba", "mba|jean|||"),
    ("Doe, John jr., MD", "doe|john||jr|"),
    ("Smith, J.R.", "smith|j r|||"),
    ("Smith JR", "smith|j r|||"),
    ("Smith, JR", "smith|j r|||"),
    ("SMITH JR, JOHN", "smith|john||jr|"),
    ("D.R. Andrews", "andrews|d r|||"),
    ("Maj Vinberg", "vinberg|maj|||"),
    ("Jack Ma", "ma|jack|||"),
    ("Xuechen Li 0005", "li|xuechen|||0005"),
    ("Smith J1,2", "smith|j|||"),
    ("Ann Bell*†", "bell|ann|||"),
    ("Ann Bell²", "bell|ann|||"),
    ("Ann Bell$^{1}$", "bell|ann|||"),
    ("Ann Bell <ann@example.org>", "bell|ann|||"),
    ("Benjamin (Ben) Franklin", "franklin|benjamin|||"),
    ("Sheila (A.) McIlraith", "mcilraith|sheila a|||"),
    ('Edward "Ted" Smith', "smith|edward|||"),
    ("{\\L}ukasz Kaiser", "kaiser|lukasz|||"),
    ('Gr{\\"o}ller, M. Eduard', "groller|m eduard|||"),
    ("M&uuml;ller, Hans", "muller|hans|||"),
    ("<i>Ann</i> Bell", "bell|ann|||"),
    ("张伟", "zhang|wei|||"),
    ("山田 太郎", "shan tian|tai lang|||"),
    ("김민수", "kim|min su|||"),
    ("ジョン・スミス", "sumisu|ziyon|||"),
    ("Викторов, Михаил Маркович", "viktorov|mikhail markovich|||"),
    ("Γεώργιος Παπαδόπουλος", "papadopoulos|georgios|||"),
    ("Plato", "plato||||"),
    ("OpenAI", "openai||||"),
    ("The Theano Development Team", "theano development team||||"),
    ("ATLAS Collaboration", "atlas collaboration||||"),
    ("{World Health Organization}", "world health organization||||"),
    ("WHO Working Group on Widgets", "who working group on widgets||||"),
    ("Group, European Widget Study", "european widget study group||||"),
    ("on behalf of the BOG-2 Investigators", "bog 2 investigators||||"),
    ("Organisation for Widget Co-operation", "organization for widget cooperation||||"),
    ("WXYZ (Widget Experts) Study Group", "wxyz study group||||"),
    ("OECD", "organization for economic cooperation and development||||"),
    ("Lee KIM", "lee|k i m|||"),
    ("Santos MAS", "santos|m a s|||"),
    ("Santos, MAS", "santos|m a s|||"),
    ("Wei SUN", "sun|wei|||"),
    ("SANTOS MAS", "mas|santos|||"),
    ("Kim Min-ho", "kim|min ho|||"),
    ("Martinel Jean-Pierre", "martinel|jean pierre|||"),
    ("Ludovic Jean-Louis", "jean louis|ludovic|||"),
    ("Jan vd Berg", "berg|jan|van der||"),
    ("WHO", "world health organization||||"),
    ("World Health Organisation (WHO)", "world health organization||||"),
    ("UNDP", "united nations development program||||"),
    ("United Nations Development Programme", "united nations development program||||"),
    ("Moss, D.P.Hill and V.S.", "moss|d p hill and v s|||"),
    ("J. v.d. Berg", "berg|j|van der||"),
    ("Berg, Jan Van Der", "berg|jan|van der||"),
    ("Nguyen, Thi Van", "nguyen|thi van|||"),
    ("Ricardo Almada Júnior", "almada|ricardo||jr|"),
    ("Almada Filho AC", "almada|a c||filho|"),
    ("João Pedro Neto", "neto|joao pedro|||"),
    ("Filho, Rui Almada", "almada|rui||filho|"),
    ("Almada, Rui, Filho", "almada|rui||filho|"),
    ("Almada, Antonio, Neto", "almada|antonio||neto|"),
    ("Almada, Ana Maria, Júnior", "almada|ana maria||jr|"),
    ("John Doe, Esquire", "doe|john|||"),
    ("Ann Bell (CERN)", "bell|ann|||"),
    ("Center, Sharon A.", "center|sharon a|||"),
    ("Sharon A. Center", "center|sharon a|||"),
    ("Hepatitis B Foundation", "hepatitis b foundation||||"),
]


@pytest.mark.parametrize(("printed", "key"), SHAPES)
def test_shape(printed: str, key: str) -> None:
    assert name_key(parse_name(printed)) == key


@pytest.mark.parametrize("printed", ["", "  ", "...", "12", "{}", "\\", ",", "-"])
def test_no_name(printed: str) -> None:
    assert parse_name(printed).family is None
    assert parse_name(printed).given is None


def test_parts_are_kept_as_printed() -> None:
    assert parse_name('Gr{\\"o}ller, M. Eduard, Jr.') == Name(
        "Gröller, M. Eduard, Jr.", "M. Eduard", "Gröller", None, "Jr", None
    )


@pytest.mark.parametrize(
    "printed", ["OpenAI", "ATLAS Collaboration", "{Bell and Dorn}", "Ministry of Widgets"]
)
def test_groups(printed: str) -> None:
    assert parse_name(printed).group
    assert parse_name(printed).given is None


@pytest.mark.parametrize(
    "printed", ["Plato", "Ann McDonald", "DeGroot", "Kim In Chan", "Paul Trust", "The Viet Bui"]
)
def test_persons_are_no_groups(printed: str) -> None:
    assert not parse_name(printed).group


FRAGMENTS = st.sampled_from(
    [
        "O",
        "S.",
        "J.-P.",
        "BC",
        "li",
        "Bell",
        "van",
        "De",
        "Jr.",
        "JR",
        "MD",
        "PhD",
        "Dr.",
        "DR",
        ",",
        "y",
        "Group",
        "of",
        "张",
        "김민수",
        "('x')",
        "0001",
        "12",
        "*",
        "{",
        "}",
        "\\",
        "&",
    ]
)


@given(st.text(max_size=40) | st.lists(FRAGMENTS, max_size=6).map(" ".join))
def test_any_text_can_be_parsed(text: str) -> None:
    name = parse_name(text)
    assert name_key(name).count("|") == 4
    assert name_key(name).isascii()


@given(st.text(max_size=40))
def test_fold_is_idempotent_and_ascii(text: str) -> None:
    folded = fold_name(text)
    assert fold_name(folded) == folded
    assert set(folded) <= set(string.ascii_lowercase + string.digits + " ")
    assert folded == " ".join(folded.split())


# a word for groups makes a group of a name, in which the order of words says something
WORDS = st.text(string.ascii_lowercase, min_size=5, max_size=9).map(str.title)
WORDS = WORDS.filter(lambda word: word.lower() not in GROUP_WORDS | WEAK_GROUP_WORDS)


@given(WORDS, WORDS, st.sampled_from(["", " Q.", " Q. R."]))
def test_order_and_capitals_do_not_matter(first: str, last: str, middle: str) -> None:
    keys = {
        name_key(parse_name(printed))
        for printed in (
            f"{first}{middle} {last}",
            f"{last}, {first}{middle}",
            f"{last}, {first}{middle}".upper(),
        )
    }
    assert len(keys) == 1


_GIVEN = st.sampled_from(
    "Ana A. A.B. J.-P. Jean-Luc Maria J JP Łukasz Ş. Émile Đô Dr Junior The Center Van Mba".split()
)
_FAMILY = st.sampled_from(
    "Smith Ng Li Yu Müller Yılmaz Ngs Brnk Universität Study Jr Sr Ma Van Do Di O Board Iii".split()
)
plain_shapes = st.one_of(
    st.tuples(_GIVEN, _GIVEN, _FAMILY).map(" ".join),
    st.tuples(_GIVEN, _FAMILY).map(" ".join),
    st.tuples(_FAMILY, _GIVEN).map(", ".join),
    st.tuples(_FAMILY, _GIVEN, _GIVEN).map(lambda parts: f"{parts[0]}, {parts[1]} {parts[2]}"),
    st.tuples(_FAMILY, _GIVEN, _GIVEN).map(" ".join),
)


@given(plain_shapes)
def test_a_plain_name_is_read_as_if_taken_apart(text):
    if plain := plain_name(text):
        assert Name(text, *plain) == _taken_apart(text)


@given(plain_shapes)
def test_a_plain_name_is_never_several(text):
    assert not (plain_name(text) and _is_several(text))


def test_initials_that_are_words_elsewhere_are_read_as_if_taken_apart():
    words = sorted(word.upper() for word in plain._TELLING if len(word) < 3)
    shapes = "{} Moss", "Moss {}", "{} A Moss", "Moss {} A B", "{} Petrovich", "Moss, {}", "J {}"
    names = [shape.format(word) for word in words for shape in shapes]
    for name in names:
        if found := plain_name(name):
            assert Name(name, *found) == _taken_apart(name)
    assert plain_name("MD Moss")
    assert not plain_name("Moss IV")


def test_a_letter_of_a_plain_name_stays_as_it_is():
    shapes = "{}ana Li", "{}. Li", "Li, A{}a", "Bo A{}a"
    for name in (shape.format(letter) for letter in map(chr, range(0x250)) for shape in shapes):
        if plain := plain_name(name):
            assert Name(name, *plain) == _taken_apart(name)
            assert values.text(name) == name


@pytest.mark.parametrize(
    "text", ["Ana B. Li", "Li, Ana B.", "Smith JB", "J. B. Smith", "Émile Li", "Yılmaz, Ş."]
)
def test_usual_names_are_plain(text):
    assert plain_name(text)


def test_of_a_name_of_very_many_letters_the_first_count():
    key = name_key(Name("", family="brzezicki" * 5_000, given="Ana" * 5_000))
    assert key == f"{('brzezicki' * 30)[:200]}|{('ana' * 70)[:200]}|||"
    assert sum(map(len, name_keys(key))) < 500 * 500


def test_organisations_are_called_by_all_their_letters():
    long = "society for the study of invented shores " * 20
    assert name_key(Name("", family=long, group=True)) == f"{long.strip()}||||"
