"""Plans for classes: what is tried, within the work of an effort, and errors by which candidates race."""

import numpy as np
import pytest
from sklearn.metrics import log_loss as their_log_loss

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.engine.compute import Compute
from fitnet.fitting.class_plans import COPIES, LOGISTIC, class_candidates, class_plan
from fitnet.fitting.member_training import cross_fitted
from fitnet.fitting.plans import EFFORTS
from fitnet.fitting.row_errors import log_loss
from fitnet.fitting.training_rows import TrainingRows
from fitnet.fitting.work import work_of
from tolerances import FLOAT64_RTOL


def rows_of(n, p, seed=0):
    generator = np.random.default_rng(seed)
    return TrainingRows(generator.normal(size=(n, p)), np.eye(3)[generator.integers(3, size=n)])


@pytest.mark.parametrize("effort", EFFORTS)
def test_every_candidate_learns_classes_and_has_a_name_and_a_penalty_of_its_own(effort):
    plan = class_plan(rows_of(200, 3), effort)
    assert len({each.name for each in plan.candidates}) == len(plan.candidates)
    assert all(isinstance(each.recipe.loss, CrossEntropy) for each in plan.candidates)
    assert all(float(each.recipe.alpha) > 0 and not each.recipe.scale_targets for each in plan.candidates)
    linear = [each for each in plan.candidates if each.name.startswith(LOGISTIC)]
    assert [each.recipe.hidden_layer_sizes for each in linear] == [(), (), ()]
    assert all(each.always for each in linear)
    assert len(plan.candidates) - 3 == min(EFFORTS[effort].networks, len(class_candidates(200, 3, 99)) - 3)


def test_penalties_count_the_rows_of_a_member():
    plan = class_plan(rows_of(200, 3), "standard")
    found = next(each for each in plan.candidates if each.name == f"{LOGISTIC}, penalty 0.5")
    assert found.recipe.alpha == pytest.approx(0.5 / 175)  # 7 of 8 folds


def test_many_rows_take_no_more_work_than_a_few_times_the_effort():
    n, p = 50_000, 40
    plan = class_plan(rows_of(n, p), "fast")
    work = COPIES * plan.trained * sum(work_of(each, n, p, 3) for each in plan.candidates)
    assert work < 3 * EFFORTS["fast"].work
    assert plan.trained < plan.folds


@pytest.mark.parametrize("weighted", [False, True])
def test_candidates_race_by_log_loss(generator, weighted):
    rows = rows_of(60, 2)
    z, seen = generator.normal(size=(20, 3)), np.arange(20, 40)
    weights = generator.uniform(0.5, 2, 60) if weighted else None
    rows = TrainingRows(rows.X, rows.Y, weights)
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    theirs = their_log_loss(
        rows.Y[seen].argmax(1), p, sample_weight=None if weights is None else weights[seen], labels=[0, 1, 2]
    )
    assert log_loss(z, seen, rows) == pytest.approx(theirs, rel=FLOAT64_RTOL)


@pytest.mark.parametrize("place", range(4))
def test_what_a_fold_holds_changes_no_member(place):
    """Neither inputs nor labels: nothing is watched."""
    rows = rows_of(60, 2)
    candidate = class_candidates(45, 2, 2)[place + 1]
    folds = np.arange(60) % 4
    other = TrainingRows(
        np.where((folds == 1)[:, None], 3 * rows.X, rows.X), np.where((folds == 1)[:, None], rows.Y[:, ::-1], rows.Y)
    )
    one, two = (
        cross_fitted(candidate, each, folds, 1, np.random.default_rng(0), Compute("auto", 1)) for each in (rows, other)
    )
    assert one.model.parameters.tobytes() == two.model.parameters.tobytes()
    assert len(one.watched) == 0
