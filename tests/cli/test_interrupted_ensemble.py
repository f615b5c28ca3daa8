"""fitnet fit of an ensemble and Ctrl-C: the folds that are whole are kept, and it says so."""

import json

import pytest

from fitnet import Ensemble, load
from fitnet.engine import ENGINES
from fitnet.fitting.ensemble_progress import EnsembleProgress

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")

FIT = ("fit", "waves.csv", "--target", "z", "--effort", "fast")
CANDIDATES = 3


@pytest.fixture
def ctrl_c_after(monkeypatch):
    """A function after which the user presses Ctrl-C when so many networks are made."""

    def press(networks):
        made = []

        def show(progress, cross_fit, name, left):
            made.append(name)
            if len(made) == networks:
                raise KeyboardInterrupt

        monkeypatch.setattr(EnsembleProgress, "show", show)

    return press


@pytest.mark.parametrize("folds", [1, 2, 4])
def test_the_folds_that_are_whole_are_kept(fitnet, waves, monkeypatch, folds):
    def show(progress, cross_fit, name, left):
        if len(cross_fit.members[name]) > folds:  # the first network of another fold
            raise KeyboardInterrupt

    monkeypatch.setattr(EnsembleProgress, "show", show)
    code, out, err = fitnet(*FIT)
    assert code == 130
    assert err == f"fitnet: Interrupted: the ensemble is made of the networks of {folds} of 5 folds.\n"
    assert "(interrupted)" in out
    assert "\nModel:    waves.fitnet\n" in out
    ensemble = load("waves.fitnet")
    assert isinstance(ensemble, Ensemble) and set(ensemble.folds) == set(range(folds))
    assert ensemble.provenance["stopped"] == "interrupted"
    predicted = fitnet("predict", "waves.fitnet", "waves.csv", "--interval", "0.8")
    assert predicted.code == (2 if folds == 1 else 0), predicted.err


def test_it_is_told_as_json(fitnet, waves, ctrl_c_after):
    ctrl_c_after(2 * CANDIDATES)
    code, out, _ = fitnet(*FIT, "--json")
    facts = json.loads(out)
    assert (code, facts["stopped"], facts["out_of_fold"]["coverage"]) == (130, "interrupted", None)


def test_before_the_first_fold_is_whole_there_is_nothing_to_keep(fitnet, waves, ctrl_c_after):
    ctrl_c_after(CANDIDATES - 1)
    code, out, err = fitnet(*FIT)
    assert (code, out) == (130, "")
    assert err.splitlines() == [
        "fitnet: Interrupted before one fold had all its networks: there is nothing to keep.",
        "",
        "fitnet: Interrupted.",
    ]
    assert not (waves / "waves.fitnet").exists()
