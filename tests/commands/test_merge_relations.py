"""`linkage merge --relations`: what papers are to each other goes into the clean file."""

import json

import pytest

from linkage.readers.files import read_records
from linkage.tables.files import read_table
from tests.helpers.command_line import run

LIBRARY = """\
@article{study, title = {Growth of moss on stones in the shade of spruce}, year = 2010,
 author = {Bell, Ana and Cole, Ben}, journal = {Bryologist}, volume = 3, pages = {1--9}}
@article{copy, title = {Growth of moss on stones in the shade of spruce}, year = 2010,
 author = {Bell, A. and Cole, B.}, journal = {Bryologist}, volume = 3, pages = {1--9}}
@article{notice, title = {Correction to: Growth of moss on stones in the shade of spruce},
 author = {Bell, Ana and Cole, Ben}, journal = {Bryologist}, year = 2011}
"""


@pytest.fixture
def files(tmp_path):
    library, clusters, relations = (tmp_path / n for n in ("in.bib", "clusters.csv", "rel.csv"))
    library.write_text(LIBRARY)
    run("papers", library, "-o", clusters, "--relations", relations)
    return clusters, library, relations


def test_each_merged_record_says_what_it_is_to_others(files, tmp_path):
    clusters, library, relations = files
    for name in ("clean.csv", "clean.json", "clean.bib"):
        run("merge", clusters, library, "--relations", relations, "-o", tmp_path / name)
    told = read_table(tmp_path / "clean.csv").set_index("record_id")["relations"]
    (study,) = set(told.index) - {"notice"}
    assert json.loads(told["notice"]) == [f"corrects {study}"]
    assert json.loads(told[study]) == ["corrected_by notice"]
    items = {item["id"]: item for item in json.loads((tmp_path / "clean.json").read_text())}
    assert items["notice"]["custom"]["relations"] == [f"corrects {study}"]
    entries = read_records(tmp_path / "clean.bib").set_index("record_id")
    assert entries["bibtex:relations"]["notice"] == f"corrects {study}"


def test_relations_of_other_records_or_none_are_refused(files, tmp_path):
    clusters, library, relations = files
    asked = ["merge", clusters, library, "-o", tmp_path / "clean.bib", "--relations"]
    said = run(*asked, clusters, code=1).stderr
    assert "clusters.csv: found columns record_id, cluster_id" in said
    relations.write_text("left_id,right_id\nnotice,study\n")
    assert "found no column relation" in run(*asked, relations, code=1).stderr
    relations.write_text("left_id,right_id,relation\nnotice,stranger,corrects\n")
    said = run(*asked, relations, code=1).stderr
    assert "rel.csv: found the record id 'stranger'" in said
    assert not (tmp_path / "clean.bib").exists()
