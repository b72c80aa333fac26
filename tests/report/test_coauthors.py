"""The drawing of a person's co-authors."""

import re

import pytest

from linkage.report.coauthors import coauthor_graph

PAPERS = {"p1": ["me", "ana", "ben"], "p2": ["me", "ana", "ben"], "p3": ["me", "eva"],
          "p4": ["me", "eva", "ida"], "p5": ["me"]}  # fmt: skip
COAUTHORS = [{"author_id": one, "name": one.title(), "papers": n}
             for one, n in (("ana", 2), ("ben", 2), ("eva", 2), ("ida", 1))]  # fmt: skip
CIRCLES = [["p1", "p2"], ["p3", "p4"]]


def test_who_wrote_with_whom_and_in_which_circle():
    graph = coauthor_graph(COAUTHORS, PAPERS, CIRCLES)
    assert [(dot.name, dot.circle) for dot in graph.dots] == [
        ("Ana", 1), ("Ben", 1), ("Eva", 2), ("Ida", 2)
    ]  # fmt: skip
    assert graph.together == 2, "Ana with Ben, Eva with Ida"
    assert graph.circles == [2, 2]
    assert graph.with_person.count("L") == 4
    at = {dot.name: f"{dot.x} {dot.y}" for dot in graph.dots}
    ends = re.findall(r"M(\d+ \d+)Q\d+ \d+ (\d+ \d+)", graph.among)
    assert sorted(map(sorted, ends)) == sorted(
        [sorted((at["Ana"], at["Ben"])), sorted((at["Eva"], at["Ida"]))]
    )


def test_the_order_of_papers_changes_nothing():
    turned = dict(reversed(PAPERS.items()))
    assert coauthor_graph(COAUTHORS, turned, CIRCLES) == coauthor_graph(COAUTHORS, PAPERS, CIRCLES)


@pytest.mark.parametrize("n", [3, 14, 200])
def test_every_dot_and_name_is_within_the_picture(n):
    many = [
        {"author_id": str(k), "name": "A very long name indeed", "papers": 99} for k in range(n)
    ]
    graph = coauthor_graph(many, {"p": [str(k) for k in range(n)]}, [])
    assert len(graph.dots) == min(n, 14)
    assert graph.together == (0 if n > 30 else len(graph.dots) * (len(graph.dots) - 1) / 2)
    for dot in graph.dots:
        name = (len(dot.name) * 6.5 + 13) * (1 if dot.right else -1)
        assert 0 <= dot.x + name <= 540
        assert 10 <= dot.y <= 290


def test_too_few_are_not_drawn():
    assert coauthor_graph(COAUTHORS[:2], PAPERS, CIRCLES) is None
    nobody = [one | {"author_id": None} for one in COAUTHORS]
    assert coauthor_graph(nobody, PAPERS, CIRCLES) is None
