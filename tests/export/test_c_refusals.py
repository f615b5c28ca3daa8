"""C: what cannot be exported is refused in a sentence, and nothing is written."""

import numpy as np
import pytest
from exported_kinds import EXPORTED

from fitnet import Model, Network, Scaling
from fitnet.errors import ArgumentValueError
from kinds_of_models import model


def refusal(given, path, **arguments):
    """What an export's error says; the file is not there."""
    with pytest.raises(ArgumentValueError) as caught:
        given.export(path, "c", **arguments)
    assert not path.exists()
    return str(caught.value)


def test_numbers_that_float_cannot_hold(tmp_path):
    far = model(1, Network.of_widths((1, 3, 1)), input_scaling=Scaling([1e300], [1e299]))
    assert "float32 cannot compute" in refusal(far, tmp_path / "far.h", precision="single")


def test_too_many_parameters(tmp_path):
    network = Network.of_widths((1000, 2000, 1))
    large = Model(network, np.zeros(network.n_parameters, np.float32))
    assert "2,004,001 parameters; a file for that may hold 2,000,000" in refusal(large, tmp_path / "large.h")


@pytest.mark.parametrize("prefix", ["while", "2x", "a-b", "a__b", ""])
def test_a_prefix_that_is_no_identifier(tmp_path, prefix):
    assert "`prefix`" in refusal(EXPORTED["tanh"], tmp_path / "model.h", prefix=prefix)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="missing"):
        EXPORTED["tanh"].export(tmp_path / "missing" / "model.h")
