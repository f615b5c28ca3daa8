"""A short run of what `make mutate` does at length: altered files, their checksums right, come to a known end."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from container_mutations import mutated, put_together, taken_apart

from fitnet import load
from fitnet.errors import ModelFileError

COUNT, SEED = 300, 0
ENDS = {
    "model": {"ModelFileError", "predicts"},
    "checkpoint": {"CheckpointFileError", "CheckpointMismatchError", "DivergenceError", "goes on"},
    "member": {"CheckpointFileError", "CheckpointMismatchError", "goes on"},
}
WHOLE = Path(__file__).parents[1] / "model" / "files" / "version-4.fitnet"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no alarms there")
@pytest.mark.parametrize("kind", ENDS)
def test_every_file_is_refused_or_works(kind):
    command = [sys.executable, str(Path(__file__).with_name("endure.py")), kind, "--count", str(COUNT)]
    run = subprocess.run([*command, "--seed", str(SEED)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    ends = json.loads(run.stdout)
    ends.pop("unaltered", None)
    assert sum(ends.values()) > 0.9 * COUNT
    assert set(ends) <= ENDS[kind]
    assert len(ends) > 1  # neither all refused, which would test the checksum alone, nor none


def test_a_file_taken_apart_and_put_together_is_the_same_model(tmp_path):
    path = tmp_path / "again.fitnet"
    path.write_bytes(put_together(taken_apart(WHOLE.read_bytes())))
    one, other = load(path), load(WHOLE)
    assert np.array_equal(one.predict(one.example_inputs), other.predict(other.example_inputs))


def test_mutations_are_drawn_from_the_generator_alone(tmp_path):
    data = WHOLE.read_bytes()
    both = [
        [mutated(generator, data, tmp_path / "a.fitnet") for _ in range(20)]
        for generator in (np.random.default_rng(7), np.random.default_rng(7))
    ]
    assert both[0] == both[1]
    assert len(set(both[0])) > 15


def test_a_shape_that_no_memory_holds_is_refused(tmp_path):
    apart = taken_apart(WHOLE.read_bytes())
    tensor = next(iter(apart.tensors.values()))
    tensor.shape, tensor.data = [0, 2**62], b""
    path = tmp_path / "large.fitnet"
    path.write_bytes(put_together(apart))
    with pytest.raises(ModelFileError, match="damaged"):
        load(path)
