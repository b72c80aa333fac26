"""What ORCIDs, e-mail addresses and the sources' author ids do to people."""

import pandas as pd
import pytest

import linkage
from linkage import AuthorLinker
from linkage.authors.identifiers.values import identities
from linkage.authors.mentions import list_mentions
from linkage.authors.prepare import prepare_mentions
from linkage.authors.scorer import background
from linkage.errors import SetAsideWarning
from linkage.models import load_model
from linkage.records.order import sort_records
from linkage.records.schema import conform
from linkage.writers.records import write_records
from tests.helpers.command_line import run

# What is told is tested of `identities`; most tests ask who is who.
pytestmark = pytest.mark.filterwarnings("ignore::linkage.errors.SetAsideWarning")

ONE, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"


def records(*papers):
    """Papers of author dicts, with nothing else in common."""
    titles = "Moss Heron Basalt Kelp Otter Pollen Lagoon Salmon Fern Beetle".split()
    rows = [
        {"record_id": f"r{k}", "title": f"{titles[k]} in the hills of nowhere", "authors": authors}
        for k, authors in enumerate(papers)
    ]
    return pd.DataFrame(rows)


def person(name, **known):
    return {"name": name, **known}


def people(table):
    found = AuthorLinker().link(table).people()
    ids = found["record_id"] + "#" + found["position"].astype(str)
    return dict(zip(ids, found["author_id"], strict=True))


def read(table):
    ordered = sort_records(conform(table))
    return identities(
        prepare_mentions(list_mentions(ordered), ordered, background(load_model("authors")))
    )


def told(table):
    return AuthorLinker().link(table).problems


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        ({"orcid": ONE}, {"orcid": ONE}, "the same ORCID"),
        ({"email": "p@x.example"}, {"email": "P@X.example"}, "the same address"),
        ({"ids": {"scopus": "7004212771"}}, {"ids": {"scopus": "7004212771"}}, "the same id"),
    ],
)
def test_an_equal_identifier_joins_compatible_names(left, right, why):
    table = records([person("Pavel Dornik", **left)], [person("P. Dornik", **right)])
    assert len(set(people(table).values())) == 1, why


def test_different_orcids_keep_equal_names_apart_whatever_else_agrees():
    company = [person("Ilse Varga"), person("Rana Qureshi")]
    papers = [
        [person("Teck Huat Goh", orcid=orcid), *company] for orcid in (ONE, ONE, OTHER, OTHER)
    ]
    table = records(*papers).assign(title="Household debt in monetary policy shocks", venue="J")
    table["title"] += [" I", " II", " III", " IV"]
    found = people(table)
    assert found["r0#0"] == found["r1#0"] != found["r2#0"] == found["r3#0"]


def test_no_third_paper_without_an_orcid_joins_two_that_differ():
    company = [person("Ilse Varga"), person("Rana Qureshi")]
    papers = [[person("Teck Huat Goh", orcid=one), *company] for one in (ONE, OTHER)]
    papers += [[person("Teck Huat Goh"), *company] for _ in range(3)]
    found = people(records(*papers))
    assert found["r0#0"] != found["r1#0"]


def test_names_in_conflict_that_an_initial_between_them_joins_are_told():
    company = person("Lena Brandt")
    names = ("John Smithson", "J. Smithson", "James Smithson")
    table = records(*([person(name, orcid=ONE), company] for name in names))
    found = people(table)
    assert found["r0#0"] == found["r1#0"] == found["r2#0"]
    (problem,) = told(table)
    assert all(f"'{name}'" in str(problem) for name in ("John Smithson", "James Smithson"))


def test_what_identifiers_say_against_names_is_told_wherever_people_are_linked(tmp_path):
    company = person("Lena Brandt", orcid=None)
    papers = [
        [person(name, orcid=ONE), company] for name in ("Mary Jones", "Mary Jones", "Mary Lo")
    ]
    table, warning = records(*papers), f"the ORCID {ONE} at 'Mary Jones' and 'Mary Lo'"
    for link in (AuthorLinker().link, linkage.link):
        with pytest.warns(SetAsideWarning, match=warning):
            link(table)
    write_records(conform(table), tmp_path / "papers.jsonl")
    for command in (["authors", "-o", tmp_path / "people.csv"], ["link", "-o", tmp_path / "both"]):
        problems = tmp_path / f"{command[0]}_problems.csv"
        done = run(*command, tmp_path / "papers.jsonl", "--problems", problems)
        assert warning in done.stderr
        assert warning in problems.read_text("utf-8-sig")
    with linkage.Library(":memory:") as library:
        assert any(warning in one for one in library.update(table, source="moss").warnings)


