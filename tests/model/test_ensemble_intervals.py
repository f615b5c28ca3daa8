"""What an ensemble says of new targets: intervals, quantiles and deviations by hand; what is refused; memory maps."""

from dataclasses import replace
from math import ceil, floor

import numpy as np
import pytest
from ensembles import CONFORMAL, FRAME, MEMBERS, ROWS, SCORES, ensemble, ensemble_of_words, with_residuals

from fitnet import Ensemble, Model, Network
from fitnet.engine import ENGINES
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.stored_rows import interval_of_rows, predict_rows
from fitnet.rows import ArrayRows
from fitnet.uncertainty.conformal import CrossConformal
from tolerances import FLOAT64_ATOL, FLOAT64_RTOL

WHOLE = with_residuals()


def constant(value):
    """A model that predicts this number whatever x is."""
    return Model(Network.of_widths((1, 1)), np.array([0.0, value]), example_inputs=[[1.0]])


def tiny(**changes):
    """Predicts (1 + 3 + 5 + 11) / 4 = 5; the members of its folds are apart by 2 and 6, their spreads 1 and 3."""
    scores = np.array([0.5, 1, 1.5, 2, 2.5, 1, 2, 3, 4])[:, np.newaxis]
    conformal = CrossConformal(scores, [5, 4], [1.5], [True], [0.5])
    given = {"members": [constant(v) for v in (1.0, 3, 5, 11)], "folds": (0, 0, 1, 1), "conformal": conformal}
    return Ensemble(**given | changes)


def test_a_tiny_one_by_hand():
    """The mean spread is 2, the unit hypot(2, 1.5) = 2.5, half of which is a score's; of 9 scores the 9th is 4."""
    whole = tiny()
    np.testing.assert_allclose(whole.predict_interval([[7]], 0.9), [[[5 - 4 * 1.25, 5 + 4 * 1.25]]], FLOAT64_RTOL)
    np.testing.assert_allclose(whole.predict_interval([[7]], 0.5), [[[5 - 2 * 1.25, 5 + 2 * 1.25]]], FLOAT64_RTOL)
    both = whole.predict_interval([[7], [8]], [0.5, 0.9])
    assert both.shape == (2, 1, 2, 2)
    assert np.array_equal(both[..., 1], whole.predict_interval([[7], [8]]))
    np.testing.assert_allclose(
        whole.predict_quantiles([[7]], [0.05, 0.5, 0.75]), [[[0, 5, 7.5]]], FLOAT64_RTOL, FLOAT64_ATOL
    )
    outputs, deviation = whole.predict([[7]], return_std=True)
    assert outputs.tolist() == [[5.0]]
    mean_square = (0.25 + 1 + 2.25 + 4 + 6.25 + 1 + 4 + 9 + 16) / 9
    np.testing.assert_allclose(deviation, [[mean_square**0.5 * 1.25]], FLOAT64_RTOL)


def test_without_residuals_the_deviation_is_the_members_spread():
    _, spread = tiny(conformal=None).predict([[7]], return_std=True)
    np.testing.assert_allclose(spread, [[(16 + 4 + 0 + 36) ** 0.5 / 2]], FLOAT64_RTOL)


def test_intervals_of_two_outputs_by_numpy(engine):
    whole = replace(WHOLE, compute=Compute(engine.name, 1))
    unit = np.hypot(whole.fold_spreads(ROWS)[..., 0].mean(axis=0), 0.25) * 0.9
    ends, n = whole.predict_interval(ROWS, 0.8), len(SCORES)
    y = whole.predict(ROWS)
    size = np.sort(SCORES[:, 0])[ceil(0.8 * (n + 1)) - 1]
    np.testing.assert_allclose(ends[:, 0], y[:, :1] + np.outer(unit, [-size, size]), FLOAT64_RTOL)
    ranks = [floor(round(0.1 * (n + 1), 9)), ceil(round(0.9 * (n + 1), 9))]
    np.testing.assert_allclose(ends[:, 1], y[:, 1:] + 0.75 * np.sort(SCORES[:, 1])[np.subtract(ranks, 1)], FLOAT64_RTOL)
    quantiles = whole.predict_quantiles(ROWS, [0.1, 0.5, 0.9])
    np.testing.assert_array_equal(quantiles[..., [0, 2]], ends)
    np.testing.assert_array_equal(quantiles[:, 0, 1], y[:, 0])
    deviations = np.sqrt((SCORES**2).mean(axis=0)) * np.column_stack([unit, np.full(len(ROWS), 0.75)])
    np.testing.assert_allclose(whole.predict(ROWS, return_std=True)[1], deviations, FLOAT64_RTOL)


