"""Plans: what an effort tries, within its work, and where logarithms are tried."""

import numpy as np
import pytest

from fitnet.fitting.bins import Bins
from fitnet.fitting.candidate import network
from fitnet.fitting.candidates import MIDDLING_ROWS, VALUES_OF_ALL, Shapes, small_batch
from fitnet.fitting.plans import EFFORTS, LEAST_EPOCHS, MANY_OUTPUTS, members_of_each, plan_for, shared_out
from fitnet.fitting.training_rows import TrainingRows
from fitnet.fitting.work import work_of
from fitnet.training.least_squares import LevenbergMarquardt
from fitnet.training.quasi_newton import LBFGS
from spectra import independent


def rows(n, p, low=-1.0, high=1.0, m=1):
    Y = np.linspace(low, high, n * m).reshape(n, m)
    return TrainingRows(np.broadcast_to(np.linspace(0, 1, n)[:, None], (n, p)), Y)


@pytest.mark.parametrize("n", [10, 100, 1000, 10_000, 100_000, 2_000_000])
@pytest.mark.parametrize("effort", EFFORTS)
def test_work_stays_within_the_effort_unless_some_epochs_are_at_their_least(n, effort):
    plan = plan_for(rows(n, 8), effort, False, None)
    assert 2 <= plan.trained <= plan.folds <= EFFORTS[effort].folds
    works = np.array([work_of(each, n, 8, 1) for each in plan.candidates])
    work = works @ members_of_each(works, plan.trained, plan.best, n)
    least = any(each.recipe.max_epochs <= LEAST_EPOCHS for each in plan.candidates if work_of(each, n, 8, 1))
    assert work <= 1.1 * EFFORTS[effort].work or least


def test_more_effort_tries_more():
    plans = [plan_for(rows(500, 8), effort, False, None) for effort in EFFORTS]
    names = [{each.name for each in plan.candidates if not each.after} for plan in plans]
    assert names[0] < names[1] < names[2]
    assert [plan.folds for plan in plans] == [5, 8, 10]
    assert all("least squares" in each for each in names)


def test_smooth_recipes_have_no_corners():
    for each in plan_for(rows(500, 8), "thorough", True, "auto").candidates:
        assert (each.bins is None and each.recipe.activation in ("silu", "tanh")) or not each.recipe.hidden_layer_sizes


@pytest.mark.parametrize(
    ("low", "high", "transform", "some", "every"),
    [
        (0.1, 100, "auto", True, False),
        (50, 100, "auto", False, False),
        (-1, 100, "auto", False, False),
        (0.1, 100, None, False, False),
        (50, 100, "log", True, True),
    ],
)
def test_logarithms_are_tried_where_positive_targets_span_a_decade(low, high, transform, some, every):
    networks = plan_for(rows(200, 3, low, high), "standard", False, transform).candidates[1:]
    logarithmic = [each.recipe.target_transform is not None for each in networks]
    assert (any(logarithmic), all(logarithmic)) == (some, every)
    assert len({each.name for each in networks}) == len(networks)


def test_few_rows_have_few_folds():
    assert plan_for(rows(10, 3), "standard", False, "auto").folds == 5


def test_a_thousand_columns_have_few_pieces():
    bins = [each.bins for each in plan_for(rows(100, 1000), "standard", False, "auto").candidates if each.bins]
    assert bins and all(each.pieces <= 8 for each in bins)


@pytest.mark.parametrize(("n", "layers"), [(100, 1), (500, 1), (501, 2), (5000, 2)])
def test_steps_are_learned_by_one_relu_layer_where_rows_are_few(n, layers):
    candidates = plan_for(rows(n, 3), "standard", False, None).candidates
    assert [len(each.recipe.hidden_layer_sizes) for each in candidates if each.name.startswith("relu")] == [layers]


def test_work_is_shared_out_evenly_but_none_gets_more_than_its_own():
    one, two = np.ones(3), np.array([2.0, 2.0, 1.0])
    np.testing.assert_allclose(shared_out(np.array([8.0, 1.0, 100.0]), 21.0, one) * [8, 1, 100], [8, 1, 12])
    np.testing.assert_allclose(shared_out(np.array([8.0, 0.0, 6.0]), 6.0, one) * [8, 0, 6], [3, 0, 3])
    assert shared_out(np.array([8.0, 1.0]), 100.0, one).tolist() == [1, 1]
    np.testing.assert_allclose(shared_out(np.array([8.0, 1.0, 9.0]), 20.0, two) * [8, 1, 9], [6, 1, 6])


