"""Members in files: a fit that was cut short anywhere goes on to the same bits, and trains only what is missing."""

import errno
import pickle
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from kept_ensemble import CANDIDATES, COMPUTE, MEMBERS, QUICK, ROWS, cut_short, kept_fit, outcome, seconds

from fitnet.algorithm.scaling import Scaling
from fitnet.errors import DivergenceError
from fitnet.files import container
from fitnet.fitting import member_training
from fitnet.fitting.member import Place
from fitnet.fitting.member_files import MemberFiles
from fitnet.fitting.plans import Plan
from fitnet.fitting.racing import RACED

PROGRAM = Path(__file__).with_name("kept_ensemble.py")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What the fit gives that was never kept or cut short."""
    return outcome(kept_fit(), tmp_path_factory.mktemp("whole"))


@pytest.fixture
def folder(tmp_path):
    """Where members go; it is not there yet."""
    return tmp_path / "members"


@pytest.fixture
def trained(monkeypatch):
    """How many members of each network were trained, by its hidden layers."""
    counts, fit = Counter(), member_training.fit

    def counted(settings, *rest):
        counts[settings.recipe.activation if settings.recipe.hidden_layer_sizes else "linear"] += 1
        return fit(settings, *rest)

    monkeypatch.setattr(member_training, "fit", counted)
    return counts


def files(folder):
    return sorted(path.name for path in folder.glob("*.member"))


def test_keeping_members_changes_no_bit(folder, tmp_path, whole):
    assert outcome(kept_fit(folder), tmp_path) == whole
    assert len(files(folder)) == MEMBERS
    assert not list(folder.glob(".*"))


@pytest.mark.parametrize("after", range(1, MEMBERS + 1))
def test_cut_short_after_any_member_it_goes_on_to_the_same_bits(folder, tmp_path, whole, trained, after):
    cut_short(folder, after)
    assert trained.total() >= after
    missing = MEMBERS - len(files(folder))
    trained.clear()
    assert outcome(kept_fit(folder), tmp_path) == whole
    assert trained.total() == missing


def test_cut_short_again_and_again(folder, tmp_path, whole):
    for after in range(1, MEMBERS + 1, 3):
        cut_short(folder, after)
    assert outcome(kept_fit(folder), tmp_path) == whole


@pytest.mark.parametrize(("before", "later"), [(1, 2), (2, 1), (2, 2)])
def test_any_number_of_jobs_goes_on_with_that_of_any_other(folder, tmp_path, whole, before, later):
    cut_short(folder, 4, n_jobs=before)
    assert outcome(kept_fit(folder, n_jobs=later), tmp_path) == whole


def test_other_processes_keep_members_too(folder, tmp_path, whole, trained):
    from joblib import parallel_config

    with parallel_config("loky", n_jobs=2):
        assert outcome(kept_fit(folder, n_jobs=2), tmp_path) == whole
    assert len(files(folder)) == MEMBERS
    assert outcome(kept_fit(folder), tmp_path) == whole
    assert not trained


@pytest.mark.parametrize("lost", ["recipe-00-fold-00", "recipe-01-fold-02", "recipe-02-twin-00"])
def test_any_member_that_is_gone_is_trained_again(folder, tmp_path, whole, trained, lost):
    kept_fit(folder)
    (folder / f"{lost}.member").unlink()
    trained.clear()
    assert outcome(kept_fit(folder), tmp_path) == whole
    assert trained.total() == 1


@pytest.mark.parametrize("members", [1, 6])
def test_killed_it_goes_on_to_the_same_bits(folder, tmp_path, whole, members):
    with subprocess.Popen([sys.executable, PROGRAM, folder]) as process:
        while process.poll() is None and len(files(folder)) < members:
            pass
        process.kill()
    kept = files(folder)
    print(f"{len(kept)} of {MEMBERS} members were kept")
    assert len(kept) >= members
    assert outcome(kept_fit(folder), tmp_path) == whole
    assert not list(folder.glob(".*"))


def test_seconds_of_members_survive(folder, tmp_path):
    before = seconds(kept_fit(folder))
    assert seconds(kept_fit(folder)) == before


def test_ctrl_c_keeps_members_too(folder, tmp_path, whole):
    def interrupts(fitted, name, left):
        if left == MEMBERS - 2 * len(CANDIDATES):
            raise KeyboardInterrupt

    interrupted = kept_fit(folder, done=interrupts)
    assert interrupted.stopped == "interrupted"
    assert len(files(folder)) >= 2 * len(CANDIDATES)
    assert outcome(kept_fit(folder), tmp_path) == whole


def test_divergence_is_remembered(folder, tmp_path, monkeypatch):
    fit, calls = member_training.fit, []

    def diverging(settings, *rest):
        if settings.recipe.activation == "relu" and settings.recipe.hidden_layer_sizes:
            calls.append(settings)
            raise DivergenceError("Training diverged.")
        return fit(settings, *rest)

    monkeypatch.setattr(member_training, "fit", diverging)
    before = outcome(kept_fit(folder), tmp_path)
    assert len(calls) == RACED
    assert outcome(kept_fit(folder), tmp_path) == before
    assert len(calls) == RACED


@pytest.fixture
def begun(folder):
    """The files of a fit that has begun, and a member."""
    begun = MemberFiles.of(folder, False, ROWS, Plan(CANDIDATES, 4, 4), np.random.default_rng(0), COMPUTE, None)
    folds = np.arange(120) % 4
    assert begun.begin(ROWS, folds) == {}
    return begun, member_training.cross_fitted(QUICK, ROWS, folds, 1, np.random.default_rng(0), COMPUTE)


def test_a_model_that_no_file_could_hold_is_not_kept(folder, begun):
    """Its outputs for example rows are not finite, as those of logarithms may be."""
    begun, made = begun
    endless = replace(made.model, target_scaling=Scaling([1.7e308] * 2, [1.7e308] * 2))
    begun.keep(Place(QUICK.name, 1), replace(made, model=endless))
    assert files(folder) == []
    begun.keep(Place(QUICK.name, 1), made)
    assert files(folder) == ["recipe-01-fold-01.member"]


def test_what_threads_make_once_the_fit_has_ended_is_not_kept(folder, begun):
    begun, made = begun
    copied = pickle.loads(pickle.dumps(begun))
    begun.end()
    begun.keep(Place(QUICK.name, 1), made)
    assert files(folder) == []
    copied.keep(Place(QUICK.name, 1), made)
    assert files(folder) == ["recipe-01-fold-01.member"]


def test_a_fit_that_fails_has_ended(folder, monkeypatch):
    ends = []
    monkeypatch.setattr(MemberFiles, "end", lambda files: ends.append(files))
    cut_short(folder, 4)
    assert len(ends) == 1


def test_a_full_disk_ends_the_fit_and_leaves_members(folder, tmp_path, whole, monkeypatch):
    write_atomically, writes = container.write_atomically, []

    def fills_up(path, data):
        writes.append(path)
        if len(writes) == 4:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write_atomically(path, data)

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space left on device"):
        patched.setattr(container, "write_atomically", fills_up)
        kept_fit(folder)
    assert len(files(folder)) >= 3
    assert outcome(kept_fit(folder), tmp_path) == whole


def test_unless_resumed_it_begins_anew(folder, tmp_path, whole, trained):
    cut_short(folder, 6, seed=1)
    (folder / "notes.txt").write_text("mine")
    trained.clear()
    assert outcome(kept_fit(folder, resume=False), tmp_path) == whole
    assert trained.total() == MEMBERS
    assert (folder / "notes.txt").read_text() == "mine"
