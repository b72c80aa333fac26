"""The page of people: a profile each, with a search box."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from linkage.authors.profiles import PROFILE_COLUMNS, Papers, ProfilePaper, papers_of_records
from linkage.records.schema import conform
from linkage.report.page import template_file, templates
from linkage.tables.files import whole_file
from linkage.text.folding import fold

SHOWN = 5000  # people on the page; the rest is counted


_SHOWN_PAPERS, _SHOWN_OTHERS = 200, 30  # of one person


def write_page(
    path: str | os.PathLike[str], table: pd.DataFrame, records: pd.DataFrame, summary: str = ""
) -> None:
    """Write `profiles` of the people of `records` as one HTML page, whole or not at all.

    Examples
    --------
    >>> people = linkage.author_profiles(records, linkage.link_authors(records))
    >>> linkage.write_people_page("people.html", people, records)
    >>> from pathlib import Path
    >>> Path("people.html").read_text(encoding="utf-8")[:15]
    '<!doctype html>'
    """
    write_people(path, table, papers_of_records(conform(records)), summary)


def write_people(
    path: str | os.PathLike[str], table: pd.DataFrame, of_record: Papers, summary: str
) -> None:
    """Write profiles as one HTML page with a search box, whole or not at all.

    `of_record` is what `papers_of_records` gives, `summary` a line above them.
    """
    script = template_file("people.js")
    papers = {paper["id"]: paper for paper in of_record.values()}
    first = {record_id: paper["id"] for record_id, paper in of_record.items()}
    shown = table.head(SHOWN)
    page = (
        templates()
        .get_template("people.html")
        .render(
            people=[_shown(row, papers, first) for row in shown.to_dict("records")],
            linked=set(shown["author_id"]),
            total=len(table),
            summary=summary,
            script=Markup(script),  # noqa: S704  our own file
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )
    with whole_file(path) as stream:
        stream.write(page.encode("utf-8", errors="replace"))


def _shown(
    row: Mapping[Hashable, Any], papers: Mapping[str, ProfilePaper], first: Mapping[str, str]
) -> dict[str, Any]:
    """What the page prints of one person, the newest papers first."""
    own = [papers[one] for one in dict.fromkeys(first[i] for i in row["record_ids"])]
    own.sort(key=lambda paper: (-(paper["year"] or 0), str(paper["title"])))
    years = [row["first_year"], row["last_year"]]
    shown = {name: None if _is_unknown(row[name]) else row[name] for name in PROFILE_COLUMNS[-3:]}
    return {
        **{str(name): value for name, value in row.items()},
        **shown,
        "years": "" if _is_unknown(years[0]) else "–".join(map(str, dict.fromkeys(years))),
        "circles": [
            {"papers": len(circle), "example": papers[first[circle[0]]]["title"]}
            for circle in row["circles"]
        ],
        "titles": own[:_SHOWN_PAPERS],
        "hidden_titles": max(0, len(own) - _SHOWN_PAPERS),
        "coauthors": row["coauthors"][:_SHOWN_OTHERS],
        "hidden_coauthors": max(0, len(row["coauthors"]) - _SHOWN_OTHERS),
        "venues": row["venues"][:_SHOWN_OTHERS],
        "found_by": fold(" ".join([row["name"], *(v["name"] for v in row["variants"])])),
    }


def _is_unknown(value: Any) -> bool:
    return bool(pd.isna(value))
