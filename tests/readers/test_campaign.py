"""Damaged files by the thousand: no traceback, no hang, and nothing lost that nobody was told of.

`LINKAGE_CAMPAIGN=20000 pytest -m slow tests/readers/test_campaign.py` tries more; each input is
made from its number alone.
"""

import os
import random
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from linkage import InputError, read_records, write_records
from linkage.errors import Problem
from linkage.readers.files import READERS
from linkage.tables.files import TABLE_SUFFIXES
from linkage.writers.records import WRITERS
from tests.helpers.damage import FORMATS, Library, damaged, encoded, library, word
from tests.helpers.hang import no_hang

FIRST, INPUTS = 300, int(os.environ.get("LINKAGE_CAMPAIGN", "1500"))
WRITTEN = (*WRITERS, *TABLE_SUFFIXES)


def fault(number: int, folder: Path) -> str | None:
    """What is wrong with reading the damaged input of this number; None: all is well."""
    chance = random.Random(number)
    made = library(chance, first=(number % 10_000) * 40)
    content = made.content
    if isinstance(content, str):
        content = damaged(chance, content)
    path = folder / f"x{made.suffix}"
    path.write_bytes(content if isinstance(content, bytes) else encoded(chance, content))
    problems: list[Problem] = []
    try:
        with no_hang():
            records = read_records(path, set_aside=problems)
    except InputError:
        return None
    except Exception as error:
        return f"{made.suffix}: {type(error).__name__}"
    lost = None if problems else lost_words(records, content, made)
    return lost and f"{made.suffix}: {lost}"


def lost_words(records: pd.DataFrame, content: str | bytes, made: Library) -> str | None:
    """Which word of the file is in no record, or not in that of its title."""
    rows = [str(row) for row in records.to_dict("records")]
    titles = [str(title) for title in records["title"]]
    moved = made.suffix in (".csv", ".tsv")
    for title, *others in made.words:
        if not isinstance(content, bytes) and title not in content:
            continue
        holding = [row for row, one in zip(rows, titles, strict=True) if title in one]
        # of cells that moved within a row nobody can tell
        holding = holding or [row for row in rows if moved and title in row]
        if not holding:
            return "title lost"
        if len(holding) > 1 and (isinstance(content, bytes) or content.count(title) == 1):
            return "title twice"
        if sum(one[0] in holding[0] for one in made.words) > 1:
            return "record swallowed"
        for other in others:
            if (isinstance(content, bytes) or other in content) and other not in holding[0]:
                return "author or volume lost"
    return None


def fault_of_writer(number: int, folder: Path) -> str | None:
    """What is wrong with writing the records of this number and reading them again."""
    chance = random.Random(number)
    odd = "".join(
        chance.choices("{}\"'\\,;|\t\r\n\x0b\x85\u2028\ud800\x00$%#&@=+- aé中\ufeff", k=9)
    )
    first = (number % 10_000) * 40
    rows = [
        {
            "record_id": f"{chance.choice(odd)}k{k}",
            "title": f"{odd}{word(first + k)}{odd}",
            "authors": [{"name": f"{word(first + 20 + k)} {chance.choice(odd)}"}],
            "pages": odd,
            "venue": odd,
            "volume": f"{odd}7",
            "carried": odd,
        }
        for k in range(3)
    ]
    rows.append(
        {"record_id": "bare", "title": word(first + 3), "authors": chance.choice(([], None))}
    )
    problems: list[Problem] = []
    path = folder / f"w{chance.choice(WRITTEN)}"
    try:
        with no_hang():
            write_records(pd.DataFrame(rows), path)
            again = read_records(path, set_aside=problems)
    except Exception as error:
        return f"writing {path.suffix}: {type(error).__name__}"
    whole = [word(first + k) in str(title) for k, title in enumerate(again["title"])]
    if whole != [True] * 4:
        return f"writing {path.suffix}: record lost"
    # of a cell with line ends and delimiters nobody can tell whether it swallowed rows
    if told := [one.expected for one in problems if one.expected != "a quotation within a row"]:
        return f"writing {path.suffix}: told {told[0]}"
    people = [word(first + 20 + k) in str(cell) for k, cell in enumerate(again["authors"])]
    return None if people == [True] * 3 + [False] else f"writing {path.suffix}: author lost"


def test_every_reader_is_tried():
    assert {name for name, _, _ in FORMATS} == {reader.name for reader in READERS}


@pytest.mark.parametrize(
    "numbers",
    [range(FIRST), pytest.param(range(FIRST, INPUTS), marks=pytest.mark.slow)],
    ids=["first", "others"],
)
def test_damaged_inputs_lose_nothing_in_silence(numbers):
    faults: Counter[str] = Counter()
    example: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            check = fault_of_writer if number % 5 == 0 else fault
            if found := check(number, Path(folder)):
                faults[found] += 1
                example.setdefault(found, number)
    told = [f"{found} ({n} times, first {example[found]})" for found, n in faults.items()]
    assert not told, "\n".join(told)
