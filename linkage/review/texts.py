"""All words of the review, by language: another language is another table with the same keys.

`{name}` stands for a value; `key_1` is a text for n = 1.
"""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = {
    "review": "Review",
    "papers": "Papers",
    "people": "People",
    "overview": "Overview",
    "questions": "Questions",
    "history": "Verdicts",
    "search": "Search",
    "finish": "Finish",
    "skip_link": "To the content",
    # bands
    "band_sure": "Surely the same",
    "band_probable": "Probably the same",
    "band_close": "Close calls",
    "band_apart": "Surely different",
    "about_sure": "Joined with a probability over {sure}.",
    "about_probable": "Joined with a probability over {high}.",
    "about_close": "The model is not sure: these are worth your time.",
    "about_apart": "Compared, and kept apart with a probability under {low}.",
    "pair": "pair",
    "pairs": "pairs",
    "open": "open",
    "sample": "Look at a sample",
    "accept": "Accept all {n}",
    "accept_close": "Accept what is open ({n}) as decided",
    "accepted": "{n} verdicts kept: {band}, as decided.",
    "all_accepted": "All accepted.",
    "accept_note": "accepted with the band “{band}”",
    "nothing_here": "Nothing is in this band.",
    "bands_heading": "How sure the model is",
    "bands_picture": "Joins by probability, from {low} to 1",
    "chart_heading": "Probabilities of what is joined or close",
    "chart_label": "Pairs by probability: {told}",
    "next_heading": "What to do next",
    "next_open": "{n} questions are open. One key answers each.",
    "next_open_1": "One question is open. One key answers it.",
    "next_time": "About {n} minutes are left at your pace.",
    "next_time_1": "About a minute is left at your pace.",
    "next_none": "All close calls are answered. Look at samples of the other bands, or finish.",
    "start": "Start",
    "enter": "Enter",
    "go_on": "Go on",
    "so_far": "So far: {same} the same, {different} different, {unsure} can't say.",
    # samples and what they show
    "sample_heading": "Sample: {band}",
    "sample_about": "Drawn at random from {n} pairs. Judge as many as you like: each makes the"
    " statement below stronger.",
    "shown_yet": "You judged {judged} of this band, {wrong} of them wrongly decided: at most"
    " {share} % of it is wrong (95 %).",
    "shown_nothing": "Nothing is shown yet: judge some of these.",
    "judged_as": "You said: {verdict}",
    # a question
    "question_same": "Are these two the same paper?",
    "question_same_people": "Are these the same person?",
    "question_n": "{done} of {all} answered",
    "decided_same": "The model took them to be the same (probability {p}).",
    "decided_different": "The model kept them apart (probability {p}).",
    "decided_same_as_a_whole": "The model is unsure of the two (probability {p}), but took their"
    " group as a whole to be one.",
    "decided_different_as_a_whole": "The two look alike (probability {p}), but the model kept their"
    " groups as a whole apart.",
    "decided_rule": "A rule kept them apart, whatever the model says: {rule}",
    "decided_same_unscored": "They are the same as it stands, by way of others.",
    "decided_different_unscored": "They are apart as it stands.",
    "same": "Same",
    "different": "Different",
    "can't say": "Can't say",
    "taken back": "Taken back",
    "skip": "Skip",
    "undo": "Undo",
    "back": "Back",
    "keys_help": "Keys: S same, D different, C can't say, N skip, U undo, B back, A more,"
    " H help.",
    "left": "Left",
    "right": "Right",
    "field": "Field",
    "not_given": "not given",
    "state_same": "the same",
    "state_alike": "the same but for its spelling: capitals, accents, initials",
    "state_differs": "different",
    "state_one side": "known on one side only",
    "more": "Abstract and more",
    "open_doi": "Open the DOI",
    "in_words": "In words",
    "before": "You said: {verdict}. Another key changes it.",
    "group_of": "Its group",
    "alone": "Stands alone",
    "records_n": "{n} records",
    "records_n_1": "1 record",
    "mentions_n": "{n} papers",
    "mentions_n_1": "1 paper",
    "links_known": "What was said of these groups before",
    "said_on": "{left} and {right}: {verdict}, says {who}",
    # flags
    "flag_same_id": "Same {name}",
    "flag_other_id": "Different {name}",
    "flag_retracted_left": "The left is marked as retracted",
    "flag_retracted_right": "The right is marked as retracted",
    "relation_retracts": "The {side} may be a notice that retracts the other",
    "relation_corrects": "The {side} may be an erratum of the other",
    "relation_replies_to": "The {side} may be a reply to the other",
    "relation_comments_on": "The {side} may be a comment on the other",
    "relation_part_of": "The {side} may be a part of the other",
    "relation_new_edition_of": "The {side} may be a later edition of the other",
    "relation_sibling_part": "Perhaps two parts or years under one title",
    "relation_translation_of": "The {side} may be a translation of the other",
    "relation_version_of": "The {side} may be another version of the other, such as a preprint",
    "relation_same_title_only": "Perhaps the same title only",
    "relation_other": "The two may be related: {reason}",
    "for": "for the same",
    "against": "against",
    "neither": "note",
    # people
    "published": "Papers",
    "years": "Years",
    "names": "Printed as",
    "orcid": "ORCID",
    "affiliation": "Affiliation",
    "email": "E-mail",
    "common_coauthors": "Co-authors of both",
    "common_venues": "Venues of both",
    "none_in_common": "none in common",
    "same_orcid": "Same ORCID",
    "other_orcid": "Different ORCIDs",
    "circles": "Co-authors of the left, of both, of the right",
    "circles_told": "Left only: {left}. Both: {both}. Right only: {right}.",
    "nobody": "nobody",
    "asked_here": "asked about",
    "and_more": "and {n} more",
    # said after something was done
    "saved": "Saved: {verdict}.",
    "skipped": "Skipped: it comes again at the end.",
    "undone": "Taken back.",
    "nothing_to_undo": "Nothing to undo in this sitting.",
    "nothing_back": "There is no question before this one.",
    "taken": "{n} verdicts taken back.",
    "all_answered": "All close calls are answered",
    "all_answered_about": "Thank you. You can look at samples of the other bands, read your"
    " verdicts, or finish.",
    "go_beyond": "Go on with the {n} other joins, the closest first",
    # history
    "history_none": "No verdict holds yet.",
    "filter": "Filter",
    "filter_words": "Words",
    "filter_who": "Reviewer",
    "filter_verdict": "Verdict",
    "anyone": "anyone",
    "any": "any",
    "who": "Who",
    "when": "When",
    "verdict": "Verdict",
    "note": "Note",
    "take_back": "Take back",
    "take_back_all": "Take back all {n} of these",
    "was_taken_back": "taken back",
    "overridden": "overridden",
    "download": "Save the verdicts that hold as a file",
    "disagreements": "Disagreements",
    "disagreements_none": "No two reviewers disagree.",
    "disagree": "{one} said {first}; {other} said {second}",
    "shown_of": "{shown} of {all} shown",
    # search and groups
    "search_label": "Words of a title, a name, a DOI or an id",
    "search_go": "Search",
    "found_n": "{n} found",
    "members": "Members",
    "split_about": "Take the tick off what does not belong here: it is split off.",
    "split_effect": "{stay} stay together, {leave} are split off.",
    "split": "Split off what has no tick",
    "split_done": "{n} verdicts kept: split off.",
    "split_nothing": "Nothing was split off: leave some ticked and some not.",
    "split_note": "split by hand",
    "merge": "Join with another",
    "merge_about": "The id of another paper or person, or of one of its members.",
    "merge_done": "Kept: the two are one.",
    "merge_note": "joined by hand",
    "later": "Groups change when the review is finished.",
    # the end
    "finish_about_library": "Your verdicts are in the library already. Finishing links all records"
    " anew by them.",
    "finish_about_file": "Your verdicts are in {file} already; the same command goes on later.",
    "finish_now": "Finish the review",
    "ended": "The review has ended",
    "ended_about": "You can close this window. The terminal says what changed.",
    "ended_about_file": "You can close this window. Your verdicts are in {file}; the terminal says"
    " the command that links by them.",
    "help": "Help",
    "not_saved": "Not saved: the review does not answer. Start it again; what you answered before"
    " is kept.",
    "error": "That did not work",
}  # fmt: skip

TEXTS: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH}


class Words:
    """The words of one language: `words("saved", verdict="Same")`."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self._texts = TEXTS[language]

    def flag(self, kind: str, values: Mapping[str, str]) -> str:
        """What must not be overlooked, in words."""
        if kind != "relation":
            return self(f"flag_{kind}", **values)
        key = f"relation_{values['name']}"
        told = dict(values) | {"side": self(values["side"]).lower()}
        return self(key if key in self._texts else "relation_other", **told)

    def __call__(self, key: str, **values: object) -> str:
        """A text with its values; numbers get their commas."""
        if values.get("n") == 1:
            key = f"{key}_1" if f"{key}_1" in self._texts else key
        told = {k: f"{v:,}" if isinstance(v, int) else v for k, v in values.items()}
        return self._texts[key].format(**told) if told else self._texts[key]