def test_of_many_rows_the_dearest_recipes_are_those_that_all_folds_are_counted_for():
    works = np.array([3.0, 0.0, 5.0, 4.0])
    assert members_of_each(works, 8, 2, 5001).tolist() == [2, 2, 8, 8]
    assert members_of_each(works, 8, 2, 5000).tolist() == [8] * 4


@pytest.mark.parametrize(("n", "batch"), [(50, 50), (500, 32), (1000, 50), (10_000, 64), (51_200, 128), (10**6, 256)])
def test_batches_are_small_until_there_are_very_many_rows(n, batch):
    assert small_batch(n) == batch


def correlated(n, p, m):
    X = np.linspace(0, 1, n)[:, np.newaxis] * np.ones(p)
    return TrainingRows(X, np.sin(3 * X[:, :1] + np.linspace(0, 1, m)))


def names(plan, ending):
    return [each.name for each in plan.candidates if each.name.endswith(ending)]


@pytest.mark.parametrize("effort", EFFORTS)
def test_components_are_tried_of_many_targets_that_have_much_in_common(effort):
    assert names(plan_for(correlated(200, 3, 8), effort, False, None), "by components")
    assert not names(plan_for(correlated(200, 3, 7), effort, False, None), "by components")
    assert not names(plan_for(TrainingRows(*independent(200, 8)), effort, False, None), "by components")


@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize(("m", "tried"), [(8, True), (60, True), (500, False), (2000, False)])
def test_all_outputs_are_learned_directly_where_that_is_not_much_more_work(m, tried, smooth):
    """2,000 outputs of a network with 64 units before them would take all the effort that there is."""
    networks = plan_for(correlated(300, 5, m), "fast", smooth, None).candidates[1:]
    assert any(each.components is None for each in networks) == tried
    assert any(each.components for each in networks)


def test_least_squares_of_thousands_of_outputs_makes_no_matrix_of_all_parameters():
    few, many = (plan_for(correlated(300, 5, m), "fast", False, None).candidates[0] for m in (8, 2000))
    assert isinstance(few.recipe.solver, LevenbergMarquardt)
    assert isinstance(many.recipe.solver, LBFGS) and many.always


def slanting(n, m=1):
    """Rows whose m targets all bend along one slanting line."""
    generator = np.random.default_rng(3)
    X = generator.normal(size=(n, 3))
    return TrainingRows(X, np.sin(3 * (X[:, :1] + X[:, 1:2])) * np.arange(1, m + 1) + generator.normal(size=(n, m)))


@pytest.mark.parametrize("n", [1000, 6000])
def test_projections_are_tried_where_targets_bend_along_slanting_lines(n):
    def projected(rows, smooth=False):
        return [each.bins.projections for each in plan_for(rows, "standard", smooth, None).candidates if each.bins]

    assert any(projected(slanting(n))) and all(projected(slanting(n))) == (n > MIDDLING_ROWS)
    assert not any(projected(rows(n, 3)))
    assert not any(projected(slanting(n), smooth=True))
    assert any(projected(slanting(n, 2))) and not any(projected(slanting(n, MANY_OUTPUTS)))


def test_projections_are_work(n=1000):
    plain, projected = (
        network("x", "relu", (8,), Bins("quantiles", 8, projections), batch=50, epochs=10) for projections in (0, 2)
    )
    assert work_of(projected, n, 4, 1) == work_of(plain, n, 6, 1)


@pytest.mark.parametrize("n", [1000, 6000])
def test_columns_whose_values_repeat_get_more_pieces_which_are_work(n):
    def cut(given):
        plan = plan_for(given, "standard", False, None)
        return {each.bins.more_pieces for each in plan.candidates if each.bins and each.bins.by == "values"}

    ramp = rows(n, 3)
    assert cut(ramp) == {0}
    values = np.array(ramp.X)
    values[:, 1] = np.resize(np.arange(300), n)
    assert cut(TrainingRows(values, ramp.Y)) == ({300 - 48} if n <= MIDDLING_ROWS else {300 - 48, 300 - 128})
    plain, by_values = (
        network("x", "relu", (8,), Bins("values", 8, more_pieces=more), batch=50, epochs=10) for more in (0, 40)
    )
    assert work_of(by_values, n, 4, 1) > work_of(plain, n, 4, 1)


def test_many_columns_share_the_pieces_of_their_values():
    for p in (1, 8, 80, 800):
        made = Shapes(1000, p, 0, (400,) * p).network("silu", (8,), Bins("values", 8), 1e-3, 1000).bins
        assert p * max(made.pieces, made.values) <= max(p * made.pieces, VALUES_OF_ALL)
        assert made.more_pieces == p * max(0, min(made.values, 400) - made.pieces)
