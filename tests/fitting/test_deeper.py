"""Deeper: where there is no noise the leader gives way to more iterations, and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest

from fitnet.engine.compute import Compute
from fitnet.fitting import racing
from fitnet.fitting.candidate import Candidate, network
from fitnet.fitting.candidates import baselines
from fitnet.fitting.cross_fit import CrossFit
from fitnet.fitting.folds import dealt
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.training_rows import TrainingRows

QUICK = network("quick", "silu", (8,), epochs=20)
EVIDENCE = Candidate("evidence", Recipe((8,), "tanh", solver="lm-bayesian", max_epochs=16), must_lead=True)
DEEPER = Candidate("deeper", Recipe((8,), "tanh", solver="lm", max_epochs=60), after=("evidence",))
RACE = [*baselines(2), QUICK, EVIDENCE, DEEPER]


@pytest.fixture
def rows(generator):
    X = generator.uniform(-1, 1, (120, 2))
    return TrainingRows(X, np.sin(3 * X[:, :1]) + X[:, 1:])


def made(rows, candidates, done=lambda *_: None, work=0.0):
    generator = np.random.default_rng(0)
    fitted = CrossFit(candidates, rows, dealt(rows.n, 6, generator), 6, work=work)
    fitted.run(generator, Compute("auto", 1), 1, done)
    return fitted


def noisy(rows, generator):
    return replace(rows, Y=rows.Y * (1 + 0.3 * generator.normal(size=rows.Y.shape)))


def test_without_noise_the_leader_goes_on_deeper_for_fewer_folds(rows):
    fitted = made(rows, RACE)
    assert fitted.whole() == ["least squares", "evidence", "deeper"] and fitted.trained == racing.DEEP
    assert len(fitted.members["quick"]) == 1  # hopeless after the first fold
    assert len(fitted.members["evidence"]) == racing.RACED and "deeper" not in fitted.twins
    assert fitted.error("deeper", 2) < fitted.error("evidence", 2)


def test_with_noise_nothing_goes_deeper(rows, generator):
    fitted = made(noisy(rows, generator), RACE)
    assert "deeper" not in fitted.members and fitted.trained == 6
    assert "evidence" in fitted.members


def test_with_evidence_it_may_go_deeper_whatever_the_noise(rows, generator):
    by_evidence = replace(DEEPER, recipe=replace(EVIDENCE.recipe, max_epochs=60))
    slight = replace(rows, Y=rows.Y + 0.01 * generator.normal(size=rows.Y.shape))
    fitted = made(slight, [*RACE[:-1], by_evidence])
    assert "deeper" in fitted.members


def test_with_work_that_is_left_it_goes_deeper_for_more_folds(rows):
    fitted = made(rows, RACE, work=1e15)
    assert fitted.trained == len(fitted.of("deeper")) == 6
    assert fitted.whole() == ["least squares", "deeper"]


def test_what_was_out_comes_back_where_the_leader_falls_behind(rows, monkeypatch):
    """Evidence has next to no error on the first fold, so all others are out, and a huge one on the second."""
    error = CrossFit.error

    def falling(fitted, name, folds):
        return {1: 1e-9, 2: 1e9}[folds] if name == "evidence" else error(fitted, name, folds)

    monkeypatch.setattr(CrossFit, "error", falling)
    fitted = made(rows, RACE)
    assert fitted.whole() == ["least squares", "quick"] and fitted.trained == 6


def near(monkeypatch):
    """Another candidate is hardly worse than evidence."""
    error = CrossFit.error

    def nearly_as_good(fitted, name, folds):
        return 1.1 * error(fitted, "evidence", folds) if name == "quick" else error(fitted, name, folds)

    monkeypatch.setattr(CrossFit, "error", nearly_as_good)


def test_a_leader_that_still_gains_goes_deeper_however_near_others_are(rows, monkeypatch):
    near(monkeypatch)
    assert "deeper" in made(rows, RACE).members


def test_with_noise_evidence_goes_deeper_only_where_it_is_well_ahead(rows, generator, monkeypatch):
    by_evidence = replace(DEEPER, recipe=replace(EVIDENCE.recipe, max_epochs=60))
    near(monkeypatch)
    assert "deeper" not in made(noisy(rows, generator), [*RACE[:-1], by_evidence]).members


def test_nothing_goes_deeper_where_another_is_as_good(rows):
    other = replace(DEEPER, name="another", after=())
    assert "deeper" not in made(rows, [*RACE, other]).members


@pytest.mark.parametrize(("of_deeper", "folds", "name"), [(1, 2, "evidence"), (4, 3, "deeper")])
def test_interruption_on_the_way_deeper_keeps_what_has_more_folds(rows, of_deeper, folds, name):
    calls = []

    def interrupts(fitted, name, left):
        calls.append((name, left))
        if [each for each, _ in calls].count("deeper") == of_deeper:
            raise KeyboardInterrupt

    fitted = made(rows, RACE, done=interrupts, work=1e15)
    assert fitted.interrupted and fitted.trained == folds
    assert fitted.whole() == ["least squares", name]
    assert all(left >= 0 for _, left in calls)
