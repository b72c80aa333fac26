"""dedupe, trained on labelled pairs of other sets instead of a person's answers."""

import csv
import json
import random
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

import dedupe  # type: ignore[import-not-found]
import numpy as np
from dedupe import variables

FIELDS = ("title", "authors", "year", "venue", "volume", "pages", "doi")
Record = dict[str, str | None]


def cleaned(record: dict[str, str]) -> Record:
    """The fields that are compared, as plain lower-case text; missing ones are None."""
    clean: Record = {name: _plain(record[name]) for name in FIELDS}
    clean["pages"] = _first_number(record["pages"])
    clean["year"] = _first_number(record["year"])
    clean["doi"] = record["doi"].lower() or None
    return clean


def training_data(examples: list[dict[str, Any]]) -> dict[str, list[tuple[Record, Record]]]:
    """Labelled pairs as dedupe takes them: match and distinct."""
    pairs = [(e["same"], cleaned(e["left"]), cleaned(e["right"])) for e in examples]
    return {
        "match": [(left, right) for same, left, right in pairs if same],
        "distinct": [(left, right) for same, left, right in pairs if not same],
    }


def fields_to_compare(records: list[Record]) -> list[Any]:
    """A variable for each field that some record has."""
    known = {
        "title": variables.Text("title"),
        "authors": variables.Text("authors", has_missing=True),
        "year": variables.ShortString("year", has_missing=True),
        "venue": variables.String("venue", has_missing=True),
        "volume": variables.Exact("volume", has_missing=True),
        "pages": variables.Exact("pages", has_missing=True),
        "doi": variables.Exact("doi", has_missing=True),
    }
    return [known[name] for name in FIELDS if any(record[name] for record in records)]


def main(records_file: str, folder: str, examples_file: str) -> None:
    """Write dedupe's clusters at its own threshold."""
    random.seed(0)
    np.random.seed(0)  # dedupe draws from both
    with Path(records_file).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    records = {row["record_id"]: cleaned(row) for row in rows}
    examples = json.loads(Path(examples_file).read_text(encoding="utf-8"))
    deduper = dedupe.Dedupe(fields_to_compare(list(records.values())))
    deduper.mark_pairs(training_data(examples))
    deduper.prepare_training(records)
    deduper.train()
    with (Path(folder) / "clusters.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["record_id", "default"])
        for number, (members, _) in enumerate(deduper.partition(records, 0.5)):
            writer.writerows([member, number] for member in members)


def _plain(text: str) -> str | None:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall("[a-z0-9]+", ascii_text)) or None


def _first_number(text: str) -> str | None:
    found = re.search(r"[a-z]?\d+", text.lower())
    return found.group() if found else None


if __name__ == "__main__":
    main(*sys.argv[1:])
