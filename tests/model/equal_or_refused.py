"""What the tests of model files share: whether two models agree, and how a file is refused."""

import pytest

from fitnet import load
from fitnet.errors import ModelFileError


def equal(one, other):
    """Whether two models agree in every bit."""
    return (
        one.network == other.network
        and one.parameters.dtype == other.parameters.dtype
        and one.parameters.tobytes() == other.parameters.tobytes()
        and one.example_inputs.tobytes() == other.example_inputs.tobytes()
        and (one.input_names, one.output_names) == (other.input_names, other.output_names)
        and one.provenance == other.provenance
    )


def refusal(path):
    """The sentence with which `load` refuses the file, once it is seen to be one sentence about that file."""
    with pytest.raises(ModelFileError) as raised:
        load(path)
    assert type(raised.value) is ModelFileError
    sentence = str(raised.value)
    assert sentence.startswith(f"{path} ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < len(str(path)) + 300
    return sentence.removeprefix(f"{path} ")
