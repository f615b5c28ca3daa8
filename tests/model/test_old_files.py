"""Model files of every version that was ever written, each by the fitnet of its time, still mean what they meant."""

from pathlib import Path

import numpy as np
import pytest
from forged_files import stored

from fitnet import Scaling, load, verify
from tolerances import FLOAT64_RTOL, PREDICTION_ATOL_OF_LARGEST

FILES = Path(__file__).parent / "files"
VERSIONS = [1, 2, 3, 4, 5]  # of 6, with words, test_old_file_of_words.py tells
DTYPE = {1: "float32", 2: "float32", 3: "float64", 4: "float32", 5: "float64"}
PLAIN_ROWS, SCALED_ROWS = [[-1, 0.5], [0, 0], [2, -3]], [[1999.5, -40], [2000, 0], [2000.75, 35]]
# What the reference engine of each version's time gave for these rows.
PREDICTIONS = {
    1: [
        [1.2924712896347046, 0.3919261395931244],
        [1.9595205783843994, 0.6184337139129639],
        [2.042771577835083, 0.6467030048370361],
    ],
    2: [
        [109050.66788196564, 0.0042268381118774415],
        [122767.06218719482, 0.0036950478553771974],
        [111710.28733253479, 0.0020520119667053224],
    ],
    3: [
        [125294.87740252228, 0.00019808280421834264],
        [126074.49032149876, 0.0011740046552816347],
        [101582.29905170063, 0.0016078992722524247],
    ],
    4: [
        [71920.84789276123, 0.002256713628768921],
        [103974.34949874878, -0.0014469659328460694],
        [118642.30394363403, -0.0008988643884658814],
    ],
    5: [
        [119983.31220383306, -0.001146900044666938],
        [100728.95922980426, -0.00014983282247238582],
        [107875.98547824846, 0.0006267307754792725],
    ],
}
DEVIATIONS = {
    3: [
        [22585.237064723657, 0.0010593705996161612],
        [20935.963103088772, 0.0009335965932307645],
        [16387.119567771486, 0.0007431627657037574],
    ],
    4: [
        [25868.46782263, 0.0010583063279549939],
        [19658.332189971567, 0.0008719047412738073],
        [24879.688724070696, 0.0008188892231036577],
    ],
    5: [
        [17374.646799957765, 0.0007168848006043958],
        [14715.648970947386, 0.0005166349454382544],
        [15629.51201768777, 0.0008226387325636698],
    ],
}


def file_of(version):
    return FILES / f"version-{version}.fitnet"


@pytest.mark.parametrize("version", VERSIONS)
def test_the_file_is_of_that_version(version):
    assert stored(file_of(version)).version == version


@pytest.mark.parametrize("version", VERSIONS)
def test_predictions_are_what_they_were(version):
    X = PLAIN_ROWS if version == 1 else SCALED_ROWS
    predicted, expected = load(file_of(version)).predict(X), np.array(PREDICTIONS[version])
    allowed = PREDICTION_ATOL_OF_LARGEST[DTYPE[version]] * np.abs(expected).max(axis=0)
    assert np.all(np.abs(predicted - expected) <= allowed)
    assert verify(file_of(version)).passed


def test_gaps_are_filled_in_as_they_were():
    predicted = load(file_of(5)).predict([[np.nan, 0], [2000, np.nan]])
    expected = [[102413.5294512912, 0.0002492498766167975], [100762.47777946744, -8.778465301736135e-05]]
    np.testing.assert_allclose(predicted, expected, rtol=FLOAT64_RTOL)


@pytest.mark.parametrize("version", [3, 4, 5])
def test_error_bars_are_what_they_were(version):
    deviations = load(file_of(version)).predict(SCALED_ROWS, return_std=True)[1]
    np.testing.assert_allclose(deviations, DEVIATIONS[version], rtol=FLOAT64_RTOL)


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_else_is_there(version):
    model = load(file_of(version))
    assert (model.input_names, model.output_names) == (("pressure", "Temperatur °C"), ("flux", "x"))
    assert model.provenance == {"seed": version, "note": "by hand, 1e-3"}
    assert model.parameters.dtype == DTYPE[version]
    assert [layer.activation for layer in model.network.layers] == ["tanh", "relu", "identity"]
    assert model.units == ({} if version < 4 else {"pressure": "hPa", "Temperatur °C": "°C", "flux": "W/m²"})
    assert (model.error_bars is None) == (version < 3)
    if version == 1:
        assert model.input_scaling is model.target_scaling is model.input_ranges is None
        return
    assert same(model.input_scaling, Scaling([2000.125, -3], [0.5, 20]))
    assert same(model.target_scaling, Scaling([1e5, 0], [2e4, 1e-3]))
    assert model.input_ranges.tolist() == [[1999, -40], [2001, 35]]


def same(one, other):
    """Whether two scalings agree in every bit."""
    return (one.shift.tobytes(), one.scale.tobytes()) == (other.shift.tobytes(), other.scale.tobytes())


@pytest.mark.parametrize("version", VERSIONS)
def test_saved_again_it_holds_the_same(version, tmp_path):
    load(file_of(version)).save(tmp_path / "again.fitnet")
    old, new = stored(file_of(version)), stored(tmp_path / "again.fitnet")
    assert new.version == max(version, 3)
    assert new.description == old.description
    assert new.tensors.keys() == old.tensors.keys()
    for name in new.tensors.keys() - {"example_outputs"}:  # which are computed anew
        assert new.tensors[name].tobytes() == old.tensors[name].tobytes()
