"""Real exports in the folder that the environment variable LINKAGE_EXPORTS names.

The tests are for folders that hold bibliographic files and nothing else.
"""

import os
import random
from functools import cache
from pathlib import Path

import pytest

from linkage import read_records
from linkage.readers.encodings import decoded, encoding_of

EXPORTS = os.environ.get("LINKAGE_EXPORTS")
pytestmark = pytest.mark.skipif(not EXPORTS, reason="LINKAGE_EXPORTS names no folder")
SAMPLES = 200


@cache
def lines():
    """Title, authors, year and venue of each record, a line each."""
    folders = sorted(path for path in Path(EXPORTS).iterdir() if path.is_dir())
    records = read_records(folders, set_aside=[])
    cells = zip(*(records[c] for c in ("title", "authors", "year", "venue")), strict=True)
    return sorted({
        ",".join((str(t), "; ".join(a["name"] for a in people or []), str(y), str(v)))
        for t, people, y, v in cells
    })  # fmt: skip


def samples(codec):
    """Samples of 100 lines, of which some are not ASCII and all can be written in the encoding."""
    there = [line for line in lines() if line.encode(codec, "ignore").decode(codec) == line]
    foreign = [line for line in there if not line.isascii()]
    chance = random.Random(codec)
    for _ in range(SAMPLES):
        some = chance.sample(there, 100)
        if all(map(str.isascii, some)):
            some[chance.randrange(100)] = chance.choice(foreign)
        yield "\n".join(["title,authors,year,venue", *some])


@pytest.mark.parametrize(("codec", "most"), [("cp1252", 0), ("mac_roman", 2), ("cp1250", 2)])
def test_no_letter_is_read_as_another(codec, most):
    wrong = []
    for text in samples(codec):
        data = text.encode(codec)
        # the same bytes may stand for the same letters in both
        if decoded(data, encoding_of(data).codec) != text:
            wrong.append(text)
    assert len(wrong) <= most


def test_every_file_is_read_or_named():
    folders = sorted(path for path in Path(EXPORTS).iterdir() if path.is_dir())
    problems = []
    records = read_records(folders, set_aside=problems)
    assert not [problem for problem in problems if problem.fate == "file not read"]
    files = {path for folder in folders for path in folder.iterdir()}
    assert len(set(records["source"])) >= len({path.name for path in files})
