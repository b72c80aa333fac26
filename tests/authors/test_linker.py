"""Who is who, on small invented records: variants meet, and what must stay apart does."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from linkage.authors import blocking
from linkage.authors import pairs as pairs_module
from linkage.authors.linker import AuthorLinker, link_authors
from linkage.authors.links import slug, usual_name
from linkage.errors import InputError, ModelError
from linkage.models import PairModel, load_model
from linkage.records.schema import conform

TEAM = ["Tamsin Qvarnström", "Oddvar Blekastad"]


def paper(title: str, authors: list[Any], **fields: Any) -> dict[str, Any]:
    return {"title": title, "authors": authors, "year": 2020} | fields


@cache
def shipped() -> PairModel:
    return load_model("authors")


def linked(*papers: dict[str, Any], linker: AuthorLinker | None = None) -> pd.DataFrame:
    return (linker or AuthorLinker(shipped())).predict(pd.DataFrame(list(papers)))


def ids_of(result: pd.DataFrame, name: str) -> list[str]:
    return result.loc[result["name"] == name, "author_id"].tolist()


def same(one: str, other: str, *, second_team: list[str] = TEAM) -> bool:
    result = linked(
        paper("Sorting herrings by length", [one, *TEAM]),
        paper("Herrings of the northern coast", [other, *second_team], year=2021),
    )
    return ids_of(result, one)[0] == ids_of(result, other)[-1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Łucjan Pszczelarz", "Lucjan Pszczelarz"),
        ("Lucjan Pszczelarz", "L. Pszczelarz"),
        ("Karina Ngoyumba", "Ngoyumba Karina"),
        ("Robert Ashgrovely", "Bob Ashgrovely"),
        ("H. Leopold Zwirnmann", "Leopold Zwirnmann"),
        ("Joost van der Kneppel", "Joost Kneppel"),
        ("Inés Quirónez-Candelas", "Inés Quirónez"),
        ("Jürgen Grünewäldler", "Juergen Gruenewaeldler"),
    ],
)
def test_variants_of_a_rare_name_with_shared_coauthors_are_one_person(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jan Pszczelarz", "Reimar Pszczelarz"),
        ("Lucjan Pszczelarz Jr.", "Lucjan Pszczelarz Sr."),
        ("Wei Zhang 0001", "Wei Zhang 0002"),
        ("Lucjan A. Pszczelarz", "Lucjan B. Pszczelarz"),
    ],
)
def test_conflicting_names_stay_apart_whatever_they_share(one: str, other: str) -> None:
    assert not same(one, other)


def test_a_common_name_needs_more_than_itself() -> None:
    assert not same("Wei Wang", "Wei Wang", second_team=["Ada Ruthven", "Piet Molenaar"])


def test_no_chain_joins_conflicting_names() -> None:
    result = linked(
        paper("Herrings one", ["J. Pszczelarz", *TEAM]),
        paper("Herrings two", ["Jan Pszczelarz", *TEAM]),
        paper("Herrings three", ["Jerzy Pszczelarz", *TEAM]),
    )
    assert ids_of(result, "Jan Pszczelarz") != ids_of(result, "Jerzy Pszczelarz")


def test_two_positions_of_one_record_are_two_people() -> None:
    result = linked(
        paper("Herrings one", ["L. Pszczelarz", "Lucjan Pszczelarz", *TEAM]),
        paper("Herrings two", ["Lucjan Pszczelarz", *TEAM]),
    )
    first = result[result["record_id"] == "row:1"]
    assert first["author_id"].is_unique


def test_a_list_that_names_somebody_twice_has_one_of_them() -> None:
    result = linked(
        paper("Herrings", ["Lucjan Pszczelarz", *TEAM, "Lucjan Pszczelarz"]),
        paper("More herrings", ["Lucjan Pszczelarz", *TEAM]),
    )
    assert set(ids_of(result, "Lucjan Pszczelarz")) == {"lucjan-pszczelarz"}
    sure = result.loc[result["name"] == "Lucjan Pszczelarz", "probability"]
    assert (sure[[0, 4]] > 0.9).all(), "the other one on the list says nothing"


@pytest.mark.parametrize("name", ["Wei Wang", "L. Pszczelarz"])
def test_a_common_name_or_initials_twice_in_one_list_are_two_people(name: str) -> None:
    result = linked(paper("Herrings", [name, *TEAM, name]))
    assert len(set(ids_of(result, name))) == 2


def test_a_user_may_say_that_a_repeated_name_is_two_people() -> None:
    twice = ["Lucjan Pszczelarz", "Lucjan Pszczelarz"]
    records = pd.DataFrame([paper("Herrings", twice), paper("Fir trees", ["Ana Ovsht"] * 2)])
    apart = pd.DataFrame({"left_id": ["row:1#0"], "right_id": ["row:1#1"], "same": [0]})
    people = AuthorLinker(shipped()).link(records, apart).people()
    assert len(set(ids_of(people, "Lucjan Pszczelarz"))) == 2
    assert len(set(ids_of(people, "Ana Ovsht"))) == 1, "the other list is read as before"


def test_groups_are_one_by_their_name_only() -> None:
    group = {"name": "The Herring Team", "group": True}
    result = linked(
        paper("Herrings one", [group, "Ada Ruthven"]),
        paper("Trees", [{"name": "Herring Team", "group": True}]),
        paper("Herrings two", [{"name": "Herring Teams", "group": True}, "Ada Ruthven"]),
    )
    groups = result[result["name"].str.contains("Herring")]["author_id"].tolist()
    assert groups[0] == groups[1] != groups[2]


def test_a_paper_listed_twice_links_its_authors() -> None:
    twice = paper("Sorting herrings by length", ["Wei Wang", "Ada Ruthven"])
    result = linked(twice, twice | {"year": None})
    assert result["author_id"].nunique() == 2


def test_a_paper_of_a_thousand_authors_runs() -> None:
    starts, ends = "bdfgklmnprst", ("ovski", "inger", "strand", "quist", "ley", "mann", "etti")
    crowd = [f"{x.upper()}ada {y}a{z}e{e}".title() for x in starts for y in starts
             for z in starts[:-3] for e in ends][::8]  # fmt: skip
    crowd = crowd[:1000]
    result = linked(paper("Detector", crowd), paper("Detector, again", crowd[::-1]))
    assert len(result) == 2 * len(crowd)
    assert not result.duplicated(["record_id", "author_id"]).any()


def test_result_stands_in_input_order_with_names_as_printed() -> None:
    result = linked(paper("Z", ["B. Two", "Ada Öne"]), paper("A", ["C Three"]))
    assert result["name"].tolist() == ["B. Two", "Ada Öne", "C Three"]
    assert result["position"].tolist() == [0, 1, 0]
    assert result["record_id"].tolist() == ["row:1", "row:1", "row:2"]
    assert list(result.columns) == ["record_id", "position", "name", "author_id", "probability"]


def test_no_authors_give_an_empty_table() -> None:
    result = linked(paper("Herrings", []))
    assert result.empty
    assert list(result.columns) == ["record_id", "position", "name", "author_id", "probability"]


NAMES = st.sampled_from(
    ["Wei Wang", "W. Wang", "Ada Ruthven", "Ruthven, A.", "Lucjan Pszczelarz", "Wang Wei", "OpenAI"]
)
PAPERS = st.lists(
    st.builds(
        paper,
        st.sampled_from(["Herrings", "Sorting herrings", "Trees of the north"]),
        st.lists(NAMES, max_size=4),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(papers=PAPERS, data=st.data())
def test_row_order_changes_nothing(papers: list[dict[str, Any]], data: st.DataObject) -> None:
    records = pd.DataFrame(papers).assign(record_id=[f"r{n}" for n in range(len(papers))])
    order = data.draw(st.permutations(range(len(papers))))
    straight = link_authors(records, shipped()).set_index(["record_id", "position"])
    shuffled = link_authors(records.iloc[order], shipped()).set_index(["record_id", "position"])
    pd.testing.assert_frame_equal(straight.sort_index(), shuffled.sort_index())


@settings(max_examples=15, deadline=None)
@given(papers=PAPERS)
def test_people_of_one_record_are_distinct(papers: list[dict[str, Any]]) -> None:
    result = linked(*papers)
    people = result[result["name"] != "OpenAI"].drop_duplicates(["record_id", "name"])
    assert not people.duplicated(["record_id", "author_id"]).any()


def test_the_number_of_jobs_changes_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs_module, "_BATCH", 3)
    monkeypatch.setattr(blocking, "_NAMES", 2)
    monkeypatch.setattr(blocking, "MOST_MENTIONS", 2)
    monkeypatch.setattr(blocking, "_LOT", 1)
    papers = pd.DataFrame([
        {"record_id": f"r{k}", "title": f"Herrings of shore {k % 3}", "year": 2000 + k,
         "authors": [["Jun Wang", "J. Wang", "Wang Jun"][k % 3], f"Ada {'BCD'[k % 3]}ell"]}
        for k in range(9)
    ])  # fmt: skip
    alone, together = (AuthorLinker(n_jobs=jobs).link(papers) for jobs in (None, 3))
    assert (alone.probability == together.probability).all()
    pd.testing.assert_frame_equal(alone.people(), together.people())
    with pytest.raises(InputError, match="n_jobs 0"):
        AuthorLinker(n_jobs=0).link(papers)


def test_what_is_not_explained_is_linked_alike() -> None:
    records = conform(pd.DataFrame([paper(f"Otters {k}", ["Ada Quist", *TEAM]) for k in range(3)]))
    links = [AuthorLinker().link_conformed(records, evidence=kept) for kept in (True, False)]
    assert links[0].people().equals(links[1].people())
    assert [bool(one.mentions.by_record) for one in links] == [True, False]
    assert links[1].pairs_table()["probability"].notna().all()


def test_estimator_conventions() -> None:
    linker = AuthorLinker(threshold=0.7)
    expected = {"model": "authors", "threshold": 0.7, "n_jobs": None, "engine": None}
    assert clone(linker).get_params() == expected


def test_threshold_one_links_nobody() -> None:
    twice = paper("Sorting herrings by length", ["Lucjan Pszczelarz", *TEAM])
    result = linked(twice, twice, linker=AuthorLinker(shipped(), threshold=1.0))
    assert result["author_id"].is_unique


def training_data() -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = [
        paper(f"Herrings {n}", ["Wei Wang", team], record_id=f"r{n}")
        for n, team in enumerate(["Ada Ruthven", "Piet Molenaar"] * 15)
    ]
    labels = [{"record_id": f"r{n}", "position": 0, "author_id": str(n % 2)} for n in range(30)]
    return pd.DataFrame(rows), pd.DataFrame(labels)


def test_fit_learns_from_labels_and_is_deterministic() -> None:
    records, labels = training_data()
    linker = AuthorLinker().fit(records, labels)
    again = AuthorLinker().fit(records, labels)
    assert linker.model_.to_json() == again.model_.to_json()
    found = linker.predict(records)
    assert found[found["name"] == "Wei Wang"]["author_id"].nunique() == 2


def test_fit_asks_for_label_columns() -> None:
    records, labels = training_data()
    with pytest.raises(InputError, match="author_id"):
        AuthorLinker().fit(records, labels.drop(columns="author_id"))


def test_a_model_for_papers_is_refused() -> None:
    model = load_model("authors")
    wrong = replace(model, job="papers")
    with pytest.raises(ModelError, match="papers"):
        AuthorLinker(wrong).predict(pd.DataFrame([paper("x", ["A One"])]))


def test_ids_are_readable() -> None:
    assert slug("driessche|george|van den|jr|0002") == "george-van-den-driessche-jr-0002"
    assert slug("||||") == "unnamed"


def test_a_person_is_called_by_the_commonest_full_spelling() -> None:
    keys = ["driessche|g|||", "driessche|george|||", "driessche|goerge|||", "driessche|george h|||"]
    assert usual_name([0, 0, 0, 1], keys) == 1  # in full before frequent
    assert usual_name([1, 1, 2, 0], keys) == 1  # a slip that occurs once
    assert usual_name([1, 3], keys) == 3  # of equals the longest
