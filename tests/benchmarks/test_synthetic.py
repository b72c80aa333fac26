"""Made-up records: the same for a seed, unlike for two, and like real exports in what they lack."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from linkage.benchmarks.synthetic import forms
from linkage.benchmarks.synthetic import records as synthetic
from linkage.benchmarks.synthetic.copies import SOURCES
from linkage.benchmarks.synthetic.draws import Draws
from linkage.benchmarks.synthetic.records import synthetic_records, write_synthetic
from linkage.benchmarks.synthetic.titles import GENERIC
from linkage.benchmarks.synthetic.words import family_names, venues, vocabulary
from linkage.readers.files import read_records
from linkage.records.schema import conform
from linkage.tables.files import read_table
from linkage.text.folding import fold

N = 6000


@pytest.fixture(scope="module")
def made():
    return synthetic_records(N, 7)


@pytest.fixture(scope="module")
def grouped(made):
    records, clusters = made
    return records.assign(entity=clusters.to_numpy()).groupby("entity")


def digest(records):
    return hashlib.sha256(records.to_json(orient="records").encode()).hexdigest()


class TestSeeds:
    def test_a_seed_says_all(self, made):
        records, clusters = synthetic_records(N, 7)
        pd.testing.assert_frame_equal(records, made[0])
        pd.testing.assert_series_equal(clusters, made[1])

    def test_the_records_are_those_of_any_other_machine(self):
        records, _ = synthetic_records(300, 1)
        assert digest(records) == "03942d5ab54e60bbe1b938747d1546fc419520ff9104c6088f25e9bd594646d8"

    def test_two_seeds_share_no_record_and_no_title_that_says_anything(self, made):
        records, clusters = made
        others, other_clusters = synthetic_records(N // 2, 8)
        assert not set(records["record_id"]) & set(others["record_id"])
        assert not set(clusters) & set(other_clusters)
        shared = {fold(t) for t in records["title"]} & {fold(t) for t in others["title"]}
        assert shared <= {fold(title) for title in GENERIC}
        assert shared
        assert not set(records["doi"].dropna()) & set(others["doi"].dropna())


class TestShape:
    def test_the_records_conform_to_the_schema(self, made):
        problems = []
        conformed = conform(made[0], set_aside=problems)
        assert problems == []
        assert list(made[0].columns) == list(conformed.columns)
        apart = ["authors"]  # conforming also parses the names
        pd.testing.assert_frame_equal(made[0].drop(columns=apart), conformed.drop(columns=apart))
        for printed, read in zip(made[0]["authors"], conformed["authors"], strict=True):
            assert (printed is None) == (read is None)
            assert len(printed or ()) == len(read or ())

    @pytest.mark.parametrize("n", [1, 2, 10, 333])
    def test_there_are_as_many_records_as_asked_for(self, n):
        records, clusters = synthetic_records(n, n)
        assert len(records) == len(clusters) == n
        assert records["record_id"].is_unique
        assert list(clusters.index) == list(records["record_id"])

    def test_both_tables_come_back_from_their_files(self, made, tmp_path):
        write_synthetic(N, 7, tmp_path)
        gold = read_table(tmp_path / "gold.parquet")
        assert gold.set_index("record_id")["cluster_id"].to_dict() == made[1].to_dict()
        assert (
            read_table(tmp_path / "records.parquet")["title"].tolist() == made[0]["title"].tolist()
        )

    def test_many_records_are_several_files_of_different_ones(self, tmp_path, monkeypatch):
        monkeypatch.setattr(synthetic, "MOST_IN_A_FILE", 100)
        records = read_records(write_synthetic(250, 7, tmp_path))
        assert sorted(path.name for path in (tmp_path / "records").iterdir()) == [
            "000.parquet", "001.parquet", "002.parquet"
        ]  # fmt: skip
        gold = read_table(tmp_path / "gold.parquet")
        assert gold["record_id"].tolist() == records["record_id"].tolist()
        first = synthetic_records(100, 7)[1]
        assert gold["cluster_id"][:100].tolist() == first.tolist()
        assert gold["cluster_id"].nunique() > 3 * 50


class TestLikeRealOnes:
    def test_a_third_of_the_records_is_superfluous(self, made):
        clusters = made[1]
        assert 0.30 < 1 - clusters.nunique() / N < 0.40
        sizes = clusters.value_counts().value_counts(normalize=True)
        assert 0.60 < sizes[1] < 0.70
        assert set(sizes.index) == {1, 2, 3, 4, 5}

    def test_fields_are_missing_as_often_as_promised(self, made):
        missing = made[0].isna().mean()
        assert missing[["record_id", "title", "source", "type"]].max() == 0
        assert 0.50 < missing["doi"] < 0.65
        assert 0.65 < missing["abstract"] < 0.78
        assert 0.05 < missing["pages"] < 0.15
        assert 0 < missing["year"] < 0.03
        assert 0 < missing["venue"] < 0.05

    def test_titles_are_as_long_as_real_ones(self, made):
        words = made[0]["title"].str.split().str.len()
        assert 10 < words.mean() < 13
        assert 3 < words.std() < 5

    def test_a_few_names_and_words_are_very_frequent_and_many_rare(self, made):
        names = [a["name"] for row in made[0]["authors"].dropna() for a in row]
        known = set(family_names(3000)[:200])
        tokens = pd.Series(
            [t for name in names for t in name.replace(",", "").split() if t in known]
        )
        share = tokens.value_counts() / len(names)
        assert 0.007 < share.iloc[0] < 0.03
        words = made[0]["title"].str.lower().str.split().explode().value_counts()
        assert words.index[0] == "of"
        assert (words == 1).mean() > 0.3

    def test_the_vocabulary_grows_more_slowly_than_the_records(self, made):
        few = synthetic_records(N // 4, 9)[0]
        distinct = [r["title"].str.lower().str.split().explode().nunique() for r in (few, made[0])]
        assert 1.3 < distinct[1] / distinct[0] < 3

    def test_titles_recur_among_different_papers(self, made, grouped):
        titles = grouped["title"].first().map(fold)
        editorials = titles == "editorial"
        assert editorials.sum() > 5
        for mark in ("part ii", "erratum ", "reply to "):
            assert titles.str.contains(mark).sum() > 0
        parts = titles[titles.str.endswith("part i")]
        assert (parts + "i").isin(titles).any()

    def test_copies_differ_in_form_and_agree_in_the_main(self, grouped):
        pairs = [group.iloc[:2] for _, group in grouped if len(group) > 1]

        different = {}
        for field in ("title", "venue", "volume", "doi", "year"):
            known = [pair[field] for pair in pairs if pair[field].notna().all()]
            different[field] = np.mean([a != b for a, b in known])
        assert 0.5 < different["title"] <= 1  # case and full stops included
        assert 0.2 < different["venue"] < 0.8
        assert different["volume"] == different["doi"] == 0
        assert 0 < different["year"] < 0.06
        alike = np.mean([fold(a) == fold(b) for a, b in (p["title"] for p in pairs)])
        assert 0.7 < alike < 0.95
        assert all(len(set(p["source"])) == 2 for p in pairs)

    def test_papers_of_one_volume_do_not_overlap(self):
        from linkage.benchmarks.synthetic.papers import invent_papers

        places = invent_papers(Draws(3), 3000).places
        frame = pd.DataFrame(
            {"v": places.venue, "y": places.year, "a": places.first_page, "b": places.last_page}
        ).sort_values(["v", "y", "a"])
        frame = frame[frame["b"] > 0]
        assert (frame["a"] <= frame["b"]).all()
        follows = frame.groupby(["v", "y"])["b"].shift()
        assert follows.notna().sum() > 100
        assert (frame["a"] > follows)[follows.notna()].all()


class TestParts:
    def test_words_names_and_venues_are_all_different(self):
        for made in (vocabulary(20_000), family_names(8000), [v.name for v in venues(400)]):
            assert len(set(made)) == len(made)
        assert [len(vocabulary(n)) for n in (1000, 2000)] == [1000, 2000]
        assert vocabulary(2000)[:1000] == vocabulary(1000)

    def test_frequencies_follow_zipf(self):
        ranks = np.bincount(Draws(0).zipf(100, 0, 200_000), minlength=100)
        assert ranks[0] / ranks[9] == pytest.approx(10, rel=0.1)
        assert ranks[1] / ranks[49] == pytest.approx(25, rel=0.2)

    def test_forms(self):
        names = [source.author("García", "María", "L") for source in SOURCES]
        assert names == [
            "García, María L.",
            "Garcia ML",
            "María L. García",
            "ML Garcia",
            "Garc{\\'i}a, Mar{\\'i}a L.",
            "García, M.L.",
        ]
        pages = [source.pages(183, 187) for source in SOURCES]
        assert pages == ["183-187", "183-7", "183-187", "183-187", "183--187", "183"]
        assert forms.shortened(98, 103) == "98-103"
        assert forms.shortened(7, 7) == "7"
        assert forms.tex_title("the DNA of β-cells") == "The {DNA} of $\\beta$-cells"
        assert venues(1)[0].abbreviation.startswith("J. ")

    @pytest.mark.parametrize("lot", [0, 1_000_003, 2_000_017, 3_000_029, 999_999_999_999])
    def test_a_misprint_is_one_slip(self, lot):
        from rapidfuzz.distance import DamerauLevenshtein

        assert (
            DamerauLevenshtein.distance("a quiet title", forms.misprinted("a quiet title", lot))
            <= 1
        )
        assert forms.misprinted("ab", lot)

    def test_what_may_be_lost(self):
        assert forms.without_subtitle("one two three: four five six", 0) == "one two three"
        assert forms.without_subtitle("Reply to: four five six", 0) == "Reply to: four five six"
        assert forms.shorn_of_a_word("a b c", 5) == "a c"
        assert "long title".startswith(forms.truncated("long title", 3))
        assert forms.name_dropped(["A", "B", "C"], 0) == ["A", "C"]
        assert forms.name_dropped(["A", "B"], 0) == ["A", "B"]
        assert forms.names_shuffled(["A", "B", "C"], 1) == ["B", "C", "A"]
        assert forms.names_swapped(["Li, Wei", "W Li"], 0) == ["Wei, Li", "Li W"]
        assert forms.name_misprinted([], 3) == []
