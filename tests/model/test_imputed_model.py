"""A model that fills gaps in: predictions, derivatives, error bars and its file are those of the completed rows."""

import json

import numpy as np
import pandas as pd
import pytest
from forged_files import forge, stored

from finite_differences import numerical_jacobian
from fitnet import Model, Network, Scaling, load, propagate, verify
from fitnet.errors import ArgumentTypeError, ArgumentValueError, ModelFileError
from fitnet.evaluation import evaluate
from fitnet.evaluation.ranges import outside_ranges
from fitnet.model.error_bars import ErrorBars
from fitnet.rows import Imputation
from tolerances import DIFFERENCE_STEP, JACOBIAN_ATOL_OF_LARGEST, JACOBIAN_RTOL

NAN = np.nan
NETWORK = Network.of_widths((3, 4, 2), "tanh")
P = NETWORK.n_parameters
PLAIN = Model(
    NETWORK,
    np.linspace(-1, 1, P),
    ("T", "p", "p is missing"),
    input_scaling=Scaling([1, 2, 0], [3, 4, 1]),
    target_scaling=Scaling([1, 0], [2, 1]),
    input_ranges=[[0, 0, 0], [9, 9, 1]],
    error_bars=ErrorBars(np.eye(P)[np.tril_indices(P)], 1.0, [[0.25, 0], [0, 0.5]], 3),
)
IMPUTED = Model(
    *(NETWORK, PLAIN.parameters, ("T", "p")),
    input_scaling=PLAIN.input_scaling,
    target_scaling=PLAIN.target_scaling,
    input_ranges=PLAIN.input_ranges,
    error_bars=PLAIN.error_bars,
    imputation=Imputation(np.array([5.0, 6.0]), (1,)),
)
GAPS = np.array([[1.0, 2], [NAN, 3], [4, NAN], [NAN, NAN], [-1, NAN]])
WHOLE = np.array([[1.0, 2, 0], [5, 3, 0], [4, 6, 1], [5, 6, 1], [-1, 6, 1]])


def test_names():
    assert IMPUTED.given_names == ("T", "p")
    assert IMPUTED.input_names == PLAIN.input_names == PLAIN.given_names


@pytest.mark.parametrize("rows", [GAPS, WHOLE, GAPS.tolist(), np.ma.masked_invalid(GAPS)])
def test_predictions_are_those_of_completed_rows(rows):
    np.testing.assert_array_equal(IMPUTED.predict(rows), PLAIN.predict(WHOLE))
    for asked in ("return_std", "return_cov"):
        found, expected = IMPUTED.predict(rows, **{asked: True}), PLAIN.predict(WHOLE, **{asked: True})
        np.testing.assert_array_equal(found[0], expected[0])
        np.testing.assert_array_equal(found[1], expected[1])


def test_a_row_alone_and_a_place_for_the_result():
    out = np.empty((1, 2))
    assert IMPUTED.predict(GAPS[2:3], out=out) is out
    np.testing.assert_array_equal(out, PLAIN.predict(WHOLE[2:3]))


def test_infinity_is_no_gap():
    with pytest.raises(ArgumentValueError, match="`X` holds inf"):
        IMPUTED.predict([[1, np.inf]])


def test_derivatives_are_those_with_respect_to_what_is_given():
    rows = np.array([[1.0, 2], [3, 4]])
    expected = numerical_jacobian(IMPUTED.predict, rows, np.array([DIFFERENCE_STEP, DIFFERENCE_STEP]))
    atol = JACOBIAN_ATOL_OF_LARGEST * np.abs(expected).max()
    np.testing.assert_allclose(IMPUTED.jacobian(rows), expected, rtol=JACOBIAN_RTOL, atol=atol)
    np.testing.assert_array_equal(IMPUTED.hessian(rows), PLAIN.hessian(np.c_[rows, [0, 0]])[:, :, :2, :2])


