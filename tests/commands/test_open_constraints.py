"""Constraints without an answer, as a list for review has them, are told once."""

import pandas as pd
import pytest

from tests.helpers.command_line import run

RECORDS = "record_id,title,authors\na,Moss,Ana Abendroth\nb,Fern,Bo Brock\nc,Kelp,Cy Cole\n"
PAIRS = "left_id,right_id,{}\na,b,1\na,c,\nb,c, \n"


@pytest.mark.parametrize("label", ["same", "label"])
@pytest.mark.parametrize("command", ["papers", "dedupe"])
def test_open_constraints_are_told_once(tmp_path, command, label):
    records, pairs = tmp_path / "x.csv", tmp_path / "pairs.csv"
    records.write_text(RECORDS)
    pairs.write_text(PAIRS.format(label))
    done = run(command, records, "-o", tmp_path / "out.csv", "--constraints", pairs)
    told = f"pairs.csv: found no answer in '{label}' of 2 rows, left open"
    assert done.stderr.count(told) == 1
    pairs.write_text(PAIRS.format(label).partition("a,c")[0])
    done = run(command, records, "-o", tmp_path / "out.csv", "--constraints", pairs)
    assert "left open" not in done.stderr
    assert pd.read_csv(tmp_path / "out.csv")["record_id"].is_unique
