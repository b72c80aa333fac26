"""Papers are clusters of records, people clusters of mentions: the tables of both."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """What is clustered, and where that is kept.

    `letter`: of the ids; `things`: the table of all ids; `members`: the table of who was in which,
    with its columns `member` and `thing`.
    """

    name: str
    letter: str
    things: str
    members: str
    member: str
    thing: str


PAPER = Kind("paper", "p", "papers", "paper_members", "record_id", "paper_id")
PERSON = Kind("person", "a", "people", "person_members", "mention_id", "person_id")
KINDS = (PAPER, PERSON)
TRUE_AT = "from_run <= :run AND (to_run IS NULL OR to_run > :run)"
