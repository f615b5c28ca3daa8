"""Plans of what goes by evidence: where it is tried, and what may come after it."""

from dataclasses import replace

import numpy as np
import pytest

from fitnet.fitting.deeper import DEEPEST
from fitnet.fitting.plans import plan_for
from fitnet.fitting.racing import DEEP, RACED
from fitnet.fitting.solver_choice import SOLVERS
from fitnet.fitting.training_rows import TrainingRows
from fitnet.fitting.work import whole_work_of, work_of
from fitnet.training.least_squares import LOOK


def rows(n, p, low=-1.0, high=1.0):
    """Rows that are equal in all columns, with targets that rise."""
    return TrainingRows(np.broadcast_to(np.linspace(0, 1, n)[:, None], (n, p)), np.linspace(low, high, n)[:, None])


def by_name(plan, ending):
    return [each for each in plan.candidates if each.name.endswith(ending)]


@pytest.mark.parametrize(("n", "width"), [(3000, "24-24"), (8000, "16-16")])
def test_evidence_may_be_followed_by_more_iterations_with_the_work_that_its_race_leaves(n, width):
    plan = plan_for(rows(n, 8), "standard", False, None)
    (raced,), (deeper,) = by_name(plan, ", by evidence"), by_name(plan, "iterations")
    assert raced.name == f"tanh {width}, by evidence" and deeper.after == (raced.name,)
    assert deeper.recipe.solver == SOLVERS["lm"] and not deeper.is_by_evidence
    race = sum(whole_work_of(each, n, 8, 1) for each in plan.candidates if not each.after)
    assert 1 < deeper.recipe.max_epochs / raced.recipe.max_epochs <= DEEPEST
    more = (RACED - 1) * whole_work_of(raced, n, 8, 1) + DEEP * whole_work_of(deeper, n, 8, 1)
    assert 0.9 * plan.work < race + more <= 1.01 * plan.work


def test_of_few_rows_both_widths_go_on_with_evidence():
    plan = plan_for(rows(500, 8), "standard", False, None)
    raced, deeper = by_name(plan, ", by evidence"), by_name(plan, "iterations")
    assert [each.name for each in raced] == ["tanh 16, by evidence", "tanh 16-16, by evidence"]
    assert [each.recipe.hidden_layer_sizes for each in deeper] == [(16,), (16, 16)]
    for each, once in zip(deeper, raced, strict=True):
        assert each.is_by_evidence and each.after == tuple(one.name for one in raced)
        assert each.recipe.max_epochs == DEEPEST * once.recipe.max_epochs and not each.must_lead


def test_two_layers_are_screened_and_the_look_is_counted():
    one, two = by_name(plan_for(rows(500, 8), "standard", False, None), ", by evidence")
    assert not one.recipe.solver.screened and two.recipe.solver.screened
    plain = replace(two, recipe=replace(two.recipe, solver=SOLVERS["lm-bayesian"]))
    assert whole_work_of(two, 500, 8, 1) == (1 + LOOK) * whole_work_of(plain, 500, 8, 1)


def test_logarithms_are_followed_by_logarithms():
    plan = plan_for(rows(3000, 8, 1.0, 100.0), "standard", False, "auto")
    plain, logarithmic = [each for each in plan.candidates if each.after]
    assert plain.after == ("tanh 24-24, by evidence",) and plain.recipe.target_transform is None
    assert logarithmic.after == ("tanh 24-24, by evidence, of logarithms",)
    assert logarithmic.recipe.target_transform is not None and logarithmic.name == f"{plain.name}, of logarithms"


@pytest.mark.parametrize(("n", "p"), [(1000, 31), (8000, 31), (1_000_000, 8)])
def test_nothing_follows_where_evidence_is_not_tried(n, p):
    assert not by_name(plan_for(rows(n, p), "standard", False, None), "iterations")


@pytest.mark.parametrize(("n", "two"), [(199, False), (200, True)])
def test_two_layers_by_evidence_are_for_more_than_a_few_rows(n, two):
    names = {each.name for each in plan_for(rows(n, 8), "standard", False, None).candidates}
    assert "tanh 16, by evidence" in names and ("tanh 16-16, by evidence" in names) is two


@pytest.mark.parametrize(("n", "p", "tried"), [(1000, 8, True), (1000, 30, False), (1001, 8, False)])
def test_fast_tries_evidence_where_that_takes_little_of_its_work(n, p, tried):
    assert bool(by_name(plan_for(rows(n, p), "fast", False, None), ", by evidence")) is tried


def test_what_races_by_evidence_takes_is_not_there_for_others(n=4000):
    plan = plan_for(rows(n, 10), "standard", False, None)
    race = RACED * whole_work_of(by_name(plan, ", by evidence")[0], n, 10, 1)
    others = plan.trained * sum(work_of(each, n, 10, 1) for each in plan.candidates)
    assert 0.9 * (plan.work - race) < others < 1.02 * (plan.work - race)  # epochs are whole
