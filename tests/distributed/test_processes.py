"""Worker processes: every task once, whoever is killed; errors and warnings come back as they were."""

import re

import pytest
from tasks_of_workers import prepared, unprepared

from fitnet.distributed.processes import done_by_workers
from fitnet.errors import ArgumentValueError, TableWarning, WorkersDiedError


def outcomes(folder, tasks, n_workers=2, share=lambda *_: None):
    return dict(done_by_workers(prepared, (str(folder),), tasks, n_workers, share))


def test_every_task_is_done_and_tells_of_its_shares(tmp_path):
    shares = []
    tasks = [("plain", k) for k in range(5)]
    assert outcomes(tmp_path, tasks, share=lambda *told: shares.append(told)) == {k: 2 * k for k in range(5)}
    assert sorted(shares) == [(k, 0.5) for k in range(5)]
    assert outcomes(tmp_path, []) == {}


def test_a_killed_workers_task_is_done_by_another(tmp_path):
    tasks = [("plain", 0), ("dies once", 1), ("plain", 2)]
    assert outcomes(tmp_path, tasks) == {0: 0, 1: 2, 2: 4}
    assert (tmp_path / "died").exists()


def test_a_task_that_kills_all_is_named(tmp_path):
    sentence = r"('dies', 1): 3 worker processes were killed one after the other while they worked on it; the system "
    with pytest.raises(WorkersDiedError, match=re.escape(sentence)):
        outcomes(tmp_path, [("dies", 1)], n_workers=1)


def test_an_error_comes_back_as_it_was(tmp_path):
    with pytest.raises(ArgumentValueError, match="`X` is wrong") as raised:
        outcomes(tmp_path, [("fails", 1)])
    assert raised.value.argument == "X"
    with pytest.raises(RuntimeError, match="UnsendableError: of another kind"):
        outcomes(tmp_path, [("fails beyond words", 1)])
    with pytest.raises(ArgumentValueError, match="`model` is wrong"):
        dict(done_by_workers(unprepared, (), [("plain", 1)], 1, lambda *_: None))


def test_a_warning_comes_back_too(tmp_path):
    with pytest.warns(TableWarning, match="Numbers look odd"):
        assert outcomes(tmp_path, [("warns", 3)]) == {0: 6}
