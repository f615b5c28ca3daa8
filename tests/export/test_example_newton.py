"""examples/newton: an emulator is trained, compiled and called inside Newton's method, as its README says."""

import re
import subprocess
import sys
from pathlib import Path
from shutil import copy

import numpy as np
import pytest
from c_programs import STRICT, needs, output_of
from exported_tolerances import NEWTON_ATOL

FOLDER = Path(__file__).parents[2] / "examples" / "newton"
pytestmark = needs("gcc")


@pytest.fixture(scope="module")
def newton(tmp_path_factory):
    """The program, built by the README's lines."""
    folder = tmp_path_factory.mktemp("newton")
    for name in ("train.py", "newton.c"):
        copy(FOLDER / name, folder)
    first, second, third = re.findall(r"^    (.+)$", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert third.split()[0] == "./newton"
    subprocess.run([sys.executable, *first.split()[1:]], cwd=folder, check=True)
    subprocess.run(["gcc", *second.split()[1:], *STRICT], cwd=folder, check=True)
    return folder / "newton"


@pytest.mark.parametrize(("temperature", "density"), [(1.2, 0.3), (1.5, 0.8), (1.9, 1.3)])
def test_it_finds_the_state_of_the_gas(newton, temperature, density):
    pressure = 8 * temperature * density / (3 - density) - 3 * density**2
    energy = 4 * temperature - 3 * density
    printed = output_of(newton, str(pressure), str(energy))
    found = re.search(r"temperature (\S+) density (\S+)", printed)
    np.testing.assert_allclose([float(found[1]), float(found[2])], [temperature, density], atol=NEWTON_ATOL)
    assert printed.count("off by") <= 8


def test_a_state_that_it_never_saw_is_no_answer(newton):
    assert subprocess.run([newton, "40", "40"], check=False, capture_output=True).returncode == 1
