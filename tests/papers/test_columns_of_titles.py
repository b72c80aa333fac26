"""What is looked for in all titles at once is what each says by itself."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from linkage.papers.prepare import prepare_papers
from linkage.records.schema import conform
from linkage.text.folding import fold, guess_language
from linkage.text.notices import SEQUELS, bare_title, bare_titles, marks
from linkage.text.registry import trial_numbers
from linkage.text.titles import groups_studied, main_title, numbers, translation

PIECES = (
    "RETRACTED:|Retracted article.|[Withdrawn]|removed -|Original article:|Brief communication - |"
    "Medical progress.|German.|[Russian]|(in Polish)|(vol 39, pg 2, 2009)|[72 refs]|1999|(1989)|"
    "2001.|Moss|moss|on stones|auf den Steinen|.|:|?|!|-|–|_|[|]|(|)|the|of|der|das|and|women|men|"
    "part|II|iv|study 2|3rd|Reply|reply to|erratum|Editorial|response|NCT01234567|ISRCTN 12345678|"
    "[Langsames Wachstum von Moos]|é|α|\t"
)
TITLES = st.lists(st.sampled_from(PIECES.split("|")), max_size=7).flatmap(
    lambda some: st.sampled_from([" ".join(some), "".join(some)])
)


@given(st.lists(TITLES, max_size=6))
def test_bare_titles_are_found_as_one_by_one(titles):
    assert bare_titles(titles) == list(map(bare_title, titles))


@given(TITLES)
def test_columns_of_a_title_are_what_the_plain_functions_say(printed):
    records = conform(pd.DataFrame([{"title": "Moss"}, {"title": printed}]))
    whole = records["title"].tolist()[1]
    found = {name: values[1] for name, values in prepare_papers(records).items()}
    bare = bare_title(whole or "")
    title = fold(bare.printed)
    if not title:
        assert found["title"] is found["title_main"] is found["title_marks"] is None
        return
    said = (marks(bare.printed, title) or frozenset()) | ({bare.notice} if bare.notice else set())
    assert found["title"] == title
    assert found["title_main"] == main_title(bare.printed, title)
    assert found["title_variants"] == (title, *filter(None, [translation(whole)]))
    assert found["language"] == guess_language(title)
    assert list(found["title_words"]) == list(dict.fromkeys(title.split()))
    assert (found["title_numbers"], found["title_parts"]) == numbers(title)
    assert (found["title_marks"], found["title_sequel"]) == (said, said & SEQUELS)
    assert found["status"] == (bare.status or "")
    assert found["title_groups"] == groups_studied(title)
    trials = {("trial", number) for number in trial_numbers(whole)}
    assert found["ids"] == (trials or None)
