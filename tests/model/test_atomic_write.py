"""Writing a model: the whole new file or the whole old one, whatever goes wrong."""

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fitnet import Model, Network, load
from fitnet.files.atomic_write import write_atomically


@pytest.fixture
def path(model, tmp_path):
    """A model that is there already."""
    model.save(tmp_path / "m.fitnet")
    return tmp_path / "m.fitnet"


@pytest.fixture
def larger():
    """Another model, of about 80 kB."""
    network = Network.of_widths((2, 100, 100, 1))
    return Model(network, np.full(network.n_parameters, 0.5))


def fail_with(number):
    def fail(*arguments):
        raise OSError(number, os.strerror(number))

    return fail


def assert_untouched(path, old, others=()):
    """The old file is whole, and nothing else lies beside it."""
    assert path.read_bytes() == old
    load(path)
    assert sorted(path.parent.iterdir()) == sorted([path, *others])


def test_new_bytes_replace_the_old(tmp_path):
    target = tmp_path / "file"
    for data in (b"one", b"", b"three" * 100_000):
        write_atomically(target, data)
        assert target.read_bytes() == data
        assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_full_disk_leaves_the_old_file(monkeypatch, path, larger, number):
    old = path.read_bytes()
    monkeypatch.setattr(os, "fsync", fail_with(number))
    with pytest.raises(OSError, match=os.strerror(number)) as raised:
        larger.save(path)
    assert (raised.value.errno, raised.value.filename) == (number, str(path))
    assert_untouched(path, old)


def test_full_disk_leaves_nothing_where_nothing_was(monkeypatch, tmp_path, larger):
    monkeypatch.setattr(os, "fsync", fail_with(errno.ENOSPC))
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        larger.save(tmp_path / "m.fitnet")
    assert list(tmp_path.iterdir()) == []


def test_rename_that_fails_leaves_the_old_file(monkeypatch, path, larger):
    old = path.read_bytes()
    monkeypatch.setattr(Path, "replace", fail_with(errno.EPERM))
    with pytest.raises(PermissionError) as raised:
        larger.save(path)
    assert raised.value.filename == str(path)
    assert_untouched(path, old)


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_interruption_leaves_the_old_file(monkeypatch, path, larger, error):
    def interrupted(descriptor):
        raise error

    old = path.read_bytes()
    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(error):
        larger.save(path)
    assert_untouched(path, old)


def test_bytes_are_flushed_before_the_rename_and_the_rename_after(monkeypatch, path, larger):
    happened = []
    replace, fsync = Path.replace, os.fsync

    def watched_fsync(descriptor):
        happened.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def watched_replace(source, target):
        happened.append("rename")
        return replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    larger.save(path)
    assert happened == ["file", "rename", "folder"]


def test_folder_that_cannot_be_flushed_does_not_fail_the_write(monkeypatch, path, larger):
    fsync = os.fsync

    def only_files(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    larger.save(path)
    assert load(path).network == larger.network


SAVE_A_LARGER_ONE = """
import os, signal, sys
from pathlib import Path
import numpy as np
from fitnet import Model, Network

network = Network.of_widths((2, 100, 100, 1))
model = Model(network, np.full(network.n_parameters, 0.5))
"""

UNDER_A_LIMIT = """
import resource

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    model.save(sys.argv[1])
except OSError as error:
    print(error.errno, error.filename)
"""

KILLED_WHILE_FLUSHING = """
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
model.save(sys.argv[1])
"""

KILLED_BEFORE_THE_RENAME = """
Path.replace = lambda source, target: os.kill(os.getpid(), signal.SIGKILL)
model.save(sys.argv[1])
"""


def run(program, path):
    return subprocess.run(
        [sys.executable, "-c", SAVE_A_LARGER_ONE + program, path], capture_output=True, text=True, timeout=60
    )


def test_real_limit_leaves_the_old_file(path):
    old = path.read_bytes()
    finished = run(UNDER_A_LIMIT, path)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout == f"{errno.EFBIG} {path}\n"
    assert_untouched(path, old)


@pytest.mark.parametrize("program", [KILLED_WHILE_FLUSHING, KILLED_BEFORE_THE_RENAME], ids=["flush", "rename"])
def test_kill_leaves_the_old_file(path, larger, program):
    old = path.read_bytes()
    assert run(program, path).returncode == -signal.SIGKILL
    left_over = [other for other in path.parent.iterdir() if other != path]
    assert [other.suffix for other in left_over] == [".partial"]
    assert_untouched(path, old, left_over)
    larger.save(path)
    assert load(path).network == larger.network


def test_missing_folder_is_named(model, tmp_path):
    target = tmp_path / "missing" / "m.fitnet"
    with pytest.raises(FileNotFoundError) as raised:
        model.save(target)
    assert raised.value.filename == str(target)
    assert list(tmp_path.iterdir()) == []


def test_folder_in_its_place_is_left(model, tmp_path):
    folder = tmp_path / "m.fitnet"
    folder.mkdir()
    with pytest.raises(IsADirectoryError) as raised:
        model.save(folder)
    assert raised.value.filename == str(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_link_stays_a_link(larger, path, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = elsewhere / "link.fitnet"
    link.symlink_to(Path("..") / path.name)
    larger.save(link)
    assert link.is_symlink()
    assert not path.is_symlink()
    assert load(path).network == larger.network
    assert list(elsewhere.iterdir()) == [link]


def test_longest_name_can_be_written(model, tmp_path):
    longest = tmp_path / ("x" * (os.pathconf(tmp_path, "PC_NAME_MAX") - len(".fitnet")) + ".fitnet")
    model.save(longest)
    assert list(tmp_path.iterdir()) == [longest]


@pytest.fixture
def umask():
    """Sets the umask; what it was comes back."""
    before = os.umask(0)
    os.umask(before)
    yield os.umask
    os.umask(before)


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_permissions_follow_the_umask(model, tmp_path, umask, mask, mode):
    umask(mask)
    model.save(tmp_path / "m.fitnet")
    assert stat.S_IMODE((tmp_path / "m.fitnet").stat().st_mode) == mode
