"""What identifiers and answers join together, one after the other: no chain joins what can't be."""

import numpy as np
import pytest

from linkage import AuthorLinker
from linkage.authors.explain import explain_authors
from linkage.authors.identifiers.joins import Places, several_orcids
from linkage.authors.links import IDENTIFIED
from linkage.authors.review import author_review
from tests.helpers.people import IDS, answers, owners, papers, person

pytestmark = pytest.mark.filterwarnings("ignore::linkage.errors.SetAsideWarning")

A, B, C, _ = IDS
MAIL, OTHER = "w@moss.example", "v@moss.example"
SCOPUS = {"ids": {"scopus": "7004212771"}}
HELPERS = [person("Ilse Varga"), person("Rana Qureshi")]


def told(table, known=None):
    return [str(problem) for problem in AuthorLinker().link(table, known).problems]


# Chains of identifiers that meet on record r0, whose two authors are two people.
CHAINS = {
    "an ORCID, then an address": papers(
        [person("Wei Wang", orcid=A), person("Wei Wang", email=MAIL)],
        [person("Wei Wang", orcid=A, email=MAIL)],
    ),
    "two addresses and a source's number": papers(
        [person("Ana Sousa", email=MAIL), person("A. Sousa", email=OTHER)],
        [person("Ana Sousa", email=MAIL, **SCOPUS)],
        [person("Ana Sousa", email=OTHER, **SCOPUS)],
    ),
    "one ORCID twice on a record": papers(
        [person("Wei Wang", orcid=A), person("W. Wang", orcid=A)],
        [person("Wei Wang", orcid=A)],
    ),
    "one address of both": papers(
        [person("Lin Chen", email=MAIL), person("L. Chen", email=MAIL)],
        [person("Lin Chen", email=MAIL)],
        [person("Lin Chen", email=MAIL)],
    ),
    "a change of name by an ORCID, then an address": papers(
        [person("Mary Petrosyan", orcid=A), person("Mary Okonkwo", email=MAIL)],
        [person("Mary Petrosyan", orcid=A), *HELPERS],
        [person("Mary Okonkwo", orcid=A, email=MAIL), *HELPERS],
    ),
}


@pytest.mark.parametrize("why", CHAINS)
def test_identifiers_never_join_two_positions_of_a_record(why):
    found = owners(CHAINS[why])
    assert found["r0#0"] != found["r0#1"], why
    assert any("heeded" in one or "kept apart" in one for one in told(CHAINS[why])), why


@pytest.mark.parametrize("name", ["Zebulon Quxwhistle", "Tamsin Qvarnström", "Lucjan Pszczelarz"])
@pytest.mark.parametrize(("orcids", "n"), [((A, B), 2), ((A, A), 1), ((A, None), 1)])
def test_a_rare_name_twice_on_one_record_is_two_people_by_their_orcids(name, orcids, n):
    table = papers([person(name, orcid=orcid) for orcid in orcids])
    assert len(set(owners(table).values())) == n


def test_an_identifier_twice_on_one_record_still_joins_the_others():
    table = papers(
        [person("Wei Wang", orcid=A), person("W. Wang", orcid=A)],
        *([person("Wei Wang", orcid=A)] for _ in range(4)),
    )
    found = owners(table)
    assert len({found[f"r{k}#0"] for k in range(1, 5)}) == 1
    (problem,) = told(table)
    assert "r0#0" in problem
    assert "r0#1" in problem


def test_answers_and_identifiers_together_never_join_two_positions_of_a_record():
    table = papers(
        [person("Wei Wang"), person("Wei Wang", email=MAIL)],
        [person("Wei Wang", orcid=A)],
        [person("Wei Wang", orcid=A, email=MAIL)],
    )
    found = owners(table, answers(("r0#0", "r1#0", 1)))
    assert found["r0#0"] == found["r1#0"]
    assert found["r0#0"] != found["r0#1"]


