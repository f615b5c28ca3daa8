"""Shares as people type them: in percent, or with a decimal comma, they are answered with the share that is meant."""

import pytest

PREDICT = ("predict", "waves.fitnet", "waves.csv", "--interval")
FIT = ("fit", "waves.csv", "--target", "y", "--test-fraction")
EXPORT = ("export", "waves.fitnet", "--to", "numpy", "--interval")
FORECAST = ("forecast", "waves.csv", "--target", "y", "--steps", "2", "--interval")


@pytest.mark.parametrize("command", [PREDICT, EXPORT, FORECAST, FIT], ids=lambda command: command[0])
@pytest.mark.parametrize(("typed", "meant"), [("90", "0.9"), ("90%", "0.9"), ("99.5 %", "0.995"), ("0,9", "0.9")])
def test_a_share_that_is_none_is_answered_with_the_one_that_is_meant(fitnet, waves_model, command, typed, meant):
    code, out, err = fitnet(*command, typed)
    assert (code, out) == (2, "")
    assert command[-1] in err
    assert err.endswith(f" (did you mean {meant}?).\n")


@pytest.mark.parametrize("typed", ["100%", "ninety", "0%", "-5%", "%"])
def test_nothing_is_meant_by_what_is_no_share(fitnet, waves_model, typed):
    code, _, err = fitnet(*PREDICT, typed)
    assert (code, err) == (2, f"fitnet: Invalid value for '--interval': {typed!r} is not a number such as 0.9.\n")


def test_sets_of_classes_take_a_share_too(fitnet, iris_model):
    for typed in ("90", "90%"):
        code, _, err = fitnet("predict", "iris.fitnet", "iris.csv", "--set", typed)
        assert code == 2
        assert err.endswith(" (did you mean 0.9?).\n")
