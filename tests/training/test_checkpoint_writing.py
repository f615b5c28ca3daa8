"""Writing checkpoints: when, without changing a bit, and what stays where training or the disk fails."""

import errno
from itertools import pairwise

import numpy as np
import pytest
from resuming import broken_off, same, trained
from watched_engine import InterruptedEngine, WatchedEngine, install

from fitnet import Adam, Checkpoint
from fitnet.errors import DivergenceError
from fitnet.files import container
from fitnet.training import checkpoint as checkpoints
from fitnet.training import checkpoint_file, first_order

SPIKES = Adam(0.2)  # climbs out of its minimum, so that the best epoch is not the last


def test_ctrl_c_before_the_first_epoch_leaves_what_was_there(monkeypatch, network, data, path):
    settings = {"engine": "watched", "checkpoint": Checkpoint(path)}
    install(monkeypatch, InterruptedEngine(in_call=1))
    trained(network, data, **settings)
    assert not path.exists()


@pytest.mark.parametrize("every", [1, 5, 100, None])
def test_writing_changes_no_bit(monkeypatch, network, data, path, every):
    monkeypatch.setattr(checkpoints, "SECONDS_BETWEEN_WRITES", 0.0)
    for batch_size in (None, 7):
        settings = {"batch_size": batch_size, "solver": SPIKES}
        assert same(
            trained(network, data, checkpoint=Checkpoint(path, every), **settings), trained(network, data, **settings)
        )


def epochs_written(monkeypatch, network, data, path, **arguments):
    """After which epochs a checkpoint was written."""
    written = []

    def write(path, contents):
        written.append(contents.snapshot.epochs)

    monkeypatch.setattr(checkpoint_file, "write", write)
    trained(network, data, **arguments)
    return written


@pytest.mark.parametrize(
    ("every", "written"), [(1, list(range(1, 13))), (5, [5, 10, 12]), (12, [12]), (100, [12]), (None, [12])]
)
def test_written_every_so_many_epochs_and_at_the_end(monkeypatch, network, data, path, every, written):
    assert epochs_written(monkeypatch, network, data, path, checkpoint=Checkpoint(path, every)) == written


def test_written_by_the_clock_unless_told(monkeypatch, network, data, validation, path):
    moments = iter(np.arange(0.0, 1e6, 1.0))  # every look at the clock is a second after the one before
    monkeypatch.setattr(checkpoints, "perf_counter", lambda: next(moments))
    monkeypatch.setattr(first_order, "SECONDS_A_CALL", 0)  # calls of one epoch
    settings = {"validation": validation, "epochs": 60, "checkpoint": Checkpoint(path)}
    written = epochs_written(monkeypatch, network, data, path, **settings)
    assert written[0] == 10
    assert written[-1] == 60
    # A write takes a second here, so the next comes 20 seconds later, one look at the clock an epoch.
    assert {later - earlier for earlier, later in pairwise(written[:-1])} == {20}


def test_replaces_another_trainings_file_only_when_it_writes(network, data, path):
    trained(network, data, checkpoint=Checkpoint(path))
    before = path.read_bytes()
    broken_off(network, data, 4, seed=1, checkpoint=Checkpoint(path, every=5))
    assert path.read_bytes() == before
    broken_off(network, data, 6, seed=1, checkpoint=Checkpoint(path, every=5))
    assert checkpoint_file.read(path).snapshot.epochs == 5


def test_full_disk_leaves_the_checkpoint_before(monkeypatch, network, data, path):
    settings = {"batch_size": 7, "checkpoint": Checkpoint(path, every=3)}
    write_atomically = container.write_atomically
    writes = []

    def fills_up(path, data):
        writes.append(path)
        if len(writes) == 3:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write_atomically(path, data)

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space left on device"):
        patched.setattr(container, "write_atomically", fills_up)
        trained(network, data, **settings)
    assert checkpoint_file.read(path).snapshot.epochs == 6
    assert same(trained(network, data, resume=True, **settings), trained(network, data, **settings))


class DivergingEngine(WatchedEngine):
    """Its losses are not finite from the eighth call on."""

    def run(self, *arguments):
        losses, watched = super().run(*arguments)
        return losses if len(self.calls) < 8 else losses * np.nan, watched


def test_divergence_leaves_the_checkpoint_before(monkeypatch, network, data, path):
    install(monkeypatch, DivergingEngine())
    with pytest.raises(DivergenceError):
        trained(network, data, engine="watched", checkpoint=Checkpoint(path, every=1))
    assert checkpoint_file.read(path).snapshot.epochs == 7
