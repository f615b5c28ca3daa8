"""examples/: every story runs as it stands, in an empty folder, and comes to what its README says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from story_tolerances import (
    CYCLE_COVERAGE_ATOL,
    DIGITS_IN_SETS,
    DIGITS_RIGHT,
    GRAVITY_ERRORS,
    GRAVITY_LARGEST_ERROR,
    PICTURE_BYTES,
    POSTERIOR_STDS,
    SAID_RTOL,
    SPECTRA_COVERAGE_ATOL,
)

from fitnet.engine import ENGINES

EXAMPLES = Path(__file__).parents[2] / "examples"
STORIES = ("airfoil", "digits", "emulator", "pendulum", "sunspots")
native = pytest.mark.skipif("native" not in ENGINES, reason="stories take minutes without the native engine")


@pytest.fixture
def told(tmp_path):
    """A function that runs a story in an empty folder without a screen, looks at its picture, and gives its words."""

    def run(name):
        done = subprocess.run(
            [sys.executable, "-W", "error", EXAMPLES / name / f"{name}.py"],
            cwd=tmp_path,
            env={**os.environ, "MPLBACKEND": "Agg"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert [path.name for path in tmp_path.iterdir()] == [f"{name}.png"]
        check_picture(tmp_path / f"{name}.png", EXAMPLES / name / f"{name}.png")
        return done.stdout

    return run


def check_picture(path, committed):
    """Of the committed one's size, and neither empty nor heavy."""
    for each in (path, committed):
        assert PICTURE_BYTES[0] < each.stat().st_size < PICTURE_BYTES[1]
    with Image.open(path) as made, Image.open(committed) as kept:
        assert made.size == kept.size


def figures(pattern, text):
    """The numbers where a pattern has #, in a text whose lines may be broken anywhere."""
    found = re.search(pattern.replace("#", r"(\d+(?:\.\d+)?)"), " ".join(text.split()))
    assert found, f"{pattern} is not in:\n{text}"
    return [float(number) for number in found.groups()]


def readme(name):
    return (EXAMPLES / name / "README.md").read_text()


@native
def test_the_pendulum_weighs_the_earth(told):
    words = told("pendulum")
    gravity, error, damping, damping_error = figures(r"networks: # \+- # m/s\^2, damping # \+- #", words)
    assert 0 < error < GRAVITY_LARGEST_ERROR
    assert abs(gravity - 9.81) < GRAVITY_ERRORS * error
    assert abs(damping - 0.05) < GRAVITY_ERRORS * damping_error
    (by_differences,) = figures(r"finite differences: [\d.]+ \+- #", words)
    assert by_differences > 10 * error
    said = figures(r"g = # ± [\d.]+ m/s² and a damping of #", readme("pendulum"))
    assert said == pytest.approx([gravity, damping], rel=SAID_RTOL)


@native
def test_what_is_asked_of_an_airfoil_matters(told):
    words = told("airfoil")
    errors = [
        figures(f"{asked}: RMSE # dB, a straight line #", words)
        for asked in ("measured spectrum", "measured airfoil", "another angle")
    ]
    networks, lines = zip(*errors, strict=True)
    assert networks[0] < networks[1] < networks[2] < min(lines)
    (held,) = figures(r"#% of \d+ levels", words)
    assert held / 100 == pytest.approx(0.9, abs=SPECTRA_COVERAGE_ATOL)
    said = figures(r"are # dB off, those of whole spectra # dB, .* saw # dB", readme("airfoil"))
    assert said == pytest.approx(networks, rel=SAID_RTOL)


@native
def test_sunspots_are_forecast(told):
    words = told("sunspots")
    networks, line, last_year = figures(r"to 1955: RMSE networks #, a line #, the last year #", words)
    assert networks < line < last_year
    said = figures(r"with an RMSE of #; .* comes to #, and last year's number to #", readme("sunspots"))
    assert said == pytest.approx([networks, line, last_year], rel=SAID_RTOL)
    inside, years = figures(r"# of # years", words)
    assert inside / years == pytest.approx(0.9, abs=CYCLE_COVERAGE_ATOL)


@native
def test_the_emulator_gives_the_same_posterior(told):
    words = told("emulator")
    median, largest = figures(r"median error # mmag, largest #", words)
    said = figures(r"to # mmag \(median; # mmag at worst", readme("emulator"))
    assert 0 < median < 2 * said[0] and largest < 2 * said[1]
    assert figures(r"# standard deviations apart", words)[0] < POSTERIOR_STDS
    sampled = [figures(rf"{name} = [\d.-]+ \+- #", words)[0] for name in ("Om", "w", "h")]
    assert figures(r"sampling gives #, # and #", readme("emulator")) == pytest.approx(sampled, rel=SAID_RTOL)


@native
def test_digits_are_read_with_doubts(told):
    words = told("digits")
    right, log_loss = figures(r"#% right, log loss #", words)
    assert right / 100 > DIGITS_RIGHT
    assert figures(r"sets that are to hold 99 %: #%", words)[0] / 100 > DIGITS_IN_SETS
    said = figures(r"gets # % of \d+ digits right .* log loss of #", readme("digits"))
    assert said == pytest.approx([right, log_loss], rel=SAID_RTOL)


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_short_and_its_readme_shows_it(name):
    assert len((EXAMPLES / name / f"{name}.py").read_text().splitlines()) <= 100
    assert f"({name}.png)" in readme(name)
    assert f"python {name}.py" in readme(name)


def test_all_examples_are_listed():
    listed = set(re.findall(r"^\| \[(\w+)\]\(", (EXAMPLES / "README.md").read_text(), re.MULTILINE))
    assert listed == {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
