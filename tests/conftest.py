"""How hypothesis runs, and fixtures for every test."""

import os

import pytest
from hypothesis import settings

from tests.helpers.benchmark_sets import write_sets

settings.register_profile("linkage", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("linkage")


@pytest.fixture(scope="session")
def labelled_sets(tmp_path_factory):
    """A folder of small labelled sets of papers."""
    folder = tmp_path_factory.mktemp("labelled")
    write_sets(folder)
    return folder
