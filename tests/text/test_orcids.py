"""ORCIDs in all their writings, and wrong ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.text.orcids import is_orcid, orcids_in

ONE, WITH_X = "0000-0002-1825-0097", "0000-0002-1694-233X"


@pytest.mark.parametrize(
    ("printed", "orcids", "note"),
    [
        (ONE, (ONE,), "as it should be"),
        (f"https://orcid.org/{ONE}", (ONE,), "an address"),
        (f"http://www.orcid.org/{ONE}/", (ONE,), "an older one"),
        ("orcid.org/0000000218250097", (ONE,), "no hyphens"),
        ("0000 0002 1825 0097", (ONE,), "blanks"),
        ("0000\u20110002\u20111825\u20110097", (ONE,), "hyphens that don't break"),
        ("orcid:0000-0002-1694-233x", (WITH_X,), "a lower-case x"),
        (f"ORCID iD: {ONE}", (ONE,), "named"),
        (f" {ONE} ", (ONE,), "blanks around it"),
        (f"{ONE}; {WITH_X}", (ONE, WITH_X), "two"),
        (f"{ONE}; https://orcid.org/{ONE}", (ONE,), "one twice"),
        ("0000-0002-1825-0079", ("0000-0002-1825-0079",), "wrong, but written as one"),
        ("(isni)0000000121032683", (), "an ISNI"),
        ("https://isni.org/isni/000000012281955X", (), "an ISNI's address"),
        ("7004212771", (), "a number of Scopus"),
        ("10000-0002-1825-0097", (), "a digit more"),
        ("n/a", (), "nothing"),
    ],
)
def test_writings(printed, orcids, note):
    assert orcids_in(printed) == orcids, note


@pytest.mark.parametrize(
    ("orcid", "right"),
    [
        (ONE, True),
        (WITH_X, True),
        ("0000-0001-5109-3700", True),
        ("0000-0002-1825-0079", False),
        ("0000-0002-1694-2330", False),
        ("0000-0000-0000-0000", False),
    ],
)
def test_check_digits(orcid, right):
    assert is_orcid(orcid) is right


@given(st.integers(0, 14), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(place, digit):
    digits = list(ONE.replace("-", ""))
    changed = digits[place] != digit
    digits[place] = digit
    whole = "".join(digits)
    assert is_orcid("-".join(whole[k : k + 4] for k in (0, 4, 8, 12))) is not changed
