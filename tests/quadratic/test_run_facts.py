"""The facts of a run, and what several have in common."""

import statistics
from dataclasses import replace
from pathlib import Path

import pytest

from fitnet.quadratic.facts import AVERAGED, RunFacts, deviations, means
from tolerances import FLOAT64_RTOL


def test_facts_are_the_runs_own(run):
    facts = RunFacts.of(run, Path("out") / "a.fitnet")
    assert facts.model == str(Path("out") / "a.fitnet")
    assert RunFacts.of(run).model is None
    assert (facts.roots, facts.seed, facts.epochs) == (run.recipe.problem.roots, 3, 12)
    assert (facts.train_rows, facts.test_rows) == (len(run.training.targets), len(run.test.targets))
    assert (facts.train_accuracy, facts.test_accuracy) == (run.train_accuracy.value, run.test_accuracy.value)
    assert facts.excluded_entries == run.test_accuracy.excluded_entries
    assert (facts.train_loss, facts.test_loss, facts.seconds) == (run.train_loss, run.test_loss, run.seconds)
    assert (facts.architecture, facts.engine) == (run.model.architecture, run.model.provenance["engine"])


def test_means_and_deviations_are_those_of_the_standard_library(run):
    first = RunFacts.of(run)
    runs = [first, replace(first, **{name: i + getattr(first, name) for i, name in enumerate(AVERAGED, 1)}), first]
    for name in AVERAGED:
        figures = [getattr(each, name) for each in runs]
        assert means(runs)[name] == pytest.approx(statistics.fmean(figures), rel=FLOAT64_RTOL)
        assert deviations(runs)[name] == pytest.approx(statistics.stdev(figures), rel=FLOAT64_RTOL)
    assert means([first])["test_loss"] == first.test_loss
