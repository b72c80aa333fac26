"""Small sets of papers about whose authors identifiers say something."""

from typing import Any

import pandas as pd

from linkage import AuthorLinker

TITLES = "Moss Heron Basalt Kelp Otter Pollen Lagoon Salmon Fern Beetle Glacier Peat".split()
IDS = ("0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X", "0000-0003-1415-9269")


def papers(*authors: list[dict[str, Any]]) -> pd.DataFrame:
    """A paper a list of authors, called r0, r1, ...; they have nothing else in common."""
    rows = [
        {"record_id": f"r{k}", "title": f"{TITLES[k % 12]} in the hills of nowhere", "authors": one}
        for k, one in enumerate(authors)
    ]
    return pd.DataFrame(rows)


def person(name: str, **known: Any) -> dict[str, Any]:
    """An author."""
    return {"name": name, **known}


def answers(*pairs: tuple[str, str, int]) -> pd.DataFrame:
    """What a user says of pairs of mentions."""
    return pd.DataFrame(pairs, columns=["left_id", "right_id", "same"])


def owners(table: pd.DataFrame, known: pd.DataFrame | None = None) -> dict[str, str]:
    """Mention -> person."""
    found = AuthorLinker().link(table, known).people()
    ids = found["record_id"] + "#" + found["position"].astype(str)
    return dict(zip(ids, found["author_id"], strict=True))
