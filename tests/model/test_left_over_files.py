"""Files of writers that died: the next write beside them removes them, and nothing that is still being written."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from fitnet.files import partial_files
from fitnet.files.atomic_write import probe_folder, write_atomically
from fitnet.files.partial_files import machine, partial_file

WRITER = """
import os, signal, sys
from fitnet.files.atomic_write import write_atomically

os.fsync = lambda descriptor: (print("writing", flush=True), sys.stdin.readline())
write_atomically(sys.argv[1], b"from the other process")
"""
TOKEN = "0123456789abcdef"
A_DAY_AND_MORE = 90_000


def other_writer(path):
    """Another process, in the middle of writing to `path`; a line to it lets it go on."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout.readline() == "writing\n"
    return writer


def partials(folder):
    return [path for path in folder.iterdir() if path.suffix == ".partial"]


def test_next_write_removes_what_the_dead_left(tmp_path):
    for number in range(3):
        with other_writer(tmp_path / f"{number}.txt") as writer:
            writer.send_signal(signal.SIGKILL)
    assert len(partials(tmp_path)) >= 1
    write_atomically(tmp_path / "other", b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_file_of_a_living_process_stays(tmp_path):
    with other_writer(tmp_path / "its.txt") as writer:
        (its,) = partials(tmp_path)
        write_atomically(tmp_path / "ours.txt", b"ours")
        probe_folder(tmp_path)
        assert partials(tmp_path) == [its]
        writer.communicate("go on\n")
    assert writer.returncode == 0
    assert (tmp_path / "its.txt").read_bytes() == b"from the other process"
    assert (tmp_path / "ours.txt").read_bytes() == b"ours"
    assert partials(tmp_path) == []


def test_file_of_this_process_stays_even_where_locks_are_granted_twice(tmp_path, monkeypatch):
    with partial_file(tmp_path, 0o600) as ours:
        monkeypatch.setattr(fcntl, "flock", lambda *arguments: None)
        write_atomically(tmp_path / "other", b"data")
        assert ours.path.exists()
        ours.rename(tmp_path / "ours")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "ours"]


def test_many_writers_at_once_lose_nothing(tmp_path):
    failures = []

    def write_often(number):
        try:
            for _ in range(40):
                write_atomically(tmp_path / str(number), bytes([number]) * 1000)
        except OSError as error:
            failures.append(error)

    threads = [threading.Thread(target=write_often, args=(number % 3,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        str(number): bytes([number]) * 1000 for number in range(3)
    }


def test_file_that_was_removed_before_it_was_locked_is_made_again(tmp_path, monkeypatch):
    flock, removed = fcntl.flock, []

    def too_late(descriptor, kind):
        if not removed:
            removed.extend(partials(tmp_path))
            removed[0].unlink()
        flock(descriptor, kind)

    monkeypatch.setattr(fcntl, "flock", too_late)
    write_atomically(tmp_path / "file", b"data")
    assert (tmp_path / "file").read_bytes() == b"data"
    assert len(removed) == 1


NAMES = {
    "ours": (f".{machine()}-{TOKEN}.partial", True),
    "another machine's": (f".{'0' * 12}-{TOKEN}.partial", False),
    "of a release before": (f".{TOKEN}.partial", False),
}


@pytest.mark.parametrize("kind", NAMES)
def test_only_files_that_this_machine_can_judge_go_at_once(tmp_path, kind):
    name, goes = NAMES[kind]
    (tmp_path / name).write_bytes(b"half")
    write_atomically(tmp_path / "file", b"data")
    assert (tmp_path / name).exists() != goes
    if not goes:
        later = (tmp_path / name).stat().st_mtime - A_DAY_AND_MORE
        os.utime(tmp_path / name, (later, later))
        write_atomically(tmp_path / "file", b"data")
        assert not (tmp_path / name).exists()


@pytest.mark.parametrize("locks", ["refused", "absent"])
def test_without_locks_a_file_counts_as_left_over_after_a_day(tmp_path, monkeypatch, locks):
    def refused(descriptor, kind):
        raise OSError("no locks available")

    if locks == "refused":
        monkeypatch.setattr(fcntl, "flock", refused)
    else:
        monkeypatch.setattr(partial_files, "fcntl", None)
    young, old = (tmp_path / f".{machine()}-{digit * 16}.partial" for digit in "12")
    for path in (young, old):
        path.write_bytes(b"half")
    long_ago = old.stat().st_mtime - A_DAY_AND_MORE
    os.utime(old, (long_ago, long_ago))
    write_atomically(tmp_path / "file", b"data")
    assert young.exists()
    assert not old.exists()
    assert (tmp_path / "file").read_bytes() == b"data"


@pytest.mark.parametrize("name", ["notes.partial", f"{TOKEN}.partial", f".{TOKEN}.partial.txt", f".x{TOKEN}.partial"])
def test_other_peoples_files_stay(tmp_path, name):
    (tmp_path / name).write_bytes(b"mine")
    os.utime(tmp_path / name, (0, 0))
    write_atomically(tmp_path / "file", b"data")
    assert (tmp_path / name).read_bytes() == b"mine"


def test_what_has_such_a_name_and_is_no_file_stays(tmp_path):
    name = NAMES["ours"][0]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"mine")
    for make in (lambda path: path.mkdir(), lambda path: path.symlink_to(elsewhere), os.mkfifo):
        folder = tmp_path / "folder"
        folder.mkdir()
        make(folder / name)
        write_atomically(folder / "file", b"data")
        assert os.path.lexists(folder / name)
        for path in folder.iterdir():
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        folder.rmdir()
    assert elsewhere.read_bytes() == b"mine"


def test_folder_that_cannot_be_listed_does_not_fail_the_write(tmp_path, monkeypatch):
    def refused(folder):
        raise PermissionError("no reading here")

    monkeypatch.setattr(os, "scandir", refused)
    write_atomically(tmp_path / "file", b"data")
    assert Path(tmp_path / "file").read_bytes() == b"data"


@pytest.mark.parametrize("write", [probe_folder, lambda folder: write_atomically(folder / "file", b"data")])
def test_errors_name_what_the_user_named(tmp_path, monkeypatch, write):
    def refused(path, *arguments):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(PermissionError) as raised:
        write(tmp_path)
    assert raised.value.filename in (str(tmp_path), str(tmp_path / "file"))
