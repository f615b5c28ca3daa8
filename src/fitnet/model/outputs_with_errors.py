"""Outputs with their error bars, from a model that has them.

Shapes: X (n, p), outputs (n, m), standard deviations (n, m), covariances (n, m, m).
"""

from typing import TYPE_CHECKING, Any

from fitnet.algorithm.scaling import FLOAT64
from fitnet.algorithm.target_transform import exponentials, transformed_covariance, transformed_deviations
from fitnet.arguments import Array, matrix
from fitnet.model.error_bars import checked_request, noise_weights, standard_deviations, users_covariance
from fitnet.model.given_rows import by_name

if TYPE_CHECKING:
    from fitnet.model.model import Model


def outputs_with_errors(
    model: "Model", X: Any, out: Array | None, return_std: bool, return_cov: bool, sample_weight: Any
) -> tuple[Array, Array]:
    """What `Model.predict` gives where error bars are asked for; arguments and errors are its own."""
    error_bars = checked_request(model.error_bars, model.network, return_std, return_cov)
    if model.target_transform is not None:
        return transformed_errors(model, X, out, return_std, return_cov, sample_weight)
    X = matrix("X", by_name("X", X, model.input_names), model.input_dtype, model.network.n_inputs)
    weights = None if sample_weight is None else noise_weights(sample_weight, len(X))
    outputs = model.predict(X, out=out)
    inputs = X.astype(FLOAT64) if model.input_scaling is None else model.input_scaling.apply(X)
    inputs[:, model.network.unused_inputs(model.parameters)] = 0  # of their weights the rows said nothing
    covariance = error_bars.covariance(model.parameter_errors, inputs, weights)
    return outputs, (standard_deviations if return_std else users_covariance)(covariance, model.target_scaling)


def transformed_errors(
    model: "Model", X: Any, out: Array | None, return_std: bool, return_cov: bool, sample_weight: Any
) -> tuple[Array, Array]:
    """The same where targets were transformed: spreads are those of log-normal distributions."""
    assert model.target_transform is not None
    bounds = model.target_transform.bounds(model.network.n_outputs)
    T, spread = outputs_with_errors(model.of_transforms, X, out, return_std, return_cov, sample_weight)
    spread = (transformed_deviations if return_std else transformed_covariance)(spread, T, bounds)
    return exponentials(T, bounds), spread