def test_a_name_change_is_joined_and_told():
    company = person("Lena Brandt")
    table = records(
        [person("Mary S. Jones", orcid=ONE), company],
        [person("Mary S. Jones", orcid=ONE), company],
        [person("Mary Smithson", orcid=ONE), company],
    )
    found = people(table)
    assert found["r0#0"] == found["r1#0"] == found["r2#0"]
    (problem,) = told(table)
    assert "taken for one person" in str(problem)
    assert "'Mary S. Jones'" in str(problem)


def test_an_orcid_on_a_coauthor_joins_nobody_is_told_and_parts_nobody():
    """One ORCID at two wholly unlike names says nothing more of either."""
    table = records(
        [person("Albert Lum", orcid=ONE), person("Xiao-Qin Wu", orcid=ONE), person("Petra Holm")],
        [person("Albert Lum", orcid=ONE), person("Xiao-Qin Wu", orcid=OTHER), person("Petra Holm")],
        [person("Albert Lum", orcid=ONE), person("Xiao-Qin Wu", orcid=ONE), person("Petra Holm")],
    )
    found = people(table)
    assert found["r0#0"] == found["r1#0"] == found["r2#0"] != found["r0#1"]
    assert found["r0#1"] == found["r1#1"] == found["r2#1"]
    assert "taken for a slip" in str(told(table)[0])


@pytest.mark.parametrize(
    ("owner", "other"),
    [
        ("Mario Rossini", "Maria Rossini"),  # a letter
        ("Jimmy Changley", "Jim Changley"),  # a short form
        ("Anna Lindqvist", "A. Lindqvist"),  # an initial
        ("Bo Okonkwo", "Chen Wu"),
    ],
)
@pytest.mark.parametrize("value", [{"orcid": ONE}, {"email": "m@x.example"}])
def test_an_identifier_beside_the_name_that_usually_has_it_is_the_others(owner, other, value):
    """However like two names are: a paper that lists both says that they are two people's."""
    own = [[person(owner, **value), person(other), person("Petra Holm")] for _ in range(3)]
    table = records([person(owner), person(other, **value), person("Petra Holm")], *own)
    found = people(table)
    assert found["r0#0"] == found["r1#0"] == found["r2#0"] == found["r3#0"]
    assert found["r0#1"] == found["r1#1"] == found["r2#1"] == found["r3#1"]
    (problem,) = told(table)
    assert "the paper lists the other name, too" in str(problem)


def test_a_paper_that_lists_initials_too_takes_no_orcid_from_the_name_in_full():
    usual = [[person("M. Okonkwo", orcid=ONE)] for _ in range(3)]
    table = records([person("Meng Okonkwo", orcid=ONE), person("M. Okonkwo")], *usual)
    found = people(table)
    assert found["r0#0"] == found["r1#0"] == found["r2#0"] == found["r3#0"] != found["r0#1"]
    assert not told(table)


def test_an_orcid_at_namesakes_of_a_common_family_is_a_slip():
    """Half of the coauthors may be called Wang: that name, and a team, show no change of name."""
    team = person("Lena Brandt")
    own = [[person("Wei Wang", orcid=ONE), team] for _ in range(6)]
    others = [[person(name, orcid=ONE), team] for name in ("Fang Wang", "Rui Wang")]
    found = people(records(*own, *others))
    assert len({found[f"r{k}#0"] for k in range(6)}) == 1
    assert len(set(found.values()) - {found["r0#1"]}) == 3
    problems = told(records(*own, *others))
    assert len(problems) == 1
    assert "'Fang Wang' and 'Rui Wang'" in str(problems[0])
    assert "taken for a slip" in str(problems[0])


def test_an_initial_goes_with_the_name_of_more_papers():
    names = ["John Smithson"] * 3 + ["J. Smithson", "James Smithson"]
    found = people(records(*([person(name, orcid=ONE)] for name in names)))
    assert len({found[f"r{k}#0"] for k in range(4)}) == 1
    assert found["r4#0"] != found["r0#0"]


def test_the_owner_of_an_orcid_keeps_it_when_it_slips():
    """It still keeps a namesake apart who has another."""
    own = [[person("Teck Huat Goh", orcid=ONE)] for _ in range(3)]
    slip = [[person("Petra Holm", orcid=ONE)]]
    table = records(*own, *slip, [person("Teck Huat Goh", orcid=OTHER)])
    found = people(table)
    assert found["r0#0"] == found["r1#0"] == found["r2#0"] != found["r4#0"]
    assert found["r3#0"] not in (found["r0#0"], found["r4#0"])


