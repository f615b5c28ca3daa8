"""The parts of a model: together they hold all of it, each name once, and a file holds what they name."""

import dataclasses
import json

import numpy as np
import pytest
from forged_files import stored

from fitnet import LogTransform, Model, Network, Scaling
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.model import file
from fitnet.model.error_bars import ErrorBars
from fitnet.model.parts.classes import ClassesPart
from fitnet.model.parts.encoding import EncodingPart
from fitnet.model.parts.error_bars import ErrorBarsPart
from fitnet.model.parts.scalings import LIMIT
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
ENCODED = dataclasses.replace(  # with what excludes error bars and a limit
    WHOLE,
    network=Network.of_widths((3, 4, 1), "tanh"),
    parameters=np.linspace(-1, 1, Network.of_widths((3, 4, 1), "tanh").n_parameters),
    encoding=PiecewiseLinear([[], [0, 1], []], [[0.5, 0.5]]),
    error_bars=None,
    input_scaling=Scaling([1, 2], [3, 4]),
)
CLASSES = dataclasses.replace(  # which exclude what only numbers have
    WHOLE, classes=(False, True), output_names=(), error_bars=None, target_scaling=None, target_transform=None
)
OF_NUMBERS = {"target_shift", "target_scale", "target_lower_bounds"}


def test_every_argument_of_a_model_belongs_to_one_part():
    given = {field.name: getattr(WHOLE, field.name) for field in dataclasses.fields(Model)}
    names = [name for part in file.PARTS for name in part.of(given).fields()]
    assert sorted(names) == sorted(given.keys() - BESIDE_THE_FILE)


def names_in_the_file(model, path):
    """Its tensors' names, its description's, and its version."""
    model.save(path)
    whole = stored(path)
    return sorted(whole.tensors), sorted(json.loads(whole.description)), whole.version


@pytest.mark.parametrize(
    ("model", "excluded", "keys"), [(WHOLE, EncodingPart, ()), (ENCODED, ErrorBarsPart, (LIMIT,))], ids=["bars", "bins"]
)
def test_a_file_that_holds_everything_has_every_name_of_every_part_once(tmp_path, model, excluded, keys):
    """Everything but what the model's other parts exclude."""
    parts = tuple(part for part in file.PARTS if part not in (excluded, ClassesPart))
    tensors, described, version = names_in_the_file(model, tmp_path / "m.fitnet")
    assert tensors == sorted(name for part in parts for name in part.TENSORS)
    assert described == sorted(name for part in parts for name in part.KEYS if name not in keys)
    assert version == max(since for each in file.since(parts) for since in each.values())


def test_a_file_of_classes_has_the_other_names(tmp_path):
    tensors, described, version = names_in_the_file(CLASSES, tmp_path / "m.fitnet")
    parts = tuple(part for part in file.PARTS if part not in (EncodingPart, ErrorBarsPart))
    assert tensors == sorted({name for part in parts for name in part.TENSORS} - OF_NUMBERS)
    assert described == sorted({name for part in parts for name in part.KEYS} - OF_NUMBERS)
    assert version == 8
