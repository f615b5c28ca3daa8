"""The description of a model: all but its parameters."""

import json

import numpy as np

from fitnet import Model, Network
from fitnet.algorithm.scaling import Scaling
from fitnet.model.description import Description
from fitnet.model.error_bars import ErrorBars


def test_all_about_a_model():
    network = Network.of_widths((2, 1, 1), "tanh")
    parameters = network.initial_parameters(np.random.default_rng(0), "glorot", "float64")
    bars = ErrorBars(np.ones(15), 0.5, [[0.25]], 3.5)
    scalings = {"input_scaling": Scaling([1, 2], [3, 4]), "target_scaling": Scaling([5], [6])}
    described = Description.of(
        Model(network, parameters, ["a", "b"], ["y"], {"seed": 1}, input_ranges=[[0, 1], [2, 3]], error_bars=bars)
    )
    assert described.noise == {"y": 0.5}
    given = {"input_ranges": [[0, 1], [2, 3]], "units": {"a": "m", "y": "m/s"}, "error_bars": bars, **scalings}
    full = Model(network, parameters, ["a", "b"], ["y"], {"seed": 1}, **given)
    facts = Description.of(full).as_dict()
    assert json.loads(json.dumps(facts)) == {
        "architecture": [[2, 1], [1, 1]],
        "activations": ["tanh", "identity"],
        "parameters": 5,
        "dtype": "float64",
        "inputs": [
            {"name": "a", "unit": "m", "shift": 1.0, "scale": 3.0, "lowest": 0.0, "highest": 2.0},
            {"name": "b", "unit": None, "shift": 2.0, "scale": 4.0, "lowest": 1.0, "highest": 3.0},
        ],
        "targets": [{"name": "y", "unit": "m/s", "shift": 5.0, "scale": 6.0}],
        "error_bars": {"noise": {"y": 3.0}, "effective_parameters": 3.5},
        "provenance": {"seed": 1},
    }


def test_what_a_model_lacks_is_none():
    network = Network.of_widths((1, 1))
    facts = Description.of(Model(network, np.zeros(2, np.float32))).as_dict()
    unknown = {"unit": None, "shift": None, "scale": None}
    assert facts["inputs"] == [{"name": "x1", **unknown, "lowest": None, "highest": None}]
    assert facts["targets"] == [{"name": "y1", **unknown}]
    assert facts["error_bars"] is None
