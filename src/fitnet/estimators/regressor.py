"""`Regressor`: fitnet as a scikit-learn estimator.

Shapes: X (n, p); y (n,) or (n, m), and predictions as y was; sample_weight (n,) or None.
"""

from collections.abc import Sequence
from typing import Any, Self

from fitnet.algorithm.losses import Loss
from fitnet.algorithm.target_transform import LogTransform
from fitnet.estimators.fitted_attributes import keep_whole
from fitnet.estimators.intervals import conformalize
from fitnet.estimators.network_regressor import NetworkRegressor
from fitnet.estimators.over_ranks import fit_over_ranks
from fitnet.estimators.partial_fits import learn_one_epoch
from fitnet.estimators.random_state import random_generator
from fitnet.estimators.validation_rows import validation_rows
from fitnet.fitting.fitting import fit
from fitnet.fitting.settings import PARAMETERS, Settings
from fitnet.fitting.stream import Stream
from fitnet.training.callbacks import Callbacks
from fitnet.training.solvers import Solver


class Regressor(NetworkRegressor):
    """A feed-forward network that learns y = f(x) from rows.

    Inputs and targets are standardised inside; predictions and derivatives come in the user's units. The same data,
    settings and `random_state` give the same model, bit for bit, whatever the number of threads.

    Parameters
    ----------
    hidden_layer_sizes
        Neurons of each hidden layer; 10 is one layer of 10, () fits a linear function. "auto" is (64, 64), or for
        Levenberg-Marquardt what the targets allow: from (10,) to (32, 32).
    activation
        Of the hidden layers: "relu", "tanh", "logistic", "silu", "gelu", "softplus", "leaky_relu" or "identity". A
        smooth one, such as tanh, suits smooth functions and their derivatives.
    loss
        "squared_error", "absolute_error", "huber", "quantile", "poisson", or an object such as
        Quantile(quantile=0.9). It is measured on the scaled targets: Huber's delta counts in their spread.
        "poisson" is for counts and rates: targets of 0 or more, predictions above 0 (a log link).
    solver
        "auto": Levenberg-Marquardt with evidence for smooth networks that it can train within about a minute, else
        Adam (docs/explanations/solvers.md). "lm", "lm-bayesian", "lbfgs"; "adam", "momentum", "gradient-descent" with
        rates for standardised data and a cosine schedule; an object such as Adam(learning_rate=1e-3), whose settings
        are parameters too: `solver__learning_rate`; or a sequence, [Adam(max_epochs=200), LevenbergMarquardt()].
    alpha
        L2 penalty: alpha times the sum of all squared weights, never biases, is added to the loss.
    dropout
        From 0 to below 1: how likely a step of training leaves out each hidden unit of a row. 0.1 to 0.3 are usual
        where rows are noisy; smooth functions without noise are learned better without. Above 0 "auto" is Adam.
    batch_size
        Rows a step, at most all; "auto" takes a twentieth of them, but 32 to 256, and all of them up to 64 rows.
    max_epochs
        Passes over the rows, or iterations. "auto" takes 200, but of passes at least 4,000 steps and of many rows
        fewer (docs/explanations/solvers.md). A ConvergenceWarning says where the loss still fell when they were used
        up.
    tol
        Stop when the training loss fell by no more than this in `patience` epochs; None never does.
    early_stopping
        Keep `validation_fraction` of the rows out of training, stop after `patience` epochs without a lower loss on
        them, and keep the parameters of the lowest.
    validation_fraction
        Above 0 and below 1.
    patience
        Epochs to wait for a better one; used with `early_stopping`, `tol` or `validation_data`.
    scale_inputs, scale_targets
        Standardise the columns of X and of y to mean 0 and standard deviation 1 on the training rows; with the
        Poisson loss targets are only divided by their mean.
    scaling
        "standard", or "robust": by median and quartiles, which outliers do not move, and inputs' tails clipped smoothly
        at 3 of their spreads, z / sqrt(1 + (z / 3)**2), but in `partial_fit`; or "common", inputs in one unit. "auto"
        is robust for the targets of "huber", "absolute_error" and "quantile", and standard in all else.
    dtype
        "float32" or "float64": what is computed in; "auto" is float64 with second-order solvers, else float32.
    error_bars
        Whether the model keeps what `predict(X, return_std=True)` needs: P**2 / 2 numbers for P parameters. "auto"
        does where the loss is the squared error, the activation smooth, P at most 1,500, the rows in memory and the
        network does not pass through all targets, for then the noise cannot be told; True keeps them there too, with a
        `fitnet.errors.ErrorBarsWarning`. `partial_fit` keeps none. Rows of weight w are taken to have noise of variance
        noise**2 / w.
    missing
        Missing values, NaN: "refuse" them, "drop" training rows with one, or "impute" the median of the training rows,
        beside a column that says so where at least one in fifty is missing; the model then predicts rows with gaps.
    target_transform
        "log": the network learns log(y), for targets above 0 that span decades or whose noise grows with them; with
        `fitnet.LogTransform(lower_bound=b)` log(y - b). Loss, scaling and noise then count in the logarithm; what the
        model gives, derivatives and intervals too, is in the users' units, and predictions are above the bound: with
        the squared error they are medians where noise is symmetric in the logarithm, not means; with "absolute_error"
        and "quantile" they are what they always are. "auto" takes the logarithm where targets kept out of trial fits to
        at most 1,000 rows are predicted better by it (not in `partial_fit`, which sees some of the rows).
    warm_start
        `fit` starts from the parameters and scalings of the last one.
    random_state
        A whole number, a numpy.random.Generator or RandomState, or None for a new result each time.
    verbose
        True or a number above 0 shows a progress bar where standard error is a terminal.
    n_threads
        At most so many; None takes FITNET_NUM_THREADS, or else the cores this process may use.
    callbacks
        One or several: objects with `every` and `on_epoch_end(state)`, see `fitnet.Callback`, or plain functions.
    checkpoint
        A path or a Checkpoint(path, every=...) to write the state of training to; `fit(..., resume=True)` goes on.
    engine
        "auto", "native" or "reference".
    communicator
        mpi4py's, such as MPI.COMM_WORLD: each rank gives `fit` its own rows and gets the model of all;
        docs/how-to/scale.md.

    Attributes
    ----------
    model_
        The `Model`: predicts without scikit-learn, and is saved with `model_.save(path)`.
    history_
        Losses, learning rate and seconds of every epoch.
    n_epochs_, best_epoch_, stopped_
        Epochs trained, those that led to the parameters that were kept, and "finished", "early" or "interrupted".
    target_transform_, conformal_
        The `fitnet.LogTransform` that was used, or None; and, after `conformalize`, what intervals come from.
    n_features_in_, feature_names_in_
        p, and the columns' names where X had them.

    Examples
    --------
    >>> import numpy as np
    >>> from fitnet import Regressor
    >>> X = np.linspace(0, 3, 200).reshape(-1, 1)
    >>> regressor = Regressor(activation="tanh", random_state=0).fit(X, np.sin(X[:, 0]))
    >>> bool(regressor.score(X, np.sin(X[:, 0])) > 0.99)
    True
    """

    _stream: Stream
    conformalize = conformalize

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] | str = "auto",
        activation: str = "relu",
        *,
        loss: str | Loss = "squared_error",
        solver: str | Solver | Sequence[str | Solver] = "auto",
        alpha: float = 0.0,
        dropout: float = 0.0,
        batch_size: int | str = "auto",
        max_epochs: int | str = "auto",
        tol: float | None = None,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        patience: int = 40,
        scale_inputs: bool = True,
        scale_targets: bool = True,
        scaling: str = "auto",
        dtype: Any = "auto",
        error_bars: bool | str = "auto",
        missing: str = "refuse",
        target_transform: str | LogTransform | None = None,
        warm_start: bool = False,
        random_state: Any = None,
        verbose: bool | int = False,
        n_threads: int | None = None,
        callbacks: Callbacks = (),
        checkpoint: Any = None,
        engine: str = "auto",
        communicator: Any = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.loss = loss
        self.solver = solver
        self.alpha = alpha
        self.dropout = dropout
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.tol = tol
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.scale_inputs = scale_inputs
        self.scale_targets = scale_targets
        self.scaling = scaling
        self.dtype = dtype
        self.error_bars = error_bars
        self.missing = missing
        self.target_transform = target_transform
        self.warm_start = warm_start
        self.random_state = random_state
        self.verbose = verbose
        self.n_threads = n_threads
        self.callbacks = callbacks
        self.checkpoint = checkpoint
        self.engine = engine
        self.communicator = communicator

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, validation_data: Any = None, *, resume: bool = False
    ) -> Self:
        """Train on the rows of X (n, p) and y (n,) or (n, m).

        Parameters
        ----------
        X, y
            Real and finite; arrays, lists, sparse matrices, and tables of pandas, polars, pyarrow and the like. A
            table's columns of X may be categories of at most 100 levels, which become inputs (docs/how-to/tables.md).
            Where X is a memory map of more than 64 MB, as np.load(path, mmap_mode="r") gives, its rows are read in
            chunks as they are needed: in another random order every epoch, and those of each chunk are shuffled.
        sample_weight
            (n,), none negative, of any size; a row of weight 2 counts as two, also where it is kept out of training.
            Not with a large memory map.
        validation_data
            (X, y), or (X, y, weight), to watch in place of rows kept out, also without `early_stopping`; with a large
            memory map `early_stopping` needs it.
        resume
            Go on from the checkpoint, if there is one, as if training had never been interrupted.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError, ValueError, TypeError
            For settings or data that cannot be used; the sentence names what.
        DivergenceError
            If the loss does not stay finite.
        """
        settings = self._settings()
        if self.communicator is not None:
            fit_over_ranks(self, settings, X, y, sample_weight, validation_data, resume)
            return self
        rows = self._rows(X, y, sample_weight, reset=True)
        generator = random_generator(self.random_state)
        validation = validation_rows(self, validation_data, rows, settings.recipe.early_stopping)
        start = self.model_ if self.warm_start and hasattr(self, "model_") else None
        keep_whole(self, fit(settings, rows, generator, validation, start=start, resume=resume), generator)
        return self

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """One more epoch on these rows, at the solver's constant rate, from where the one before ended.

        Arguments and errors as for `fit`. The scalings are those of the first call's rows, and follow where those of
        later calls lie elsewhere or spread wider; levels of categories stay the first call's. The optimizer remembers
        from call to call.
        """
        learn_one_epoch(self, X, y, sample_weight)
        return self

    def _settings(self) -> Settings:
        return Settings.of(**{name: getattr(self, name) for name in PARAMETERS})
