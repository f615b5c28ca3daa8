"""kill -9 at random moments: what is left behind goes on to the same bits. `--kills 50` kills fifty times."""

import subprocess
import sys
from pathlib import Path

import pytest
from kept_training import NETWORK, TRAININGS, kept_training
from resuming import same

from fitnet import Model
from fitnet.training import checkpoint_file

PROGRAM = Path(__file__).with_name("kept_training.py")
LONGEST_WAIT = 0.4  # seconds; the trainings write hundreds of checkpoints, which takes longer
KILLS_A_TRAINING = 2


def kill_after(seconds, name, folder):
    """Train until a kill strikes, so many seconds after training began; whether it struck before the end."""
    with subprocess.Popen([sys.executable, PROGRAM, name, folder], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"training\n"
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.returncode != 0


def epochs_kept(folder):
    """The epochs in the checkpoint, which must be whole at any moment."""
    path = folder / "training.ckpt"
    return checkpoint_file.read(path).snapshot.epochs if path.exists() else 0


@pytest.mark.parametrize("name", TRAININGS)
def test_killed_training_goes_on_to_the_same_bits(request, generator, tmp_path, name):
    kills = -(-request.config.getoption("--kills") // len(TRAININGS))
    whole = kept_training(name)
    for first in range(0, kills, KILLS_A_TRAINING):
        folder = tmp_path / str(first)
        folder.mkdir()
        for kill in range(first, min(first + KILLS_A_TRAINING, kills)):
            seconds = generator.uniform(0, LONGEST_WAIT)
            struck = "struck" if kill_after(seconds, name, folder) else "came too late"
            print(f"kill {kill} {struck} after {seconds:.3f} s; epochs kept: {epochs_kept(folder)}")
        assert_same_outcome(kept_training(name, folder), whole, folder)


def assert_same_outcome(resumed, whole, folder):
    """The model's file, the history and the log are what they would have been."""
    assert same(resumed, whole)
    for name, result in (("whole", whole), ("resumed", resumed)):
        Model(NETWORK, result.parameters).save(folder / f"{name}.fitnet")
    assert (folder / "resumed.fitnet").read_bytes() == (folder / "whole.fitnet").read_bytes()
    logged = [line.split(",")[:2] for line in (folder / "log.csv").read_text().splitlines()[1:]]
    assert logged == [[str(epoch), repr(loss)] for epoch, loss in enumerate(whole.history.loss, start=1)]
