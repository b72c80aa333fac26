"""Kinds of hard collections, three or more of each: who is who among their authors."""

from typing import Any

import pandas as pd
import pytest

from linkage import AuthorLinker, read_records
from tests.helpers.people import answers, owners, person

FIELDS = {
    "moss": ("Peat growth under drought", "Sphagnum hummocks in spring", "Wetlands"),
    "debt": ("Household debt and shocks", "Monetary policy in small states", "Review of Money"),
    "radar": ("Sea clutter in radar images", "Antenna arrays for targets", "Antenna Letters"),
    "genes": ("Gene drive in beetles", "Mutation rates of larvae", "Heredity Notes"),
}


def paper(record_id: str, field: str, k: int, authors: list[Any]) -> dict[str, Any]:
    *titles, venue = FIELDS[field]
    known = {"title": f"{titles[k % 2]} {'I' * (k + 1)}", "venue": venue, "year": 2001 + k}
    return {"record_id": record_id, "authors": authors, **known}


def team(field: str) -> list[str]:
    return {
        "moss": ["Petra Holm", "Ola Brekkestad"],
        "debt": ["Rana Qureshi", "Ilse Varga"],
        "radar": ["Bruno Castellani", "Ewa Ostrowska"],
        "genes": ["Tamsin Qvarnstad", "Hugo Pazmino"],
    }[field]


@pytest.mark.parametrize(
    "names", [["Li, X.", "Li, Y."], ["J. Doeman", "P. Doeman"], ["Kim S", "Kim H"]]
)
def test_initials_of_one_family_in_several_fields_are_several_people(names):
    """Two initials in four fields with teams that never meet: eight people or more, none merged."""
    rows = [
        paper(f"{field}{n}", field, n, [name, team(field)[n]])
        for field in FIELDS
        for n, name in enumerate(names)
    ]
    found = owners(pd.DataFrame(rows))
    assert len({found[f"{row['record_id']}#0"] for row in rows}) == len(rows)


@pytest.mark.parametrize("name", ["Jian Wang", "Min Li", "Jing Zhang"])
def test_two_of_one_name_on_one_paper_have_each_their_own_papers(name):
    here, there = "Institute of Peat, Lagoonville", "College of Radar, Bogtown"
    rows = [
        paper(f"{field}{k}", field, k, [person(name, affiliation=place), *team(field)])
        for field, place in (("moss", here), ("radar", there))
        for k in range(3)
    ]
    both = [person(name, affiliation=here), person(name, affiliation=there)]
    rows.append(paper("both", "moss", 3, [*both, *team("moss"), *team("radar")]))
    found = owners(pd.DataFrame(rows))
    assert found["both#0"] != found["both#1"]
    assert len({found[f"moss{k}#0"] for k in range(3)}) == 1
    assert len({found[f"radar{k}#0"] for k in range(3)}) == 1
    assert found["moss0#0"] != found["radar0#0"]


@pytest.mark.parametrize(
    "forms",
    [
        ["Min-Ho Gwak", "Gwak Min-ho", "Gwak, Min-Ho"],
        ["Seo-Yeon Byun", "Byun Seo-yeon", "S.-Y. Byun"],
        ["Xiao-Feng Ouyang", "Ouyang Xiao-Feng", "Ouyang, X.-F."],
    ],
)
def test_hyphenated_given_names_in_either_order_are_one_person(forms):
    rows = [paper(f"r{k}", "moss", k, [name, *team("moss")]) for k, name in enumerate(forms)]
    found = owners(pd.DataFrame(rows))
    assert len({found[f"r{k}#0"] for k in range(3)}) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Helene Courtois", "Helene Dinella"),
        ("Robert Spearing", "Rowan Spearing"),
        ("Wei Petrosyan", "Anahit Lindqvist"),
    ],
)
def test_one_answer_joins_all_papers_of_two_names(before, after):
    rows = [
        paper(f"{field}{k}", field, k, [name, *team(field)])
        for field, name in (("moss", before), ("debt", after))
        for k in range(3)
    ]
    table = pd.DataFrame(rows)
    apart = owners(table)
    assert apart["moss0#0"] != apart["debt0#0"]
    found = owners(table, answers(("moss0#0", "debt2#0", 1)))
    assert len({found[f"{row['record_id']}#0"] for row in rows}) == 1
    others = {mention: who for mention, who in found.items() if not mention.endswith("#0")}
    assert others == {mention: apart[mention] for mention in others}


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Wang W.", ["Wang, Wei", "Wang, Wenhui", "Wang, Weiguo"]),
        ("Li J.", ["Li, Jun", "Li, Jie", "Li, Jianhua"]),
        ("Kim S.", ["Kim, Sang-Ho", "Kim, Su-Jin", "Kim, Seong"]),
    ],
)
def test_full_names_beside_short_ones_tell_people_apart(tmp_path, short, full):
    lines = ["Authors,Author full names,Title,Year"]
    for k, name in enumerate(full * 2):
        number = f"{571000001 + k % 3}"
        lines.append(f'"{short}; Holm P.","{name} ({number}); Holm, Petra (9)",Moss {k},2011')
    path = tmp_path / "scopus.csv"
    path.write_text("\n".join(lines), "utf-8")
    found = AuthorLinker().predict(read_records(path))
    first = found[found["position"] == 0]["author_id"].tolist()
    assert first[:3] == first[3:]
    assert len(set(first)) == 3
