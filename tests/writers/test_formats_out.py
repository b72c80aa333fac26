"""The page on what is written says what the table of fields says."""

from pathlib import Path

from linkage.records.format_fields import FIELDS

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
