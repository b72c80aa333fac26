"""Made-up libraries of one discipline, and the benchmark of speed on them."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from linkage.authors.mentions import list_mentions
from linkage.benchmarks.speed.authors import benchmark_author_speed
from linkage.benchmarks.speed.tables import author_markdown
from linkage.benchmarks.synthetic.libraries import DISCIPLINES, synthetic_library
from linkage.errors import InputError
from linkage.records.schema import conform


@pytest.fixture(scope="module", params=DISCIPLINES)
def library(request):
    return request.param, *synthetic_library(200, 3, request.param)


def test_a_seed_says_all(library):
    discipline, records, people = library
    again, same_people = synthetic_library(200, 3, discipline)
    pd.testing.assert_frame_equal(records, again)
    pd.testing.assert_series_equal(people, same_people)


def test_every_mention_is_of_a_known_person_and_nobody_is_twice_on_a_paper(library):
    _, records, people = library
    mentions = list_mentions(conform(records))
    assert mentions["mention_id"].tolist() == people.index.tolist()
    assert not pd.DataFrame({"r": mentions["record"], "p": people.to_numpy()}).duplicated().any()


def test_lists_of_authors_are_those_of_the_discipline():
    size = {
        name: np.array([len(cell) for cell in synthetic_library(200, 3, name)[0]["authors"]])
        for name in DISCIPLINES
    }
    assert size["mathematics"].max() <= 5
    assert 4 < size["biomedicine"].mean() < 8
    assert np.median(size["particle physics"]) > 500
    assert size["particle physics"].min() < 7


def test_the_library_is_that_of_any_other_machine():
    records, _ = synthetic_library(100, 1, "biomedicine")
    text = records.to_json(orient="records").encode()
    assert hashlib.sha256(text).hexdigest().startswith("76b7e310a7ee0147")


def test_what_people_cost_is_measured_and_scored():
    results = benchmark_author_speed([60, 30], ["mathematics"], 120)
    small, large = results["runs"]
    assert (small["records"], large["records"]) == (30, 60)
    assert large["failure"] is None
    assert large["cost"]["cpu_seconds"] > 0
    assert 0.5 < large["scores"]["b_cubed_f1"] <= 1
    assert {"preparing", "comparing", "clustering"} <= {one["stage"] for one in large["stages"]}
    assert set(results["growth"]) == {"mathematics"}
    assert "| mathematics | 60 |" in author_markdown(results)


@pytest.mark.parametrize(
    ("sizes", "disciplines", "told"),
    [([], [], "none"), ([5, 5], [], "5, 5"), ([5], ["alchemy"], "'alchemy'")],
)
def test_bad_sizes_and_disciplines_are_refused(sizes, disciplines, told):
    with pytest.raises(InputError, match=told):
        benchmark_author_speed(sizes, disciplines)
