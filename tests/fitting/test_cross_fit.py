"""Cross-fitting: members do not see their fold, results depend on the generator alone, and laggards are left out."""

from dataclasses import replace

import numpy as np
import pytest

from fitnet.engine.compute import Compute
from fitnet.errors import DivergenceError
from fitnet.fitting import member_training, racing
from fitnet.fitting.bins import Bins
from fitnet.fitting.candidate import Candidate, network
from fitnet.fitting.candidates import baselines
from fitnet.fitting.cross_fit import CrossFit
from fitnet.fitting.folds import dealt
from fitnet.fitting.member_training import cross_fitted
from fitnet.fitting.training_rows import TrainingRows
from tolerances import FLOAT64_RTOL, ONE_MINIMUM_VARIANCE

QUICK = network("quick", "silu", (8,), epochs=20)
ENCODED = network("encoded", "relu", (8,), Bins("targets", 6), epochs=20)
COMPONENT = replace(QUICK, name="component", components=1)
COMPUTE = Compute("auto", 1)


@pytest.fixture
def rows(generator):
    X = generator.uniform(-1, 1, (120, 2))
    return TrainingRows(X, (np.sin(3 * X[:, :1]) + X[:, 1:]) * [1, 100])


def made(rows, candidates=(QUICK, ENCODED), K=4, trained=None, n_jobs=1, seed=0, done=lambda *_: None, **more):
    generator = np.random.default_rng(seed)
    fitted = CrossFit(candidates, rows, dealt(rows.n, K, generator), K if trained is None else trained, **more)
    fitted.run(generator, COMPUTE, n_jobs, done)
    return fitted


@pytest.mark.parametrize("candidate", [QUICK, ENCODED, COMPONENT, *baselines(2)], ids=lambda each: each.name)
def test_a_member_does_not_see_the_targets_of_its_fold(rows, candidate):
    """Their values change nothing but, where the fold is watched, when training ends: here it never ends early."""
    patient = replace(candidate, recipe=replace(candidate.recipe, patience=1000))
    folds = np.arange(rows.n) % 4
    other = replace(rows, Y=np.where((folds == 1)[:, None], rows.Y + 1e-9, rows.Y))
    one, two = (cross_fitted(patient, each, folds, 1, np.random.default_rng(0), COMPUTE) for each in (rows, other))
    assert one.model.target_scaling.shift.tobytes() == two.model.target_scaling.shift.tobytes()
    assert one.model.input_scaling.shift.tobytes() == two.model.input_scaling.shift.tobytes()
    assert one.prediction.tobytes() == two.prediction.tobytes()


def test_inputs_of_the_fold_move_no_edge(rows):
    folds = np.arange(rows.n) % 4
    other = replace(rows, X=np.where((folds == 1)[:, None], rows.X * 50, rows.X))
    one, two = (cross_fitted(ENCODED, each, folds, 1, np.random.default_rng(0), COMPUTE) for each in (rows, other))
    for a, b in zip(one.model.encoding.edges, two.model.encoding.edges, strict=True):
        assert a.tobytes() == b.tobytes()


def test_out_of_fold_predictions_are_those_of_the_kept_models(rows):
    fitted = made(rows)
    for name in fitted.whole():
        predictions = fitted.copies(name).mean(0)
        for k in range(fitted.trained):
            made_for = [
                member.model.predict(rows.X[fitted.folds == k]) for at, member in fitted.all_of(name) if at == k
            ]
            np.testing.assert_allclose(predictions[fitted.folds == k], np.mean(made_for, 0), rtol=FLOAT64_RTOL)


@pytest.mark.parametrize("n_jobs", [2, 4])
def test_the_same_bits_however_many_at_a_time(rows, n_jobs):
    one, several = made(rows), made(rows, n_jobs=n_jobs)
    for name in one.whole():
        for a, b in zip(one.of(name), several.of(name), strict=True):
            assert a.model.parameters.tobytes() == b.model.parameters.tobytes()
    assert made(rows, seed=1).of("quick")[0].model.parameters.tobytes() != one.of("quick")[0].model.parameters.tobytes()


def test_within_a_fold_the_longest_comes_first(rows):
    """A fold goes before the next, so that Ctrl-C leaves whole ones."""
    long = network("long", "silu", (64, 64), epochs=20)
    calls = []
    made(rows, [*baselines(2), QUICK, long], K=3, done=lambda fitted, name, left: calls.append(name))
    assert calls[0] == calls[3] == "long" and len(set(calls[:3])) == len(set(calls[3:6])) == 3


def test_the_same_bits_by_processes(rows):
    from joblib import parallel_config

    one = made(rows, K=2)
    with parallel_config("loky", n_jobs=2):
        other = made(rows, K=2, n_jobs=2)
    for name in one.whole():
        for a, b in zip(one.of(name), other.of(name), strict=True):
            assert a.model.parameters.tobytes() == b.model.parameters.tobytes()


