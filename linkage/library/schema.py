"""The tables of a library, as docs/library.md explains them.

What was true from one run to another has `from_run` and `to_run` (NULL: still true), so nothing is
ever overwritten: at run R it was so if `from_run <= R` and `to_run` is NULL or above R.
"""

from __future__ import annotations

APPLICATION = 0x62_69_62_6C  # "bibl", in the header of the file: SQLite's application_id
BUSY_SECONDS = 5.0

_FIRST = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE runs (
    run INTEGER PRIMARY KEY, command TEXT NOT NULL, at TEXT NOT NULL, version TEXT NOT NULL,
    paper_model TEXT, author_model TEXT,
    records INTEGER, papers INTEGER, people INTEGER, questions INTEGER
);
CREATE TABLE sources (
    source TEXT PRIMARY KEY, records INTEGER NOT NULL, withdrawn INTEGER NOT NULL
);
CREATE TABLE records (
    number INTEGER PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, source TEXT NOT NULL,
    first_run INTEGER NOT NULL
);
CREATE INDEX records_of_source ON records (source);
CREATE TABLE versions (
    record_id TEXT NOT NULL, from_run INTEGER NOT NULL, to_run INTEGER,
    source_record_id TEXT NOT NULL, given INTEGER NOT NULL, digest TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (record_id, from_run)
);
CREATE INDEX versions_now ON versions (source_record_id) WHERE to_run IS NULL;
CREATE INDEX versions_of_run ON versions (from_run);
CREATE INDEX versions_to_run ON versions (to_run);
CREATE TABLE record_keys (
    key INTEGER NOT NULL, record_id TEXT NOT NULL, PRIMARY KEY (key, record_id)
) WITHOUT ROWID;
CREATE TABLE papers (
    number INTEGER PRIMARY KEY, paper_id TEXT NOT NULL UNIQUE, first_run INTEGER NOT NULL
);
CREATE TABLE people (
    number INTEGER PRIMARY KEY, person_id TEXT NOT NULL UNIQUE, first_run INTEGER NOT NULL
);
CREATE TABLE paper_members (
    record_id TEXT NOT NULL, paper_id TEXT NOT NULL, from_run INTEGER NOT NULL, to_run INTEGER
);
CREATE INDEX paper_members_of_record ON paper_members (record_id);
CREATE INDEX paper_members_of_paper ON paper_members (paper_id);
CREATE TABLE person_members (
    mention_id TEXT NOT NULL, person_id TEXT NOT NULL, from_run INTEGER NOT NULL, to_run INTEGER
);
CREATE INDEX person_members_of_mention ON person_members (mention_id);
CREATE INDEX person_members_of_person ON person_members (person_id);
CREATE TABLE changes (
    run INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, change TEXT NOT NULL,
    other_id TEXT, members INTEGER NOT NULL, reason TEXT NOT NULL
);
CREATE INDEX changes_of_run ON changes (run);
CREATE INDEX changes_of_id ON changes (id);
CREATE INDEX changes_of_other ON changes (other_id);
CREATE TABLE judgements (
    number INTEGER PRIMARY KEY, judgement_id TEXT NOT NULL UNIQUE, run INTEGER NOT NULL,
    kind TEXT NOT NULL, left_id TEXT, right_id TEXT, left_name TEXT, right_name TEXT,
    verdict TEXT NOT NULL, takes_back TEXT, who TEXT NOT NULL, at TEXT NOT NULL, note TEXT,
    probability REAL
);
CREATE TABLE opinions (
    judgement_id TEXT NOT NULL, run INTEGER NOT NULL, probability REAL NOT NULL,
    disagrees INTEGER NOT NULL
);
CREATE TABLE warnings (kind TEXT NOT NULL, judgement_id TEXT NOT NULL, told TEXT NOT NULL);
CREATE TABLE questions (
    kind TEXT NOT NULL, left_id TEXT NOT NULL, right_id TEXT NOT NULL, probability REAL NOT NULL,
    decision TEXT NOT NULL, reason TEXT NOT NULL
);
"""

_REVIEW = """
CREATE TABLE joins (
    kind TEXT NOT NULL, left_id TEXT NOT NULL, right_id TEXT NOT NULL, probability REAL NOT NULL
);
CREATE TABLE apart (
    kind TEXT NOT NULL, left_id TEXT NOT NULL, right_id TEXT NOT NULL, probability REAL NOT NULL
);
CREATE TABLE bands (
    kind TEXT PRIMARY KEY, low REAL NOT NULL, high REAL NOT NULL, threshold REAL NOT NULL,
    apart INTEGER NOT NULL
);
"""

# An index that holds the living rows, too, is taken for those of a few ids: all are gone through.
_KEPT = """
DROP INDEX versions_to_run;
CREATE INDEX versions_to_run ON versions (to_run) WHERE to_run IS NOT NULL;
CREATE TABLE kept_counts (
    run INTEGER NOT NULL, records INTEGER NOT NULL, changed INTEGER NOT NULL,
    words BLOB NOT NULL, partners TEXT NOT NULL
);
CREATE TABLE kept_records (part INTEGER PRIMARY KEY, rows BLOB NOT NULL);
CREATE TABLE kept_pairs (part INTEGER PRIMARY KEY, rows BLOB NOT NULL);
"""
_RULES = "ALTER TABLE apart ADD COLUMN rule TEXT NOT NULL DEFAULT ''"

MIGRATIONS = (
    ("the first tables", _FIRST),
    ("what a review shows", _REVIEW),
    ("what makes the next run quicker", _KEPT),
    ("the rules that keep apart what a review shows", _RULES),
)  # the next format is one more, never another first
FORMAT = len(MIGRATIONS)  # the user_version of the file
