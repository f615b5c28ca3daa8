"""A file that is overwritten can be read and written by the same people as before."""

import os
import stat

import pytest

from fitnet import load
from fitnet.files.atomic_write import ACCESS_LIST, write_atomically
from fitnet.tables import write_table


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    return path


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444, 0o400, 0o777])
def test_mode_is_kept(path, mode):
    path.chmod(mode)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_models_tables_and_linked_files_keep_theirs(model, tmp_path):
    import numpy as np

    model.save(tmp_path / "m.fitnet")
    write_table(tmp_path / "t.csv", {"a": np.arange(3)})
    (tmp_path / "link.fitnet").symlink_to("m.fitnet")
    for name in ("m.fitnet", "t.csv"):
        (tmp_path / name).chmod(0o600)
    model.save(tmp_path / "m.fitnet")
    model.save(tmp_path / "link.fitnet")
    write_table(tmp_path / "t.csv", {"a": np.arange(4)})
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("m.fitnet", "t.csv")} == {0o600}
    load(tmp_path / "m.fitnet")


def test_nobody_else_can_read_it_on_the_way(path, monkeypatch):
    seen, fsync = [], os.fsync

    def watched(descriptor):
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        fsync(descriptor)

    path.chmod(0o600)
    monkeypatch.setattr(os, "fsync", watched)
    write_atomically(path, b"new")
    assert seen[0] == 0o600


def given_away(monkeypatch, refused):
    """What the new file was to be given to; the system refuses what is in `refused`."""
    asked = []

    def fchown(descriptor, user, group):
        asked.append((user, group))
        if user in refused or group in refused:
            raise PermissionError("not yours to give")

    monkeypatch.setattr(os, "fchown", fchown)
    return asked


def test_owner_and_group_are_kept_where_the_system_permits(path, monkeypatch):
    before, asked = path.stat(), given_away(monkeypatch, refused=())
    write_atomically(path, b"new")
    assert asked == [(before.st_uid, before.st_gid)]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_root_keeps_the_owner(path):
    os.chown(path, 12_345, 54_321)
    path.chmod(0o640)
    write_atomically(path, b"new")
    after = path.stat()
    assert (after.st_uid, after.st_gid, stat.S_IMODE(after.st_mode)) == (12_345, 54_321, 0o640)


def test_group_is_kept_where_the_owner_is_not(path, monkeypatch):
    before = path.stat()
    asked = given_away(monkeypatch, refused=[before.st_uid] if before.st_uid != before.st_gid else [])
    write_atomically(path, b"new")
    assert asked[-1][1] == before.st_gid
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize(("mode", "kept"), [(0o660, 0o600), (0o644, 0o644), (0o674, 0o644), (0o6750, 0o700)])
def test_another_group_gets_no_more_than_everybody(path, monkeypatch, mode, kept):
    def refused(*arguments):
        raise PermissionError("not yours to give")

    path.chmod(mode)
    monkeypatch.setattr(os, "fchown", refused)
    write_atomically(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == kept


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="only Linux has them")
def test_access_list_is_kept(path, monkeypatch):
    lists = {}
    monkeypatch.setattr(os, "getxattr", lambda target, name: {ACCESS_LIST: b"of three people"}[name])
    monkeypatch.setattr(os, "setxattr", lambda descriptor, name, value: lists.update({name: value}))
    write_atomically(path, b"new")
    assert lists == {ACCESS_LIST: b"of three people"}
