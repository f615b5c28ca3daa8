"""scikit-learn's MLPRegressor and MLPClassifier, spelled as their users do, with fitnet's estimators inside."""

import warnings

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from fitnet import LBFGS, Adam, Classifier, GradientDescent, Momentum, Regressor
from fitnet.errors import ConstantInputWarning

LARGE = 2**31  # epochs, for a patience without end


def epochs_without_gain(losses, tol):
    """How many of the last epochs came not by `tol` below the best before, counted as scikit-learn does."""
    count, best = 0, np.inf
    for loss in losses:
        count = count + 1 if loss > best - tol else 0
        best = min(best, loss)
    return count


class Perceptron(BaseEstimator):
    """Parameters and attributes as there; inputs and targets are scaled, as fitnet does it."""

    def __init__(
        self,
        hidden_layer_sizes=(100,),
        activation="relu",
        *,
        loss="squared_error",  # of MLPRegressor alone
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
            self.inside_.fit(X, y, sample_weight)
        return self._read()

    def partial_fit(self, X, y, **classes):
        if self.early_stopping:
            raise ValueError("partial_fit does not support early_stopping=True")
        if not hasattr(self, "inside_"):
            self._make(X)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConstantInputWarning)
            self.inside_.partial_fit(X, y, **classes)
        return self._read()

    def predict(self, X):
        return self.inside_.predict(X)

    def _make(self, X):
        """The estimator with these settings; one that is there keeps its training if it is to start warm."""
        n = np.shape(X)[0]
        settings = {**self._settings(X), **self._of_task(n)}
        if self.warm_start and hasattr(self, "inside_"):
            self.inside_.set_params(**settings)
        else:
            self.inside_ = self.fitnet(**settings)

    def _settings(self, X):
        n = np.shape(X)[0]
        solvers = {
            "adam": Adam(self.learning_rate_init, beta1=self.beta_1, beta2=self.beta_2, epsilon=self.epsilon),
            "sgd": Momentum(self.learning_rate_init, self.momentum)
            if self.momentum
            else GradientDescent(self.learning_rate_init),
            "lbfgs": LBFGS(),
        }
        dtype = getattr(X, "dtype", None)
        dtype = dtype if dtype == np.float32 else np.dtype(np.float64)
        return {
            "hidden_layer_sizes": self.hidden_layer_sizes,
            "activation": self.activation,
            "solver": solvers[self.solver],
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
        }

    def _rows_a_step(self, n):
        if self.solver == "lbfgs":
            return "auto"
        return min(200 if self.batch_size == "auto" else self.batch_size, n)

    def _read(self):
        """scikit-learn's attributes from fitnet's."""
        model, history = self.inside_.model_, self.inside_.history_
        self.n_iter_, self.loss_curve_ = history.epochs, history.loss
        self.coefs_ = model.network.weights(model.parameters)
        self.intercepts_ = model.network.biases(model.parameters)
        watched = history.validation_loss
        self.validation_scores_ = [-loss for loss in watched] if watched else None
        self.best_validation_score_ = max(self.validation_scores_) if watched else None
        self.best_loss_ = None if watched else min(history.loss)
        self._no_improvement_count = epochs_without_gain(history.loss, self.tol)
        return self


class MLPRegressor(RegressorMixin, Perceptron):
    """With a Regressor inside."""

    fitnet = Regressor

    def _of_task(self, n):
        """The penalty, too: theirs is half the squared error, and half the penalty divided by the rows."""
        return {"loss": self.loss, "alpha": self.alpha / n, "error_bars": False}


class MLPClassifier(ClassifierMixin, Perceptron):
    """With a Classifier inside."""

    fitnet = Classifier

    def predict_proba(self, X):
        return self.inside_.predict_proba(X)

    def predict_log_proba(self, X):
        return self.inside_.predict_log_proba(X)

    def _of_task(self, n):
        """Theirs is the same cross-entropy, and half the penalty divided by the rows."""
        return {"alpha": self.alpha / (2 * n)}

    def _read(self):
        super()._read()
        self.classes_ = self.inside_.classes_
        return self
