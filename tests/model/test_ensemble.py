"""An ensemble: the weighted mean of its members, by NumPy; what it is called, and copies of it."""

import copy
import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from ensembles import FOLDS, LEADERBOARD, MEMBERS, NAMES, OUTPUTS, ROWS, UNITS, WEIGHTS, ensemble, member

from fitnet import Ensemble, propagate
from fitnet.engine import ENGINES
from fitnet.engine.compute import Compute
from fitnet.errors import DerivativeWarning
from fitnet.evaluation import evaluate
from fitnet.evaluation.ranges import outside_ranges
from tolerances import FLOAT64_RTOL

ENSEMBLE = ensemble()


def members_outputs(X):
    """(M, n, m)."""
    return np.stack([model.predict(X) for model in MEMBERS])


def test_the_prediction_is_the_weighted_mean(engine):
    whole = ensemble(compute=Compute(engine.name, 1))
    expected = np.average(members_outputs(ROWS), axis=0, weights=WEIGHTS)
    np.testing.assert_allclose(whole.predict(ROWS), expected, rtol=FLOAT64_RTOL)


def test_weights_are_divided_by_their_sum():
    weights = ensemble(weights=[1, 2, 3, 4]).weights
    np.testing.assert_allclose(weights, WEIGHTS, rtol=FLOAT64_RTOL)
    assert not weights.flags.writeable
    assert ensemble(weights=None).weights.tolist() == [0.25] * 4
    assert ensemble(weights=[1e308, 1e308, 1e308, 1e308]).weights.tolist() == [0.25] * 4


def test_weights_that_are_divided_once_stay_as_they_are():
    weights = ensemble(weights=np.random.default_rng(0).uniform(0.1, 9, 4)).weights
    assert ensemble(weights=weights).weights.tobytes() == weights.tobytes()


def test_the_spread_is_the_weighted_standard_deviation():
    outputs, spread = ENSEMBLE.predict(ROWS, return_std=True)
    each = members_outputs(ROWS)
    variance = np.average((each - np.average(each, axis=0, weights=WEIGHTS)) ** 2, axis=0, weights=WEIGHTS)
    np.testing.assert_allclose(spread, np.sqrt(variance), rtol=FLOAT64_RTOL)
    assert outputs.tobytes() == ENSEMBLE.predict(ROWS).tobytes()


def test_folds_have_the_mean_and_the_spread_of_their_own_members():
    each = members_outputs(ROWS)
    predictions, spreads = ENSEMBLE.fold_predictions(ROWS), ENSEMBLE.fold_spreads(ROWS)
    assert predictions.shape == spreads.shape == (2, 7, 2)
    for fold in range(2):
        own = np.flatnonzero(np.array(FOLDS) == fold)
        weights = np.array(WEIGHTS)[own]
        mean = np.average(each[own], axis=0, weights=weights)
        np.testing.assert_allclose(predictions[fold], mean, rtol=FLOAT64_RTOL)
        variance = np.average((each[own] - mean) ** 2, axis=0, weights=weights)
        np.testing.assert_allclose(spreads[fold], np.sqrt(variance), rtol=FLOAT64_RTOL)


def test_a_fold_with_one_member_is_that_member():
    whole = ensemble(folds=range(4))
    assert np.array_equal(whole.fold_predictions(ROWS), members_outputs(ROWS))
    assert not whole.fold_spreads(ROWS).any()


def test_one_member_alone_is_the_model_itself():
    alone, X = Ensemble([MEMBERS[0]]), ROWS.tolist()
    assert np.array_equal(alone.predict(X), MEMBERS[0].predict(X))
    assert np.array_equal(alone.jacobian(X), MEMBERS[0].jacobian(X))
    assert np.array_equal(alone.hessian(X), MEMBERS[0].hessian(X))


@pytest.mark.skipif("native" not in ENGINES, reason="the reference engine sums by BLAS, in orders of its own")
def test_a_rows_bits_do_not_depend_on_the_batch():
    whole = ensemble(compute=Compute("native", 2))
    X = np.random.default_rng(8).normal(size=(3000, 2))
    together, spreads = whole.predict(X, return_std=True)
    one_by_one = [whole.predict(X[i : i + 1], return_std=True) for i in range(0, 3000, 97)]
    assert np.array_equal(together[::97], np.concatenate([outputs for outputs, _ in one_by_one]))
    assert np.array_equal(spreads[::97], np.concatenate([spread for _, spread in one_by_one]))
    assert np.array_equal(together, whole.predict(X))


