"""Memory: what the system and its group leave free, and what is refused because it would not fit."""

import os

import pytest

from fitnet.errors import ArgumentValueError
from fitnet.rows import memory


@pytest.fixture
def system(tmp_path, monkeypatch):
    """Files that say 3 GB are free in the system, and nothing of a group."""
    monkeypatch.setattr(memory, "SYSTEM", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "GROUP", tmp_path)
    (tmp_path / "meminfo").write_text("MemTotal:       8000000 kB\nMemAvailable:   3000000 kB\n")
    return tmp_path


def test_the_system_says_what_is_free(system):
    assert memory.free_bytes() == 3_072_000_000


def test_a_group_with_a_limit_has_less(system):
    (system / "memory.max").write_text("2000000000\n")
    (system / "memory.current").write_text("500000000\n")
    assert memory.free_bytes() == 1_500_000_000
    (system / "memory.max").write_text("max\n")
    assert memory.free_bytes() == 3_072_000_000


@pytest.mark.skipif(not hasattr(os, "sysconf"), reason="this system does not say how much memory it has")
def test_without_a_word_on_what_is_free_it_is_all_there_is(system):
    (system / "meminfo").unlink()
    assert memory.free_bytes() == os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def test_two_copies_must_fit(system):
    memory.check_fits("X", 1_536_000_000, "is wide, and", "it must be narrower")
    with pytest.raises(ArgumentValueError) as refused:
        memory.check_fits("X", 1_536_000_001, "is wide, and", "it must be narrower")
    assert str(refused.value) == "`X` is wide, and would take 3.1 GB, of which 3.1 GB are free; it must be narrower."


def test_where_nothing_is_known_everything_fits(monkeypatch):
    monkeypatch.setattr(memory, "free_bytes", lambda: None)
    memory.check_fits("X", 2**80, "is wide, and", "it must be narrower")
