"""Names that scikit-learn's users expect: fitted attributes, and a hint for parameters with other names."""

import copy
import inspect
import pickle
import re

import numpy as np
import pytest
from example_rows import sine
from sklearn.model_selection import GridSearchCV

from fitnet import AutoClassifier, AutoRegressor, Regressor, train
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.estimators.expected_names import ATTRIBUTES
from fitnet.spellings import PARAMETERS

X, y = sine(60)
QUICK = {"max_epochs": 5, "random_state": 0}

UNKNOWN = [
    ("max_iter", "did you mean max_epochs?"),
    ("n_iter_no_change", "did you mean patience?"),
    ("learning_rate_init", "did you mean solver=Adam(learning_rate=...)?"),
    ("n_jobs", "did you mean n_threads?"),
    ("batchsize", "did you mean batch_size?"),
    ("Patience", "did you mean patience?"),
    ("q", "it must be one of activation, alpha, batch_size, callbacks, "),
]


@pytest.mark.parametrize(("name", "hint"), UNKNOWN)
def test_an_unknown_parameter_is_refused_with_the_one_that_was_meant(name, hint):
    for error, call in (
        (ArgumentTypeError, lambda: Regressor(**{name: 5})),
        (ArgumentValueError, lambda: Regressor().set_params(**{name: 5})),
    ):
        with pytest.raises(error) as refused:
            call()
        assert str(refused.value).startswith(f"`{name}` is no parameter of Regressor; {hint}")
        assert refused.value.argument == name


def test_every_hint_leads_to_a_parameter():
    known = Regressor().get_params(deep=False)
    assert {meant.partition("=")[0] for meant in PARAMETERS.values()} <= set(known)
    assert not set(PARAMETERS) & set(known)


def test_a_parameter_of_the_solver_is_hinted_at():
    with pytest.raises(ArgumentValueError, match=r"`solver__learningrate` is no .* \(did you mean 'learning_rate'\?\)"):
        Regressor(solver="adam").set_params(solver__learningrate=1)


@pytest.mark.parametrize(
    ("path", "held", "rule"),
    [
        ("solver__learning_rate", "auto", "`solver` must be one that has it, such as 'adam'."),
        ("loss__delta", "squared_error", "`loss` must be one that has it, such as 'huber'."),
        ("loss__q", "squared_error", "it has none."),
    ],
)
def test_a_parameter_of_another_solver_or_loss_names_the_one_that_has_it(path, held, rule):
    with pytest.raises(ArgumentValueError) as refused:
        Regressor().set_params(**{path: 1})
    assert str(refused.value) == f"`{path}` is no parameter of {held!r}; {rule}"
    if "such as" in rule:
        name, _, _ = path.partition("__")
        Regressor(**{name: rule.split("'")[1]}).set_params(**{path: 1})


def test_the_signature_is_the_constructor_s():
    assert list(inspect.signature(Regressor).parameters) == list(inspect.signature(Regressor.__init__).parameters)[1:]


@pytest.mark.parametrize("size", [10, np.int64(10)])
def test_one_number_is_one_layer(size):
    regressor = Regressor(size, **QUICK).fit(X, y)
    assert regressor.model_.architecture == [(1, 10), (10, 1)]
    assert np.array_equal(regressor.predict(X), Regressor((10,), **QUICK).fit(X, y).predict(X))


def test_a_grid_over_numbers_and_sequences_of_layers():
    search = GridSearchCV(Regressor(**QUICK), {"hidden_layer_sizes": [2, (3, 3)]}, cv=2).fit(X, y)
    assert search.best_params_["hidden_layer_sizes"] in (2, (3, 3))


def test_attributes_of_scikit_learn_s_networks():
    regressor = Regressor(**QUICK).fit(X, y)
    assert regressor.n_iter_ == regressor.n_epochs_ == 5
    assert regressor.loss_curve_ == list(regressor.history_.loss)
    assert regressor.stopped_ == "finished"
    regressor.set_params(callbacks=lambda state: state.epoch == 2).fit(X, y)
    assert (regressor.n_iter_, regressor.stopped_) == (2, "early")


