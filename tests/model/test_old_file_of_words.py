"""A model file of version 6 with all that it can hold: words, gaps, a logarithm, clipped inputs, error bars."""

from pathlib import Path

import numpy as np
import pytest
from forged_files import stored

from fitnet import LogTransform, load, verify
from fitnet.rows import Categories
from tolerances import FLOAT64_RTOL

FILE = Path(__file__).parent / "files" / "version-6.fitnet"
ROWS = {"p": [3.0, np.nan, 9.0], "colour": ["red", "blue", "red"], "T": [2000.5, 1999.0, np.nan]}
# What the reference engine of its time gave for these rows.
PREDICTIONS = [
    [9.859156022570032, 0.0037314090540196687],
    [5.059213598357172, 0.45006425158008545],
    [8.07866282804877, 0.18512423067339753],
]
DEVIATIONS = [
    [3.012485270004356, 0.16932972607135277],
    [1.495392695720016, 0.17120971031524684],
    [2.6560845565125177, 0.1722196262081484],
]
DERIVATIVES = [
    [[0.49109347561731265, -0.13574916620005661], [-0.030139661515449015, 0.08875698570881668]],
    [[0.08472356178918099, 0.0], [-0.010636019945468145, 0.0]],
    [[0.0, -0.005580050525733605], [0.0, 0.0005353425102345245]],
]


def test_it_says_what_it_said(engine):
    model = load(FILE, engine=engine.name)
    predicted, deviations = model.predict(ROWS, return_std=True)
    np.testing.assert_allclose(predicted, PREDICTIONS, rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(deviations, DEVIATIONS, rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(model.jacobian(ROWS), DERIVATIVES, rtol=FLOAT64_RTOL)
    assert verify(FILE).passed


def test_everything_is_there():
    model = load(FILE)
    assert stored(FILE).version == 6
    assert model.categories == Categories(("T", "colour", "p"), (None, ("blue", "red"), None))
    assert model.input_names == ("T", "colour=blue", "colour=red", "p", "p is missing")
    assert model.target_transform == LogTransform((1.0, None))
    assert model.input_scaling.limit == 3
    assert model.input_scaling.scale.tolist() == [2, 1, 1, 0.5, 1]
    assert model.units == {"T": "K", "flux": "W/m²"}


@pytest.mark.parametrize("times", [1, 2])
def test_saved_again_it_holds_the_same(times, tmp_path):
    model = load(FILE)
    for _ in range(times):
        model.save(tmp_path / "again.fitnet")
        model = load(tmp_path / "again.fitnet")
    old, new = stored(FILE), stored(tmp_path / "again.fitnet")
    assert (new.version, new.description, new.tensors.keys()) == (6, old.description, old.tensors.keys())