@pytest.mark.skipif("native" not in ENGINES, reason="the reference engine sums by BLAS, in orders of its own")
@pytest.mark.parametrize("floors", [CONFORMAL.floors, [np.inf, np.inf]])
def test_a_row_has_the_same_bits_in_any_call(generator, floors):
    whole, X = with_residuals(conformal=replace(CONFORMAL, floors=floors)), generator.normal(size=(2000, 2))
    ends, (_, deviations) = whole.predict_interval(X, 0.5), whole.predict(X, return_std=True)
    for i in range(0, 2000, 311):
        row = slice(i, i + 1)
        assert whole.predict_interval(X[row], 0.5).tobytes() == ends[row].tobytes()
        assert whole.predict(X[row], return_std=True)[1].tobytes() == deviations[row].tobytes()
    rows = ArrayRows("X", X)
    assert np.array_equal(interval_of_rows(whole, rows, 0.5), ends)
    assert np.array_equal(np.stack(predict_rows(whole, rows, return_std=True)), whole.predict(X, return_std=True))


def test_memory_maps_and_gaps_and_words(tmp_path):
    mapped = np.memmap(tmp_path / "X", "float64", "w+", shape=ROWS.shape)
    mapped[:] = ROWS
    assert np.array_equal(WHOLE.predict_interval(mapped), WHOLE.predict_interval(ROWS.tolist()))
    whole = ensemble_of_words(folds=(0, 1), conformal=CONFORMAL)
    ends = whole.predict_interval(FRAME, 0.5)
    assert ends.shape == (3, 2, 2)
    assert np.all(ends[..., 0] < ends[..., 1])


def test_single_members_have_the_same_intervals_around_their_outputs():
    single = [replace(model, parameters=model.parameters.astype("float32")) for model in (constant(0.1), constant(0.2))]
    whole = tiny(members=single, folds=(0, 1))
    assert whole.predict([[1]]).dtype == "float32"
    ends = whole.predict_interval([[1]], 0.5)
    assert ends.dtype == "float64"
    np.testing.assert_allclose(ends.mean(axis=2), whole.predict([[1]]), FLOAT64_RTOL)


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"conformal": 3}, ArgumentTypeError, "`conformal` is int; it must be a CrossConformal or None."),
        ({"folds": None}, ArgumentValueError, "`folds` is None; beside `conformal` it must be one fold a member."),
        (
            {"folds": (0, 1, 2, 3)},
            ArgumentValueError,
            "`conformal` is for 2 outputs and 2 folds; it must be for 2 and 4, as the ensemble has.",
        ),
        (
            {"conformal": CrossConformal.of(np.ones((6, 1)), np.arange(6) % 2)},
            ArgumentValueError,
            "`conformal` is for 1 output and 2 folds; it must be for 2 and 2, as the ensemble has.",
        ),
    ],
)
def test_residuals_that_do_not_fit_are_refused(changes, error, sentence):
    with pytest.raises(error) as raised:
        with_residuals(**changes)
    assert (type(raised.value), str(raised.value)) == (error, sentence)


@pytest.mark.parametrize("asked", ["predict_interval", "predict_quantiles"])
def test_without_residuals_there_are_no_intervals(asked):
    with pytest.raises(ArgumentValueError) as raised:
        getattr(ensemble(), asked)(ROWS, [0.5])
    assert str(raised.value) == (
        f"`{asked}` needs out-of-fold residuals and the ensemble has none: give it `conformal`, "
        "CrossConformal.of(residuals, folds)."
    )


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: WHOLE.predict_interval(ROWS, 0.99),
            "`coverage` is 0.99; intervals from 24 rows can hold at most 0.92.",
        ),
        (lambda: WHOLE.predict_interval(ROWS, 0), "`coverage` is 0; it must be above 0 and below 1."),
        (
            lambda: WHOLE.predict_quantiles(ROWS, [0.6, 0.5]),
            "`probabilities` are not in increasing order; they must be.",
        ),
        (lambda: WHOLE.predict_interval([[1]]), "`X` has 1 column; it must have 2."),
    ],
)
def test_what_its_rows_cannot_give_is_refused(call, sentence):
    with pytest.raises(ArgumentValueError) as raised:
        call()
    assert str(raised.value) == sentence


def test_outputs_that_overflow_have_no_ends():
    big = Model(
        MEMBERS[3].network, np.full(6, 1e308), MEMBERS[3].input_names, MEMBERS[3].output_names, units=MEMBERS[3].units
    )
    whole = Ensemble([big, big], folds=(0, 1), conformal=CONFORMAL)
    assert not np.isfinite(whole.predict_interval([[1, 1]], 0.5)).any()
    whole.predict([[1, 1]], return_std=True)