def test_what_is_missing_has_no_effect():
    gaps = np.isnan(GAPS)
    jacobian, hessian = IMPUTED.jacobian(GAPS), IMPUTED.hessian(GAPS)
    for i, row in enumerate(gaps):
        assert not jacobian[i][:, row].any()
        assert not hessian[i][:, row].any()
        assert not hessian[i][:, :, row].any()
        np.testing.assert_array_equal(jacobian[i][:, ~row], PLAIN.jacobian(WHOLE)[i][:, :2][:, ~row])
    assert hessian[0].all()


def test_gaps_of_a_frame_are_found_by_name():
    turned = pd.DataFrame(GAPS, columns=["T", "p"])[["p", "T"]]
    np.testing.assert_array_equal(IMPUTED.jacobian(turned), IMPUTED.jacobian(GAPS))
    np.testing.assert_array_equal(IMPUTED.hessian(turned), IMPUTED.hessian(GAPS))


def test_propagation_takes_the_given_columns():
    S = np.diag([0.1, 0.2])
    full = np.diag([0.1, 0.2, 0.0])
    np.testing.assert_array_equal(propagate(IMPUTED, [1.0, 2], S), propagate(PLAIN, [1.0, 2, 0], full))
    with pytest.raises(ArgumentValueError, match="`x` holds nan"):
        propagate(IMPUTED, [1.0, NAN], S)


def test_evaluation_and_ranges_take_rows_with_gaps():
    Y = np.ones((5, 2))
    assert evaluate(IMPUTED, GAPS, Y).as_dict() == evaluate(PLAIN, WHOLE, Y).as_dict()
    assert outside_ranges(IMPUTED, GAPS).as_dict() == {"rows": 1, "column": "T", "column_rows": 1}


def test_the_file_keeps_it(tmp_path):
    IMPUTED.save(tmp_path / "m.fitnet")
    again = load(tmp_path / "m.fitnet")
    assert stored(tmp_path / "m.fitnet").version == 5
    assert again.given_names == ("T", "p")
    np.testing.assert_array_equal(again.predict(GAPS), IMPUTED.predict(GAPS))
    assert verify(tmp_path / "m.fitnet").passed
    again.save(tmp_path / "again.fitnet")
    assert (tmp_path / "again.fitnet").read_bytes() == (tmp_path / "m.fitnet").read_bytes()


@pytest.mark.parametrize(
    ("told", "medians", "sentence"),
    [
        ([0, 0], [5.0], "its imputation does not fit its layers"),
        ([1], [5.0], "its tensor 'imputed_medians' does not fit its layers"),
        ([2], [5.0, 6.0], "its imputation does not fit its layers"),
        ([-1], [5.0, 6.0], "its imputation does not fit its layers"),
        ([0, 1, 2], [5.0, 6.0], "its tensor 'imputed_medians' does not fit its layers"),
        ([0, 1, 2], [], "its imputation does not fit its layers"),
        ([1], [5.0, NAN], "its tensor 'imputed_medians' holds numbers that are not finite"),
        ([True], [5.0, 6.0], "its description is not a fitnet model's"),
        ("1", [5.0, 6.0], "its description is not a fitnet model's"),
        (None, [5.0, 6.0], "it holds one half of an imputation"),
    ],
)
def test_a_forged_imputation_is_refused(tmp_path, told, medians, sentence):
    IMPUTED.save(tmp_path / "m.fitnet")
    whole = stored(tmp_path / "m.fitnet")
    description = json.loads(whole.description)
    if told is None:
        del description["imputed_told"]
    else:
        description["imputed_told"] = told
    forge(tmp_path / "forged.fitnet", whole, json.dumps(description), imputed_medians=np.array(medians))
    with pytest.raises(ModelFileError) as raised:
        load(tmp_path / "forged.fitnet")
    assert str(raised.value) == f"{tmp_path / 'forged.fitnet'} is damaged: {sentence}."


def test_other_imputations_are_refused():
    with pytest.raises(ArgumentValueError, match="`imputation` gives 2 columns; it must give 3, as many"):
        Model(NETWORK, PLAIN.parameters, imputation=Imputation(np.zeros(2), ()))
    with pytest.raises(ArgumentTypeError, match="`imputation` is 'median'; it must be an Imputation or None"):
        Model(NETWORK, PLAIN.parameters, imputation="median")
