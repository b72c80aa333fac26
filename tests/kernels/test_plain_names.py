"""Plain names told by one loop, compiled and as it stands: what the expressions tell of each."""

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.names import plain
from linkage.names.plain import plain_name, plain_parts
from tests.helpers.kernels import FORMS, kernel

NAMES = (
    "Ana B. Li|Li, Ana B.|Smith JB|Smith J B|Smith J. B.|Smith, JB|Smith, J.-B.|J.-B. Smith"
    "|JB Smith"
    "|Jean-Luc Moss|Moss, Jean-Luc P.|Ann-|Moss|Ng, Li|Li Ng|Krk, A.|De Moss|Moss, van der|Moss, Jr"
    "|Ivan Petrovich|Petrovich, Ivan|Ana Müller|Moss  Ann|Moss ,Ann|Ann\tMoss|A.B. Moss"
    "|A.B.-C. Moss"
    "|A- Moss|Moss, A.-|University Moss|Moss, Ann, Bo|, Ann| Ann Moss|Ann Moss |Moss J."
    "|Moss J. |Moss,"
).split("|")
MORE = ["Jr", "MD", "IV", "LT"]
PIECES = [*sorted({piece for name in NAMES for piece in re.findall(r"\w+|\W", name)}), *MORE]
TEXTS = st.sampled_from(NAMES) | st.lists(st.sampled_from(PIECES), max_size=7).map("".join)


def told(form, texts):
    plain._telling_hashes.cache_clear()
    plain._hashes_of_no_initials.cache_clear()
    module = None if form is None else kernel("plain_names", form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "compiled", lambda _: module)
        parts = plain_parts(pa.array(texts, pa.string()))
        found = zip(*(part.to_pylist() for part in parts), strict=True)
        return [one if one != (None, None) else None for one in found]


@pytest.mark.parametrize("form", [None, *FORMS])
def test_names_are_told_as_one_by_one(form):
    names = [*NAMES, *sorted(plain._TELLING), *(f"Ann {word.title()}" for word in plain._TELLING)]
    shapes = ("{} Moss", "Moss {}", "{} A Moss", "Moss {} A", "Moss, {}")
    names += [shape.format(word.upper()) for word in sorted(plain._TELLING) for shape in shapes]
    assert told(form, names) == list(map(plain_name, names))


@settings(max_examples=200)
@given(st.lists(TEXTS, max_size=6))
def test_compiled_names_are_told_as_one_by_one(texts):
    assert told("compiled", texts) == list(map(plain_name, texts))
