"""The gold set is whole: its files agree with one another and with what its README says."""

from __future__ import annotations

import importlib.util
import re
from importlib.resources import files
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from linkage import gold
from linkage.records.schema import RECORD_COLUMNS, TYPES


@pytest.fixture(scope="module")
def records() -> pd.DataFrame:
    return gold.load_records()


@pytest.fixture(scope="module")
def papers() -> pd.Series:
    return gold.load_papers()


@pytest.fixture(scope="module")
def mentions() -> pd.DataFrame:
    return gold.load_mentions()


@pytest.fixture(scope="module")
def by_place(mentions: pd.DataFrame) -> dict[tuple[str, int], dict[str, str]]:
    rows = mentions.to_dict("records")
    return {(row["record_id"], row["position"]): row for row in rows}


def readme() -> str:
    return files("linkage.gold").joinpath("README.md").read_text(encoding="utf-8")


def given_first(name: str) -> str:
    return " ".join(reversed(name.split(", ")))


def test_record_ids_are_the_ones_a_reader_assigns(records):
    within_page = records.groupby("source", sort=False).cumcount() + 1
    stems = records["source"].map(lambda source: Path(source).stem)
    assert list(records["record_id"]) == [
        f"{stem}:{i}" for stem, i in zip(stems, within_page, strict=True)
    ]
    assert records["record_id"].is_unique
    assert records["source"].is_monotonic_increasing


def test_records_fit_the_schema(records):
    assert set(records.columns) - {"page_owner"} <= set(RECORD_COLUMNS)
    assert set(records["type"].dropna()) <= set(TYPES)
    assert records["title"].str.strip().eq(records["title"]).all()
    assert records["title"].ne("").all()
    assert records["authors_truncated"].dtype == bool
    assert all(set(author) == {"name"} for authors in records["authors"] for author in authors)
    assert (records["authors"].str.len() > 0).all()


def test_dates_are_iso_and_agree_with_the_year(records):
    dated = records[records["date"].notna()]
    assert dated["date"].str.fullmatch(r"\d{4}(-\d{2}-\d{2})?|--\d{2}-\d{2}").all()
    years = pd.to_numeric(dated["date"].str.extract(r"^(\d{4})")[0]).astype("Int64")
    assert years.equals(dated["year"].rename(0))
    assert records.loc[records["date"].isna(), "year"].isna().all()


def test_every_record_has_one_paper(records, papers):
    assert list(papers.index) == list(records["record_id"])
    assert papers.name == "cluster_id"
    assert papers.str.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*").all()


def test_one_paper_has_one_title_and_one_title_one_paper(records, papers):
    titles = records.set_index("record_id")["title"]
    assert titles.groupby(papers).nunique().eq(1).all()
    assert papers.groupby(titles).nunique().eq(1).all()


def test_one_duplicate_group_has_two_dates(records, papers):
    years = records.set_index("record_id")["year"].groupby(papers).unique()
    assert [sorted(y) for y in years if len(y.dropna()) > 1] == [[2015, 2018]]


def test_every_author_is_labelled_at_its_position(records, mentions):
    authors = [
        (record_id, position, author["name"])
        for record_id, names in zip(records["record_id"], records["authors"], strict=True)
        for position, author in enumerate(names)
    ]
    labelled = zip(mentions["record_id"], mentions["position"], mentions["name"], strict=True)
    assert list(labelled) == authors


def test_labels_are_well_formed(mentions):
    assert list(mentions.columns) == [
        "record_id",
        "position",
        "name",
        "author_id",
        "status",
        "note",
    ]
    assert set(mentions["status"]) == {"person", "group", "uncertain"}
    assert mentions["author_id"].str.fullmatch(r"[a-z]+(-[a-z]+)*").all()
    assert not mentions.isna().any().any()


def test_no_id_is_both_a_person_and_a_group(mentions):
    groups = mentions["status"].eq("group")
    assert not set(mentions.loc[groups, "author_id"]) & set(mentions.loc[~groups, "author_id"])


def test_two_positions_of_one_record_are_two_people(mentions):
    repeated = mentions[mentions.duplicated(["record_id", "author_id"], keep=False)]
    assert len(repeated) == 4
    assert repeated["status"].eq("uncertain").all()
    assert repeated["note"].str.contains("the list repeats the name").all()


def test_every_repeated_name_is_labelled_uncertain(mentions):
    repeated = mentions.duplicated(["record_id", "name"], keep=False)
    assert repeated.equals(mentions["status"].eq("uncertain"))


def test_one_printed_name_is_one_person(mentions):
    names = mentions["name"].map(given_first)
    assert mentions["author_id"].groupby(names).nunique().eq(1).all()


def test_joined_variants_and_unscored_mentions_have_a_note(mentions):
    names = mentions["name"].map(given_first)
    variants = names.groupby(mentions["author_id"]).transform("nunique").gt(1)
    needs_note = variants | mentions["status"].ne("person")
    assert mentions.loc[needs_note, "note"].ne("").all()


def test_hard_pairs_name_their_mentions(by_place):
    for pair in gold.load_hard_pairs():
        for mention in (pair["left"], pair["right"]):
            row = by_place[mention["record_id"], mention["position"]]
            assert row["name"] == mention["name"], pair["id"]