J, JOHN, JAMES = "J. Smithson", "John Smithson", "James Smithson"
# John and James, and J. Smithson, who may be either, joined with both by something.
THIRDS = {
    "two addresses": papers(
        [person(JOHN, email=MAIL)], [person(J, email=MAIL, **SCOPUS)], [person(JAMES, **SCOPUS)]
    ),
    "an ORCID and an address": papers(
        [person(JOHN, orcid=A)], [person(J, orcid=A, email=MAIL)], [person(JAMES, email=MAIL)]
    ),
    "an ORCID and a number": papers(
        [person("Wei Wang", orcid=A)],
        [person("W. Wang", orcid=A, **SCOPUS)],
        [person("Wen Wang", **SCOPUS)],
    ),
    "two numbers and an address": papers(
        [person("Ana Rosling", ids={"x": "1"})],
        [person("A. Rosling", ids={"x": "1", "y": "2"})],
        [person("Anton Rosling", ids={"y": "2"})],
    ),
}


@pytest.mark.parametrize("why", THIRDS)
def test_a_third_name_between_two_in_conflict_joins_one_of_them(why):
    found = owners(THIRDS[why])
    assert found["r0#0"] == found["r1#0"] != found["r2#0"], why
    assert any("contradict each other" in one for one in told(THIRDS[why])), why


def test_an_orcid_joins_names_in_conflict_but_not_people_of_other_orcids():
    def table(orcid):
        company = person("Lena Brandt")
        return papers(
            [person("Mary Petrosyan", orcid=A), company],
            [person("Mary Petrosyan", orcid=A), company],
            [person("Mary Okonkwo", orcid=A, email=MAIL), company],
            *([person("Mary Okonkwo", orcid=orcid, email=MAIL), company] for _ in range(3)),
        )

    one, two = owners(table(A)), owners(table(B))
    assert one["r0#0"] == one["r2#0"] == one["r3#0"]
    assert two["r0#0"] == two["r1#0"] != two["r3#0"] == two["r4#0"]


def test_what_is_told_is_what_was_done():
    """An address would join two whose ORCIDs differ, or a record lists both: that is said."""
    changed = papers(
        [person("Mary Petrosyan", email=MAIL, orcid=A), *HELPERS],
        [person("Mary Petrosyan", email=MAIL), *HELPERS],
        [person("Mary Okonkwo", email=MAIL, orcid=B), *HELPERS],
        [person("Mary Okonkwo", email=MAIL), *HELPERS],
    )
    both = papers(
        [person("Mary Petrosyan", email=MAIL), *HELPERS],
        [person("Mary Okonkwo", email=MAIL), *HELPERS],
        [person("Mary Petrosyan"), person("Mary Okonkwo"), *HELPERS],
    )
    plain = papers(*[one["authors"] for one in both.to_dict("records")][:2])
    for table, expected in ((changed, "their ORCIDs"), (both, "record r2 lists both")):
        found = owners(table)
        assert found["r0#0"] != found["r3#0" if table is changed else "r1#0"]
        (problem,) = [one for one in told(table) if "kept apart" in one]
        assert expected in problem
        assert not any("taken for one person" in one for one in told(table))
    assert owners(plain)["r0#0"] == owners(plain)["r1#0"]
    assert any("taken for one person" in one for one in told(plain))


def test_a_user_who_keeps_a_change_of_name_apart_reads_that_it_is():
    table = papers(
        [person("Mary Petrosyan", orcid=A), *HELPERS], [person("Mary Okonkwo", orcid=A), *HELPERS]
    )
    (problem,) = told(table, answers(("r0#0", "r1#0", 0)))
    assert "kept apart: a user says that they are two" in problem


def team(name, *others, **known):
    return [person(name, **known), *map(person, others)]


@pytest.mark.parametrize(
    ("first", "between", "last", "why"),
    [
        (JOHN, J, JAMES, "initials fit both"),
        ("Lars Holm Berg", "L. Berg", "Lena Berg", "two given names"),
        ("Ana Rosling Petri", "A. Petri", "Anton Petri", "one more name"),
        ("Min Jun Kim", "M. Kim", "Min Seo Kim", "a second syllable"),
    ],
)
def test_an_answer_does_not_join_two_names_in_conflict(first, between, last, why):
    """The user says that a brief form is one's, which scores had given to another."""
    mine, theirs = ("Ilse Varga", "Rana Qureshi"), ("Petra Holm", "Ana Sousa")
    table = papers(
        *(team(first, *mine) for _ in range(3)),
        team(between, *theirs),
        *(team(last, *theirs) for _ in range(3)),
    )
    before = owners(table)
    assert before["r3#0"] == before["r4#0"] != before["r0#0"], why
    after = owners(table, answers(("r0#0", "r3#0", 1)))
    assert after["r0#0"] == after["r2#0"] == after["r3#0"]
    assert after["r4#0"] == after["r6#0"] != after["r0#0"], why


