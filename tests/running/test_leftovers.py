"""What dead runs left is removed; what may be of use to anybody else is not."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from linkage.running import leftovers
from linkage.running.leftovers import (
    choose_temporary_folder,
    remove_leftovers,
    run_name,
    temporary_folder,
    temporary_name,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="nothing is removed elsewhere")

_, PLACE, OWN, START = run_name().split("-")
NOBODY = "4194305"  # more than any process id on Linux


@pytest.fixture(scope="module")
def ended():
    """The id of a process that ended and was waited for, and of one that was not."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    zombie = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    zombie.stdout.read()
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    yield str(done.pid), str(zombie.pid)
    zombie.communicate()


def put(folder, name):
    """A file of that name; a folder with a file in it where it has no suffix."""
    if name.endswith(".tmp"):
        (folder / name).write_text("half")
    else:
        (folder / name / "inner").mkdir(parents=True)
        (folder / name / "inner" / "half").write_text("")


@pytest.mark.parametrize("form", [".linkage-{}-{}-{}-0123456789ab.tmp", "linkage-{}-{}-{}-abc_d7x0",
                                  ".linkage-{}-{}-{}-00ff.tmp"])  # fmt: skip
def test_what_a_dead_run_left_is_removed(tmp_path, ended, form):
    names = [form.format(PLACE, pid, 7) for pid in (*ended, NOBODY, "9" * 30)]
    if sys.platform == "linux":
        names.append(form.format(PLACE, OWN, int(START) - 1))  # the number is used again
    for name in names:
        put(tmp_path, name)
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "linkage-{PLACE}-{OWN}-{START}-abcdefgh",  # a living run's
        ".linkage-{PLACE}-{OWN}-{START}-0123456789ab.tmp",
        "linkage-{PLACE}-1-0-abcdefgh",  # living, nobody knows since when
        "linkage-00000000-{NOBODY}-7-abcdefgh",  # another machine's
        ".linkage-00000000-{NOBODY}-7-0123456789ab.tmp",
        "linkage-abcdefgh",  # strangers' names
        "linkage-{PLACE}-{NOBODY}-7",
        "my-linkage-{PLACE}-{NOBODY}-7-abcdefgh",
        "linkage-{PLACE}-{NOBODY}-7-abcdefgh.csv.tmp",
        "linkage-{PLACE}-{NOBODY}-x-abcdefgh",
        ".clusters.csv.0123.tmp",
    ],
)
def test_what_may_be_in_use_stays(tmp_path, name):
    name = name.format(PLACE=PLACE, OWN=OWN, START=START, NOBODY=NOBODY)
    put(tmp_path, name)
    remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_belongs_to_another_user_stays(tmp_path, monkeypatch):
    name = f"linkage-{PLACE}-{NOBODY}-7-abcdefgh"
    put(tmp_path, name)
    monkeypatch.setattr(os, "getuid", lambda: 12345678)
    remove_leftovers(tmp_path)
    assert (tmp_path / name).is_dir()


def test_a_link_is_removed_and_not_followed(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("kept")
    (tmp_path / f"linkage-{PLACE}-{NOBODY}-7-abcdefgh").symlink_to(tmp_path / "kept")
    remove_leftovers(tmp_path)
    assert [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*")] == ["kept", "kept/file"]


def test_semaphores_of_dead_runs_are_removed(tmp_path, monkeypatch, ended):
    done, _ = ended
    shared, temporary = tmp_path / "shm", tmp_path / "tmp"
    shared.mkdir()
    temporary.mkdir()
    for name in (f"sem.loky-{done}-a", f"sem.loky-{done}7-a", f"sem.loky-{OWN}-a", "sem.mp-x"):
        (shared / name).write_text("")
    put(temporary, f"linkage-{PLACE}-{done}-7-abcdefgh")
    if sys.platform == "linux":
        put(temporary, f"linkage-{PLACE}-{OWN}-{int(START) - 1}-abcdefgh")
    monkeypatch.setattr(leftovers, "_SEMAPHORES", shared)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    remove_leftovers()
    assert list(temporary.iterdir()) == []
    assert {path.name for path in shared.iterdir()} == {
        f"sem.loky-{done}7-a", f"sem.loky-{OWN}-a", "sem.mp-x",
    }  # fmt: skip


def test_own_names_are_recognised_and_differ(tmp_path):
    names = {temporary_name() for _ in range(100)}
    assert len(names) == 100
    with temporary_folder() as folder:
        names.add(folder.name)
    assert not folder.exists()
    assert all(leftovers._OURS.fullmatch(name) for name in names)


def test_a_folder_that_is_not_there_holds_nothing():
    remove_leftovers(Path("no", "such", "folder"))


def test_the_folder_for_temporary_files_is_chosen_without_a_file_in_it(tmp_path, monkeypatch):
    """Python tries whether it can write: what is killed meanwhile leaves that file."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    before = (tmp_path / "folder").stat().st_mtime_ns
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "file"))
    monkeypatch.setenv("TEMP", str(tmp_path / "folder"))
    choose_temporary_folder()
    assert tempfile.gettempdir() == str(tmp_path / "folder")
    assert (tmp_path / "folder").stat().st_mtime_ns == before


def test_a_folder_for_temporary_files_that_was_chosen_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "chosen")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    choose_temporary_folder()
    assert tempfile.tempdir == "chosen"
