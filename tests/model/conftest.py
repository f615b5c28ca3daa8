"""What the tests of models share: one small model, and the file it is saved in."""

import numpy as np
import pytest

from fitnet import Model, Network


@pytest.fixture
def model():
    """A 2-5-1 model with names and provenance, always the same."""
    network = Network.of_widths((2, 5, 1), activation="tanh")
    parameters = np.random.default_rng(5).normal(size=network.n_parameters).astype("float32")
    return Model(network, parameters, ("pressure", "Temperatur °C"), ("flux",), {"seed": 5, "note": "by hand, 1e-3"})


@pytest.fixture
def path(model, tmp_path):
    """The model, saved."""
    model.save(tmp_path / "whole.fitnet")
    return tmp_path / "whole.fitnet"
