"""What nobody foresaw is one sentence, too; `--debug` shows more."""

import gzip
import logging
import os
import sys

import pytest

from linkage.cli import main
from linkage.errors import InputError
from linkage.papers.linker import PaperLinker
from linkage.readers import files, packing, source, streams
from linkage.readers.tables import columns
from tests.helpers.command_line import LIBRARY, run, start
from tests.helpers.records import library, table

ROWS = b"title,authors,year\nMoss in Estonia,Ana Abendroth,2001\nKelp,Boris Brzezicki,2003\n"


@pytest.fixture
def broken(monkeypatch):
    """Reading fails as no reader should."""

    def fail(table, *_):
        for record_id in table["record_id"]:
            raise KeyError(f"no\n{record_id[:1]}")

    monkeypatch.setattr(columns, "canonical", fail)


@pytest.mark.parametrize("command", ["papers", "authors"])
def test_an_error_of_ours_names_the_file_the_record_and_where_to_report(tmp_path, broken, command):
    done = run(command, LIBRARY, "-o", tmp_path / "out.csv", code=1)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"linkage: {LIBRARY}: record 'a1': found KeyError ('no\\na') at ")
    assert "please report it with what --debug shows to " in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [RecursionError("deep"), AssertionError(), UnicodeError("x\ny")])
def test_any_error_is_one_sentence(tmp_path, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(PaperLinker, "link_tables", fail)
    done = run("papers", LIBRARY, "-o", tmp_path / "out.csv", code=1)
    (line,) = done.stderr.splitlines()
    assert f"found {type(error).__name__} (" in line


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (MemoryError(), "linkage: system: found too little memory"),
        (PermissionError(13, "Permission denied", "x.csv"), "linkage: x.csv: "),
        (OSError("odd"), "linkage: system: odd"),
    ],
)
def test_what_the_system_refuses_is_no_error_of_ours(tmp_path, monkeypatch, error, told):
    def fail(*_):
        raise error

    monkeypatch.setattr(PaperLinker, "link_tables", fail)
    done = run("papers", LIBRARY, "-o", tmp_path / "out.csv", code=1)
    assert done.stderr.startswith(told)
    assert "report it" not in done.stderr


@pytest.mark.parametrize("place", [0, 1, 4])
def test_debug_before_or_after_the_command_gives_the_traceback(
    tmp_path, monkeypatch, capsys, place
):
    words = ["papers", str(tmp_path / "none.csv"), "-o", str(tmp_path / "out.csv")]
    words.insert(place, "--debug")
    monkeypatch.setattr(sys, "argv", ["linkage", *words])
    monkeypatch.setattr(logging.getLogger("linkage"), "propagate", True)  # put back at the end
    with pytest.raises(SystemExit, match="1"):
        main()
    first, *_, last = capsys.readouterr().err.splitlines()
    assert first == "Traceback (most recent call last):"
    assert last == f"linkage: {tmp_path / 'none.csv'}: no such file"


def test_debug_behind_two_dashes_is_a_name(tmp_path):
    done = run("papers", "-o", tmp_path / "out.csv", "--", "--debug", code=1)
    assert done.stderr == "linkage: --debug: no such file\n"


@pytest.mark.parametrize(
    ("name", "command"), [(b"caf\xe9.csv", start), (b"\xff\xfe.csv", run), (b"a\x80b.csv.gz", run)]
)
def test_a_file_whose_name_is_not_utf8_is_read(tmp_path, name, command):
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(gzip.compress(ROWS) if path.suffix == ".gz" else ROWS)
    output = path.with_suffix(".out.csv")
    done = command("papers", path, "-o", output, "--report", tmp_path / "r.html")
    assert done.stderr.startswith("2 records, 2 papers, 0 duplicates: ")
    assert output.read_text(encoding="utf-8").splitlines()[1].count(":1") == 2
    command("evaluate", output, output)


@pytest.mark.parametrize(
    ("content", "command"),
    [(b"name,value\n1,2\n", start), (b"", run), (b"\x89PNG\r\n\x1a\n\0\0", run)],
)
def test_a_file_whose_name_is_not_utf8_is_told(tmp_path, content, command):
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    path.write_bytes(content)
    done = command("papers", path, "-o", tmp_path / "out.csv", code=1)
    (line,) = done.stderr.splitlines()
    assert "caf\\udce9.csv: " in line


@pytest.mark.parametrize("member", [b"a", b"title\nMoss\n", b'{"title": "Moss"}\n'])
def test_a_bomb_is_one_sentence(tmp_path, monkeypatch, member):
    monkeypatch.setattr(packing, "LEAST_BOUND", 1000)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(member * 3_000_000, 9))
    done = run("papers", path, "-o", tmp_path / "out.csv", code=1)
    (line,) = done.stderr.splitlines()
    most = 100 * path.stat().st_size
    assert f"bomb.csv.gz: can't be read (it unpacks to more than {most:,} bytes, which no" in line


def test_a_bomb_that_is_read_some_at_a_time_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "LEAST_BOUND", 1000)
    monkeypatch.setattr(streams, "LARGE", 1000)
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"title": "Moss"}\n' * 300_000, 9))
    done = run("papers", path, "-o", tmp_path / "out.csv", code=1)
    assert "bomb.jsonl.gz: can't be read (it unpacks to more than " in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("size", [1, 200, 100_000])
def test_what_shrinks_well_is_no_bomb(tmp_path, size):
    path = tmp_path / "many.csv.gz"
    path.write_bytes(gzip.compress(b"title\n" + b"Moss in Estonia\n" * size))
    assert len(source.open_source(path).data) == 6 + 16 * size


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--threshold", value) for value in ("nan", "2", "-0.1", "x")),
        *(("--jobs", value) for value in ("0", "65", "x", "1.5")),
    ],
)
def test_a_number_out_of_its_range_is_wrong_usage(tmp_path, option, value):
    done = run("papers", LIBRARY, "-o", tmp_path / "out.csv", option, value, code=2)
    assert option in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("threshold", [float("nan"), 1.5, -1])
def test_a_threshold_that_is_no_probability_is_refused(threshold):
    with pytest.raises(InputError, match="expected a probability from 0 to 1"):
        PaperLinker(threshold=threshold).link(table(*library(2)))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--memory-limit", "-5GB"], "found the memory limit '-5GB'"),
        (["--memory-limit", ""], "found the memory limit ''"),
        (["--memory-limit", "1e400GB"], "found the memory limit '1e400GB'"),
        (["--model", "authors"], "the model is for authors"),
        (["--model", "none.json"], "no such model file"),
    ],
)
def test_wrong_settings_are_told_before_anything_is_read(tmp_path, monkeypatch, words, told):
    monkeypatch.setattr(files, "_sources", lambda *_: pytest.fail("read"))
    done = run("papers", LIBRARY, "-o", tmp_path / "out.csv", *words, code=1)
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
