"""Spark gives the people of the single machine; what it does not give, it says."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.base import clone

from linkage.authors import blocking, subjects
from linkage.authors.linker import AuthorLinker
from linkage.authors.links import in_input_order
from linkage.errors import InputError, SetAsideWarning
from linkage.records.schema import conform
from tests.helpers import spark_session
from tests.helpers.command_line import run
from tests.helpers.records import library, paper, second_copy, table

# py4j leaves its sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

GEOLOGY = {"venue": "Annals of Imaginary Geology", "keywords": ["basalt", "lagoon"]}
ORCID = "0000-0002-1825-0097"


def author(name, **said):
    return {"name": name, **said}


def hard():
    """One or more of everything that people are told by or apart by."""
    wed = [author("Ana Abendroth", orcid=ORCID), author("Boris Brzezicki")]
    now = [author("Ana Castellanos", orcid=ORCID), author("Boris Brzezicki")]
    slip = [author("Lars Lindqvist", orcid="0000-0001-5109-3700")]
    right = [author("Kavita Okonkwo", orcid="0000-0001-5109-3700")]
    mail = [author("Jonas Mbeki", email="mbeki@nowhere.example", affiliation="Nowhere University")]
    cited = ["Moss of Estonia", "10.5555/x1"]
    return [
        *(paper(f"wed{k}", f"Basalt, Spain {k}", wed, year=2001 + k, **GEOLOGY) for k in range(3)),
        *(paper(f"now{k}", f"Basalt, Peru {k}", now, year=2009 + k, **GEOLOGY) for k in range(3)),
        paper("slip", "Kelp", slip),
        paper("right", "Fern", right, references=cited),
        paper("right2", "Ferns", right, doi="10.5555/x1", references=cited),
        *(paper(f"mail{k}", f"Heron {k}", mail, abstract="Herons of Estonia " * 9) for k in "01"),
        paper("mail2", "Herons again", [author("J. Mbeki", affiliation="Univ. of Nowhere")]),
        *(paper(f"g{k}", None, [author("Nowhere Group", group=True)]) for k in "01"),
        paper("twice", "Otters", "Zebulon Quxwhistle; Greta Rasmussen; Zebulon Quxwhistle"),
        paper("dblp", "Otters", "Wei Wang 0005; Xuechen Li"),
        paper("turned", "Salmon", "Quasthofer Hanno; Greta Rasmussen"),
        paper("nobody", "No author", None),
        paper("none", "Said to have none", [], keywords=[], references=[]),
        *initials(),
        *crowd(),
        *chains(),
        *(paper(f"long{k}", f"Glacier {k}", "; ".join(team()), year=2000) for k in "01"),
    ]


def chains():
    """Identifiers that together would join two positions of a record, or names in conflict."""
    first, second, third = "0000-0002-1694-233X", "0000-0003-1415-9269", "000000029079593x"
    both = [author("Lin Chen", orcid=first), author("L. Chen", email="lin@nowhere.example")]
    between = author("L. Chen", orcid=first, email="lin@nowhere.example")
    other = author("Lan Chen", email="lin@nowhere.example")
    odd = [author("Mara Svensdottir", orcid=second), author("Ilse Brandt")]
    same = [author("Mara Svensdottir", orcid=third, email="mara@nowhere.example")]
    wed = [author("Mara Oduya", orcid=second, email="mara@nowhere.example"), author("Ilse Brandt")]
    numbered = [[author(f"Jun Zhang {number}")] for number in ("0003", "0003", "0004")]
    lists = [both, [between], [other], odd, odd, odd, same, wed, *numbered]
    return [paper(f"chain{k}", f"Peat {k}", one, year=2001 + k) for k, one in enumerate(lists)]


def initials():
    """One well-known person, and papers that have initials only."""
    full = [
        paper(f"q{k}", f"Glacier acoustics {k}", "Hanno Quasthofer; Greta Rasmussen", year=1990 + k)
        for k in range(14)
    ]
    brief = [paper(f"i{k}", f"Glacier memory {k}", "H. Quasthofer", year=1999) for k in range(3)]
    return full + brief


def crowd():
    """A common name with co-authors of several circles."""
    others = "Esther Fonseca; Ines Ivanenko|Farid Jankowiak|Hiro Nakagawa; Chiara Papadakis".split(
        "|"
    )
    return [
        paper(f"w{k}", f"Pollen {k % 7} of moss", f"Wei Wang; {others[k % 3]}", year=1990 + k % 9)
        for k in range(27)
    ]


def team():
    return [
        f"{chr(65 + k % 26)}{chr(97 + k // 26)}ra Teamov{chr(97 + k % 25)}ich" for k in range(70)
    ]


def records():
    papers = library(70, seed=11)
    return table(*hard(), *papers, *map(second_copy, papers[:20]))


@pytest.fixture
def small(monkeypatch):
    """Limits that make few records many chunks and lots, and names crowded."""
    spark_session.spark()
    from linkage.authors.spark import job, names, preparing

    monkeypatch.setattr(blocking, "MOST_MENTIONS", 12)
    monkeypatch.setattr(subjects, "LOT", 30)
    monkeypatch.setattr(preparing, "LOT", 30)
    monkeypatch.setattr(preparing, "_TOKENS", 40)
    monkeypatch.setattr(names, "_PAIRS", 60)
    monkeypatch.setattr(names, "_MENTIONS", 50)
    monkeypatch.setattr(job, "_MENTIONS", 40)


def on_spark():
    return AuthorLinker(engine=spark_session.spark())


def test_both_engines_give_the_same_people():
    with pytest.warns(SetAsideWarning, match="ORCID"):
        want = AuthorLinker().predict(records())
    person = want.set_index("record_id")["author_id"]
    assert person["wed0"].iloc[0] == person["now0"].iloc[0]  # by ORCID, of names in conflict
    assert person["slip"] != person["right"]
    assert person["i0"] == person["q0"].iloc[0]  # initials
    assert person["twice"].nunique() == 2
    assert person["chain0"].nunique() == 2
    assert person["chain1"] != person["chain2"]
    assert person["chain3"].iloc[0] == person["chain7"].iloc[0]
    assert person["chain8"] == person["chain9"] != person["chain10"]
    with pytest.warns(SetAsideWarning, match="found the .* more identifiers"):
        found = on_spark().predict(records())
    pd.testing.assert_frame_equal(found, want, check_exact=True)


@pytest.mark.filterwarnings("ignore::linkage.errors.SetAsideWarning")
@pytest.mark.parametrize("parts", [1, 5])
def test_how_the_data_are_cut_up_changes_nothing(small, parts):
    from linkage.authors.spark.read import record_table

    linker = on_spark()
    given = conform(records())
    want = AuthorLinker().link(given)
    assert want.caps  # some names are crowded
    mixed = given.sample(frac=1, random_state=parts)
    frame = linker.engine.frame(record_table(mixed)).repartition(parts)
    found = linker.predict_frame(frame).toPandas()
    want = want.people_as_given()
    found = in_input_order(found, given)[want.columns]
    pd.testing.assert_frame_equal(found, want, check_exact=True)


def test_parquet_with_usual_column_names(tmp_path):
    spark_session.spark()
    (tmp_path / "in").mkdir()
    renamed = {"record_id": "ID", "title": "Article Title", "keywords": "Author Keywords"}
    printed = records().iloc[:40].drop(columns="doi").rename(columns=renamed)
    printed["authors"] = [json.dumps(a) if isinstance(a, list) else a for a in printed["authors"]]
    for k in range(2):
        part = pa.Table.from_pandas(printed.iloc[k::2], preserve_index=False)
        pq.write_table(part, tmp_path / "in" / f"part-{k}.parquet")
    told = run("authors", "--engine", "spark", tmp_path / "in", "-o", tmp_path / "out.parquet")
    alone = run("authors", tmp_path / "in", "-o", tmp_path / "alone.parquet")
    by = ["record_id", "position"]
    found, want = (
        pd.read_parquet(tmp_path / f"{name}.parquet").sort_values(by).reset_index(drop=True)
        for name in ("out", "alone")
    )
    pd.testing.assert_frame_equal(found, want, check_exact=True, check_dtype=False)
    assert alone.stderr.splitlines()[-1].split(":")[0] in told.stderr
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_records_without_any_author():
    records = table(paper("a", "Moss", None), paper("b", "Fern", None))
    found = on_spark().predict(records)
    assert found.columns.tolist() == AuthorLinker().predict(records).columns.tolist()
    assert found.empty


def test_what_spark_does_not_give_is_said(tmp_path):
    linker = AuthorLinker(engine="stands for a Spark")
    assert clone(linker).engine == linker.engine
    with pytest.raises(InputError, match="people only: call predict"):
        linker.link(records())
    with pytest.raises(InputError, match="found no engine"):
        AuthorLinker().predict_frame(None)
    words = ("authors", "--engine", "spark", "-o", tmp_path / "out", tmp_path)
    files = ("--report", "--review", "--pairs", "--constraints", "--profiles", "--problems")
    for option in files:
        told = run(*words, option, tmp_path / "x.csv", code=1)
        assert f"{option} {tmp_path / 'x.csv'}: the engine spark writes" in told.stderr
    assert "--only: the engine spark" in run(*words, "--only", "Wang, J*", code=1).stderr
    assert "--columns: the engine" in run(*words, "--columns", "Heading=title", code=1).stderr
    assert "--titles: the engine spark" in run(*words, "--titles", code=1).stderr
    library = tmp_path / "library.bib"
    library.write_text("@article{a, title={Moss}}")
    told = run("authors", "--engine", "spark", "-o", tmp_path / "out", library, code=1)
    assert "found a .bib file; the engine spark reads" in told.stderr


def test_bags_and_words_go_through_tables_unchanged():
    from linkage.authors.evidence import weighted_bags
    from linkage.authors.spark.tables import bags_of, listed, listed_bags, words_of
    from linkage.features.columns import Words

    sets = [["moss", "fern"], [], ["ärger", "moss", "\U0001d49c"], ["fern"]]
    words = Words.of(sets)
    again = words_of(listed(words))
    assert [set(one) for one in again] == [set(one) for one in sets]
    assert (again.words == words.words).all()
    bags = weighted_bags(words)
    assert bags_of(*listed_bags(bags)).tolist() == bags.tolist()
    assert np.array_equal(bags_of(*listed_bags(bags)).codes, bags.codes)
