"""A Regressor over ranks: the model of one process on every rank, and refusals that every rank hears."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from fitnet import Regressor
from fitnet.engine import ENGINES
from ranks_in_threads import on_ranks

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")

N = 200
SOLVERS = {
    "lm": {"solver": "lm", "activation": "tanh"},
    "lm-bayesian": {"solver": "lm-bayesian", "activation": "tanh"},
    "lbfgs": {"solver": "lbfgs", "activation": "tanh", "alpha": 1e-4},
    "adam": {"solver": "adam", "batch_size": N, "alpha": 1e-4},
    "adam in float64": {"solver": "adam", "batch_size": N, "dtype": "float64"},
}
WORDS = pd.Categorical(["u", "v"] * (N // 2))
EARLY = {"solver": "adam", "batch_size": 32, "early_stopping": True, "patience": 2}
SMALL = {"hidden_layer_sizes": (6,), "max_epochs": 5, "error_bars": False, "n_threads": 1, "random_state": 1}


@pytest.fixture
def rows(generator):
    X = generator.normal(size=(N, 3))
    return X, np.sin(X[:, 0]) + X[:, 1] * X[:, 2]


def fitted(settings, cuts, X, y, communicator):
    """A regressor that was fitted over ranks whose rows end at `cuts`."""
    begin, end = (0, *cuts)[communicator.rank], cuts[communicator.rank]
    return Regressor(**SMALL | settings, communicator=communicator).fit(X[begin:end], y[begin:end])


@pytest.mark.parametrize("settings", SOLVERS.values(), ids=SOLVERS)
def test_every_rank_has_the_model_of_one_process(rows, settings):
    X, y = rows
    alone = Regressor(**SMALL | settings).fit(X, y)
    for cuts in ([N], [50, N], [0, 1, N], [1, N - 1, N - 1, N]):
        for regressor in on_ranks(len(cuts), partial(fitted, settings, cuts, X, y)):
            assert np.array_equal(regressor.model_.parameters, alone.model_.parameters)
            assert np.array_equal(regressor.predict(X), alone.predict(X))
            assert regressor.history_.loss == alone.history_.loss
            assert regressor.model_.provenance["data_sha256"] == alone.model_.provenance["data_sha256"]
            assert (regressor.n_features_in_, regressor.n_epochs_) == (3, alone.n_epochs_)


def test_batches_and_early_stopping_do_not_depend_on_the_ranks(rows):
    alone = on_ranks(1, partial(fitted, EARLY, [N], *rows))[0]
    assert alone.history_.validation_loss
    for regressor in on_ranks(3, partial(fitted, EARLY, [20, 50, N], *rows)):
        assert np.array_equal(regressor.model_.parameters, alone.model_.parameters)
        assert regressor.history_.validation_loss == alone.history_.validation_loss


def test_more_ranks_than_rows(rows):
    X, y = (each[:3] for each in rows)
    alone = Regressor(**SMALL | SOLVERS["lm"]).fit(X, y)
    for regressor in on_ranks(5, partial(fitted, SOLVERS["lm"], [0, 1, 2, 3, 3], X, y)):
        assert np.array_equal(regressor.model_.parameters, alone.model_.parameters)


def test_a_checkpoint_goes_on_with_another_number_of_ranks(rows, tmp_path):
    whole = on_ranks(2, partial(fitted, EARLY | {"patience": 9}, [50, N], *rows))[0]
    settings = EARLY | {"patience": 9, "checkpoint": tmp_path / "kept"}

    class Interrupting:
        every = 2

        def on_epoch_end(self, state):
            raise KeyboardInterrupt

    for regressor in on_ranks(2, partial(fitted, settings | {"callbacks": (Interrupting(),)}, [50, N], *rows)):
        assert regressor.stopped_ == "interrupted"

    def resumed(communicator):
        begin, end = (0, 10, 20, N)[communicator.rank : communicator.rank + 2]
        regressor = Regressor(**SMALL | settings, communicator=communicator)
        return regressor.fit(rows[0][begin:end], rows[1][begin:end], resume=True)

    for regressor in on_ranks(3, resumed):
        assert np.array_equal(regressor.model_.parameters, whole.model_.parameters)
        assert regressor.history_.loss == whole.history_.loss


def test_columns_keep_their_names_on_a_rank_without_rows(rows):
    X, y = pd.DataFrame(rows[0], columns=["a", "b", "c"]), pd.Series(rows[1], name="d")

    def work(communicator):
        part = slice(0, N * communicator.rank)
        return Regressor(**SMALL, communicator=communicator).fit(X[part], y[part])

    for regressor in on_ranks(2, work):
        assert list(regressor.feature_names_in_) == ["a", "b", "c"]
        assert regressor.predict(X[:2]).shape == (2,)
        assert clone(regressor).communicator is regressor.communicator


def unlike(change, X, y, communicator):
    """A fit in which rank 1 differs in something."""
    given = {"X": X, "y": y, **SMALL, "communicator": communicator}
    if communicator.rank == 1:
        given |= change(X, y)
    X, y, weights = given.pop("X"), given.pop("y"), given.pop("sample_weight", None)
    return Regressor(**given).fit(X, y, weights)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda X, y: {"X": X[:, :2]}, "Rank 1 has 2 inputs and 1 targets and rank 0 has 3 and 1; they must be alike."),
        (lambda X, y: {"X": pd.DataFrame(X, columns=list("abc"))}, "Rank 1 has other columns than rank 0"),
        (
            lambda X, y: {"X": np.where(X[0, 0] == X, np.nan, X)},
            "`X` holds NaN at [0, 0]; every entry must be a finite number: `missing='drop'` leaves those rows out.",
        ),
        (
            lambda X, y: {"X": pd.DataFrame(np.where(X[0, 0] == X, np.nan, X), columns=list("abc"))},
            "`X` holds NaN in column 'a', row 0; every entry must be a finite number: `missing='drop'` leaves those",
        ),
        (lambda X, y: {"y": y[:-1]}, "Found input variables with inconsistent numbers"),
        (lambda X, y: {"sample_weight": np.ones(N)}, "`sample_weight` is given beside `communicator`, with which"),
        (lambda X, y: {"max_epochs": 6}, "Rank 1 has another `max_epochs` than rank 0; they must be alike."),
        (
            lambda X, y: {"X": pd.DataFrame({"a": pd.Categorical(["u", "v"] * (N // 2)), "b": y, "c": y})},
            "`X` has columns of words",
        ),
    ],
    ids=["columns", "names", "gap", "gap in a frame", "lengths", "weights", "settings", "words"],
)
def test_every_rank_hears_what_is_wrong_on_one(rows, change, said):
    outcomes = on_ranks(3, partial(unlike, change, *rows))
    assert len({type(outcome) for outcome in outcomes}) == 1
    assert all(str(outcome).startswith(said) for outcome in outcomes), outcomes


def test_rows_with_gaps_are_left_out_on_every_rank(rows):
    X, y = rows[0].copy(), rows[1].copy()
    X[[3, 70, 71], [0, 1, 2]] = y[120] = np.nan
    whole = np.delete(X, [3, 70, 71, 120], axis=0), np.delete(y, [3, 70, 71, 120])
    alone = Regressor(**SMALL | SOLVERS["lm"]).fit(*whole)
    for regressor in on_ranks(3, partial(fitted, SOLVERS["lm"] | {"missing": "drop"}, [50, 80, N], X, y)):
        assert np.array_equal(regressor.model_.parameters, alone.model_.parameters)
        assert np.array_equal(regressor.predict(whole[0]), alone.predict(whole[0]))


@pytest.mark.parametrize(
    "option", [{"warm_start": True}, {"missing": "impute"}, {"engine": "reference"}, {"error_bars": True}], ids=str
)
def test_what_needs_all_rows_in_one_process_is_refused(rows, option):
    (name,) = option
    (refused,) = on_ranks(1, partial(fitted, option, [N], *rows))
    assert str(refused) == f"`{name}` is given beside `communicator`, with which it cannot be used."
    assert refused.argument == name


def test_weights_and_partial_fits_are_refused(rows):
    def weighted(communicator):
        return Regressor(**SMALL, communicator=communicator).fit(*rows, sample_weight=np.ones(N))

    def partially(communicator):
        return Regressor(**SMALL, communicator=communicator).partial_fit(*rows)

    assert on_ranks(1, weighted)[0].argument == "sample_weight"
    assert on_ranks(1, partially)[0].argument == "communicator"


def test_an_error_on_rank_0_ends_all(rows):
    class Failing:
        every = 1

        def on_epoch_end(self, state):
            raise OSError(28, "No space left on device", "log")

    for outcome in on_ranks(3, partial(fitted, {"callbacks": (Failing(),)}, [20, 50, N], *rows)):
        assert str(outcome) == "[Errno 28] No space left on device: 'log'"
