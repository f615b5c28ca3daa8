"""Principal components of targets: which they are, and that a network of them folds into one of all targets."""

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from finite_differences import numerical_jacobian
from fitnet.algorithm.network import Network
from fitnet.algorithm.target_transform import LogTransform
from fitnet.fitting.principal_components import EXACT, LEFT_OUT, Components, explained, fit
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.model import Model
from tolerances import (
    DIFFERENCE_STEP,
    FOLDED_ATOL_OF_LARGEST,
    JACOBIAN_ATOL_OF_LARGEST,
    JACOBIAN_RTOL,
    NEARLY_BEST_SHARE_ATOL,
)

RECIPE = Recipe((6,), "tanh", solver="adam", max_epochs=3, error_bars=False)


@pytest.fixture
def rows(generator):
    """60 rows of 20 targets in units far apart, of rank 3 and a little noise."""
    X = generator.uniform(-1, 1, (60, 2))
    signals = np.column_stack([np.sin(3 * X[:, 0]), X[:, 1] ** 2, X[:, 0] * X[:, 1]])
    Y = signals @ generator.normal(size=(3, 20)) + 1e-2 * generator.normal(size=(60, 20))
    return TrainingRows(X, (Y + 5) * np.logspace(-3, 3, 20))


def drawn(components, generator, dtype="float64", p=2):
    network = Network.of_widths((p, 5, len(components.directions)), "tanh")
    parameters = network.initial_parameters(generator, "glorot", dtype)
    return Model(network, parameters + generator.normal(size=len(parameters)).astype(dtype))


def mapped(components, scores):
    """The scores' targets, by hand."""
    return components.scaling.shift + components.scaling.scale * (scores @ components.directions)


def in_units(components, values):
    return (values - components.scaling.shift) / components.scaling.scale


@pytest.mark.parametrize("most", [1, 4])
def test_a_folded_model_predicts_what_the_scores_map_back_to(rows, generator, most):
    components = Components.of(rows, most)
    model = drawn(components, generator)
    folded = components.folded(model)
    assert folded.network.n_outputs == 20 and folded.network.layers[:-1] == model.network.layers[:-1]
    expected = in_units(components, mapped(components, model.predict(rows.X)))
    found = in_units(components, folded.predict(rows.X))
    np.testing.assert_allclose(found, expected, rtol=0, atol=FOLDED_ATOL_OF_LARGEST * np.abs(expected).max())


def test_a_float32_model_is_folded_in_float64_and_rounded_once(rows, generator):
    components = Components.of(rows, 4)
    single = drawn(components, generator, "float32")
    double = Model(single.network, single.parameters.astype(np.float64))
    folded = components.folded(single)
    assert folded.parameters.dtype == np.float32
    assert folded.parameters.tobytes() == components.folded(double).parameters.astype(np.float32).tobytes()


def test_derivatives_of_a_folded_model_are_exact(rows, generator):
    folded = Components.of(rows, 4).folded(drawn(Components.of(rows, 4), generator))
    X, scale = rows.X[:5], folded.target_scaling.scale[:, np.newaxis]
    expected = numerical_jacobian(lambda at: folded.predict(at), X, np.full(2, DIFFERENCE_STEP)) / scale
    atol = JACOBIAN_ATOL_OF_LARGEST * np.abs(expected).max()
    np.testing.assert_allclose(folded.jacobian(X) / scale, expected, rtol=JACOBIAN_RTOL, atol=atol)


def test_the_loss_of_scores_is_that_of_standardised_targets(rows, generator):
    """Whatever is predicted: the squares of what the components leave out are added to it, a constant."""
    components = Components.of(rows, 4)
    scores = components.scores(rows.Y)
    predicted = scores + generator.normal(size=scores.shape)
    kept = mapped(components, scores)
    apart = in_units(components, mapped(components, predicted)) - in_units(components, kept)
    assert np.mean((predicted - scores) ** 2) == pytest.approx(np.mean(apart**2))
    left = in_units(components, rows.Y) - in_units(components, kept)
    whole = in_units(components, rows.Y) - in_units(components, mapped(components, predicted))
    assert np.mean(whole**2) == pytest.approx(np.mean(apart**2) + np.mean(left**2))


