"""Works in JSON: single answers of an API, people cut off, dates that say more than a day."""

import json

import pytest

from linkage.readers.files import read_records
from linkage.writers.records import write_records

MOSS = {
    "doi": "10.1234/moss",
    "titles": [{"title": "Moss"}],
    "creators": [{"name": "Abel, Ann"}],
    "publicationYear": 2001,
}
FERN = MOSS | {"doi": "10.1234/fern", "titles": [{"title": "Fern"}]}


def answer(one):
    """One work in the way of JSON:API."""
    return {"id": one["doi"], "type": "dois", "attributes": one}


def put(path, content):
    path.write_text(content)
    return path


@pytest.mark.parametrize(
    ("content", "titles"),
    [
        (json.dumps({"data": answer(MOSS)}), ["Moss"]),
        (json.dumps({"data": answer(MOSS)}, indent=1), ["Moss"]),
        (json.dumps({"data": [answer(MOSS), answer(FERN)], "meta": {}}), ["Moss", "Fern"]),
        (json.dumps(answer(MOSS)), ["Moss"]),
        (json.dumps(MOSS), ["Moss"]),
    ],
)
def test_answers_of_datacite(tmp_path, content, titles):
    assert read_records(put(tmp_path / "x.json", content))["title"].tolist() == titles


@pytest.mark.parametrize(
    "last", [{"literal": "others"}, {"family": "others"}, {"literal": "et al."}, "et al."]
)
def test_others_are_no_person_of_csl(tmp_path, last):
    work = {"type": "article-journal", "title": "Moss", "author": [{"family": "Abel"}, last]}
    work["issued"] = {"date-parts": [[2001]]}
    records = read_records(put(tmp_path / "x.json", json.dumps([work])))
    assert [one["family"] for one in records["authors"][0]] == ["Abel"]
    assert records["authors_truncated"].tolist() == [True]


def test_authors_cut_off_stay_so_through_csl(tmp_path):
    bib = put(tmp_path / "x.bib", "@article{b, title={Moss}, author={Abel, Ann and others}}")
    write_records(read_records(bib), tmp_path / "x.json")
    records = read_records(tmp_path / "x.json")
    assert [one["family"] for one in records["authors"][0]] == ["Abel"]
    assert records["authors_truncated"].tolist() == [True]


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"literal": "in press"}, None),
        ({"date-parts": [[2001, 5, 3], [2002]]}, "2001-05-03"),
        ({"date-parts": [[2001]], "season": 2}, "2001"),
        ({"date-parts": [[1999]], "circa": True}, "1999"),
        ({"raw": "Spring 2001"}, "2001"),
        ({"literal": "c. 1999"}, "1999"),
        ("2001/2002", "2001"),
        ({"date-parts": [[2001, "Spring"]]}, "2001"),
        ({"date-parts": [2001, 5]}, None),
    ],
)
def test_dates_of_csl_that_say_more_are_carried(tmp_path, issued, date):
    work = {"id": "a", "type": "article-journal", "title": "Moss", "issued": issued}
    work["container-title"] = "Mosses"
    records = read_records(put(tmp_path / "x.json", json.dumps([work])))
    assert records["date"].tolist() == [date]
    write_records(records, tmp_path / "y.json")
    assert json.loads((tmp_path / "y.json").read_text())[0]["issued"] == issued
    records["date"], records["year"] = "2010", 2010  # what a merge may choose
    write_records(records, tmp_path / "y.json")
    assert json.loads((tmp_path / "y.json").read_text())[0]["issued"] == {"date-parts": [[2010]]}


@pytest.mark.parametrize(
    "issued", [{"date-parts": [[2001, 5, 3]]}, {"date-parts": [["2001"]]}, {"raw": "2001-05"}]
)
def test_a_plain_date_of_csl_is_not_carried(tmp_path, issued):
    work = {"type": "article-journal", "title": "Moss", "issued": issued, "container-title": "M"}
    records = read_records(put(tmp_path / "x.json", json.dumps([work])))
    assert "csl:issued" not in records
