"""Inner loops that are compiled where linkage is installed with a compiler (`setup.py`).

Cython's pure-Python mode: tests run the sources as they stand, too. Without a compiler what they do
is done otherwise: the same results, slower.
"""

from __future__ import annotations

import logging
from functools import cache
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec
from types import ModuleType

log = logging.getLogger(__name__)


@cache
def compiled(name: str) -> ModuleType | None:
    """The module of that name in this room if it was compiled, else None."""
    spec = find_spec(f"linkage.kernels.{name}")
    if spec is None or not str(spec.origin).endswith(tuple(EXTENSION_SUFFIXES)):
        log.info("linkage was installed without a compiler: it is slower (%s)", name)
        return None
    return import_module(f"linkage.kernels.{name}")