def test_an_answer_about_two_names_in_conflict_takes_all_forms_of_both_along():
    mine, theirs = ("Ilse Varga", "Rana Qureshi"), ("Petra Holm", "Ana Sousa")
    names = [("Jana Reiner", mine), ("J. Reiner", mine), ("Jana Mertens", theirs)]
    table = papers(*(team(name, *others) for name, others in [*names, ("J. Mertens", theirs)]))
    found = owners(table, answers(("r1#0", "r2#0", 1)))
    assert len({found[f"r{k}#0"] for k in range(4)}) == 1


def shown(table):
    people = AuthorLinker().link(table).people()
    return people.set_index(["record_id", "position"])["probability"]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (papers([person("Wei Wang", orcid=A)], [person("Wei Wang", orcid=A)]), "an ORCID"),
        (papers([person("Ana Sousa", email=MAIL)], [person("A. Sousa", email=MAIL)]), "a mail"),
        (
            papers(
                [person("Mary Petrosyan", orcid=A), *HELPERS],
                [person("Mary Okonkwo", orcid=A), *HELPERS],
            ),
            "an ORCID at names in conflict",
        ),
    ],
)
def test_who_is_one_by_an_identifier_is_shown_so(table, why):
    assert shown(table)["r0", 0] == shown(table)["r1", 0] == IDENTIFIED, why
    links = AuthorLinker().link(table)
    step = explain_authors(links, "r0#0", "r1#0").step
    assert step.startswith("Both have the ") or "e-mail" in step, why
    review = author_review(links)
    assert not ((review["left_id"] == "r0#0") & (review["right_id"] == "r1#0")).any(), why


def test_the_share_of_others_is_that_of_the_scores():
    """Two by an ORCID and one by scores: each is the mean over the two others."""
    table = papers(
        team("Ana Rosling", "Ilse Varga", orcid=A),
        team("Ana Rosling", "Ilse Varga", orcid=A),
        team("Ana Rosling", "Ilse Varga"),
    )
    links = AuthorLinker().link(table)
    table = links.pairs_table()
    sides = map(frozenset, table[["left_id", "right_id"]].to_numpy().tolist())
    by_sides = dict(zip(sides, table["probability"], strict=True))
    found = links.people().set_index(["record_id", "position"])["probability"]
    assert found["r0", 0] == pytest.approx((IDENTIFIED + by_sides[frozenset(("r0#0", "r2#0"))]) / 2)
    assert found["r2", 0] == pytest.approx(
        (by_sides[frozenset(("r0#0", "r2#0"))] + by_sides[frozenset(("r1#0", "r2#0"))]) / 2
    )
    assert np.isclose(
        found["r0", 1],
        (by_sides[frozenset(("r0#1", "r1#1"))] + by_sides[frozenset(("r0#1", "r2#1"))]) / 2,
    )


def test_explain_names_what_joined_two_by_way_of_others():
    table = papers(
        [person("Wei Wang", orcid=A)],
        [person("Wei Wang", orcid=A, email=MAIL)],
        [person("Wei Wang", email=MAIL)],
    )
    links = AuthorLinker().link(table)
    assert f"Both have the ORCID {A}" in explain_authors(links, "r0#0", "r1#0").step
    assert "by way of others" in explain_authors(links, "r0#0", "r2#0").step


TEAM = ("Ilse Varga", "Rana Qureshi")


