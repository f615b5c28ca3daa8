"""examples/sweeps: the one with joblib runs, and Slurm's script says what bash and fitnet understand."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fitnet.cli.tune import tune

optuna = pytest.importorskip("optuna")
FOLDER = Path(__file__).parents[2] / "examples" / "sweeps"


def test_processes_share_the_trials(tmp_path):
    (tmp_path / "t.csv").write_text("a,y\n" + "".join(f"{i / 10},{i % 9}\n" for i in range(40)))
    command = [sys.executable, str(FOLDER / "processes.py"), "t.csv", "--target", "y", "--epochs", "3"]
    done = subprocess.run([*command, "--trials", "4"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    trials = int(re.match(r"(\d+) trials; the best: loss [\d.e+-]+ with ", done.stdout)[1])
    assert trials in (4, 5)  # Optuna's own count lets the second process begin one too many


@pytest.mark.skipif(sys.platform == "win32", reason="there is no bash")
def test_the_job_array_is_understood():
    script = FOLDER / "array.sh"
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    called = script.read_text().partition("srun fitnet tune ")[2]
    options = set(re.findall(r"--[a-z-]+", called))
    assert options == {"--target", "--trials", "--storage", "--out", "--threads", "--alone"}
    assert options <= {name for parameter in tune.params for name in parameter.opts}
