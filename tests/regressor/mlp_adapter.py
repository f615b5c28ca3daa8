"""scikit-learn's MLPRegressor, spelled as its users do, with fitnet's Regressor inside."""

import warnings

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin

from fitnet import LBFGS, Adam, GradientDescent, Momentum, Regressor
from fitnet.errors import ConstantInputWarning

LARGE = 2**31  # epochs, for a patience without end


class MLPRegressor(RegressorMixin, BaseEstimator):
    """Parameters and attributes as there; inputs and targets are scaled, as Regressor does it."""

    def __init__(
        self,
        loss="squared_error",
        hidden_layer_sizes=(100,),
        activation="relu",
        *,
        solver="adam",
        alpha=0.0001,
        batch_size="auto",
        learning_rate="constant",
        learning_rate_init=0.001,
        power_t=0.5,
        max_iter=200,
        shuffle=True,
        random_state=None,
        tol=1e-4,
        verbose=False,
        warm_start=False,
        momentum=0.9,
        nesterovs_momentum=True,
        early_stopping=False,
        validation_fraction=0.1,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-8,
        n_iter_no_change=10,
        max_fun=15000,
    ):
        self.loss = loss
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.max_fun = max_fun

    def fit(self, X, y, sample_weight=None):
        self._make(X)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConstantInputWarning)  # pictures have pixels that are always 0
            self.regressor_.fit(X, y, sample_weight)
        return self._read()

    def partial_fit(self, X, y):
        if self.early_stopping:
            raise ValueError("partial_fit does not support early_stopping=True")
        if not hasattr(self, "regressor_"):
            self._make(X)
        self.regressor_.partial_fit(X, y)
        return self._read()

    def predict(self, X):
        return self.regressor_.predict(X)

    def _make(self, X):
        """The regressor with these settings; one that is there keeps its training if it is to start warm."""
        n = np.shape(X)[0]
        solvers = {
            "adam": Adam(self.learning_rate_init, beta1=self.beta_1, beta2=self.beta_2, epsilon=self.epsilon),
            "sgd": Momentum(self.learning_rate_init, self.momentum)
            if self.momentum
            else GradientDescent(self.learning_rate_init),
            "lbfgs": LBFGS(),
        }
        dtype = np.asarray(X).dtype if np.asarray(X).dtype == np.float32 else np.dtype(np.float64)
        settings = {
            "hidden_layer_sizes": self.hidden_layer_sizes,
            "activation": self.activation,
            "loss": self.loss,
            "solver": solvers[self.solver],
            "alpha": self.alpha / n,  # theirs is half the squared error, and half the penalty divided by the rows
            "batch_size": self._rows_a_step(n),
            "max_epochs": self.max_iter,
            "tol": self.tol,
            "patience": LARGE if np.isinf(self.n_iter_no_change) else self.n_iter_no_change,
            "early_stopping": self.early_stopping,
            "validation_fraction": self.validation_fraction,
            "dtype": np.float64 if self.solver == "lbfgs" else dtype,
            "warm_start": self.warm_start,
            "random_state": self.random_state,
            "verbose": self.verbose,
            "error_bars": False,
        }
        if self.warm_start and hasattr(self, "regressor_"):
            self.regressor_.set_params(**settings)
        else:
            self.regressor_ = Regressor(**settings)

    def _rows_a_step(self, n):
        if self.solver == "lbfgs":
            return "auto"
        return min(200 if self.batch_size == "auto" else self.batch_size, n)

    def _read(self):
        """scikit-learn's attributes from fitnet's."""
        model, history = self.regressor_.model_, self.regressor_.history_
        self.n_iter_, self.loss_curve_ = history.epochs, history.loss
        self.coefs_ = model.network.weights(model.parameters)
        self.intercepts_ = model.network.biases(model.parameters)
        watched = history.validation_loss
        self.validation_scores_ = [-loss for loss in watched] if watched else None
        self.best_validation_score_ = max(self.validation_scores_) if watched else None
        self.best_loss_ = None if watched else min(history.loss)
        return self
