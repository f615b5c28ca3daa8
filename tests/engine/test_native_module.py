"""The extension module itself guards its memory, whoever calls it: wrong arrays are refused, none is converted."""

import numpy as np
import pytest

native = pytest.importorskip("fitnet.engine._native", reason="the native engine was not built", exc_type=ImportError)

ROWS = 4
SCALINGS = ("input_shift", "input_scale", "target_shift", "target_scale")


def layers():
    return native.Layers([(3, 4, native.Activation.tanh), (4, 2, native.Activation.identity)])


def arrays():
    return {"parameters": np.ones(26), "X": np.ones((ROWS, 3)), "Y": np.ones((ROWS, 2)), "weights": np.ones(ROWS)}


def training():
    return arrays() | {"moments": np.zeros((2, 26)), "best": np.zeros(26), "gradient": np.zeros(26)}


def new_trainer(parameters, batch_size=ROWS, n_threads=1, dropout=0.0):
    adam = native.OptimizerSettings(native.Optimizer.adam, 0.9, 0.999, 1e-8, 0.0)
    loss = native.LossSettings(native.Loss.squared_error, 0)
    return native.trainer(layers(), loss, 0.0, adam, parameters, batch_size, False, (), dropout, n_threads)


def train(of):
    """Every array that a trainer takes and refuses in words."""
    trainer = new_trainer(of["parameters"])
    trainer.take_rows(of["X"], of["Y"], of["weights"])
    trainer.take_validation(of["X"], of["Y"], None)
    trainer.restore(of["parameters"], of["moments"], 0, 0)
    trainer.restore_best(of["best"], 1.0, 0)
    trainer.apply(of["gradient"], 0.1)


def loss_and_gradient(of):
    loss = native.LossSettings(native.Loss.squared_error, 0)
    return native.loss_and_gradient(layers(), loss, *of.values(), 0.0, 1)


def loss(of):
    return native.loss(layers(), native.LossSettings(native.Loss.squared_error, 0), *of.values(), 1)


def predict(of):
    return native.predict(layers(), of["parameters"], of["X"], 1)


def input_jacobian(of):
    return native.input_jacobian(layers(), of["parameters"], of["X"], 1)


def input_hessian(of):
    return native.input_hessian(layers(), of["parameters"], of["X"], 1)


def normal_equations(of):
    return native.normal_equations(layers(), *of.values(), 1)


def class_curvature(of):
    return native.class_curvature(layers(), of["parameters"], of["X"], of["weights"], 1)


def new_predictor(of):
    return native.predictor(layers(), of["parameters"], *(of.get(name) for name in SCALINGS), 1)


def scalings():
    return arrays() | {name: np.ones(2 if "target" in name else 3) for name in SCALINGS}


def triangle():
    return arrays() | {"factor": np.eye(26)[np.tril_indices(26)]}


def predictive_covariance(of):
    return native.predictive_covariance(layers(), of["parameters"], of["factor"], 1)(of["X"])


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
        *[(new_predictor, scalings, argument) for argument in SCALINGS],
        *[(predictive_covariance, triangle, argument) for argument in ("parameters", "factor")],
        *[(normal_equations, arrays, argument) for argument in arrays()],
        *[(class_curvature, arrays, argument) for argument in ("parameters", "X", "weights")],
        *[(loss, arrays, argument) for argument in arrays()],
        *[(loss_and_gradient, arrays, argument) for argument in arrays()],
        *[(train, training, argument) for argument in training()],
    ],
)
def test_arrays_that_do_not_fit(call, arguments, argument, spoil, error):
    of = arguments()
    of[argument] = spoil(of[argument])
    with pytest.raises(error, match=r"^`"):
        call(of)


@pytest.mark.parametrize("spoil", [spoil for spoil, _ in SPOILT])
def test_epochs_that_do_not_fit_are_not_trained(spoil):
    of = training()
    trainer = new_trainer(of["parameters"])
    trainer.take_rows(of["X"], of["Y"], None)
    rates, orders = np.full((2, 1), 0.1), np.zeros((2, ROWS), np.int64)
    assert trainer.run(spoil(rates), orders, False, None) is None
    assert trainer.run(rates, spoil(orders), False, None) is None
    assert trainer.run(rates, orders + ROWS, False, None) is None
    assert trainer.run(rates, orders - 1, False, None) is None
    dropping = new_trainer(of["parameters"], dropout=0.5)
    dropping.take_rows(of["X"], of["Y"], None)
    seeds = np.zeros(2, np.uint64)
    assert dropping.run(rates, orders, False, None) is None
    assert dropping.run(rates, orders, False, spoil(seeds)) is None
    assert dropping.run(rates, orders, False, seeds) is not None
    assert trainer.state()[0] == 0


@pytest.mark.parametrize("numbers", [[0], np.zeros(1), np.zeros((1, 1), np.int64), np.array([ROWS]), np.array([-1])])
def test_row_numbers_that_do_not_fit_have_no_gradient(numbers):
    of = training()
    trainer = new_trainer(of["parameters"])
    assert trainer.gradient(None) is None  # there are no rows yet
    trainer.take_rows(of["X"], of["Y"], None)
    assert trainer.gradient(numbers) is None


def test_a_trainer_without_rows_has_no_loss():
    trainer = new_trainer(np.ones(26))
    for loss in (trainer.objective, trainer.validation_loss):
        with pytest.raises(ValueError, match="no"):
            loss()
    trainer.take_rows(np.ones((ROWS, 3)), np.ones((ROWS, 2)), None)
    with pytest.raises(ValueError, match="no validation rows"):
        trainer.run(np.full((1, 1), 0.1), None, True, None)


@pytest.mark.parametrize("missing", SCALINGS)
def test_half_a_scaling(missing):
    with pytest.raises(TypeError):
        new_predictor(scalings() | {missing: None})


@pytest.mark.parametrize("batch_size", [0, -1])
def test_batches_that_do_not_fit(batch_size):
    with pytest.raises(ValueError, match="`batch_size`"):
        new_trainer(np.ones(26), batch_size)


@pytest.mark.parametrize("n_threads", [0, -1])
def test_no_threads(n_threads):
    with pytest.raises(ValueError, match="`n_threads`"):
        new_trainer(np.ones(26), n_threads=n_threads)


@pytest.mark.parametrize(
    "shapes", [[], [(0, 1)], [(1, 0)], [(-1, 1)], [(2, 3), (2, 1)], [(2**40, 2**40)], [(2**62, 1)], [(2**39, 1)] * 3]
)
def test_layers_that_do_not_fit(shapes):
    with pytest.raises(ValueError, match="`layers`"):
        native.Layers([(*shape, native.Activation.relu) for shape in shapes])
