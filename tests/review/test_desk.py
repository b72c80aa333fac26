"""A sitting without a browser: what is asked, what is settled, what is undone, what is said."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.errors import InputError
from linkage.library.judgements import DIFFERENT, SAME, UNSURE, Judgement
from linkage.library.library import Library
from linkage.linking.calls import CALL_COLUMNS, Calls
from linkage.papers.relations import RELATIONS
from linkage.papers.words import rule_in, rule_reason
from linkage.records.schema import conform
from linkage.review import hand, views
from linkage.review.comparing import ALIKE, DIFFERS, ONE_SIDE
from linkage.review.desk import Desk
from linkage.review.material import Material, Question
from linkage.review.pages import Pages, percent
from linkage.review.papers import flags_of, paper_pair
from linkage.review.search import search, title_of
from linkage.review.settled import Settled
from linkage.review.sources import library_materials
from linkage.review.texts import TEXTS, Words
from linkage.review.verdicts import FileVerdicts, LibraryVerdicts
from tests.helpers.records import library, table
from tests.helpers.reviewing import new_library, read_labels, records


def joins(*rows):
    return pd.DataFrame(list(rows), columns=list(CALL_COLUMNS))


def material():
    """Papers a, b, c as one by two joins; d, e sure; a and f a close call."""
    ids = list("abcdef")
    rows = [one | {"record_id": i} for one, i in zip(library(6), ids, strict=True)]
    close = pd.DataFrame(
        [("a", "f", 0.5, "different", ""), ("b", "f", 0.45, "different", "")],
        columns=["left_id", "right_id", "probability", "decision", "reason"],
    )
    calls = Calls(
        joins(("a", "b", 0.8), ("b", "c", 0.95), ("d", "e", 1.0)),
        joins(("a", "d", 0.0)).assign(rule="different_part"),
        7,
    )
    clusters = dict(zip(ids, ["a", "a", "a", "d", "d", "f"], strict=True))
    return Material("papers", conform(table(*rows)), clusters, close, calls, (0.3, 0.9), 0.6)


@pytest.fixture
def desk(tmp_path):
    found = material()
    return Desk(found, FileVerdicts(tmp_path / "labels.csv", "papers", str), "Ada")


def pairs(questions):
    return [question[:2] for question in questions]


def test_every_join_is_in_one_band(desk):
    bands = desk.material.bands
    assert pairs(bands["sure"]) == [("d", "e")]
    assert pairs(bands["probable"]) == [("b", "c")]
    assert pairs(bands["close"]) == [("a", "f"), ("b", "f"), ("a", "b")], "the closest first"
    assert desk.material.size("apart") == 7


def test_calls_about_one_cut_are_one_question(desk):
    close = desk.material.close
    twice = pd.DataFrame([("a", "c", 0.55, "same", ""), ("b", "a", 0.65, "same", "")],
                         columns=close.columns)  # fmt: skip
    found = replace(desk.material, close=pd.concat([close, twice]))
    asked = [one[:2] for one in found.bands["close"] if one.decision == "same"]
    assert asked == [("a", "c")], "a and b, b and a, a and c: all fall apart at the join a, b"
    assert found.sides(found.by_pair[frozenset("ac")]) == (["a"], ["b", "c"])
    assert found.sides(found.by_pair[frozenset("af")]) == (["a", "b", "c"], ["f"])


def test_what_others_settle_is_not_asked(desk):
    desk.answer(desk.question("a", "b"), SAME)
    desk.answer(desk.next_question(), DIFFERENT)  # a and f, and so b and f
    assert desk.next_question() is None
    desk.undo()
    assert desk.next_question()[:2] == ("a", "f")
    desk.undo()
    assert pairs(desk.open_questions()) == [("a", "f"), ("b", "f"), ("a", "b")]
    assert not desk.can_undo()


def test_skipped_questions_come_last_and_again(desk):
    first = desk.next_question()
    desk.skip(first)
    second = desk.next_question()
    desk.skip(second)
    desk.skip(desk.next_question())
    assert desk.next_question() == first
    assert desk.back() is not None


def test_a_band_is_accepted_as_decided_and_undone_as_a_whole(desk):
    desk.answer(desk.question("a", "f"), SAME)
    assert desk.accept("close", "note") == 1, "of b and f, a and b: one is settled by the other"
    assert desk.undo() is None
    assert desk.counts() == {SAME: 1}
    with pytest.raises(InputError, match="nothing to accept"):
        desk.accept("apart", "note")


def test_what_a_sample_shows(desk):
    assert desk.wrong_at_most("sure") is None
    many = joins(*((f"x{k:03}", f"y{k:03}", 0.999) for k in range(400)))
    large = replace(desk.material, calls=Calls(many, joins(), 0))
    sitting = Desk(large, desk.verdicts, "Ada")
    for question in sitting.sample("sure"):
        sitting.answer(question, SAME)
    judged, wrong, share = sitting.wrong_at_most("sure")
    assert (judged, wrong) == (60, 0)
    assert 0.02 < share < 0.06, "of 60 right ones: about 4 % at most"
    sitting.answer(sitting.sample("sure")[0], DIFFERENT)
    assert sitting.wrong_at_most("sure")[1] == 1
    assert sitting.wrong_at_most("sure")[2] > share
    sitting.answer(sitting.sample("sure")[1], UNSURE)
    assert sitting.wrong_at_most("sure")[0] == 59


def test_a_group_is_split_and_joined_by_hand(desk):
    assert hand.split(desk, "a", ["a", "b"], "by hand") == 2
    assert {(one.left_id, one.right_id, one.verdict) for one in desk.held()} == {
        ("c", "a", DIFFERENT), ("c", "b", DIFFERENT)
    }  # fmt: skip
    hand.merge(desk, "a", "f", "by hand")
    assert desk.held()[-1].verdict == SAME
    with pytest.raises(InputError, match="is in this group already"):
        hand.merge(desk, "a", "b", "by hand")
    with pytest.raises(InputError, match="expected one that is under review"):
        hand.merge(desk, "a", "nothing", "by hand")
    assert hand.split(desk, "d", ["d", "e"], "by hand") == 0


def test_one_file_two_reviewers_and_another_program(tmp_path):
    path = tmp_path / "labels.csv"
    ada, ben = (Desk(material(), FileVerdicts(path, "papers", str), who) for who in ("Ada", "Ben"))
    question = ada.next_question()
    ada.answer(question, SAME)
    ben.answer(question, DIFFERENT)
    ben.answer(ben.question("d", "e"), UNSURE)
    assert read_labels(path) == {("a", "f"): 0, ("d", "e"): None}
    rows = pd.read_csv(path, encoding="utf-8-sig")
    assert rows["note"].tolist()[0] == "Ada said: same"
    ada.answer(ada.question("a", "b"), SAME)
    assert read_labels(path) == {("a", "f"): 0, ("d", "e"): None, ("a", "b"): 1}
    ada.take_back([ada.held()[-1].judgement_id])
    assert len(read_labels(path)) == 2


def test_search_finds_any_spelling_and_ids():
    found = material()
    title, name = found.columns["title"][5], found.columns["authors"][5][0]["name"]
    for text in (title.upper(), name, "f", found.columns["doi"][5]):
        assert "f" in [one.cluster for one in search(found, text)[0]], text
    assert search(found, "no such words at all") == ([], 0)


def test_ids_that_are_no_more_are_called_by_themselves():
    papers = material()
    people = replace(papers, kind="people")
    assert title_of(papers, "gone") == "gone"
    assert title_of(people, "a#0") == papers.columns["authors"][0][0]["name"]
    assert [title_of(people, one) for one in ("a#99", "a", "gone#0")] == ["a#99", "a", "gone#0"]


def test_verdicts_on_a_library_wait_for_the_next_run_that_links(tmp_path):
    path = new_library(tmp_path / "a.linkage", records(6))
    with Library(path) as kept:
        before, asked = kept.papers(), kept.questions()
        row = asked[(asked["kind"] == "paper") & (asked["decision"] == "different")].iloc[0]
        verdicts = LibraryVerdicts(kept, "papers")
        pair = [(row["left_id"], row["right_id"])]
        (first,) = verdicts.add(pair, SAME, "Ada", None)
        (second,) = verdicts.add(pair, UNSURE, "Ada", None)
        assert first.run == second.run == 2, "one run a sitting"
        verdicts.take_back([second.judgement_id], "Ada")
        assert [one.verdict for one in verdicts.in_force()] == [SAME]
        assert kept.verdicts_wait()
        assert kept.papers().equals(before)
        assert len(kept.questions()) < len(asked), "what is answered is no question"
        assert kept.status().questions == len(kept.questions())
    with Library(path) as kept:
        kept.update(table(library(1, seed=8)[0]), "two")  # whatever links, links by them
        papers = kept.papers()
        assert papers[row["left_id"]] == papers[row["right_id"]]
        assert not kept.verdicts_wait()
        told = kept.history(first.judgement_id)["what"]
        assert "same, says Ada" in told.iloc[0]


verdict = st.tuples(st.integers(0, 6), st.integers(0, 6), st.sampled_from([SAME, DIFFERENT]))


@given(st.lists(verdict, max_size=14))
def test_settled_is_what_follows_from_verdicts(said):
    def row(a, b, what):
        return Judgement("j", 1, "paper", str(a), str(b), "", "", what, None, "Ada", "")

    settled = Settled(row(*one) for one in said if one[0] != one[1])
    group = {k: k for k in range(7)}
    for a, b, what in said:
        if what == SAME and group[a] != group[b]:
            old, new = group[a], group[b]
            group = {k: new if g == old else g for k, g in group.items()}
    apart = {frozenset((group[a], group[b])) for a, b, what in said if what == DIFFERENT and a != b}
    for a in range(7):
        for b in range(7):
            told = group[a] == group[b] or frozenset((group[a], group[b])) in apart
            assert settled.has(str(a), str(b)) == told


@pytest.mark.parametrize("relation", [one.name for one in RELATIONS])
def test_every_relation_has_its_words(relation):
    told = Words().flag("relation", {"side": "left", "name": relation, "reason": "x"})
    assert told[0].isupper()
    assert f"relation_{relation}" in TEXTS["en"]


def test_flags_of_a_notice_of_another_doi_and_of_a_retraction():
    moss = {"title": "Hidden moss diversity in Galicia", "doi": "10.5555/a", "ids": {"pmid": "1"},
            "authors": [{"name": "Ana Abendroth", "family": "Abendroth"}]}  # fmt: skip
    other = moss | {"title": "Erratum: Hidden moss diversity in Galicia", "doi": "10.5555/b"}
    told = {Words().flag(one.kind, one.values) for one in flags_of(moss, other)}
    assert told == {"Same PMID", "Different DOI", "The right may be an erratum of the other"}
    gone = moss | {"title": "RETRACTED: Hidden moss diversity in Galicia"}
    assert "retracted_right" in [one.kind for one in flags_of(moss, gone)]


def test_a_rule_is_named_of_what_is_surely_different(tmp_path):
    (question,) = material().bands["apart"]
    assert rule_in(question.reason) == "different_part"
    parts = [{"title": f"Growth of moss. Part {k}", "authors": "Ana Bell", "year": 2010,
              "record_id": f"part{k}"} for k in ("I", "II")]  # fmt: skip
    with Library(tmp_path / "l.linkage", people=False) as opened:
        opened.update(table(*library(6), *parts), "one")
        (question,) = library_materials(opened)["papers"].bands["apart"]
    assert rule_in(question.reason) == "different_part"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Question("a", "b", 0.8, "same"), "took them to be the same (probability 0.80)"),
        (Question("a", "b", 0.4, "same"), "unsure of the two (probability 0.40), but took their"),
        (Question("a", "f", 0.5, "different"), "kept them apart (probability 0.50)"),
        (Question("a", "f", 0.7, "different"), "(probability 0.70), but the model kept their"),
        (Question("a", "f", 0.7, "different", rule_reason("different_part") + "; same year"),
         "A rule kept them apart, whatever the model says: different part. The"),
        (Question("a", "b", float("nan"), "same"), "by way of others"),
    ],
)  # fmt: skip
def test_a_question_names_the_step_that_decided(desk, asked, told):
    page = Pages({"papers": desk}, "", is_library=False)
    shown = page.render("question.html", "papers", said="", **views.question(desk, asked))
    assert told in " ".join(shown.split())


@pytest.mark.parametrize(
    ("left", "right", "state"),
    [
        ("Ana Bell; Ben Cole", "Bell, A.; Cole, B.", ALIKE),
        ("Ana Bell; Ben Cole", "Cole, B.; Bell, A.", DIFFERS),
        ("Ana Bell; Ben Cole", "Bell, A.; Cole, B.; Dorn, E.", DIFFERS),
        ("Ana Bell", "", ONE_SIDE),
        ("Ana Bell", "Ana Bell", SAME),
        ("Ana Bell", "Bell, B.", DIFFERS),
        ("Ana Bell", "Ana Bell; Ben Cole", DIFFERS),
    ],
)
def test_authors_with_initials_are_alike(desk, left, right, state):
    sides = (("a", left, "160 -- 178"), ("b", right, "160-178"))
    names = ("record_id", "authors", "pages")
    rows = [{"title": "Moss", **dict(zip(names, one, strict=True))} for one in sides]
    shown = paper_pair(replace(desk.material, records=conform(table(*rows))), "a", "b").rows
    of = {row.field: row for row in shown}
    assert of["authors"].state == state
    assert (of["pages"].state, of["pages"].left[0].text) == (SAME, "160–178")


@pytest.mark.parametrize(("share", "shown"), [(0.0061, "0.61"), (0.094, "9.4"), (1.0, "100")])
def test_shares_are_plain_numbers(share, shown):
    assert percent(share) == shown


def test_long_lists_of_authors_are_cut_and_told_in_full_behind_the_fold(desk):
    names = [f"Ana Bell{'abcdefghij'[k // 10]}{'abcdefghij'[k % 10]}" for k in range(40)]
    rows = [{"title": "Moss", "record_id": one, "authors": "; ".join(some)}
            for one, some in (("a", names), ("b", names[:-1]))]  # fmt: skip
    shown = paper_pair(replace(desk.material, records=conform(table(*rows))), "a", "b")
    (cut,) = [row for row in shown.rows if row.field == "authors"]
    (full,) = [row for row in shown.later if row.field == "authors"]
    assert "".join(part.text for part in cut.left).endswith("; … (+25)")
    assert (cut.state, full.state) == (DIFFERS, DIFFERS)
    assert "".join(part.text for part in full.left) == "; ".join(names)
