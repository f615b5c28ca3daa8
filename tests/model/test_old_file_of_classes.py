"""A model file of version 8, of classes, still means what it meant."""

from pathlib import Path

import numpy as np
from forged_files import stored

from fitnet import load, verify
from tolerances import FLOAT64_RTOL, PREDICTION_ATOL_OF_LARGEST

FILE = Path(__file__).parent / "files" / "version-8.fitnet"
ROWS = [[2000, 0], [2001, 2], [1999, 4], [2100, -50]]
# What the reference engine of the version's time gave for these rows.
PROBABILITIES = [
    [0.8766913848626061, 0.07311618873712421, 0.05019242640026968],
    [0.07833349038547675, 0.8979672614245091, 0.023699248190014104],
    [0.037600100148785676, 0.016453272900430332, 0.945946626950784],
    [0.20582208734378923, 0.7906792703968049, 0.003498642259405899],
]


def test_it_means_what_it_meant(engine):
    assert stored(FILE).version == 8
    model = load(FILE, engine=engine.name)
    assert model.classes == model.output_names == ("setosa", "versicolor", "virginica")
    assert model.input_names == ("T", "p")
    found = model.predict(ROWS)
    np.testing.assert_allclose(
        found, PROBABILITIES, rtol=FLOAT64_RTOL, atol=PREDICTION_ATOL_OF_LARGEST[model.parameters.dtype.name]
    )
    assert verify(FILE).passed
