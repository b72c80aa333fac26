"""No output is a file that is read, and none is named twice, whatever it is called."""

import os
import stat

import pytest

from linkage.errors import InputError
from linkage.running.leftovers import run_name
from linkage.tables.files import check_file
from linkage.tables.paths import check_paths, files_below
from tests.helpers.command_line import LIBRARY, run

READ = "which is read, expected another file to write to"
CONTENT = LIBRARY.read_text()


@pytest.fixture
def lib(tmp_path, monkeypatch):
    """A folder `lib` with an input in the working directory."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "refs.csv").write_text(CONTENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "lib"


def plain(lib):
    return lib / "refs.csv"


def relative(lib):
    return lib.relative_to(lib.parent) / ".." / "lib" / "refs.csv"


def symbolic_link(lib):
    link = lib.parent / "link.csv"
    link.symlink_to(lib / "refs.csv")
    return link


def hard_link(lib):
    link = lib.parent / "hard.csv"
    link.hardlink_to(lib / "refs.csv")
    return link


def linked_folder(lib):
    folder = lib.parent / "other"
    folder.symlink_to(lib)
    return folder / "refs.csv"


def other_case(lib):
    return lib / "REFS.csv"


def link_in_the_folder(lib):
    target = lib.parent / "away.csv"
    target.write_text(CONTENT)
    (lib / "here.csv").symlink_to(target)
    return target


def decomposed(lib):
    (lib / "caf\u00e9.csv").write_text(CONTENT)
    return lib / "cafe\u0301.csv"


NAMES = [plain, relative, symbolic_link, hard_link, linked_folder, other_case, link_in_the_folder,
         decomposed]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_input_is_not_overwritten_however_it_is_named(lib, name):
    output = name(lib)
    with pytest.raises(InputError, match=READ):
        check_paths([lib], [output])


@pytest.mark.parametrize("name", [plain, hard_link, other_case])
def test_a_file_that_is_named_itself_is_not_overwritten(lib, name):
    with pytest.raises(InputError, match=READ):
        check_paths([lib / "refs.csv"], [name(lib)])


@pytest.mark.parametrize("name", NAMES[1:])
def test_no_output_is_named_twice_however_it_is_named(lib, name):
    other = name(lib)
    first = lib / ("café.csv" if name is decomposed else "refs.csv")
    if name is link_in_the_folder:
        first = lib / "here.csv"
    with pytest.raises(InputError, match="is named twice"):
        check_paths([], [first, other])


def test_files_that_only_look_alike_may_be_written(lib):
    (lib / "inner").mkdir()
    (lib / "inner" / "refs.csv").write_text("an older result")  # not read with the folder
    check_paths([lib], [lib / "new.csv", lib.parent / "refs.csv", lib / "inner" / "refs.csv"])


def test_a_folder_of_folders_stands_for_all_files_in_them(lib):
    (lib / "inner").mkdir()
    (lib / "inner" / "gold.csv").write_text("")
    assert sorted(path.name for path in files_below(lib)) == ["gold.csv", "refs.csv"]
    with pytest.raises(InputError, match=READ):
        check_paths(files_below(lib), [lib / "inner" / "GOLD.csv"])


@pytest.mark.parametrize(
    "words",
    [
        ["papers", "lib", "-o", "lib/refs.csv"],
        ["papers", "lib", "-o", "out.csv", "--pairs", "lib/refs.csv"],
        ["papers", "lib", "-o", "out.csv", "--report", "lib/refs.csv"],
        ["papers", "lib", "-o", "out.csv", "--constraints", "known.csv", "--review", "KNOWN.csv"],
        ["papers", "lib", "-o", "out.csv", "--model", "m.json", "--report", "m.json"],
        ["authors", "lib", "-o", "lib/refs.csv"],
        ["authors", "lib", "-o", "out.csv", "--profiles", "lib/refs.csv"],
        ["authors", "lib", "-o", "out.csv", "--model", "m.json", "--profiles", "./lib/../m.json"],
        ["merge", "known.csv", "lib", "-o", "lib/refs.csv"],
        ["merge", "known.csv", "lib", "-o", "out.csv", "--conflicts", "known.csv"],
        ["compare", "lib", "known.csv", "-o", "known.csv"],
        ["sample", "known.csv", "lib", "-o", "lib/refs.csv"],
        ["label", "lib", "-o", "lib/refs.csv"],
        ["train", "papers", "lib", "-o", "lib/refs.csv"],
        ["train", "papers", "lib", "--labels", "known.csv", "-o", "known.csv"],
        ["evaluate", "known.csv", "known.csv", "--report", "known.csv"],
        ["benchmark", "papers", "--data", "sets", "-o", "sets/one/about.json"],
        ["benchmark", "authors", "--data", "sets", "-o", "sets/one/about.json"],
        ["benchmark", "labelling", "--data", "sets", "-o", "sets/one/about.json"],
        ["benchmark", "page", "m.json", "m.md", "-o", "m.html"],
    ],
)
def test_no_command_writes_over_what_it_reads(lib, words):
    folder = lib.parent
    (folder / "known.csv").write_text("left_id,right_id,same\na1,a2,1\n")
    (folder / "m.json").write_text("{}")
    (folder / "m.md").write_text("")
    (folder / "sets" / "one").mkdir(parents=True)
    (folder / "sets" / "one" / "about.json").write_text("{}")
    before = {path: path.read_bytes() for path in files_below(folder)}
    done = run(*words, code=1)
    if words[0] != "label" or "suffix" not in done.stderr:
        assert READ in done.stderr or "found the suffix" in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert {path: path.read_bytes() for path in files_below(folder)} == before


def test_a_device_or_a_pipe_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path / "null"):
        if path.name == "null":
            path.symlink_to("/dev/null")
        with pytest.raises(InputError, match="is a device or pipe"):
            check_file(path)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_where_nothing_can_be_written_is_told_before_the_work(tmp_path, monkeypatch):
    def refuse(path, mode):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("linkage.tables.paths.Path.open", refuse)
    monkeypatch.setattr("linkage.tables.paths.remove_leftovers", lambda _: None)
    monkeypatch.setattr("linkage.tables.paths.temporary_name", lambda: "trial")
    with pytest.raises(InputError, match=r"out\.csv: can't be written \(Read-only file system\)"):
        check_paths([], [tmp_path / "out.csv"])


def test_a_file_that_is_write_protected_stays(tmp_path, monkeypatch):
    path = tmp_path / "kept.csv"
    path.write_text("kept")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anything
    with pytest.raises(InputError, match=r"kept\.csv: is write-protected"):
        check_file(path)


def test_the_check_leaves_nothing_behind_and_removes_what_the_dead_left(tmp_path):
    place = run_name().split("-")[1]
    dead = tmp_path / f".linkage-{place}-4194305-7-0123456789ab.tmp"  # no system has that process
    dead.write_text("half")
    check_paths([], [tmp_path / "out.csv"])
    assert list(tmp_path.iterdir()) == []
