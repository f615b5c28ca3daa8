"""examples/ode: the emulator in a Runge-Kutta step stays with the law that it learned."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from exported_tolerances import PENDULUM_ATOL, PENDULUM_SLOPE_ATOL
from fortran_programs import compiled, needs_gfortran

EXAMPLE = Path(__file__).parents[2] / "examples" / "ode"


@needs_gfortran
def test_the_pendulum_swings_as_by_its_law(tmp_path):
    for name in ("fit.py", "swing.f90"):
        shutil.copy(EXAMPLE / name, tmp_path)
    subprocess.run([sys.executable, "fit.py"], cwd=tmp_path, check=True)
    for program, *sources in (["test", "pendulum_self_test.f90"], ["swing", "swing.f90"]):
        compiled(tmp_path, "-O2", "pendulum.f90", *sources, "-o", program)
    subprocess.run([tmp_path / "test"], check=True)
    said = subprocess.run([tmp_path / "swing"], capture_output=True, text=True, check=True).stdout
    apart, slopes = re.search(r"difference: +(\S+)\n.*: *(\S+ +\S+)\n", said).groups()
    assert 0 < float(apart) < PENDULUM_ATOL
    assert [float(slope) for slope in slopes.split()] == pytest.approx([-1, -0.1], abs=PENDULUM_SLOPE_ATOL)


def test_the_readme_says_what_is_run():
    text = (EXAMPLE / "README.md").read_text()
    assert "gfortran -O2 pendulum.f90 swing.f90 -o swing" in text
    assert sorted(path.name for path in EXAMPLE.iterdir()) == ["README.md", "fit.py", "swing.f90"]
