"""What every engine refuses: arrays of another dtype, shape or layout than the contract's, each by its name."""

import numpy as np
import pytest
from whole_epochs import run_epochs

from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam, OptimizerState, initial_state
from fitnet.engine import Best, choose
from fitnet.errors import ArgumentTypeError, ArgumentValueError

NETWORK = Network.of_widths((3, 4, 2))  # 26 parameters
ROWS = 5

NOT_AN_ARRAY = "`{}` is {}; it must be a NumPy array of float32 or float64."
NOT_ALIGNED = "`{}` is not aligned; it must be (a copy is)."
NOT_CONTIGUOUS = "`{}` is not C-contiguous; it must be (numpy.ascontiguousarray makes it so)."

# the argument, what replaces it, the error and its whole message; X, Y and weights are float64 as they come
X_REFUSALS = [
    ("X", lambda X: X.tolist(), ArgumentTypeError, NOT_AN_ARRAY.format("X", "list")),
    ("X", lambda X: None, ArgumentTypeError, NOT_AN_ARRAY.format("X", "NoneType")),
    ("X", lambda X: X.astype(int), ArgumentTypeError, NOT_AN_ARRAY.format("X", "an array of int64")),
    ("X", lambda X: X.astype(np.float16), ArgumentTypeError, NOT_AN_ARRAY.format("X", "an array of float16")),
    ("X", lambda X: X.astype(complex), ArgumentTypeError, NOT_AN_ARRAY.format("X", "an array of complex128")),
    ("X", lambda X: X.astype(object), ArgumentTypeError, NOT_AN_ARRAY.format("X", "an array of object")),
    ("X", np.float32, ArgumentTypeError, "`X` is float32; it must be float64, as the parameters are."),
    ("X", lambda X: X[0], ArgumentValueError, "`X` has shape (3,); it must have shape (n, 3)."),
    ("X", lambda X: X[np.newaxis], ArgumentValueError, "`X` has shape (1, 5, 3); it must have shape (n, 3)."),
    ("X", lambda X: X.T.copy(), ArgumentValueError, "`X` has shape (3, 5); it must have shape (n, 3)."),
    ("X", np.asfortranarray, ArgumentValueError, NOT_CONTIGUOUS.format("X")),
    ("X", lambda X: np.hstack([X, X])[:, :3], ArgumentValueError, NOT_CONTIGUOUS.format("X")),
    ("X", lambda X: X[::-1], ArgumentValueError, NOT_CONTIGUOUS.format("X")),
    (
        "X",
        lambda X: np.frombuffer(b"." + X.tobytes(), offset=1).reshape(X.shape),
        ArgumentValueError,
        NOT_ALIGNED.format("X"),
    ),
    ("parameters", lambda P: P.tolist(), ArgumentTypeError, NOT_AN_ARRAY.format("parameters", "list")),
    ("parameters", lambda P: P.astype(int), ArgumentTypeError, NOT_AN_ARRAY.format("parameters", "an array of int64")),
    (
        "parameters",
        lambda P: P.astype(np.longdouble),
        ArgumentTypeError,
        NOT_AN_ARRAY.format("parameters", "an array of float128"),
    ),
    ("parameters", lambda P: P[:-1], ArgumentValueError, "`parameters` has shape (25,); it must have shape (26,)."),
    ("parameters", lambda P: P[:1], ArgumentValueError, "`parameters` has shape (1,); it must have shape (26,)."),
    (
        "parameters",
        lambda P: P.reshape(1, 26),
        ArgumentValueError,
        "`parameters` has shape (1, 26); it must have shape (26,).",
    ),
    ("parameters", lambda P: np.tile(P, 2)[::2], ArgumentValueError, NOT_CONTIGUOUS.format("parameters")),
    ("parameters", np.float32, ArgumentTypeError, "`X` is float64; it must be float32, as the parameters are."),
]
TARGET_REFUSALS = [
    ("Y", lambda Y: Y.tolist(), ArgumentTypeError, NOT_AN_ARRAY.format("Y", "list")),
    ("Y", lambda Y: Y.astype(int), ArgumentTypeError, NOT_AN_ARRAY.format("Y", "an array of int64")),
    ("Y", np.float32, ArgumentTypeError, "`Y` is float32; it must be float64, as the parameters are."),
    ("Y", lambda Y: Y[:, 0], ArgumentValueError, "`Y` has shape (5,); it must have shape (5, 2)."),
    ("Y", lambda Y: Y[:, :1].copy(), ArgumentValueError, "`Y` has shape (5, 1); it must have shape (5, 2)."),
    ("Y", lambda Y: Y[:-1], ArgumentValueError, "`Y` has shape (4, 2); it must have shape (5, 2)."),
    ("Y", lambda Y: Y[:1], ArgumentValueError, "`Y` has shape (1, 2); it must have shape (5, 2)."),
    ("Y", np.asfortranarray, ArgumentValueError, NOT_CONTIGUOUS.format("Y")),
    ("weights", lambda w: w.tolist(), ArgumentTypeError, NOT_AN_ARRAY.format("weights", "list")),
    ("weights", lambda w: 1.0, ArgumentTypeError, NOT_AN_ARRAY.format("weights", "float")),
    ("weights", lambda w: w.astype(bool), ArgumentTypeError, NOT_AN_ARRAY.format("weights", "an array of bool")),
    ("weights", np.float32, ArgumentTypeError, "`weights` is float32; it must be float64, as the parameters are."),
    ("weights", lambda w: w[:4], ArgumentValueError, "`weights` has shape (4,); it must have shape (5,)."),
    ("weights", lambda w: w[:1], ArgumentValueError, "`weights` has shape (1,); it must have shape (5,)."),
    (
        "weights",
        lambda w: w[:, np.newaxis],
        ArgumentValueError,
        "`weights` has shape (5, 1); it must have shape (5,).",
    ),
    ("weights", lambda w: np.tile(w, 2)[::2], ArgumentValueError, NOT_CONTIGUOUS.format("weights")),
]


