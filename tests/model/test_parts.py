"""The parts of a model: together they hold all of it, each name once, and a file holds what they name."""

import dataclasses
import json

import numpy as np
from forged_files import stored

from fitnet import LogTransform, Model, Network, Scaling
from fitnet.model import file
from fitnet.model.error_bars import ErrorBars
from fitnet.rows import Categories, Imputation

BESIDE_THE_FILE = {"compute"}  # what a model has without keeping it
NETWORK = Network.of_widths((2, 3, 1), "tanh")
P = NETWORK.n_parameters
WHOLE = Model(
    NETWORK,
    np.linspace(-1, 1, P),
    ("T", "p"),
    ("flux",),
    {"seed": 1},
    input_scaling=Scaling([1, 2], [3, 4], 3.0),
    target_scaling=Scaling([1], [2]),
    input_ranges=[[0, 1], [2, 3]],
    error_bars=ErrorBars(np.eye(P)[np.tril_indices(P)], 1.0, [[0.25]], 3),
    units={"T": "K"},
    imputation=Imputation(np.array([0.5, 1.5]), ()),
    target_transform=LogTransform(3.0),
    categories=Categories(("T", "p"), (None, ("low",))),
)


def test_every_argument_of_a_model_belongs_to_one_part():
    given = {field.name: getattr(WHOLE, field.name) for field in dataclasses.fields(Model)}
    names = [name for part in file.PARTS for name in part.of(given).fields()]
    assert sorted(names) == sorted(given.keys() - BESIDE_THE_FILE)


def test_a_file_that_holds_everything_has_every_name_of_every_part_once(tmp_path):
    WHOLE.save(tmp_path / "m.fitnet")
    whole = stored(tmp_path / "m.fitnet")
    assert sorted(whole.tensors) == sorted(name for part in file.PARTS for name in part.TENSORS)
    assert sorted(json.loads(whole.description)) == sorted(name for part in file.PARTS for name in part.KEYS)
    tensors, keys = file.since(file.PARTS)
    assert whole.version == max(*tensors.values(), *keys.values())