@pytest.mark.parametrize("name", ["Teck Huat Goh", "Zebulon Quxwhistle", "Amara Okonkwo-Lind"])
def test_people_of_two_orcids_who_agree_in_all_else_are_asked_for(name):
    table = papers(*(team(name, *TEAM, orcid=orcid) for orcid in (A, A, B, B)))
    links = AuthorLinker().link(table)
    review = author_review(links)
    first = review.iloc[0]
    assert {first["left_id"][:2], first["right_id"][:2]} in ({"r0", "r2"}, {"r0", "r3"},
                                                            {"r1", "r2"}, {"r1", "r3"})  # fmt: skip
    assert first["decision"] == "different"
    assert A in first["reason"]
    assert B in first["reason"]
    assert "all else agrees" in first["reason"]
    assert review["reason"].str.contains("all else agrees").sum() == 1


def test_people_of_two_orcids_with_nothing_in_common_are_not_asked_for():
    table = papers(team("Wei Wang", *TEAM, orcid=A), team("Wei Wang", "Petra Holm", orcid=B))
    table["title"] = ["Basalt of the deep sea floor", "Household debt and monetary shocks"]
    assert not author_review(AuthorLinker().link(table))["reason"].str.contains("all else").any()


@pytest.mark.parametrize("slips", [(0,), (1, 4), (5,)])
def test_a_few_papers_of_another_orcid_are_told(slips):
    orcids = [B if k in slips else A for k in range(6)]
    ids = [f"r{k}#0" for k in range(7)]
    columns = (ids, ["wang|wei|||"] * 7, ["Wei Wang"] * 7, [*orcids, C])
    places = Places(np.arange(7), *(np.array(column, dtype=object) for column in columns))
    (problem,) = several_orcids(places, np.array([0] * 6 + [6]))
    assert f"the ORCID {B} at 'Wei Wang' ({', '.join(ids[k] for k in slips)})" in str(problem)
    assert "taken for a slip" in str(problem)


@pytest.mark.parametrize(
    ("number", "same", "why"),
    [
        (("0003", "0003"), True, "one number"),
        (("0003", "0004"), False, "two numbers"),
        (("0003", ""), None, "one has none: the scores decide"),
    ],
)
@pytest.mark.parametrize("name", ["Wei Wang", "Jun Zhang", "Yang Liu"])
def test_homonym_numbers(name, number, same, why):
    """Two fields and no co-author in common."""
    table = papers(
        *([person(f"{name} {number[0]}".strip()), person("Ilse Varga")] for _ in range(2)),
        *([person(f"{name} {number[1]}".strip()), person("Petra Holm")] for _ in range(2)),
    )
    found = owners(table)
    if same is not None:
        assert (found["r0#0"] == found["r2#0"]) == same, why
    if same:
        assert "homonym number" in explain_authors(AuthorLinker().link(table), "r0#0", "r2#0").step


def test_a_number_of_initials_says_nothing():
    table = papers([person("W. Wang 0003", homonym="0003")], [person("W. Wang 0003")])
    found = AuthorLinker().link(table).identified.group
    assert found.tolist() == [0, 1]


def test_orcids_that_differ_outweigh_one_number():
    table = papers([person("Wei Wang 0003", orcid=A)], [person("Wei Wang 0003", orcid=B)])
    assert len(set(owners(table).values())) == 2
    (problem,) = told(table)
    assert "homonym number" in problem
    assert "not heeded" in problem


@pytest.mark.parametrize("name", ["Wei Wang", "Jun Zhang", "Anna Lindholm"])
def test_people_of_two_numbers_who_agree_in_all_else_are_asked_for(name):
    table = papers(*(team(f"{name} {n}", *TEAM) for n in ("0001", "0001", "0002", "0002")))
    links = AuthorLinker().link(table)
    found = owners(table)
    assert found["r0#0"] == found["r1#0"] != found["r2#0"] == found["r3#0"]
    review = author_review(links)
    asked = review[review["reason"].str.contains("homonym numbers differ")]
    assert len(asked) == 1
    assert set(asked["decision"]) == {"different"}
    assert not author_review(AuthorLinker().link(papers(
        *(team(f"{name} {n}", *TEAM[k:][:1]) for k, n in enumerate(("0001", "0002")))
    )))["reason"].str.contains("homonym numbers differ").any()  # fmt: skip
