"""Reading damaged models and checkpoints takes no more memory than ten times the file, whatever the damage claims."""

import subprocess
import sys

import numpy as np
import pytest

from fitnet import Checkpoint, Model, Network, train

DAMAGED = 150
READ_ALL = """
import resource, sys
from pathlib import Path
import numpy as np
from fitnet.files import container
from fitnet.model import file
from fitnet.training import checkpoint_file

read = {"model": file.read, "checkpoint": checkpoint_file.read}[sys.argv[1]]
path, generator = Path(sys.argv[2]), np.random.default_rng(int(sys.argv[4]))
data = path.read_bytes()
header = 8 + int.from_bytes(data[:8], "little")
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
read(path)
before, outcomes = peak(), set()
for _ in range(int(sys.argv[3])):
    damaged = bytearray(data)
    for place in generator.integers(0, header, generator.integers(1, 5)):
        damaged[place] = generator.choice(list(b"0123456789[]{},\\xff")) if generator.random() < 0.8 else 255
    path.write_bytes(damaged)
    try:
        read(path)
        if damaged != data:  # a byte may be drawn as it was
            outcomes.add("read")
    except ValueError as error:
        outcomes.add(type(error).__name__)
print(peak() - before, len(data), *sorted(outcomes))
"""


def model(path):
    network = Network.of_widths((3, 400, 400, 1))
    Model(network, network.initial_parameters(np.random.default_rng(0))).save(path)


def checkpoint(path):
    X = np.random.default_rng(0).normal(size=(20, 3))
    network = Network.of_widths((3, 200, 200, 1))
    train(
        network, X, X[:, :1], epochs=2, generator=np.random.default_rng(0), checkpoint=Checkpoint(path), verbose=False
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no resource module there")
@pytest.mark.parametrize("write", [model, checkpoint])
def test_memory_stays_below_ten_times_the_file(tmp_path, write):
    path = tmp_path / "file.fitnet"
    write(path)
    command = [sys.executable, "-c", READ_ALL, write.__name__, str(path), str(DAMAGED), "1"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    growth, size, *outcomes = run.stdout.split()
    assert int(growth) < 10 * int(size)
    assert outcomes in (["ModelFileError"], ["CheckpointFileError"])
