"""`model_of`: a perceptron of scikit-learn's as a Model, which predicts the same."""

import numpy as np
import pytest
from sklearn import neural_network as theirs
from sklearn.datasets import load_iris, make_multilabel_classification
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, StandardScaler

import fitnet
from finite_differences import numerical_derivatives
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.sklearn_compat import MLPClassifier, MLPRegressor, model_of
from tolerances import DERIVATIVE_ATOL, SAME_PERCEPTRON_ATOL

X, SPECIES = load_iris(return_X_y=True)
WORDS = np.array(["setosa", "versicolor", "virginica"])[SPECIES]
LENGTHS = np.column_stack([X[:, 3] * X[:, 0], X[:, 2]])
SMALL = {"hidden_layer_sizes": (6,), "activation": "tanh", "max_iter": 20, "random_state": 0}
SCALERS = [
    StandardScaler(),
    StandardScaler(with_mean=False),
    StandardScaler(with_std=False),
    MinMaxScaler((-1, 3)),
    "passthrough",
]
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.mark.parametrize("perceptron", [theirs.MLPRegressor, MLPRegressor])
@pytest.mark.parametrize("settings", [{}, {"loss": "poisson"}], ids=str)
def test_numbers(tmp_path, perceptron, settings):
    fitted = perceptron(**SMALL, **settings).fit(X, LENGTHS)
    model = model_of(fitted)
    same(model.predict(X), fitted.predict(X))
    model.save(tmp_path / "kept.fitnet")
    same(fitnet.load(tmp_path / "kept.fitnet").predict(X), fitted.predict(X))
    differences = numerical_derivatives(lambda row: fitted.predict(row.reshape(1, -1))[0], X[0])
    np.testing.assert_allclose(model.jacobian(X[:1])[0], differences, rtol=0, atol=DERIVATIVE_ATOL)


@pytest.mark.parametrize("perceptron", [theirs.MLPClassifier, MLPClassifier])
@pytest.mark.parametrize("labels", [SPECIES, WORDS, SPECIES == 1], ids=["numbers", "words", "two"])
def test_classes(perceptron, labels):
    fitted = perceptron(**SMALL).fit(X, labels)
    model = model_of(fitted)
    same(model.predict(X), fitted.predict_proba(X))
    assert list(model.classes) == list(fitted.classes_)


@pytest.mark.parametrize("scaler", SCALERS, ids=str)
def test_a_pipeline(scaler):
    pipeline = make_pipeline(scaler, theirs.MLPRegressor(**SMALL)).fit(X, LENGTHS)
    same(model_of(pipeline).predict(X), pipeline.predict(X))


def test_names_come_along():
    frame = load_iris(as_frame=True).data
    model = MLPRegressor(**SMALL).fit(frame, LENGTHS[:, 0]).model_
    assert list(model.input_names) == list(frame.columns)
    same(model.predict(frame[frame.columns[::-1]])[:, 0], model.predict(X)[:, 0])


def test_float32():
    fitted = MLPRegressor(**SMALL).fit(X.astype("f4"), LENGTHS)
    assert fitted.model_.parameters.dtype == np.float32


@pytest.mark.parametrize(
    "estimator",
    [LinearRegression(), make_pipeline(PolynomialFeatures(), theirs.MLPRegressor()), "MLPRegressor"],
    ids=["linear", "polynomial", "word"],
)
def test_others_are_refused(estimator):
    with pytest.raises(ArgumentTypeError) as raised:
        model_of(estimator)
    assert raised.value.argument == "estimator"


def test_a_pipeline_of_other_steps_is_refused_in_one_line():
    pipeline = make_pipeline(PolynomialFeatures(), MLPRegressor(**SMALL)).fit(X, LENGTHS)
    with pytest.raises(ArgumentTypeError) as raised:
        model_of(pipeline)
    assert str(raised.value) == (
        "`estimator` is a Pipeline of PolynomialFeatures and MLPRegressor; it must be an MLPRegressor or "
        "MLPClassifier, or a Pipeline of a StandardScaler or MinMaxScaler and one of them; "
        "`estimator[-1].model_` is a Model already."
    )
    assert isinstance(pipeline[-1].model_, fitnet.Model)


def test_what_a_model_cannot_say_is_refused():
    rows, labels = make_multilabel_classification(n_samples=60, random_state=0)
    clipping = make_pipeline(MinMaxScaler(clip=True), theirs.MLPRegressor(**SMALL)).fit(X, LENGTHS)
    for fitted in (theirs.MLPClassifier(**SMALL).fit(rows, labels), clipping):
        with pytest.raises(ArgumentValueError) as raised:
            model_of(fitted)
        assert raised.value.argument == "estimator"
    with pytest.raises(NotFittedError):
        model_of(theirs.MLPRegressor())


def same(one, two):
    np.testing.assert_allclose(one, two, rtol=0, atol=SAME_PERCEPTRON_ATOL)