@pytest.mark.parametrize(("argument", "spoil", "error", "message"), X_REFUSALS)
def test_predict_refuses(engine, argument, spoil, error, message):
    arrays = fitting_arrays()
    arrays[argument] = spoil(arrays[argument])
    with pytest.raises(error) as caught:
        engine.predict(NETWORK, arrays["parameters"], arrays["X"])
    assert (caught.type, str(caught.value)) == (error, message)


@pytest.mark.parametrize("derivative", ["input_jacobian", "input_hessian"])
@pytest.mark.parametrize(("argument", "spoil", "error", "message"), X_REFUSALS)
def test_derivatives_refuse(engine, derivative, argument, spoil, error, message):
    arrays = fitting_arrays()
    arrays[argument] = spoil(arrays[argument])
    with pytest.raises(error) as caught:
        getattr(engine, derivative)(NETWORK, arrays["parameters"], arrays["X"])
    assert (caught.type, str(caught.value)) == (error, message)


@pytest.mark.parametrize(("argument", "spoil", "error", "message"), X_REFUSALS + TARGET_REFUSALS)
@pytest.mark.parametrize("operation", ["loss", "loss_and_gradient"])
def test_losses_refuse(engine, operation, argument, spoil, error, message):
    arrays = fitting_arrays()
    arrays[argument] = spoil(arrays[argument])
    with pytest.raises(error) as caught:
        getattr(engine, operation)(NETWORK, SquaredError(), **arrays)
    assert (caught.type, str(caught.value)) == (error, message)


@pytest.mark.parametrize(("argument", "spoil", "error", "message"), X_REFUSALS + TARGET_REFUSALS)
def test_normal_equations_refuse(engine, argument, spoil, error, message):
    arrays = fitting_arrays()
    arrays[argument] = spoil(arrays[argument])
    with pytest.raises(error) as caught:
        engine.normal_equations(NETWORK, **arrays)
    assert (caught.type, str(caught.value)) == (error, message)


@pytest.mark.parametrize(("argument", "spoil", "error", "message"), X_REFUSALS + TARGET_REFUSALS)
def test_run_epochs_refuses_before_it_takes_a_step(engine, argument, spoil, error, message):
    arrays = fitting_arrays()
    start = arrays["parameters"].copy()
    state = initial_state(Adam(), arrays["parameters"])
    trained = arrays["parameters"]
    arrays[argument] = spoil(arrays[argument])
    with pytest.raises(error) as caught:
        run_epochs(
            engine,
            NETWORK,
            SquaredError(),
            Adam(),
            **arrays,
            state=state,
            batch_size=2,
            learning_rates=np.full((1, 3), 0.1),
            row_orders=None,
        )
    assert (caught.type, str(caught.value)) == (error, message)
    assert state.step == 0
    assert np.array_equal(trained, start)