def test_components_explain_all_but_a_millionth(rows):
    signals = rows.Y - rows.Y.mean(0)
    U, S, V = np.linalg.svd(signals / signals.std(0), full_matrices=False)
    rank_3 = TrainingRows(rows.X, (U[:, :3] * S[:3]) @ V[:3])
    assert len(Components.of(rank_3, 20).directions) == 3
    r = len(Components.of(rows, 20).directions)
    left = 1 - np.cumsum(S**2) / np.sum(S**2)
    assert left[r - 1] <= LEFT_OUT < left[r - 2]


def test_directions_of_many_rows_and_columns_explain_as_much_as_singular_vectors(generator):
    n, m = EXACT + 88, EXACT + 1
    Z = (generator.normal(size=(n, 20)) * np.logspace(0, -1, 20)) @ generator.normal(size=(20, m))
    Z += 0.3 * generator.normal(size=(n, m))
    shares, directions = explained(Z, 15)
    np.testing.assert_allclose(directions @ directions.T, np.eye(15), atol=FOLDED_ATOL_OF_LARGEST)
    best = np.linalg.svd(Z, compute_uv=False)[:15] ** 2 / np.sum(Z**2)
    np.testing.assert_allclose(shares, best, rtol=0, atol=NEARLY_BEST_SHARE_ATOL)
    np.testing.assert_allclose(np.sum((Z @ directions.T) ** 2, axis=0) / np.sum(Z**2), shares, rtol=JACOBIAN_RTOL)


def test_rows_count_by_their_weight(rows, generator):
    counts = generator.integers(0, 4, rows.n)
    weighted = Components.of(TrainingRows(rows.X, rows.Y, counts.astype(float)), 3)
    repeated = Components.of(TrainingRows(np.repeat(rows.X, counts, 0), np.repeat(rows.Y, counts, 0)), 3)
    plain = Components.of(rows, 3)
    projections = [each.directions.T @ each.directions for each in (weighted, repeated, plain)]
    np.testing.assert_allclose(projections[0], projections[1], atol=JACOBIAN_ATOL_OF_LARGEST)
    assert np.abs(projections[0] - projections[2]).max() > JACOBIAN_ATOL_OF_LARGEST * 1e3


def test_targets_that_never_vary_are_predicted_exactly(rows, generator):
    Y = rows.Y.copy()
    Y[:, [0, 7]] = 1 / 3, -2e5
    fitted = fit(Settings(RECIPE), TrainingRows(rows.X, Y), generator, rows.part(np.arange(5)), 4)
    assert np.all(fitted.model.predict(rows.X)[:, [0, 7]] == [1 / 3, -2e5])
    assert np.all(fitted.model.jacobian(rows.X)[:, [0, 7]] == 0) and np.all(fitted.model.jacobian(rows.X)[:, 1] != 0)
    all_constant = TrainingRows(rows.X, np.full((60, 30), 7.0))
    fitted = fit(Settings(RECIPE), all_constant, generator, all_constant, 4)
    assert np.all(fitted.model.predict(rows.X) == 7)


def test_components_are_those_of_logarithms_where_these_are_learned(rows, generator):
    positive = TrainingRows(rows.X, np.exp(rows.Y / 1e3))
    recipe = Recipe((6,), "tanh", solver="adam", max_epochs=3, error_bars=False, target_transform=LogTransform())
    fitted = fit(Settings(recipe), positive, generator, positive, 4)
    expected = Components.of(TrainingRows(rows.X, np.log(positive.Y)), 4).scaling.shift
    assert fitted.model.target_scaling.shift.tobytes() == expected.tobytes()
    assert fitted.model.target_transform == LogTransform() and np.all(fitted.model.predict(rows.X) > 0)


def test_bits_are_the_same_for_any_number_of_threads_of_the_decomposition(generator):
    Y = generator.normal(size=(600, 40)) @ generator.normal(size=(40, 700))
    rows, settings, made = (
        TrainingRows(generator.normal(size=(600, 2)), Y),
        Settings(replace(RECIPE, dtype="float64")),
        [],
    )
    for threads in (1, 2):
        with threadpool_limits(threads, "blas"):
            made.append(fit(settings, rows, np.random.default_rng(0), rows, 20).model.parameters)
    assert made[0].tobytes() == made[1].tobytes()
