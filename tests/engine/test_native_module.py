"""The extension module itself guards its memory, whoever calls it: wrong arrays are refused, none is converted."""

import numpy as np
import pytest

from fitnet.algorithm.optimizers import OptimizerState
from fitnet.engine import Best

native = pytest.importorskip("fitnet.engine._native", reason="the native engine was not built", exc_type=ImportError)

ROWS = 4


def layers():
    return native.Layers([(3, 4, native.Activation.tanh), (4, 2, native.Activation.identity)])


def arrays():
    return {"parameters": np.ones(26), "X": np.ones((ROWS, 3)), "Y": np.ones((ROWS, 2)), "weights": np.ones(ROWS)}


def training():
    rates = np.full((2, 1), 0.1)
    state, best = OptimizerState(0, np.zeros((2, 26))), Best(np.inf, np.zeros(26), 0)
    return arrays() | {"rates": rates, "orders": np.zeros((2, ROWS), np.int64), "state": state, "best": best}


def run_epochs(of, batch_size=ROWS, n_threads=1):
    adam = native.OptimizerSettings(native.Optimizer.adam, 0.9, 0.999, 1e-8)
    loss = native.LossSettings(native.Loss.squared_error, 0)
    data = of["X"], of["Y"], of["weights"]
    plan = 0.0, batch_size, of["rates"], of["orders"], of["best"], n_threads
    return native.run_epochs(layers(), loss, adam, of["parameters"], of["state"], *data, *plan)


def loss_and_gradient(of):
    loss = native.LossSettings(native.Loss.squared_error, 0)
    return native.loss_and_gradient(layers(), loss, *of.values(), 0.0, 1)


def predict(of):
    return native.predict(layers(), of["parameters"], of["X"], 1)


def input_jacobian(of):
    return native.input_jacobian(layers(), of["parameters"], of["X"], 1)


def input_hessian(of):
    return native.input_hessian(layers(), of["parameters"], of["X"], 1)


def normal_equations(of):
    return native.normal_equations(layers(), *of.values(), 1)


def new_predictor(of):
    return native.predictor(layers(), of["parameters"], 1)


def read_only(array):
    array.flags.writeable = False
    return array


SPOILT = [
    (lambda array: array.tolist(), TypeError),
    (lambda array: array.astype(np.float16), TypeError),
    (lambda array: array.astype(complex), TypeError),
    (lambda array: array.astype(array.dtype.newbyteorder()), ValueError),
    (lambda array: array[:-1], ValueError),
    (lambda array: array[..., np.newaxis], ValueError),
    (lambda array: np.repeat(array, 2, axis=-1)[..., ::2], ValueError),
    (lambda array: np.frombuffer(b"." + array.tobytes(), array.dtype, offset=1).reshape(array.shape), ValueError),
]


@pytest.mark.parametrize(("spoil", "error"), SPOILT)
@pytest.mark.parametrize(
    ("call", "arguments", "argument"),
    [
        (predict, arrays, "parameters"),
        (input_jacobian, arrays, "parameters"),
        (input_hessian, arrays, "parameters"),
        (new_predictor, arrays, "parameters"),
        *[(normal_equations, arrays, argument) for argument in arrays()],
        *[(loss_and_gradient, arrays, argument) for argument in arrays()],
        *[(run_epochs, training, argument) for argument in training() if argument not in ("state", "best")],
    ],
)
def test_arrays_that_do_not_fit(call, arguments, argument, spoil, error):
    of = arguments()
    of[argument] = spoil(of[argument])
    with pytest.raises(error, match=r"^`"):
        call(of)


@pytest.mark.parametrize(("spoil", "error"), [*SPOILT, (read_only, ValueError)])
@pytest.mark.parametrize(("holder", "name"), [("state", "moments"), ("best", "parameters")])
def test_arrays_of_the_state_and_the_best_that_do_not_fit(holder, name, spoil, error):
    of = training()
    setattr(of[holder], name, spoil(getattr(of[holder], name)))
    with pytest.raises(error, match=f"^`{holder}.{name}`"):
        run_epochs(of)


def test_read_only_parameters_are_not_trained():
    of = training()
    read_only(of["parameters"])
    with pytest.raises(ValueError, match="`parameters` is read-only"):
        run_epochs(of)


@pytest.mark.parametrize("batch_size", [0, -1, ROWS + 1])
def test_batches_that_do_not_fit(batch_size):
    with pytest.raises(ValueError, match="`batch_size`"):
        run_epochs(training(), batch_size)


@pytest.mark.parametrize("n_threads", [0, -1])
def test_no_threads(n_threads):
    with pytest.raises(ValueError, match="`n_threads`"):
        run_epochs(training(), n_threads=n_threads)


@pytest.mark.parametrize(
    "shapes", [[], [(0, 1)], [(1, 0)], [(-1, 1)], [(2, 3), (2, 1)], [(2**40, 2**40)], [(2**62, 1)], [(2**39, 1)] * 3]
)
def test_layers_that_do_not_fit(shapes):
    with pytest.raises(ValueError, match="`layers`"):
        native.Layers([(*shape, native.Activation.relu) for shape in shapes])


def test_a_failed_attribute_is_the_callers():
    of = training()
    of["state"] = object()
    with pytest.raises(AttributeError):
        run_epochs(of)