def test_those_far_behind_are_left_out_but_not_the_baselines(rows):
    hopeless = network("hopeless", "relu", (1,), epochs=10, rate=1e-9)
    good = network("good", "tanh", (16,), epochs=200, rate=2e-2)
    fitted = made(rows, [hopeless, *baselines(2), good], best=1)
    assert len(fitted.members["hopeless"]) == racing.RACED
    assert fitted.whole() == ["least squares", "good"]


def test_some_folds_only(rows):
    fitted = made(rows, K=6, trained=2)
    assert sorted(set(fitted.folds[fitted.judged()])) == [0, 1]
    assert len(fitted.of("quick")) == 2
    assert fitted.copies("quick").shape == (2, len(fitted.judged()), 2)


def test_a_candidate_that_diverges_is_no_candidate(rows, monkeypatch):
    fit = member_training.fit

    def diverging(settings, *rest):
        if settings.recipe.activation == "silu":
            raise DivergenceError("Training diverged.")
        return fit(settings, *rest)

    monkeypatch.setattr(member_training, "fit", diverging)
    assert made(rows).whole() == ["encoded"]


def test_where_every_candidate_diverges_a_sentence_says_so(rows, monkeypatch):
    def diverging(*_):
        raise DivergenceError("Training diverged.")

    monkeypatch.setattr(member_training, "fit", diverging)
    with pytest.raises(DivergenceError, match="Training of every recipe diverged: look for"):
        made(rows)


@pytest.mark.parametrize("after", [3, 6])
def test_interruption_keeps_the_folds_that_are_whole(rows, after):
    calls = []

    def interrupts(fitted, name, left):
        calls.append((name, left))
        if len(calls) == after:
            raise KeyboardInterrupt

    fitted = made(rows, done=interrupts)
    assert fitted.interrupted and fitted.trained == after // 2
    assert fitted.whole() == ["quick", "encoded"]
    assert [left for _, left in calls] == list(range(9, 9 - after, -1))


def test_twins_tell_how_much_members_of_the_same_rows_differ(rows):
    fitted = made(rows, [QUICK, *baselines(2)])
    (twin,), first = fitted.twins["quick"], fitted.of("quick")[0]
    assert twin.prediction.shape == first.prediction.shape and not np.array_equal(twin.prediction, first.prediction)
    variance = ((twin.prediction - first.prediction) ** 2).mean(0) / 2
    left = 1 - len(twin.prediction) / rows.n / 2  # half of the variance where the prediction is the mean of two
    np.testing.assert_allclose(fitted.averaged_away("quick"), variance * (left - 1 / 5), rtol=FLOAT64_RTOL)
    assert np.all(fitted.averaged_away("least squares") < ONE_MINIMUM_VARIANCE * fitted.averaged_away("quick"))


def test_work_that_is_left_goes_to_twins_for_more_folds(rows):
    few, many = made(rows, [QUICK, *baselines(2)]), made(rows, [QUICK, *baselines(2)], work=1e15)
    assert [k for k, _ in few.all_of("quick")] == [0, 1, 2, 3, 0]
    assert [k for k, _ in many.all_of("quick")] == [0, 1, 2, 3, 0, 1, 2, 3]
    for one, other in zip(few.all_of("quick"), many.all_of("quick"), strict=False):
        assert one[1].prediction.tobytes() == other[1].prediction.tobytes()
    pairs = zip(many.of("quick"), many.twins["quick"], strict=True)
    variance = np.concatenate([(one.prediction - twin.prediction) ** 2 for one, twin in pairs]).mean(0) / 2
    np.testing.assert_allclose(many.averaged_away("quick"), variance * (1 / 2 - 1 / 8), rtol=FLOAT64_RTOL)


def test_interruption_before_any_fold_is_whole_goes_on_to_the_caller(rows):
    def interrupts(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(rows, done=interrupts)


def test_interruption_within_a_member_ends_it_all(rows, monkeypatch):
    fit = member_training.fit

    def interrupted(settings, *rest):
        fitted = fit(settings, *rest)
        return replace(fitted, result=replace(fitted.result, stopped="interrupted"))

    monkeypatch.setattr(member_training, "fit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        made(rows)


def test_weights_and_words_reach_the_members(rows):
    weighted = replace(rows, weights=np.where(np.arange(rows.n) % 2, 1.0, 1e-12))
    assert (
        made(weighted).of("quick")[0].model.parameters.tobytes() != made(rows).of("quick")[0].model.parameters.tobytes()
    )


def test_a_candidate_is_what_its_name_says():
    assert isinstance(QUICK, Candidate) and QUICK.recipe.scale_inputs and not ENCODED.recipe.scale_inputs


def test_products_take_one_thread_while_members_are_made_side_by_side(rows, monkeypatch):
    """A limit that one member sets for itself ends with it, for all of them."""
    from threadpoolctl import threadpool_info, threadpool_limits

    def counted(*_):
        found.extend(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
        raise DivergenceError("Training diverged.")

    found = []
    monkeypatch.setattr(member_training, "fit", counted)
    with threadpool_limits(2, user_api="blas"), pytest.raises(DivergenceError):
        made(rows)
    assert set(found) == {1}
