"""Where in our records what other parsers read of a file belongs: patterns of paths by column.

Paths of all formats together: no two of them mean different things by one. What has no column must
stand somewhere in the record. `NOT_KEPT` is what may be nowhere, and why.
"""

_PUBMED = r"/PubmedArticle/MedlineCitation/Article"
_STYLED = r"(?:/style)?"
COLUMNS = {
    "title": r"\.title|title|\.primary_title|TI|T|245a|Title|/record/titles/title"
    rf"{_STYLED}|/article/title|{_PUBMED}/ArticleTitle"
    r"|/doi_record/crossref/\w+/journal_article/titles/title",
    "date": r"\.?year|PY|D|DP|8|\.publication_(?:year|date)|/record/dates/(?:year|pub-dates/date)"
    rf"{_STYLED}|/article/year|{_PUBMED}/Journal/JournalIssue/PubDate/\w+|Date",
    "venue": r"\.?journal|\.journal_name|\.secondary_title|JT|J|Publication Title"
    rf"|{_PUBMED}/Journal/Title|/record/titles/secondary-title{_STYLED}"
    r"|\.primary_location\.source\.display_name",
    "volume": rf"\.?volume|VI|V|Volume|.*/JournalIssue/Volume|/record/volume{_STYLED}"
    r"|/article/volume|\.biblio\.volume",
    "number": r"\.?issue|\.?number|IP|N|Issue|.*/JournalIssue/Issue|/article/number|\.biblio\.issue"
    rf"|/record/number{_STYLED}",
    "pages": rf"\.?pages?|\.(?:start|end)_page|PG|P|Pages|.*/MedlinePgn|/record/pages{_STYLED}"
    r"|/article/pages|\.biblio\.(?:first|last)_page",
    "doi": rf"\.DOI|\.?doi|DO|R|DOI|/record/electronic-resource-num{_STYLED}",
    "abstract": r"\.?abstract|\.notes_abstract|AB|X|Abstract Note"
    rf"|/record/abstract{_STYLED}|{_PUBMED}/Abstract/AbstractText",
}
PEOPLE = {
    "authors": (
        r"\.author\.(?:family|given|literal|name|suffix|non-dropping-particle)|authors?|FAU|A|CN"
        rf"|{_PUBMED}/AuthorList/Author/(?:LastName|ForeName|CollectiveName|Suffix)|Author"
        rf"|/record/contributors/authors/author{_STYLED}|\.authors",
        ("name", "suffix", "particle"),
    ),
}
NOT_WORDS = frozenset(  # of addresses before a number, and between names or in place of one
    "http https doi org dx www orcid openalex pubmed ncbi nlm nih gov undefined and et al others"
    " anonymous".split()
)
NOT_KEPT = "|".join((
    # numbers of ours that say the same
    r"AU|.*/Initials",  # made of FAU or ForeName
    r".*(?i:issn|isbn)(?:/style)?|020a|\.issn-type\.type",  # one form of each number
    r"/record/ref-type|reference_type",  # the number of a type that has a name
    # what a program says of its file
    r"/record/(?:database|source-app)|added_to_library|record_last_updated|trash_state|reserved3",
    r".*/(?:publicationStmt/distributor|author/email)",  # HAL has addresses as sums
    # marks of one format
    r"\.(?:author|editor)\.(?:sequence|role\.role)|.*@.*|crossref|\.authorships\.author_position"
    r"|\.attributes\.(?:creators\.nameType|descriptions\.descriptionType)|.*/roleTerm"
    r"|.*/aff/label|.*/langUsage/language|\.versions\..*",  # of one version the day
    r"\.reference\.(?:key|doi-asserted-by|author)",  # of references that are printed whole
    # what OpenAlex read out of affiliations and names that are there as printed
    r"\.authorships\.(?:institutions|affiliations|countries|raw_orcid|author\.display_name).*",
    r"\.keywords\.id|\.mesh\.\w+_ui|\.abstract_inverted_index\..*",
    # days on which PubMed worked at the record
    r".*/(?:History/PubMedPubDate|DateRevised|DateCompleted|PubDate)/\w+|.*ReferenceList/Title",
    r".*/ArticleDate/\w+",  # one number as DEP
    r".*/Pagination/EndPage|.*/Book/Medium",  # within MedlinePgn; "Internet"
    # figures and tables, each with a DOI, and what Crossref says twice
    r".*/(?:component_list|crossmark|doi_data/collection)/.*",
))  # fmt: skip
