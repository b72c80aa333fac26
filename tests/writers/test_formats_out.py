"""The pages on formats say what the table of fields and the lists of readers and writers say."""

import re
from pathlib import Path

from linkage.readers.files import READERS
from linkage.records.format_fields import FIELDS
from linkage.tables.files import TABLE_SUFFIXES
from linkage.writers.records import WRITERS

READ = Path(__file__).parents[2] / "docs" / "formats.md"
PAGE = Path(__file__).parents[2] / "docs" / "formats_out.md"


def test_the_page_has_every_column_and_its_names():
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("|")
    ]
    shown = {row[0]: [cell.replace("`", "") for cell in row[1:]] for row in rows if len(row) == 6}
    for column, names in FIELDS.items():
        assert shown[column] == list(names), column


def test_the_page_has_every_reader_and_writer():
    lines = [line for line in READ.read_text("utf-8").splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    names = [name for row in rows for name in row[0].split(", ")]
    for reader in READERS:
        assert any(name.startswith(reader.name) for name in names), reader.name
    assert all(len(row) == 4 and row[1] and row[3] for row in rows)
    written = " ".join(row[2] for row in rows)
    assert {*re.findall(r"`(\.\w+)`", written)} == {*WRITERS, *TABLE_SUFFIXES}
