"""Names of very many mentions: candidates by shared evidence, and clusters from them."""

import numpy as np
import pandas as pd
import pytest

from linkage.authors import blocking
from linkage.authors import crowded as crowded_names
from linkage.authors.blocking import all_pairs, candidate_limits, candidate_names, mention_pairs
from linkage.authors.linker import AuthorLinker
from linkage.authors.mentions import list_mentions
from linkage.authors.name_counts import NameCounts
from linkage.authors.prepare import prepare_mentions
from linkage.linking.clustering import components
from linkage.records.order import sort_records
from linkage.records.schema import conform

GIVEN = "Ada Boris Chiara Dmitri Esther Farid".split()
FAMILIES = "Aalto Brandt Castro Duarte Eriksen Farkas Grieg Hoxha".split()


def papers_of_one_name(n=64):
    """Eight people called Wei Wang, each with a co-author of their own; one rare name besides."""
    rows = []
    for number in range(n):
        person = number % 8
        authors = ["Wei Wang" if number % 3 else "W. Wang", f"Ada {FAMILIES[person]}"]
        title = f"Herrings {number} of shore {person}"
        rows.append({"record_id": f"r{number}", "title": title, "authors": authors, "year": 2000})
    return pd.DataFrame(rows)


def prepared(papers):
    records = sort_records(conform(papers))
    mentions = prepare_mentions(list_mentions(records), records, NameCounts.from_json({}))
    return mentions, candidate_names(mentions)


def codes(pairs, n):
    return set((pairs.i * n + pairs.j).tolist())


@pytest.fixture
def crowded(monkeypatch):
    monkeypatch.setattr(blocking, "MOST_MENTIONS", 20)
    monkeypatch.setattr(crowded_names, "_CANDIDATES", (5, 5))


def test_few_mentions_are_all_compared():
    mentions, names = prepared(papers_of_one_name())
    found, every = mention_pairs(mentions, names), all_pairs(mentions, names)
    assert codes(found, len(mentions)) == codes(every, len(mentions))
    assert np.isinf(candidate_limits(mentions, names)).all()


@pytest.mark.usefixtures("crowded")
def test_mentions_of_a_crowded_name_are_compared_where_they_share_something():
    mentions, names = prepared(papers_of_one_name())
    n = len(mentions)
    found, every = mention_pairs(mentions, names), all_pairs(mentions, names)
    assert codes(found, n) < codes(every, n)
    wang = np.array([key.startswith("wang") for key in mentions.keys])[mentions.name_of]
    of_wang = wang[found.i]
    # the Adas are not crowded: all their pairs are there
    assert (~of_wang).sum() == (~wang[every.i]).sum()
    coauthors = [set(c.rarity) - c.own for c in mentions.by_mention["coauthor_names"]]
    share = [coauthors[i] == coauthors[j] for i, j in zip(found.i, found.j, strict=True)]
    assert np.array(share)[of_wang].all()
    limits = candidate_limits(mentions, names)
    assert (limits[wang] == 5).all()
    assert np.isinf(limits[~wang]).all()


@pytest.mark.usefixtures("crowded")
def test_rows_of_names_belong_to_the_names_of_the_pair():
    mentions, names = prepared(papers_of_one_name())
    pairs = mention_pairs(mentions, names)
    at = np.sort([mentions.name_of[pairs.i], mentions.name_of[pairs.j]], axis=0)
    assert (names.a[pairs.names] == at[0]).all()
    assert (names.b[pairs.names] == at[1]).all()
    assert (pairs.i < pairs.j).all()


@pytest.mark.usefixtures("crowded")
def test_people_of_a_crowded_name_are_found_though_few_pairs_are_compared():
    papers = papers_of_one_name()
    result = AuthorLinker().predict(papers)
    person = papers["record_id"].str[1:].astype(int) % 8
    wang = result[result["name"].str.contains("Wang")].merge(
        papers.assign(person=person)[["record_id", "person"]]
    )
    assert (wang.groupby("author_id")["person"].nunique() == 1).all()
    assert (wang.groupby("person")["author_id"].nunique() == 1).all()


def test_candidates_of_a_mention_follow_the_size_of_the_group():
    most = [crowded_names.most_candidates(n) for n in (1_500, 10_000, 10**6)]
    assert most == [1_000, 200, 100]


def papers_of_a_team(n=24, size=6):
    """Papers of the same authors on something else each."""
    authors = [
        f"{given} {family}" for given, family in zip(GIVEN[:size], FAMILIES[:size], strict=True)
    ]
    return pd.DataFrame([
        {"record_id": f"r{number}", "title": f"Herrings {number} of shore {number * 7}",
         "authors": authors, "year": 2000 + number % 5}
        for number in range(n)
    ])  # fmt: skip


def test_what_a_team_has_in_common_is_kept_once():
    mentions, _ = prepared(papers_of_a_team())
    assert len(mentions) == 24 * 6
    for column in ("coauthors", "coauthor_names", "namesakes"):
        assert len(mentions.by_mention[column].values) == 6


@pytest.fixture
def few_pairs(monkeypatch):
    for module in (blocking, crowded_names):
        monkeypatch.setattr(module, "MOST_PAIRS", 1_000)
    monkeypatch.setattr(crowded_names, "_FEWEST", 4)


@pytest.mark.usefixtures("few_pairs")
def test_pairs_of_all_names_together_are_bounded():
    papers = papers_of_a_team()
    mentions, names = prepared(papers)
    crowds = blocking.crowds_of(mentions, names)
    assert (crowds.crowded.all(), crowds.most) == (True, 4)
    assert len(all_pairs(mentions, names).i) == 6 * 24 * 23 // 2 > 1_000
    assert len(mention_pairs(mentions, names, crowds).i) <= len(mentions) * 4
    assert (candidate_limits(mentions, names, crowds) == 4).all()
    links = AuthorLinker().link(papers)
    assert len(set(links.author_ids)) == 6
    assert len(set(zip(links.author_ids, links.mentions.name_of, strict=True))) == 6
    assert len(links.caps) == 1
    assert "144 mentions" in links.caps[0]


def test_no_limit_decides_where_few_are_compared():
    assert AuthorLinker().link(papers_of_a_team(6)).caps == ()


def test_a_coauthor_of_very_many_mentions_still_joins_them(monkeypatch):
    monkeypatch.setattr(blocking, "MOST_MENTIONS", 20)
    monkeypatch.setattr(crowded_names, "_MOST_PLACES", 20)
    monkeypatch.setattr(crowded_names, "_HUBS", 5)
    mentions, names = prepared(papers_of_a_team(40, 3))
    pairs = mention_pairs(mentions, names)
    for name in range(3):
        own = np.flatnonzero(mentions.name_of == name)
        i, j = pairs.i[np.isin(pairs.i, own)], pairs.j[np.isin(pairs.i, own)]
        assert len(np.unique(components(len(mentions), i, j)[own])) == 1
