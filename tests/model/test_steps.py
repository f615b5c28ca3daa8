"""Steps: walked in NumPy as their docstrings say, they give what every kind of model predicts."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, ndtr

from fitnet.algorithm.steps import (
    Activate,
    Dense,
    Encode,
    Exponentiate,
    Impute,
    Mean,
    OneHot,
    Round,
    Scale,
    Unscale,
)
from fitnet.model.steps import steps_of
from kinds_of_models import KINDS
from tolerances import FLOAT32_STEPS_OF_LARGEST, STEPS_RTOL

ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": lambda z: np.where(z > 0, z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, z * z.dtype.type(0.01)),
    "tanh": np.tanh,
    "logistic": expit,
    "silu": lambda z: z * expit(z),
    "softplus": lambda z: np.logaddexp(z, 0),
    "gelu": lambda z: z * ndtr(z),
    "exponential": np.exp,
}


def walked(steps, values):
    """What the steps make of rows: a dict of columns where the first is OneHot, else a matrix."""
    for step in steps:
        values = done(step, values)
    return values


def done(step, values):
    match step:
        case OneHot(names, levels):
            return np.column_stack([one_hot(values[name], own) for name, own in zip(names, levels, strict=True)])
        case Impute(medians, told):
            gaps = np.isnan(values)
            return np.column_stack([np.where(gaps, medians, values), gaps[:, list(told)]])
        case Scale():
            return scaled(step, values)
        case Encode(scaling, edges, projections):
            z = scaled(scaling, values).T
            u = projections @ z
            own, cut = np.concatenate([z, u]), np.concatenate([values.T, u])
            columns = [[value, *pieces(x, e)] for value, x, e in zip(own, cut, edges, strict=True)]
            return np.column_stack([feature for column in columns for feature in column])
        case Round(dtype):
            return values.astype(dtype)
        case Dense(weights, biases):
            return values.astype(weights.dtype) @ weights + biases
        case Activate(name):
            return ACTIVATIONS[name](values)
        case Unscale(shift, scale):
            return values.astype(np.float64) * scale + shift
        case Exponentiate(bounds):
            return np.where(bounds > -np.inf, bounds + np.exp(values.astype(np.float64)), values)
        case Mean(weights, branches):
            return sum(
                w * walked(branch, values).astype(np.float64) for w, branch in zip(weights, branches, strict=True)
            )
    raise AssertionError(step)


def one_hot(column, levels):
    if levels is None:
        return np.asarray(column, float)[:, np.newaxis]
    return np.array([[float(word == level) for level in levels] for word in column])


def scaled(step, x):
    z = (x - step.shift) / step.scale
    return z if step.limit is None else z / np.sqrt(1 + (z / step.limit) ** 2)


def pieces(x, edges):
    """The shares of the pieces, of which the first goes on below and the last above."""
    count = max(0, len(edges) - 1)
    for t, (low, high) in enumerate(pairwise(edges)):
        share = (x - low) / (high - low)
        yield np.clip(share, -np.inf if t == 0 else 0, np.inf if t == count - 1 else 1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_steps_after_the_first_give_the_predictions(kind):
    model, X = KINDS[kind].model, KINDS[kind].X
    found = walked([step for step in model.steps() if not isinstance(step, OneHot | Impute)], X)
    expected = model.predict(X)
    assert found.shape == expected.shape
    if "float32" in kind or "encoded" in kind:
        np.testing.assert_allclose(found, expected, 0, FLOAT32_STEPS_OF_LARGEST * np.abs(expected).max())
    else:
        np.testing.assert_allclose(found, expected, STEPS_RTOL)


def test_words_and_gaps_by_the_first_steps():
    model = KINDS["words and gaps"].model
    frame = {"x": [np.nan, 0.5, -1.0], "colour": ["red", None, "blue"], "T": [1.0, np.nan, 3.0]}
    steps = model.steps()
    assert [type(step) for step in steps[:2]] == [OneHot, Impute]
    np.testing.assert_array_equal(walked(steps[:2], frame), model.completed(pd.DataFrame(frame)))
    np.testing.assert_allclose(walked(steps, frame), model.predict(pd.DataFrame(frame)), STEPS_RTOL)


def test_outputs_have_the_models_dtype():
    for kind in KINDS.values():
        found = walked([step for step in kind.model.steps() if not isinstance(step, OneHot | Impute)], kind.X)
        assert found.dtype == kind.model.output_dtype


def test_steps_share_the_models_numbers():
    model = KINDS["tanh"].model
    first = steps_of(model)[0]
    assert np.shares_memory(first.weights, model.parameters)
    assert [type(step) for step in steps_of(model)] == [Dense, Activate, Dense]