# what replaces which argument of run_epochs beside the arrays, and the whole message
EPOCH_REFUSALS = [
    ({"batch_size": 0}, "`batch_size` is 0; it must be from 1 to the number of rows, 5."),
    ({"batch_size": 6}, "`batch_size` is 6; it must be from 1 to the number of rows, 5."),
    ({"learning_rates": np.ones((1, 2))}, "`learning_rates` must be float64 of shape (epochs, 3)."),
    ({"learning_rates": np.ones((1, 3), np.float32)}, "`learning_rates` must be float64 of shape (epochs, 3)."),
    ({"row_orders": np.zeros((2, 5), np.int64)}, "`row_orders` must be int64 of shape (1, 5)."),
    ({"row_orders": np.zeros((1, 5), np.int32)}, "`row_orders` must be int64 of shape (1, 5)."),
    ({"row_orders": np.full((1, 5), 5)}, "`row_orders` must hold row numbers from 0 to 4."),
    ({"row_orders": np.full((1, 5), -1)}, "`row_orders` must hold row numbers from 0 to 4."),
    (
        {"state": OptimizerState(0, np.zeros((2, 25)))},
        "`state` and `best` must hold vectors of the parameters' length and dtype.",
    ),
    (
        {
            "best": Best(np.inf, np.zeros(26, np.float32), 0),
            "batch_size": ROWS,
            "learning_rates": np.full((1, 1), 0.1),
        },
        "`state` and `best` must hold vectors of the parameters' length and dtype.",
    ),
    (
        {"state": OptimizerState(0, np.zeros((1, 26)))},
        "`state` and `best` must hold vectors of the parameters' length and dtype.",
    ),
    ({"learning_rates": np.full((2, 6), 0.1)[:, ::2]}, NOT_CONTIGUOUS.format("learning_rates")),
    ({"learning_rates": np.frombuffer(bytes(25), offset=1).reshape(1, 3)}, NOT_ALIGNED.format("learning_rates")),
    ({"row_orders": np.zeros((1, 10), np.int64)[:, ::2]}, NOT_CONTIGUOUS.format("row_orders")),
    ({"state": OptimizerState(0, np.zeros((2, 52))[:, ::2])}, NOT_CONTIGUOUS.format("state.moments")),
    (
        {"best": Best(np.inf, np.zeros(26), 0)},
        "`keeps_lowest` needs full batches: a part's loss is not the training loss.",
    ),
]


@pytest.mark.parametrize(("replaced", "message"), EPOCH_REFUSALS)
def test_run_epochs_never_leaves_its_arrays(engine, replaced, message):
    arrays = fitting_arrays()
    fitting = {
        "state": initial_state(Adam(), arrays["parameters"]),
        "batch_size": 2,
        "learning_rates": np.full((1, 3), 0.1),
        "row_orders": None,
    }
    with pytest.raises(ArgumentValueError) as caught:
        run_epochs(engine, NETWORK, SquaredError(), Adam(), **arrays, **(fitting | replaced))
    assert str(caught.value) == message


def test_no_rows_are_refused(engine):
    arrays = fitting_arrays()
    with pytest.raises(ArgumentValueError) as caught:
        engine.predict(NETWORK, arrays["parameters"], arrays["X"][:0])
    assert str(caught.value) == "`X` has no rows; it must have at least one."


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_fits_is_not_refused(engine, dtype):
    arrays = {name: array.astype(dtype) for name, array in fitting_arrays().items()}
    engine.predict(NETWORK, arrays["parameters"], arrays["X"])
    engine.input_jacobian(NETWORK, arrays["parameters"], arrays["X"])
    engine.input_hessian(NETWORK, arrays["parameters"], arrays["X"])
    engine.loss(NETWORK, SquaredError(), **arrays)
    engine.loss(NETWORK, SquaredError(), **(arrays | {"weights": None}))
    engine.loss_and_gradient(NETWORK, SquaredError(), **arrays)
    engine.loss_and_gradient(NETWORK, SquaredError(), **(arrays | {"weights": None}))


@pytest.mark.parametrize(
    ("name", "nearest"), [("refrence", " (did you mean 'reference'?)"), ("xyz", ""), ("", ""), (None, ""), (3, "")]
)
def test_choose_names_the_engines_there_are(name, nearest):
    with pytest.raises(ArgumentValueError) as caught:
        choose(name)
    assert str(caught.value) == f"`engine` is {name!r}; it must be one of auto, reference, native{nearest}."


def fitting_arrays():
    """One set of arguments that an engine takes, float64."""
    return {
        "parameters": np.linspace(-1, 1, NETWORK.n_parameters),
        "X": np.linspace(-1, 1, ROWS * 3).reshape(ROWS, 3),
        "Y": np.linspace(-1, 1, ROWS * 2).reshape(ROWS, 2),
        "weights": np.ones(ROWS),
    }
