"""The table between the engine and the user: what a step is, what is judged, and that every way can be gone."""

from itertools import pairwise

import numpy as np
import pytest
from benchmarks.error_bars_by_hand import parameter_jacobian, standard_deviations_by_hand
from benchmarks.user_path_rows import BARE, JAX, ROWS, Asked
from benchmarks.user_path_table import judge

import tolerances
from benchmarks import side_by_side, user_path_ways, walk
from finite_differences import numerical_derivatives

MEASURED = [row for row in ROWS.values() if row.measured != "file"]
FIGURES = {
    BARE: [10.0, 30.0, 20.0],
    "Regressor.fit": [40.0, 30.0, 50.0],
    "JAX, 1 thread": [90.0, 70.0, 80.0],
    "JAX, 2 threads": [60.0, 120.0, 60.0],
}


def test_an_epoch_does_not_count_what_is_done_once(monkeypatch):
    trainings = {"short set-up": (0.001, 20e-6), "long set-up": (3.0, 50e-6)}  # seconds once, and an epoch
    monkeypatch.setattr(side_by_side, "timed", lambda training, count: training[0] + count * training[1])
    found = side_by_side.microseconds_an_epoch(trainings, seconds=1.0)
    expected = {name: 1e6 * an_epoch for name, (_, an_epoch) in trainings.items()}
    assert found == pytest.approx(expected, rel=tolerances.METRIC_RTOL)


@pytest.mark.parametrize(
    ("asked", "value", "rounds", "verdict"),
    [
        (Asked("Regressor.fit", BARE, most=2.0), 2.0, (1.0, 4.0), "yes"),
        (Asked("Regressor.fit", BARE, most=1.9), 2.0, (1.0, 4.0), "no"),
        (Asked("Regressor.fit", JAX, faster=1.5), 1.5, (1.2, 4.0), "yes"),
        (Asked("Regressor.fit", JAX, faster=1.6), 1.5, (1.2, 4.0), "no"),
        (Asked("Regressor.fit", most=40), 40.0, (30.0, 50.0), "yes"),
        (Asked("Regressor.fit", most=39), 40.0, (30.0, 50.0), "no"),
    ],
)
def test_ratios_are_of_medians_and_jax_s_best_thread_count_stands(asked, value, rounds, verdict):
    found = judge(FIGURES, asked, judged=True)
    assert (found.value, found.least, found.largest, found.verdict) == (value, *rounds, verdict)
    assert judge(FIGURES, asked, judged=False).verdict == ""


def test_what_was_not_measured_is_not_judged():
    assert judge({BARE: [1.0]}, Asked("Regressor.fit", BARE, most=2.0), judged=True) is None
    assert judge({"Regressor.fit": [1.0]}, Asked("Regressor.fit", JAX, faster=2.0), judged=True) is None


@pytest.mark.parametrize("row", MEASURED, ids=lambda row: row.key)
def test_what_is_asked_is_asked_of_ways_that_can_be_gone(row, monkeypatch):
    monkeypatch.setattr(user_path_ways, "ERROR_BAR_ROWS", 100)
    ways = getattr(user_path_ways, row.key.replace("-", "_"))()
    for way in ways.values():
        way(*([1] if row.measured == "epoch" else []))
    names = {row.named(way, threads) for way in ways for threads in row.threads}
    beside = {BARE, JAX, ""}
    for asked in row.asked:
        assert asked.way in names
        assert asked.than in names | beside


def test_the_jacobian_by_hand_is_that_of_differences(generator):
    widths = (2, 4, 3, 1)
    shapes = list(pairwise(widths))
    sizes = [size for inputs, outputs in shapes for size in (inputs * outputs, outputs)]
    X, parameters = generator.standard_normal((5, 2)), generator.standard_normal(sum(sizes))

    def layers(parameters):
        parts = np.split(parameters, np.cumsum(sizes)[:-1])
        return [(W.reshape(shape), b) for W, b, shape in zip(parts[::2], parts[1::2], shapes, strict=True)]

    def outputs(parameters):
        *hidden, (W, b) = layers(parameters)
        a = X
        for each, bias in hidden:
            a = np.tanh(a @ each + bias)
        return (a @ W + b)[:, 0]

    expected = numerical_derivatives(outputs, parameters)
    atol = tolerances.JACOBIAN_ATOL_OF_LARGEST * np.abs(expected).max()
    np.testing.assert_allclose(parameter_jacobian(layers(parameters), X), expected, tolerances.JACOBIAN_RTOL, atol)
    assert standard_deviations_by_hand(widths, X)().shape == (5,)


def test_a_file_is_entered_by_calls_from_others_alone():
    """A function of a.py calls one of b.py twice, which calls its neighbour; the test itself is no file of fitnet's."""
    places = {}
    program = {
        "b.py": "def neighbour(): pass\ndef called(): neighbour()",
        "a.py": "def begin():\n    called()\n    called()",
    }
    for name, text in program.items():
        exec(compile(text, str(walk.HOUSE / name), "exec"), places)
    found = {}
    with walk.counting(found):
        places["begin"]()
        places["called"]()
    assert found == {"a.py": walk.Entries(files=1, calls=1), "b.py": walk.Entries(files=2, calls=3)}