def test_one_paper_with_a_strangers_orcid_is_no_name_change():
    table = records([person("Wei Chen", orcid=ONE)], [person("Wei Okonkwo", orcid=ONE)])
    assert len(set(people(table).values())) == 2


def test_a_groups_address_on_one_paper_joins_nobody():
    shared = "lab@x.example"
    table = records([person("Ana Mbeki", email=shared), person("Boris Lindqvist", email=shared)])
    assert len(set(people(table).values())) == 2


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (("José García", "-"), ("José García", "-"), "no address"),
        (("Wei Wang", "info@x.example"), ("Wei Wang", "info@x.example"), "an office's"),
        (("Ana Mbeki", "m@x.example"), ("Hannah Lund", "m@x.example"), "nothing else in common"),
    ],
)
def test_addresses_that_are_nobodys(one, other, why):
    found = identities_of([person(one[0], email=one[1])], [person(other[0], email=other[1])])
    assert not len(found.near), why
    assert not len(found.far), why


def identities_of(*papers):
    return read(records(*papers))


@pytest.mark.parametrize("known", [{"email": "w@x.example"}, {"ids": {"scopus": "7"}}])
def test_orcids_that_differ_outweigh_other_identifiers(known):
    papers = [[person("Wei Wang", orcid=orcid, **known)] for orcid in (ONE, OTHER)]
    assert len(set(people(records(*papers)).values())) == 2
    (problem,) = told(records(*papers))
    assert ONE in str(problem)
    assert OTHER in str(problem)
    assert "not heeded" in str(problem)


def test_a_user_keeps_a_change_of_name_apart():
    company = person("Lena Brandt")
    table = records(
        [person("Mary Jones", orcid=ONE), company], [person("Mary Okafor", orcid=ONE), company]
    )
    assert people(table)["r0#0"] == people(table)["r1#0"]
    apart = pd.DataFrame({"left_id": ["r0#0"], "right_id": ["r1#0"], "same": [0]})
    found = AuthorLinker().link(table, apart).people()
    assert found["author_id"].iloc[0] != found["author_id"].iloc[2]


def test_what_a_user_says_of_one_leaves_the_identifiers_of_others():
    """A cannot-link within one ORCID, between two papers that a third joins."""
    team = person("Lena Brandt")
    own = [[person("Teck Huat Goh", orcid=ONE), team] for _ in range(3)]
    others = [
        [person("Wei Wang", orcid=OTHER), person(name)] for name in ("Petra Holm", "Ola Berg")
    ]
    table = records(*own, *others)
    for left, right in (("r0#0", "r1#0"), ("r1#0", "r2#0"), ("r0#0", "r2#0")):
        apart = pd.DataFrame({"left_id": [left], "right_id": [right], "same": [0]})
        found = AuthorLinker().link(table, apart).people()
        of = dict(
            zip(
                found["record_id"] + "#" + found["position"].astype(str),
                found["author_id"],
                strict=True,
            )
        )
        assert of[left] != of[right]
        assert of["r3#0"] == of["r4#0"]


@pytest.mark.parametrize(
    ("names", "people_found", "why"),
    [
        (("Wei Petrosyan", "Ana Petrosyan"), 1, "a rare family name kept"),
        (("Fang Wang", "Rui Wang"), 2, "a common one says nothing"),
        (("Emily Smith", "James Smith"), 2, "nor does this, where the given name changes"),
        (("Svetlana Smith", "Svetlana Petrosyan"), 1, "married"),
    ],
)
def test_what_a_change_of_name_shares_has_to_be_rare(names, people_found, why):
    team = person("Lena Brandt")
    table = records(*([person(name, orcid=ONE), team] for name in names))
    assert len({people(table)[f"r{k}#0"] for k in range(2)}) == people_found, why


def test_an_identifier_joins_whole_circles_of_a_common_name():
    """One paper of either circle has the ORCID: all are one person, no paper is torn out."""
    circles = [("Petra Holm", "Ana Sousa"), ("Marek Wolski", "Otto Brenner")]
    papers = []
    for team in circles:
        for k in range(5):
            known = {"orcid": ONE} if k == 0 else {}
            papers.append([person("Wei Wang", **known), *map(person, team)])
    found = people(records(*papers))
    assert len({found[f"r{k}#0"] for k in range(10)}) == 1


def test_organisations_have_no_identity_but_their_name():
    table = records(
        [person("The Lagoon Consortium", group=True, email="a@x.example")],
        [person("Boris Lindqvist", email="a@x.example")],
    )
    assert not len(read(table).near)
