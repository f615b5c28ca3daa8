"""fitnet where matplotlib, an extra, is missing: all but pictures works, and who asks for one hears it at once."""

import subprocess
import sys

import pytest

HOW = "needs the package matplotlib; install it with: pip install 'fitnet[pictures]'."
HIDDEN = """
import sys
sys.modules["matplotlib"] = None  # importing it fails, as where it is not installed
from fitnet.cli import main
main(sys.argv[1:])
"""


@pytest.fixture
def run(tmp_path):
    """What the command does in an empty folder, which has a table of one series."""
    (tmp_path / "series.csv").write_text("y\n" + "".join(f"{row % 4 + row / 50}\n" for row in range(60)))

    def run(*words):
        command = [sys.executable, "-c", HIDDEN, *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)

    return run


FORECAST = ("forecast", "series.csv", "--target", "y", "--steps", "2", "--lags", "4", "--effort", "fast")


def test_forecasts_need_none(run):
    done = run(*FORECAST, "--json")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "words", [(*FORECAST, "--picture", "a.png"), ("tune", "series.csv", "--target", "y", "--pictures", "drawn")]
)
def test_who_asks_for_a_picture_hears_it_before_the_work(run, words, tmp_path):
    done = run(*words)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"fitnet: A picture {HOW}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["series.csv"]


def test_an_experiment_is_kept_without_its_pictures(run, tmp_path):
    done = run("quadratic", "train", "--epochs", "1", "--triplets", "50", "--out", "kept")
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"fitnet: The model was saved, but no picture, which {HOW}\n"
    assert "Nothing was kept" not in done.stdout
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["largest-seed0.fitnet"]
