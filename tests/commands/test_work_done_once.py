"""No work is done twice, whatever a command is asked for: each step is counted."""

from contextlib import ExitStack
from unittest import mock

import pytest

from linkage.authors import linker as author_linker
from linkage.authors import review as author_review
from linkage.linking import estimator
from linkage.papers import batches, linker
from linkage.papers import review as paper_review
from linkage.records import schema
from tests.helpers.command_line import LIBRARY, run

# where each step is done -> its name there; `conform` is looked for wherever it is imported
PAPER_STEPS = [
    (estimator, "load_model"),
    (batches, "read_papers"),
    (linker, "prepare_batches"),
    (paper_review, "review_list"),
]
AUTHOR_STEPS = [
    (estimator, "load_model"),
    (author_linker, "list_mentions"),
    (author_linker, "prepare_mentions"),
    (author_review, "author_review"),
]


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("papers", ["--review", "r.csv", "--report", "r.html"]),
        ("authors", ["--review", "r.csv", "--profiles", "p.html", "--report", "r.html"]),
    ],
)
def test_each_step_is_done_once(command, asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    steps = PAPER_STEPS if command == "papers" else AUTHOR_STEPS
    with ExitStack() as stack:
        checked = stack.enter_context(
            mock.patch.object(schema, "_check_columns", wraps=schema._check_columns)
        )
        done = {
            name: stack.enter_context(mock.patch.object(room, name, wraps=getattr(room, name)))
            for room, name in steps
        }
        run(command, LIBRARY, "-o", "out.csv", *asked)
    assert {name: step.call_count for name, step in done.items()} == dict.fromkeys(done, 1)
    assert checked.call_count == 1  # `conform` begins with it, whoever calls
