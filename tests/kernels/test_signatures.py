"""Bits that signatures share, compiled and as it stands: as NumPy counts them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.papers import cleaning
from tests.helpers.kernels import FORMS, kernel

WORDS = st.lists(st.integers(0, 2**64 - 1), min_size=8, max_size=8)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(st.lists(WORDS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_shared_bits_are_those_that_both_have(form, rows, rng):
    signatures = np.array(rows, dtype=np.uint64)
    pairs = [(rng.randrange(len(rows)), rng.randrange(len(rows))) for _ in range(6)]
    a, b = np.array(pairs, dtype=np.int32).T.copy()
    expected = [
        sum((x & y).bit_count() for x, y in zip(rows[i], rows[j], strict=True)) for i, j in pairs
    ]
    for module in (None, kernel("signatures", form)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cleaning, "compiled", lambda _, module=module: module)
            assert cleaning._shared(signatures, a, b).tolist() == expected