@pytest.mark.parametrize("name", ["n_iter_", "loss_curve_", "stopped_", "model_", "nothing", "coefs_"])
def test_nothing_is_there_before_fit(name):
    with pytest.raises(AttributeError, match=f"^'Regressor' object has no attribute '{name}'"):
        getattr(Regressor(), name)


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_what_is_found_elsewhere_is_said_and_is_there(name):
    regressor = Regressor(**QUICK).fit(X, y, validation_data=(X, y))
    assert not hasattr(regressor, name)
    with pytest.raises(AttributeError) as missing:
        getattr(regressor, name)
    there = re.sub(r"\b(model_|history_|n_epochs_)", r"regressor.\1", str(missing.value).partition("; see ")[2])
    assert eval(there, {"regressor": regressor, "X": X}) is not None


def test_copies_know_the_same():
    regressor = Regressor(**QUICK).fit(X, y)
    for again in (copy.deepcopy(regressor), copy.copy(regressor), pickle.loads(pickle.dumps(regressor))):
        assert (again.n_iter_, again.loss_curve_) == (regressor.n_iter_, regressor.loss_curve_)
        assert np.array_equal(again.predict(X), regressor.predict(X))


@pytest.mark.parametrize("verbose", [0, 1, 2, -1, np.int64(2), True])
def test_verbose_may_be_a_number(verbose, capsys):
    assert Regressor(**QUICK, verbose=verbose).fit(X, y).n_epochs_ == 5
    result = train(
        Regressor(**QUICK).fit(X, y).model_.network,
        X,
        y[:, np.newaxis],
        epochs=2,
        generator=np.random.default_rng(0),
        verbose=verbose,
    )
    assert result.history.epochs == 2


def test_a_subclass_may_hand_parameters_on():
    class Quick(Regressor):
        def __init__(self, **parameters):
            super().__init__(max_epochs=2, **parameters)

    assert Quick(random_state=3).random_state == 3


def test_a_function_s_address_is_no_part_of_a_model(tmp_path):
    for name in "ab":
        Regressor(**QUICK, callbacks=[lambda state: None]).fit(X, y).model_.save(tmp_path / f"{name}.fitnet")
    assert (tmp_path / "a.fitnet").read_bytes() == (tmp_path / "b.fitnet").read_bytes()


OF_ONE = [
    ("hidden_layer_sizes", "has it."),
    ("solver", "has it."),
    ("hidden", "has hidden_layer_sizes."),
    ("max_iter", "has max_epochs."),
    ("hidden_layer_size", "has hidden_layer_sizes."),
    ("learning_rate", "has solver=Adam(learning_rate=...)."),
]


@pytest.mark.parametrize(("ensemble", "single"), [(AutoRegressor, "Regressor"), (AutoClassifier, "Classifier")])
@pytest.mark.parametrize(("name", "hint"), OF_ONE)
def test_of_an_ensemble_it_is_said_that_one_network_has_it(ensemble, single, name, hint):
    for call in (lambda: ensemble(**{name: 5}), lambda: ensemble().set_params(**{name: 5})):
        with pytest.raises((ArgumentTypeError, ArgumentValueError)) as refused:
            call()
        assert str(refused.value) == (
            f"`{name}` is no parameter of {ensemble.__name__}, which chooses its networks itself; {single} {hint}"
        )
        assert refused.value.argument == name


def test_what_an_ensemble_has_itself_is_hinted_at():
    with pytest.raises(ArgumentTypeError, match="did you mean random_state"):
        AutoRegressor(seed=1)
    with pytest.raises(ArgumentTypeError, match="did you mean effort"):
        AutoRegressor(efort="fast")
    with pytest.raises(
        ArgumentTypeError, match=r"`xyz` is no parameter of AutoRegressor; it must be one of checkpoint,"
    ):
        AutoRegressor(xyz=1)