def test_the_widest_dtype_is_that_of_the_outputs():
    single = [member(i, (2, 3, 2), "float32") for i in range(2)]
    assert Ensemble(single).predict(ROWS).dtype == Ensemble(single).jacobian(ROWS).dtype == "float32"
    assert Ensemble(single, folds=(0, 1)).fold_predictions(ROWS).dtype == "float32"
    both = Ensemble([*single, MEMBERS[0]])
    assert both.predict(ROWS).dtype == both.jacobian(ROWS).dtype == both.hessian(ROWS).dtype == "float64"
    assert both.predict([[1, 2]]).tobytes() == both.predict([[1.0, 2.0]]).tobytes()


@pytest.mark.parametrize("return_std", [False, True])
@pytest.mark.parametrize("given", [ROWS, ROWS.tolist(), ROWS.astype("float32")], ids=["array", "list", "single"])
def test_outputs_are_written_where_they_are_wanted(given, return_std):
    out = np.empty((7, 2))
    answer = ENSEMBLE.predict(given, out=out, return_std=return_std)
    assert (answer[0] if return_std else answer) is out
    assert np.array_equal(out, ENSEMBLE.predict(given))


def test_columns_are_found_by_name():
    frame = pd.DataFrame(ROWS[:, ::-1], columns=NAMES[::-1])
    for call in (ENSEMBLE.predict, ENSEMBLE.jacobian, ENSEMBLE.fold_spreads):
        assert np.array_equal(call(frame), call(ROWS))


def test_it_knows_its_columns():
    assert (ENSEMBLE.input_names, ENSEMBLE.output_names, ENSEMBLE.units) == (NAMES, OUTPUTS, UNITS)
    assert ENSEMBLE.number_names == ENSEMBLE.given_names == NAMES
    assert ENSEMBLE.input_ranges is None
    assert [column.unit for column in (*ENSEMBLE.inputs, *ENSEMBLE.outputs)] == ["K", "", "", "kg"]
    assert ENSEMBLE.with_units({"p": "Pa", "T": ""}).units == {"p": "Pa", "mass": "kg"}
    assert ENSEMBLE.n_parameters == sum(model.network.n_parameters for model in MEMBERS)
    assert ENSEMBLE.architectures == [model.architecture for model in MEMBERS]
    assert ENSEMBLE.leaderboard == LEADERBOARD
    assert ENSEMBLE.leaderboard[1].weight == 0.4


def test_its_ranges_are_those_of_all_members_together():
    ranges = [[[0, 5], [1, 6]], [[-1, 5.5], [0.5, 7]]]
    whole = Ensemble([replace(MEMBERS[i], input_ranges=each) for i, each in enumerate(ranges)])
    assert whole.input_ranges.tolist() == [[-1, 5], [1, 7]]
    assert [(column.low, column.high) for column in whole.inputs] == [(-1, 1), (5, 7)]
    assert outside_ranges(whole, [[-0.5, 6], [2, 6]]).rows == 1


def test_it_says_what_it_is():
    assert repr(ENSEMBLE) == "<Ensemble of 'flux', 'mass' from 'T', 'p': 4 members by 2 folds, 85 parameters>"
    assert repr(Ensemble(MEMBERS[:1])) == "<Ensemble of 'flux', 'mass' from 'T', 'p': 1 member, 27 parameters>"


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda whole: pickle.loads(pickle.dumps(whole))])
def test_a_copy_predicts_the_same(copied):
    ENSEMBLE.predict(ROWS)
    other = copied(ENSEMBLE)
    assert other.predict(ROWS).tobytes() == ENSEMBLE.predict(ROWS).tobytes()
    assert (other.folds, other.leaderboard, other.provenance) == (FOLDS, LEADERBOARD, {"seed": 3})
    assert not other.weights.flags.writeable
    assert not other.members[0].parameters.flags.writeable


def test_all_members_compute_as_the_ensemble_does(engine):
    whole = ensemble(compute=Compute(engine.name, 1))
    assert {member.compute for member in whole.members} == {Compute(engine.name, 1)}
    assert ENSEMBLE.members[0] is MEMBERS[0]


def test_it_is_judged_and_propagates_like_a_model():
    truth = ENSEMBLE.predict(ROWS) + np.array([1.0, -2.0])
    evaluation = evaluate(ENSEMBLE, ROWS, truth)
    assert evaluation.coverage is None
    np.testing.assert_allclose(evaluation.errors["network"].rmse, [1, 2], rtol=FLOAT64_RTOL)
    S = np.diag([0.5, 0.25])
    J = ENSEMBLE.jacobian(ROWS)
    np.testing.assert_allclose(propagate(ENSEMBLE, ROWS, S), J @ S @ J.transpose(0, 2, 1), rtol=FLOAT64_RTOL)


def test_a_hessian_of_corners_warns_once():
    cornered = [replace(MEMBERS[2], network=type(MEMBERS[2].network).of_widths((2, 3, 2), "relu"))] * 2
    with pytest.warns(DerivativeWarning) as caught:
        Ensemble(cornered).hessian(ROWS)
    assert len(caught) == 1
