"""The command that gets the native engine names where fitnet came from, as PEP 610 keeps it."""

import json
import sys
from importlib import metadata
from types import SimpleNamespace

import pytest

from fitnet.engine.advice import how_to_get_native

PIP = "pip install --no-cache-dir --force-reinstall --no-deps "
KEPT = [
    (None, "fitnet"),
    ({"url": "file:///a/fitnet-0.1.0.tar.gz", "archive_info": {}}, "file:///a/fitnet-0.1.0.tar.gz"),
    ({"url": "file:///a%20b/fitnet", "dir_info": {}}, "file:///a%20b/fitnet"),
    ({"url": "file:///a/fitnet", "dir_info": {"editable": True}}, "--editable file:///a/fitnet"),
    ({"url": "https://b/c.git", "vcs_info": {"vcs": "git", "commit_id": "12ab"}}, "git+https://b/c.git@12ab"),
    ({"url": "file:///a(1)/fitnet", "dir_info": {}}, "'file:///a(1)/fitnet'"),
]


@pytest.mark.parametrize(("kept", "source"), KEPT)
def test_the_command_installs_from_where_fitnet_came(kept, source, monkeypatch):
    found = SimpleNamespace(read_text=lambda name: {"direct_url.json": kept and json.dumps(kept)}[name])
    monkeypatch.setattr(metadata, "distribution", {"fitnet": found}.__getitem__)
    assert how_to_get_native() == f"install a C++ compiler (GCC 12, Clang 15 or newer) and run: {PIP}{source}"


def test_what_was_never_installed_is_got_from_the_index(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    assert how_to_get_native().endswith(f"{PIP}fitnet")


def test_on_windows_there_is_none(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert how_to_get_native() == "use fitnet in WSL, for there is none for Windows"
