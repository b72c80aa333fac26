"""What is compiled where a compiler is at hand; all else about the package is in pyproject.toml.

Without a compiler, or without Cython where builds are not isolated, linkage installs all the same:
NumPy does the work, slower. LINKAGE_PURE=1 leaves it out on purpose, for a wheel of any platform.
"""

import os

from setuptools import Extension, setup

_NAMES = (
    "citations letter_hashes name_lists neighbours plain_names plain_texts quickscorer signatures "
    "small_clusters sparse_rows title_words tokens"
)
KERNELS = [f"linkage.kernels.{name}" for name in _NAMES.split()]


def extensions():
    """The compiled modules; none where they are not wanted or Cython is missing."""
    if os.environ.get("LINKAGE_PURE"):
        return []
    try:
        from Cython.Build import cythonize
    except ImportError:
        return []
    # -O3: loops over the trees go eight or sixteen at once
    modules = [
        Extension(name, [f"{name.replace('.', '/')}.py"], extra_compile_args=["-O3"])
        for name in KERNELS
    ]
    modules = cythonize(modules, build_dir="build/kernels", language_level=3)
    for module in modules:
        module.optional = True
    return modules


setup(ext_modules=extensions())
