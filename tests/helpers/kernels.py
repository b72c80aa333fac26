"""The sources of what is compiled, run as they stand, and which forms there are to test."""

import importlib.util
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

import linkage.kernels
from linkage.kernels import compiled


@cache
def as_it_stands(name):
    """A module of `linkage.kernels` as Python runs it; skips the test where Cython is missing."""
    pytest.importorskip("cython")
    source = Path(linkage.kernels.__file__).with_name(f"{name}.py")
    loader = SourceFileLoader(f"{name}_as_it_stands", str(source))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def kernel(name, form):
    """The module in one of the `FORMS`; skips the test where there is none."""
    if form == "as it stands":
        return as_it_stands(name)
    return compiled(name) or pytest.skip("linkage was installed without a compiler")


FORMS = ["compiled", "as it stands"]
