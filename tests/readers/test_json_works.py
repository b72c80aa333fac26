"""Works in JSON: single answers of an API, people cut off, dates that say more than a day."""

import json

import pytest

from linkage.readers.files import read_records

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
        (
            "".join(json.dumps({"data": answer(one)}) + "\n" for one in (MOSS, FERN)),
            ["Moss", "Fern"],
        ),
    ],
)
def test_answers_of_datacite(tmp_path, content, titles):
    assert read_records(put(tmp_path / "x.json", content))["title"].tolist() == titles
