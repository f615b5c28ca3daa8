"""Columns of words in a model file or a model that do not fit: refused in one sentence."""

import json

import numpy as np
import pytest
from forged_files import forge, stored

from fitnet import Model, Network, load
from fitnet.errors import ArgumentTypeError, ArgumentValueError, ModelFileError
from fitnet.rows import Categories, Imputation

NETWORK = Network.of_widths((3, 2, 1))
PARAMETERS = np.ones(NETWORK.n_parameters)
CATEGORIES = Categories(("x", "k"), (None, ("a", "b")))
LAYERS = "its columns of words do not fit its layers"
FOREIGN = "its description is not a fitnet model's"


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ([["x", None], ["k", ["a"]]], LAYERS),
        ([["x", None], ["k", ["a", "b", "c"]]], LAYERS),
        ([["x", None], ["k", ["b", "a"]]], LAYERS),
        ([["x", None], ["k", ["a", 1]]], LAYERS),
        ([["x", None], ["k", "ab"]], LAYERS),
        ([["x", None], ["k", {"a": 1}]], LAYERS),
        ([["x", None], [1, ["a", "b"]]], LAYERS),
        ([["x", None], [["k"], ["a", "b"]]], LAYERS),
        ([["x", None], ["y", None], ["z", None]], LAYERS),
        ([["x", None], ["k", ["a", "b"], 3]], FOREIGN),
        ([["k", ["a", "b"]], 3], FOREIGN),
        ({"x": None, "k": ["a", "b"]}, FOREIGN),
        (None, FOREIGN),
        ([], LAYERS),
        ([["k", ["a", "b"]], ["x", None]], "its column names do not fit its columns of words"),
        ([["x", None], ["q", ["a", "b"]]], "its column names do not fit its columns of words"),
    ],
)
def test_a_forged_file_is_refused(tmp_path, columns, sentence):
    Model(NETWORK, PARAMETERS, categories=CATEGORIES).save(tmp_path / "m.fitnet")
    whole = stored(tmp_path / "m.fitnet")
    assert whole.version == 6
    description = json.loads(whole.description) | {"given_columns": columns}
    forge(tmp_path / "forged.fitnet", whole, json.dumps(description))
    with pytest.raises(ModelFileError) as raised:
        load(tmp_path / "forged.fitnet")
    assert str(raised.value) == f"{tmp_path / 'forged.fitnet'} is damaged: {sentence}."


def test_categories_must_fit_network_imputation_and_names():
    with pytest.raises(ArgumentTypeError, match="`categories` is 'k'; it must be Categories or None"):
        Model(NETWORK, PARAMETERS, categories="k")
    with pytest.raises(ArgumentValueError, match="`categories` gives 2 columns; it must give 3, as many as the net"):
        Model(NETWORK, PARAMETERS, categories=Categories(("k",), (("a", "b"),)))
    with pytest.raises(ArgumentValueError, match="`categories` gives 3 columns; it must give 2, as many as the imput"):
        Model(NETWORK, PARAMETERS, categories=CATEGORIES, imputation=Imputation([1, 2], (0,)))
    for names in (("x", "q"), ("k", "x"), ("x", "k=b", "k=a"), ("a", "b", "c")):
        with pytest.raises(
            ArgumentValueError, match=r"`input_names` is .*; it must be 'x', 'k', as `categories` has it"
        ):
            Model(NETWORK, PARAMETERS, names, categories=CATEGORIES)
    for names in ((), ("x", "k"), ["x", "k=a", "k=b"]):
        assert Model(NETWORK, PARAMETERS, names, categories=CATEGORIES).input_names == ("x", "k=a", "k=b")
