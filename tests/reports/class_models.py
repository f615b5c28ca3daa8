"""Models of classes and rows for them, for the tests of reports."""

from dataclasses import replace

import numpy as np

from fitnet import Ensemble, Model, Network, Scaling

RANGES = np.array([[-2.0] * 3, [2.0] * 3])


def model_of_classes(generator, classes=("ash", "birch", "cedar"), logits=None, dtype="float64", **parts):
    """A network of some neurons whose logits are a few units large."""
    network = Network.of_widths((3, 8, len(classes) if logits is None else logits), "tanh")
    parameters = (2 * generator.normal(size=network.n_parameters)).astype(dtype)
    scaling = Scaling(np.zeros(3), np.ones(3))
    return Model(network, parameters, classes=classes, input_scaling=scaling, **{"input_ranges": RANGES} | parts)


def ensemble_of_classes(generator, classes=("ash", "birch", "cedar"), n=4, **parts):
    """Such members with weights that differ."""
    members = [model_of_classes(generator, classes, **parts) for _ in range(n)]
    return Ensemble(members, np.arange(1.0, n + 1))


def rows_for(model, generator, n=80):
    """X (n, 3) and labels drawn by the model's own probabilities."""
    X = generator.normal(size=(n, 3))
    chances = model.predict(X).cumsum(axis=1)
    codes = (generator.random((n, 1)) > chances).sum(axis=1).clip(0, len(model.classes) - 1)
    return X, [model.classes[k] for k in codes]


def in_double(model):
    """The same model with its parameters in float64."""
    if isinstance(model, Ensemble):
        return replace(model, members=[in_double(member) for member in model.members])
    return replace(model, parameters=model.parameters.astype(np.float64))
