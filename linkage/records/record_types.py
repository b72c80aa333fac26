"""What the sources call a kind of publication, and the one of `schema.TYPES` that it is."""

from __future__ import annotations

import re

from linkage.records.cells import text

# BibTeX, RIS, Zotero and plain English; compared in lower case without blanks and punctuation
_CALLED = {
    "article": "jour journalarticle articlejournal mgzn magazinearticle articlemagazine news"
    " newspaperarticle articlenewspaper ejour blog postweblog review reviewarticle originalarticle"
    " editorial letter note erratum shortsurvey articleinpress blogpost researcharticle"
    " periodical electronicarticle",
    "inproceedings": "conf cpaper conference conferencepaper conferencearticle"
    " conferenceproceedings proceedingspaper proceedingsarticle paperconference",
    "abstract": "conferenceabstract meetingabstract abst",
    "preprint": "inprogress inpr postedcontent unpb unpublished unpublishedwork manuscript"
    " workingpaper eprint",
    "book": "ebook wholebook edbook monograph booklet collection mvbook manual classic"
    " editedbook electronicbook pamphlet pamp",
    "incollection": "chap chapter bookchapter booksection inbook inreference echap ency encyc"
    " encyclopedia encyclopediaarticle entryencyclopedia electronicbooksection dictionary"
    " entrydictionary dict dictionaryentry bookinbook suppbook",
    "proceedings": "conferenceproceedingsvolume mvproceedings",
    "techreport": "rprt report technicalreport govdoc governmentdocument standard stand",
    "thesis": "phdthesis mastersthesis dissertation thes bathesis doctoralthesis",
    "dataset": "data aggr dbase",
    "software": "comp computerprogram program",
    "misc": "gen generic elec webpage online electronic document other hear bill case stat pat"
    " patent map video videorecording presentation slide audiorecording artwork forumpost email"
    " interview",
}
_TYPE_OF = {name: kind for kind, names in _CALLED.items() for name in [kind, *names.split()]}


def record_type(value: object) -> str | None:
    """Name the one of `schema.TYPES` a source means: `Journal Article` -> `article`; else `misc`.

    None where the source says nothing.
    """
    printed = text(value)
    if printed is None:
        return None
    return _TYPE_OF.get(re.sub(r"[^a-z]", "", printed.lower()), "misc")