def test_hard_pairs_agree_with_the_labels(by_place):
    for pair in gold.load_hard_pairs():
        left, right = (
            by_place[pair[side]["record_id"], pair[side]["position"]] for side in ("left", "right")
        )
        undecided = "uncertain" in (left["status"], right["status"])
        expected = None if undecided else left["author_id"] == right["author_id"]
        assert pair["same"] is expected, pair["id"]


def test_hard_pairs_are_distinct_and_explained():
    pairs = gold.load_hard_pairs()
    places = {
        frozenset((pair[side]["record_id"], pair[side]["position"]) for side in ("left", "right"))
        for pair in pairs
    }
    assert len(places) == len({pair["id"] for pair in pairs}) == len(pairs)
    assert all(len(place) == 2 for place in places)
    assert all(pair["note"] for pair in pairs)


def test_every_joined_variant_has_a_hard_pair(mentions, by_place):
    names = mentions["name"].map(given_first)
    variants = names.groupby(mentions["author_id"]).nunique()
    covered = {
        by_place[pair["left"]["record_id"], pair["left"]["position"]]["author_id"]
        for pair in gold.load_hard_pairs()
        if pair["same"]
    }
    assert set(variants[variants > 1].index) <= covered


@pytest.fixture(scope="module")
def second_reading() -> pd.DataFrame:
    text = files("linkage.gold").joinpath("second_reading.csv").read_text(encoding="utf-8")
    return pd.read_csv(StringIO(text))


def test_the_readers_agree_on_every_pair_of_names(mentions, second_reading):
    names = mentions["name"].map(given_first)
    ids = mentions.assign(name=names).drop_duplicates("name").set_index("name")["author_id"]
    same = second_reading["left"].map(ids).eq(second_reading["right"].map(ids))
    assert second_reading[["left", "right"]].isin(set(names)).all(axis=None)
    assert same.equals(second_reading["same"])
    assert same.sum() == len(ids) - ids.nunique()


def test_agreement_is_that_of_the_readme(by_place, second_reading):
    apart = second_reading[~second_reading["same"]]
    listed = set(map(frozenset, zip(apart["left"], apart["right"], strict=True)))
    for pair in gold.load_hard_pairs():
        sides = [by_place[pair[s]["record_id"], pair[s]["position"]] for s in ("left", "right")]
        if pair["same"] is False and {side["status"] for side in sides} == {"person"}:
            listed.add(frozenset(given_first(side["name"]) for side in sides))
    joined = int(second_reading["same"].sum())
    stated = re.findall(r"^\| .*pairs? of names .* \| (\d+) \| (\d+) \|$", readme(), re.MULTILINE)
    assert stated == [(str(joined),) * 2, (str(len(listed)),) * 2]
    assert f"over the {joined + len(listed)} listed pairs" in readme()


def test_counts_are_those_of_the_readme(records, papers, mentions):
    stated = {
        re.sub(r" \(.*\)", "", what): int(count)
        for what, count in re.findall(r"^\| ([^|]+?) \| (\d+) \|$", readme(), re.MULTILINE)
    }
    persons = mentions[mentions["status"] == "person"]
    sizes = persons["author_id"].value_counts()
    variants = persons["name"].map(given_first).groupby(persons["author_id"]).nunique()
    status = mentions["status"].value_counts()
    pairs = gold.load_hard_pairs()
    expected = {
        "records": len(records),
        "papers": papers.nunique(),
        "duplicate groups": int((papers.value_counts() > 1).sum()),
        "mentions": len(mentions),
        "mentions of persons": len(persons),
        "persons": len(sizes),
        "persons with several mentions": int((sizes > 1).sum()),
        "persons printed in several ways": int((variants > 1).sum()),
        "mentions of groups": int(status["group"]),
        "uncertain mentions": int(status["uncertain"]),
        "hard pairs of one person": sum(pair["same"] is True for pair in pairs),
        "hard pairs of two": sum(pair["same"] is False for pair in pairs),
        "undecided hard pairs": sum(pair["same"] is None for pair in pairs),
    }
    for page, count in records["source"].str[:3].value_counts().items():
        expected[f"records of page {page}"] = int(count)
    for page, count in mentions["record_id"].str[:3].value_counts().items():
        expected[f"mentions of page {page}"] = int(count)
    assert stated == expected


def test_no_passages(records, mentions):
    """Titles, names and dates only: nothing as long as an abstract."""
    texts = [
        *(author["name"] for authors in records["authors"] for author in authors),
        *(text for column in ("title", "venue", "page_owner") for text in records[column].dropna()),
        *(text for column in ("name", "author_id") for text in mentions[column]),
    ]
    assert max(map(len, texts)) <= 300
    assert not {"abstract", "references"} & set(records.columns)


def test_refuses_its_bare_name():
    path = Path(str(files("linkage.gold").joinpath("__init__.py")))
    spec = importlib.util.spec_from_file_location("gold", path)
    module = importlib.util.module_from_spec(spec)
    with pytest.raises(ImportError, match=r"linkage\.gold"):
        spec.loader.exec_module(module)
