"""Splink 5 with DuckDB, as a careful user would set it up for bibliographic records.

Trained without labels, by random sampling (u) and expectation maximisation (m). Fields that less
than a twentieth of the records have are left out.
"""

import csv
import sys
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as cll  # type: ignore[import-not-found]
import splink.comparison_library as cl  # type: ignore[import-not-found]
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = (0.5, 0.95)
LOWEST = 0.01  # pairs below are not written

_CLEAN = "nullif(trim(regexp_replace(lower(strip_accents({})), '[^a-z0-9]+', ' ', 'g')), '')"
_PREPARE = f"""
CREATE TABLE records AS
WITH clean AS (
  SELECT record_id AS unique_id,
    {_CLEAN.format("title")} AS title,
    {_CLEAN.format("authors")} AS authors,
    {_CLEAN.format("venue")} AS venue,
    try_cast(nullif(regexp_extract(year, '(1[5-9]|20)[0-9][0-9]'), '') AS INTEGER) AS year,
    nullif(regexp_extract(volume, '[0-9]+'), '') AS volume,
    nullif(regexp_extract(pages, '[a-zA-Z]?[0-9]+'), '') AS page,
    nullif(lower(regexp_extract(doi, '10[.].*')), '') AS doi
  FROM read_csv($1, all_varchar = true, header = true, quote = '"', escape = '"')
)
SELECT *,
  list_distinct(string_split(title, ' ')) AS title_words,
  list_distinct(list_filter(string_split(authors, ' '), lambda w: len(w) > 2)) AS author_words,
  list_filter(string_split(authors, ' '), lambda w: len(w) > 2)[1] AS first_author,
  list_distinct(string_split(venue, ' ')) AS venue_words,
  left(replace(title, ' ', ''), 20) AS title_start,
  right(replace(title, ' ', ''), 20) AS title_end
FROM clean
"""  # noqa: S608 - our own words


def comparisons(fields: set[str]) -> list[Any]:
    """How the fields that the records have are compared."""
    known = {
        "title": _text("title", "title_words", [0.8, 0.5]),
        "authors": _text("authors", "author_words", [0.7, 0.4]),
        "venue": _text("venue", "venue_words", [0.5]),
        "year": cl.CustomComparison(
            [
                cll.NullLevel("year"),
                cll.ExactMatchLevel("year"),
                cll.AbsoluteDifferenceLevel("year", 1),
                cll.ElseLevel(),
            ],
            output_column_name="year",
        ),
        "volume": cl.ExactMatch("volume"),
        "page": cl.ExactMatch("page").configure(term_frequency_adjustments=True),
        "doi": cl.ExactMatch("doi"),
    }
    return [comparison for name, comparison in known.items() if name in fields]


def blocking_rules(fields: set[str]) -> list[Any]:
    """Rules that find the pairs to score."""
    wanted = [
        ("title_start",),
        ("title_end",),
        ("first_author", "year"),
        ("doi",),
        ("volume", "page"),
    ]
    computed = {"title_start", "title_end", "first_author"}
    return [block_on(*rule) for rule in wanted if set(rule) <= fields | computed]


def main(records_file: str, folder: str) -> None:
    """Write the clusters at both thresholds, and the scored pairs."""
    connection = duckdb.connect()
    connection.execute(_PREPARE, [records_file])
    fields = _fields(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons(fields),
        blocking_rules_to_generate_predictions=blocking_rules(fields),
        retain_matching_columns=False,
    )
    database = DuckDBAPI(connection)
    linker = Linker(database.register("records"), settings)
    _train(linker)
    scored = linker.inference.predict(threshold_match_probability=LOWEST)
    columns = {"unique_id_l": "left_id", "unique_id_r": "right_id"}
    columns["match_probability"] = "probability"
    _write(Path(folder) / "pairs.csv", scored.as_record_list(), columns)
    _write_clusters(linker, scored, Path(folder) / "clusters.csv")


def _text(name: str, words: str, shares: list[float]) -> Any:
    """Equal, nearly equal, or sharing so many words of the longer one."""
    shared = f"len(list_intersect({words}_l, {words}_r)) / greatest(len({words}_l), len({words}_r))"
    levels = [cll.CustomLevel(f"{shared} >= {s}", f"{s} of the words shared") for s in shares]
    exact = cll.ExactMatchLevel(name, term_frequency_adjustments=True)
    near = cll.JaroWinklerLevel(name, 0.95)
    return cl.CustomComparison(
        [cll.NullLevel(name), exact, near, *levels, cll.ElseLevel()], output_column_name=name
    )


def _fields(connection: duckdb.DuckDBPyConnection) -> set[str]:
    names = ("title", "authors", "venue", "year", "volume", "page", "doi")
    counts = ", ".join(f"count({name}) / count(*)" for name in names)
    shares = connection.execute(f"SELECT {counts} FROM records").fetchall()[0]  # noqa: S608
    return {name for name, share in zip(names, shares, strict=True) if share >= 0.05}


def _train(linker: Any) -> None:
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("title", "year"), block_on("title", "authors")], recall=0.7
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=0)
    training.estimate_parameters_using_expectation_maximisation(block_on("title"))
    training.estimate_parameters_using_expectation_maximisation(block_on("first_author", "year"))


def _write_clusters(linker: Any, scored: Any, path: Path) -> None:
    tables = []
    for threshold in THRESHOLDS:
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, threshold)
        tables.append({r["unique_id"]: r["cluster_id"] for r in found.as_record_list()})
    header = ["record_id", *(f"threshold {threshold}" for threshold in THRESHOLDS)]
    rows = [[name, *(table[name] for table in tables)] for name in sorted(tables[0])]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


def _write(path: Path, rows: list[dict[str, Any]], columns: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns.values())
        writer.writerows([row[name] for name in columns] for row in rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
