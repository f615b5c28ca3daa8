"""The file of an ensemble: what is saved comes back to the bit, what all members share is there once."""

import json
import subprocess
import sys
from dataclasses import fields, replace
from functools import partial

import numpy as np
import pytest
from ensembles import FRAME, MEMBERS, ROWS, ensemble, ensemble_of_words, with_residuals
from equal_or_refused import refusal
from forged_files import forge, stored

from fitnet import Ensemble, Model, Network, load, verify
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model import file
from fitnet.model.ensemble_parts.members import SHARED_KEYS

DRIFT = 1e-6  # of a float64 output: some thousand times what rounding may do
WHOLES = {"numbers": (ensemble, ROWS), "words and gaps": (ensemble_of_words, FRAME), "all": (with_residuals, ROWS)}


@pytest.fixture(params=WHOLES)
def saved(request, tmp_path):
    """An ensemble, rows for it, and its file."""
    make, X = WHOLES[request.param]
    whole, path = make(), tmp_path / "whole.fitnet"
    whole.save(path)
    return whole, X, path


def test_what_is_loaded_predicts_the_same_bits(saved):
    whole, X, path = saved
    loaded = load(path)
    assert type(loaded) is Ensemble
    spread = partial(Ensemble.predict, return_std=True)
    for call in (Ensemble.predict, Ensemble.jacobian, Ensemble.hessian, lambda each, X: spread(each, X)[1]):
        assert call(loaded, X).tobytes() == call(whole, X).tobytes()


def test_everything_else_is_there(saved):
    whole, _, path = saved
    loaded = load(path, engine="reference", n_threads=1)
    assert loaded.compute == loaded.members[1].compute == Compute("reference", 1)
    assert loaded.weights.tobytes() == whole.weights.tobytes()
    for name in ("folds", "leaderboard", "provenance", "input_names", "output_names", "units", "categories"):
        assert getattr(loaded, name) == getattr(whole, name)
    for one, other in zip(loaded.members, whole.members, strict=True):
        assert one.network == other.network
        assert one.parameters.tobytes() == other.parameters.tobytes()
        assert one.parameters.dtype == other.parameters.dtype
        assert (one.target_transform, one.provenance) == (other.target_transform, other.provenance)


def test_intervals_and_domain_are_there(saved):
    whole, X, path = saved
    loaded = load(path)
    if whole.conformal is None:
        assert loaded.conformal is loaded.domain is None
        return
    assert loaded.predict_interval(X, [0.5, 0.9]).tobytes() == whole.predict_interval(X, [0.5, 0.9]).tobytes()
    assert loaded.domain_score(X).tobytes() == whole.domain_score(X).tobytes()
    for one, other in ((loaded.conformal, whole.conformal), (loaded.domain, whole.domain)):
        for field in fields(one):
            assert np.array_equal(getattr(one, field.name), getattr(other, field.name))


def test_saved_again_it_has_the_same_bytes(saved, tmp_path):
    load(saved[2]).save(tmp_path / "again.fitnet")
    assert (tmp_path / "again.fitnet").read_bytes() == saved[2].read_bytes()


def test_it_verifies_all_members(saved):
    whole, _, path = saved
    outcome = verify(path)
    assert outcome.passed
    assert outcome.rows == sum(len(member.example_inputs) for member in whole.members)


@pytest.mark.parametrize("member", range(4))
def test_a_member_that_predicts_otherwise_does_not_pass(tmp_path, member):
    ensemble().save(tmp_path / "whole.fitnet")
    whole = stored(tmp_path / "whole.fitnet")
    name = f"{member}/example_outputs"
    outputs = whole.tensors[name] + DRIFT * np.abs(whole.tensors[name]).max()
    assert not verify(forge(tmp_path / "forged.fitnet", whole, **{name: outputs})).passed


def test_what_members_share_is_there_once(saved):
    whole = stored(saved[2])
    description = json.loads(whole.description)
    assert description.keys() >= {"input_names", "output_names", "units", "members", "provenance"}
    assert not any(SHARED_KEYS.keys() & member for member in description["members"])
    assert sum(name.endswith("imputed_medians") for name in whole.tensors) == (len(saved[0].members) == 2)


def test_only_ensembles_are_of_a_newer_version(saved, tmp_path):
    assert stored(saved[2]).version == 7
    MEMBERS[1].save(tmp_path / "model.fitnet")
    assert stored(tmp_path / "model.fitnet").version == 6
    assert type(load(tmp_path / "model.fitnet")) is Model


def test_an_older_fitnet_asks_for_an_upgrade(saved, monkeypatch):
    monkeypatch.setattr(file, "FORMAT", replace(file.FORMAT, newest=6))
    assert refusal(saved[2]) == (
        "was written by a newer fitnet (format 7; this one reads up to 6): upgrade fitnet to read it."
    )


def test_an_ensemble_in_an_older_version_is_no_model(saved, tmp_path):
    old = forge(tmp_path / "old.fitnet", stored(saved[2]), version=6)
    assert refusal(old) == "is damaged: it does not hold a model's tensors."


def test_as_many_members_as_there_may_be(tmp_path):
    network = Network.of_widths((1, 1))
    model = Model(network, np.ones(2), example_inputs=[[1.0]])
    Ensemble([model] * 4096).save(tmp_path / "many.fitnet")
    assert len(load(tmp_path / "many.fitnet").members) == 4096


def test_what_cannot_be_kept_is_refused(tmp_path):
    with pytest.raises(ArgumentValueError, match=r"^`path` is .*; a model file's name must end in .fitnet\.$"):
        ensemble().save(tmp_path / "whole.txt")
    with pytest.raises(ArgumentTypeError, match=r"^`provenance` must hold text"):
        ensemble(provenance={"when": {1, 2}}).save(tmp_path / "whole.fitnet")
    assert not [*tmp_path.iterdir()]


def test_it_predicts_with_numpy_and_safetensors_alone(saved):
    program = (
        f"import sys, fitnet; whole = fitnet.load({str(saved[2])!r}); whole.predict([[1] * len(whole.input_names)]);"
        "print([name for name in ('scipy', 'sklearn', 'polars', 'rich', 'click', 'pandas') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
