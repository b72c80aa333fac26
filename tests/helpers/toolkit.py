"""The Python Record Linkage Toolkit, an extra: it can't be installed beside pandas 3."""

from types import ModuleType

import pytest

REASON = "pip install 'biblinkage[recordlinkage]', which needs pandas below 3"


def toolkit(module: str = "recordlinkage") -> ModuleType:
    """A module of the toolkit; where it is not installed the test is skipped, with this reason."""
    return pytest.importorskip(module, reason=REASON, exc_type=ImportError)
