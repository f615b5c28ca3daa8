"""fitnet fit and Ctrl-C: the best so far is kept, and what is resumed ends as if never interrupted."""

import json

import pytest

from fitnet import load

QUICK = ("--hidden", "4", "--epochs", 3)
FIT = ("fit", "waves.csv", "--target", "y", "--features", "a,b", *QUICK)


def press_ctrl_c_in(monkeypatch, epoch):
    """The user presses Ctrl-C once so many epochs are done; at 0, in the middle of the first."""
    from fitnet.training.first_order import FirstOrderTraining

    inner = FirstOrderTraining._run_call

    def run_call(training, *arguments):
        if training.record.epochs >= epoch:
            raise KeyboardInterrupt
        return inner(training, *arguments)

    monkeypatch.setattr(FirstOrderTraining, "_run_call", run_call)


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_interrupted_training_keeps_the_best_and_exits_130(fitnet, waves, monkeypatch, options):
    press_ctrl_c_in(monkeypatch, 1)
    code, out, err = fitnet(*FIT, *options)
    assert code == 130
    assert err.startswith("Interrupted: training ended after epoch 1 of 3; ")
    assert err.count("\n") == 1
    assert json.loads(out)["stopped"] == "interrupted" if options else "1 epoch in" in out
    origin = load("waves.fitnet").provenance
    assert (origin["epochs"], origin["stopped"]) == (1, "interrupted")


def test_interrupted_before_the_first_epoch_keeps_what_was_there(fitnet, waves_model, monkeypatch):
    before = waves_model.read_bytes()
    press_ctrl_c_in(monkeypatch, 0)
    code, out, err = fitnet(*FIT)
    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == "fitnet: Interrupted."
    assert waves_model.read_bytes() == before


def test_interrupted_and_resumed_is_as_never_interrupted(fitnet, waves, monkeypatch):
    fitnet(*FIT, "--batch-size", 8)
    whole = load("waves.fitnet").parameters.tobytes()
    kept = (*FIT, "--batch-size", 8, "--checkpoint", "kept", "--resume")
    with monkeypatch.context() as patch:
        press_ctrl_c_in(patch, 1)
        assert fitnet(*kept).code == 130
    assert load("waves.fitnet").parameters.tobytes() != whole
    facts = json.loads(fitnet(*kept, "--json").out)
    assert (facts["epochs"], facts["stopped"]) == (3, "finished")
    assert load("waves.fitnet").parameters.tobytes() == whole
