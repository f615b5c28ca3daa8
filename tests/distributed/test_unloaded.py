"""Packages for several machines stay unloaded where nobody asks for them, also where they are installed."""

import subprocess
import sys

PACKAGES = ["dask", "distributed", "mpi4py", "optuna"]
PROGRAM = f"""
import sys
from pathlib import Path

import numpy as np

from fitnet import AutoRegressor

if __name__ == "__main__":
    X = np.linspace(-1, 1, 20)[:, np.newaxis]
    AutoRegressor("fast", random_state=0, n_jobs=2).fit(X, X[:, 0]).model_.save("line.fitnet")
    Path("one.csv").write_text("x1\\n0.5\\n")
    from fitnet.cli import main

    try:
        main(["predict", "line.fitnet", "*.csv", "--out", "answers", "--workers", "1"])
    except SystemExit as ended:
        assert not ended.code
    import fitnet.distributed

    print([name for name in {PACKAGES} if name in sys.modules])
"""


def test_nothing_of_a_cluster_is_loaded_unasked(tmp_path):
    """Not for an ensemble, nor for the shell's predictions by several processes."""
    (tmp_path / "program.py").write_text(PROGRAM)
    done = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["1 prediction in 1 file: answers", "[]"], done.stderr
    assert (tmp_path / "answers" / "one.csv").exists()
