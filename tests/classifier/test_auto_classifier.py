"""AutoClassifier: what it learns and keeps, calibration and sets on rows it did not see, the same bits always."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

import fitnet
from fitnet import AutoClassifier
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentTypeError, ArgumentValueError, CheckpointMismatchError, DomainWarning
from fitnet.fitting.plans import EFFORTS, Effort
from tolerances import COOLED_ATOL, FLOAT64_RTOL

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")

WORDS = np.array(["apple", "pear", "quince"])


def drawn(n, seed):
    """Rows of two inputs, the probabilities of three classes there, and classes drawn from these."""
    generator = np.random.default_rng(seed)
    X = generator.uniform(-2, 2, (n, 2))
    z = np.stack([3 * np.sin(2 * X[:, 0]), X[:, 1] ** 2, X[:, 0] * X[:, 1]], axis=1)
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    return X, p, (p.cumsum(1) < generator.uniform(size=(n, 1))).sum(1)


@pytest.fixture(scope="module")
def data():
    return drawn(600, 0), drawn(4000, 1)


@pytest.fixture(scope="module")
def fitted(data):
    (X, _, codes), _ = data
    return AutoClassifier("fast", random_state=0).fit(X, WORDS[codes])


@pytest.fixture
def short(monkeypatch):
    """Trainings as short as they can be."""
    monkeypatch.setitem(EFFORTS, "fast", Effort(3, 2e8, 1))


def test_it_learns_probabilities_nearly_as_they_are(fitted, data):
    (X, _, codes), (X_test, p, codes_test) = data
    ours = log_loss(codes_test, fitted.predict_proba(X_test))
    linear = log_loss(codes_test, LogisticRegression().fit(X, codes).predict_proba(X_test))
    best = log_loss(codes_test, p)
    assert ours - best < 0.2 * (linear - best)


def with_rule(fitted, rule):
    """The same classifier, fitted, with another rule for rows outside."""
    other = clone(fitted).set_params(outside=rule)
    other.__dict__ |= {name: value for name, value in vars(fitted).items() if name != "outside"}
    return other


ASKED = ("predict", "predict_proba", "predict_log_proba", "predict_set")


@pytest.mark.parametrize("asked", ASKED)
def test_rows_outside_are_warned_of_refused_or_passed_over(fitted, data, asked):
    X = data[0][0][:50].copy()
    X[[7, 31], 1] = 9, -30
    assert np.flatnonzero(fitted.model_.outside(X)).tolist() == [7, 31]
    with pytest.warns(DomainWarning, match=r"^2 of 50 rows lie outside .* in column 'x2' \(row 31\): pred") as told:
        found = getattr(fitted, asked)(X)
    assert [each.filename for each in told] == [__file__]
    with pytest.raises(ArgumentValueError, match=r"`X` has 50 rows of which 2 lie outside .* give `outside` as 'warn'"):
        getattr(with_rule(fitted, "raise"), asked)(X)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(getattr(with_rule(fitted, "ignore"), asked)(X), found)
        getattr(with_rule(fitted, "raise"), asked)(np.delete(X, [7, 31], axis=0))


def test_no_label_is_nan(fitted, data):
    sentence = "`outside` is 'nan'; it must be one of warn, raise, ignore"
    with pytest.raises(ArgumentValueError, match=sentence):
        AutoClassifier("fast", outside="nan").fit(data[0][0], data[0][2])
    with pytest.raises(ArgumentValueError, match=sentence):
        with_rule(fitted, "nan").predict(data[0][0])


def test_it_is_as_sure_as_it_is_right(fitted, data):
    """In bins of rows as sure as each other, of 4,000: chance alone gives about 0.02."""
    _, (X, _, codes) = data
    p = fitted.predict_proba(X)
    sure, right = p.max(1), p.argmax(1) == codes
    order = np.array_split(np.argsort(sure), 10)
    assert np.mean([abs(sure[each].mean() - right[each].mean()) for each in order]) < 0.05


@pytest.mark.parametrize("coverage", [0.5, 0.9])
def test_sets_hold_what_they_promise(fitted, data, coverage):
    _, (X, _, codes) = data
    sets = fitted.predict_set(X, coverage)
    assert (sets.shape, sets.dtype) == ((4000, 3), bool)
    assert sets[np.arange(4000), codes].mean() == pytest.approx(coverage, abs=0.05)  # of 600 rows: 0.02 is one sigma
    assert fitted.predict_set(X, coverage, never_empty=True).any(axis=1).all()


def test_what_it_keeps(fitted, data):
    (X, _, codes), _ = data
    assert fitted.classes_.tolist() == WORDS.tolist()
    assert fitted.oof_probability_.shape == (600, 3)
    np.testing.assert_allclose(fitted.oof_probability_.sum(axis=1), 1, rtol=FLOAT64_RTOL)
    assert fitted.score(X, WORDS[codes]) == np.mean(fitted.predict(X) == WORDS[codes])
    assert sum(line.weight for line in fitted.leaderboard_) == pytest.approx(1)
    assert [line.error for line in fitted.leaderboard_] == sorted(line.error for line in fitted.leaderboard_)
    assert any(line.recipe.startswith("logistic regression") for line in fitted.leaderboard_)
    counts = np.array([np.bincount(codes[fitted.folds_ == k], minlength=3) for k in range(5)])
    assert np.ptp(counts, axis=0).max() <= 1
    assert fitted.stopped_ == "finished"
    assert fitted.model_.provenance["rows"] == 600


def test_out_of_fold_is_the_mean_of_the_members_that_did_not_see_the_row(fitted, data):
    (X, _, _), _ = data
    model = fitted.model_
    for k in range(5):
        unseen = fitted.folds_ == k
        members = [
            (member, w) for member, w, fold in zip(model.members, model.weights, model.folds, strict=True) if fold == k
        ]
        mean = sum(w * member.predict(X[unseen]) for member, w in members) / sum(w for _, w in members)
        np.testing.assert_allclose(mean, fitted.oof_probability_[unseen], rtol=0, atol=COOLED_ATOL)


def test_its_model_is_one_file_that_says_the_same(fitted, data, tmp_path):
    _, (X, _, _) = data
    fitted.model_.save(tmp_path / "fruit.fitnet")
    model = fitnet.load(tmp_path / "fruit.fitnet")
    assert np.array_equal(model.predict(X), fitted.predict_proba(X))
    assert [*model.classes] == WORDS.tolist()
    assert model.jacobian(X[:4]).shape == (4, 3, 2)
    assert np.array_equal(pickle.loads(pickle.dumps(fitted)).predict(X), fitted.predict(X))


def test_the_bits_are_the_same_for_any_number_of_jobs(short):
    X, _, codes = drawn(90, 3)
    one, two = (AutoClassifier("fast", random_state=1, n_jobs=n).fit(X, codes) for n in (1, 2))
    assert one.predict_proba(X).tobytes() == two.predict_proba(X).tobytes()
    assert one.oof_probability_.tobytes() == two.oof_probability_.tobytes()
    other = clone(one).set_params(random_state=2).fit(X, codes)
    assert other.predict_proba(X).tobytes() != one.predict_proba(X).tobytes()


def test_a_fit_goes_on_from_its_checkpoint_to_the_same_bits(short, tmp_path):
    X, _, codes = drawn(60, 4)
    plain = AutoClassifier("fast", random_state=0).fit(X, codes)
    kept = AutoClassifier("fast", random_state=0, checkpoint=tmp_path / "members").fit(X, codes)
    next(iter(sorted((tmp_path / "members").glob("*.member")))).unlink()
    again = clone(kept).fit(X, codes, resume=True)
    assert plain.predict_proba(X).tobytes() == kept.predict_proba(X).tobytes() == again.predict_proba(X).tobytes()
    with pytest.raises(CheckpointMismatchError):
        clone(kept).fit(X, codes[::-1], resume=True)


def test_groups_stay_together(short):
    X, _, codes = drawn(80, 5)
    groups = np.arange(80) // 4
    found = AutoClassifier("fast", random_state=0).fit(X, codes, groups=groups)
    assert all(len(set(found.folds_[groups == group].tolist())) == 1 for group in range(20))


def test_weights_move_probabilities(short):
    X, _, codes = drawn(200, 6)
    codes = (codes > 0).astype(int)
    plain = AutoClassifier("fast", random_state=0).fit(X, codes)
    by_class = AutoClassifier("fast", class_weight={1: 20.0}, random_state=0).fit(X, codes)
    by_row = AutoClassifier("fast", random_state=0).fit(X, codes, np.where(codes == 1, 20.0, 1.0))
    assert by_class.predict_proba(X).tobytes() == by_row.predict_proba(X).tobytes()
    assert by_class.predict_proba(X)[:, 1].mean() > plain.predict_proba(X)[:, 1].mean() + 0.05
    assert plain.predict_proba(X).shape == (200, 2)


def test_words_in_columns_are_learned(short):
    generator = np.random.default_rng(7)
    table = pd.DataFrame({"colour": generator.choice(["red", "green"], 200), "size": generator.uniform(size=200)})
    found = AutoClassifier("fast", random_state=0).fit(table, np.where(table.colour == "red", "apple", "pear"))
    assert found.score(table, np.where(table.colour == "red", "apple", "pear")) == 1
    assert found.feature_names_in_.tolist() == ["colour", "size"]


def test_a_rare_class_that_a_fold_lacks_is_kept(short):
    X, _, codes = drawn(60, 8)
    codes = np.where(np.arange(60) == 7, 2, codes % 2)
    found = AutoClassifier("fast", random_state=0).fit(X, codes)
    assert found.predict_proba(X).shape == (60, 3)
    assert np.isfinite(found.predict_proba(X)).all()


@pytest.mark.parametrize(
    ("settings", "y", "error", "sentence"),
    [
        ({"effort": "most"}, [0, 1] * 10, ArgumentValueError, "`effort` is 'most'"),
        ({"class_weight": {2: 1.0}}, [0, 1] * 10, ArgumentValueError, "`class_weight` has a weight for 2"),
        ({"class_weight": 3}, [0, 1] * 10, ArgumentTypeError, "`class_weight` is 3"),
        ({"missing": "guess"}, [0, 1] * 10, ArgumentValueError, "`missing` is 'guess'"),
        ({}, [0] * 20, ArgumentValueError, "`y` holds one class, 0; a classifier needs two"),
        ({}, [0.5, 1] * 10, ArgumentValueError, r"`y` holds 0.5 at \[0\]"),
        ({}, [0, 1] * 4, ArgumentValueError, "`X` has n_samples=8; there must be at least 10 rows"),
    ],
)
def test_what_cannot_be_used_is_refused(settings, y, error, sentence):
    X = np.random.default_rng(0).uniform(size=(len(y), 2))
    with pytest.raises(error, match=sentence):
        AutoClassifier(**{"effort": "fast", **settings}).fit(X, y)


def test_a_coverage_that_is_none_is_refused(fitted):
    with pytest.raises(ArgumentValueError, match="`coverage` is 2"):
        fitted.predict_set([[0.0, 0.0]], 2)
    with pytest.raises(ArgumentTypeError, match="`never_empty`"):
        fitted.predict_set([[0.0, 0.0]], never_empty="yes")
