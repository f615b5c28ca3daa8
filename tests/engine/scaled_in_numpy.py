"""Whole models written out: scaled in NumPy, computed by an engine for rows that fit it, scaled back in NumPy."""

import numpy as np

from fitnet.algorithm.scaling import undo_derivatives


def scaled(X, scaling, dtype):
    """(X - shift) / scale in float64, rounded to `dtype`; not finite where that cannot hold it."""
    with np.errstate(all="ignore"):
        if scaling is None:
            return np.ascontiguousarray(X, dtype)
        wide = np.array(X, np.float64, order="C")
        result = (wide - scaling.shift) / scaling.scale
        lost = ~np.isfinite(result)
        result[lost] = ((wide / 2 - scaling.shift / 2) / (scaling.scale / 2))[lost]
        return result.astype(dtype)


def outputs(engine, network, parameters, X, inputs, targets):
    """(n, m), or None where an entry of X cannot be used."""
    rows = scaled(X, inputs, parameters.dtype)
    if not np.isfinite(rows).all():
        return None
    found = engine.predict(network, parameters, rows)
    if targets is None:
        return found
    with np.errstate(all="ignore"):
        wide = found.astype(np.float64)
        result = wide * targets.scale
        result += targets.shift
        lost = ~np.isfinite(result)
        result[lost] = (2 * (wide * (targets.scale / 2) + targets.shift / 2))[lost]
        return result


def jacobian(engine, network, parameters, X, inputs, targets):
    """(n, m, p), or None."""
    return derivatives(engine.input_jacobian, network, parameters, X, inputs, targets)


def hessian(engine, network, parameters, X, inputs, targets):
    """(n, m, p, p), or None."""
    return derivatives(engine.input_hessian, network, parameters, X, inputs, targets)


def derivatives(of, network, parameters, X, inputs, targets):
    rows = scaled(X, inputs, parameters.dtype)
    if not np.isfinite(rows).all():
        return None
    found = of(network, parameters, rows)
    return found if inputs is targets is None else undo_derivatives(found, inputs, targets)


def same(found, expected):
    """Whether both are None, or the same bits; what is not a number may be so in any way."""
    if found is None or expected is None:
        return found is expected
    lost = np.isnan(expected)
    alike = np.array_equal(np.isnan(found), lost) and found[~lost].tobytes() == expected[~lost].tobytes()
    return (found.dtype, found.shape) == (expected.dtype, expected.shape) and alike
